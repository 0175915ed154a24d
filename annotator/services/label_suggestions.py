"""What the label of an adjudicator's question may be: the votes first, then a suggestion, and which to look at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from annotator.models import Project, User
from annotator.services import agreement_store as store

if TYPE_CHECKING:
    from annotator.agreement.model import Model
    from annotator.agreement.sums import Sums
    from annotator.services.agreement_reading import Counted
    from annotator.services.questions import QuestionView
    from annotator.services.votes import Vote


@dataclass(frozen=True)
class Suggestion:
    """What speaks for the label of a question.

    `votes` are the keys of its labels with how many reviewers gave each, the most first. `label` is the suggested one:
    the common one where all agree, else the one that the model finds most probable, with its `probability`. `doubt` is 1 − the highest probability, `rank` the place in the order of doubt, from 1.
    """

    votes: tuple[tuple[str, int], ...]
    unanimous: bool
    label: str
    probability: float
    doubt: float
    rank: int


def suggested_labels(user: User, project: Project, views: Sequence[QuestionView]) -> dict[UUID, Suggestion]:
    """A suggestion for each question with a version, by its id, as `user` may know them: four statements.

    The model is fitted to the blind votes of all articles that are open to `user` and is kept until one more is.
    """
    from annotator.agreement import reviewers
    from annotator.agreement.model import Model, fit

    def make(found: Counted, sums: Sums) -> Model:
        return fit(sums, found.coders)

    found, model = store.figures(project, user, Model, make)
    keys = [key for _, key in found.labels]
    number_of = {key: number for number, key in enumerate(keys)}
    answered = [view for view in views if _votes(view, number_of)]
    votes = [_votes(view, number_of) for view in answered]
    posteriors = [model.posterior(each) for each in votes]
    spreads = [float(_spread(view.versions)) for view in answered]
    order = reviewers.order_of_doubt(posteriors, [len(each) for each in votes], spreads)
    rank = {question: place for place, question in enumerate(order, start=1)}
    return {view.id: _suggestion(votes[at], posteriors[at], keys, rank[at]) for at, view in enumerate(answered)}


def _suggestion(votes: dict[str, int], posterior: list[float], keys: list[str], rank: int) -> Suggestion:
    counts = Counter(keys[number] for number in votes.values())
    most = max(posterior)
    unanimous = len(counts) == 1
    label = next(iter(counts)) if unanimous else keys[posterior.index(most)]
    ordered = sorted(counts.items(), key=lambda each: (-each[1], keys.index(each[0])))
    return Suggestion(tuple(ordered), unanimous, label, posterior[keys.index(label)], 1 - most, rank)


def _votes(view: QuestionView, number_of: dict[str, int]) -> dict[str, int]:
    """The label of each reviewer: of a claim that one split, that of the longest piece."""
    longest: dict[str, Vote] = {}
    for version in view.versions:
        held = longest.get(version.user_id)
        if version.label.key in number_of and (held is None or version.end - version.start > held.end - held.start):
            longest[version.user_id] = version
    return {user_id: number_of[version.label.key] for user_id, version in longest.items()}


def _spread(versions: Sequence[Vote]) -> int:
    """How far the boundaries lie apart."""
    starts, ends = [each.start for each in versions], [each.end for each in versions]
    return max(starts) - min(starts) + max(ends) - min(ends)
