"""What the votes on each question of an article suggest, and which questions are in most doubt.

A suggestion is for who has looked at the votes. It is what all who marked the claim say, where they say the same; else
what is most probable by the model of Dawid and Skene with a prior that reviewers are mostly right, fitted to the blind
votes of the whole project.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import pstdev
from uuid import UUID

from annotator.models import Project, User
from annotator.services import agreement_store
from annotator.services.questions import QuestionView
from annotator.services.votes import LabelShown, Vote


@dataclass(frozen=True)
class Suggestion:
    """A label for a question. `unanimous`: all `voters` gave it; else `probability` is the model's."""

    label: LabelShown
    unanimous: bool
    probability: float
    voters: int


@dataclass(frozen=True)
class Doubt:
    """The suggestion for each question by its id, and the ids in the order of doubt, the most doubtful first."""

    suggestions: dict[UUID, Suggestion]
    order: list[UUID]


def of_questions(user: User, project: Project, views: Sequence[QuestionView]) -> Doubt:
    """What these questions suggest by what `user` may know of the project; claims that nobody marked come last."""
    asked = [view for view in views if view.versions]
    if not asked:
        return Doubt({}, [view.id for view in views])
    # Numpy is needed by nothing else that a server does when it starts.
    from annotator.agreement.reviewers import order_of_doubt

    model = agreement_store.fitted_model(project, user)
    suggestions = {}
    posteriors = []
    for view in asked:
        votes = {vote.user_id: vote.label for vote in sorted(view.versions, key=_length)}
        posterior = model.posterior({user_id: label.key for user_id, label in votes.items()})
        posteriors.append(list(posterior.values()))
        given = {vote.label for vote in view.versions}
        # Whatever is suggested was given by somebody.
        label = max(sorted(given), key=lambda each: posterior[each.key])
        suggestions[view.id] = Suggestion(label, len(given) == 1, posterior[label.key], len(votes))
    voters = [suggestions[view.id].voters for view in asked]
    order = [asked[unit].id for unit in order_of_doubt(posteriors, voters, [_spread(view) for view in asked])]
    return Doubt(suggestions, order + [view.id for view in views if not view.versions])


def _length(vote: Vote) -> int:
    """Of a claim that a reviewer split, the longest piece speaks, which is the last one read."""
    return vote.end - vote.start


def _spread(view: QuestionView) -> float:
    """How far the boundaries of a question lie apart: the sum of the deviations of its starts and of its ends."""
    starts, ends = [vote.start for vote in view.versions], [vote.end for vote in view.versions]
    return pstdev(starts) + pstdev(ends)
