"""What the votes on each question of an article suggest, and which questions are in most doubt.

A suggestion is for who has looked at the votes. It is what all who marked the claim say, where they say the same; else
what is most probable by the model of Dawid and Skene with a prior that reviewers are mostly right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import pstdev
from uuid import UUID

from annotator.services.questions import QuestionView
from annotator.services.votes import LabelShown


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


def of_questions(views: Sequence[QuestionView]) -> Doubt:
    """What these questions of one article suggest; claims that nobody marked come last."""
    asked = [view for view in views if view.versions]
    if not asked:
        return Doubt({}, [view.id for view in views])
    # Numpy is needed by nothing else that a server does when it starts.
    import numpy as np

    from annotator.agreement.reviewers import dawid_skene, order_of_doubt

    labels = sorted({vote.label for view in asked for vote in view.versions})
    people = sorted({vote.user_id for view in asked for vote in view.versions})
    counts = np.zeros((len(asked), len(people), len(labels)))
    for unit, view in enumerate(asked):
        for vote in view.versions:
            counts[unit, people.index(vote.user_id), labels.index(vote.label)] += 1
    posterior = dawid_skene(counts).posterior
    suggestions = {}
    for unit, view in enumerate(asked):
        given = {vote.label for vote in view.versions}
        best = labels[int(posterior[unit].argmax())]
        label = next(iter(given)) if len(given) == 1 else best
        voters = len({vote.user_id for vote in view.versions})
        suggestions[view.id] = Suggestion(label, len(given) == 1, float(posterior[unit].max()), voters)
    voters_of = [suggestions[view.id].voters for view in asked]
    order = [asked[unit].id for unit in order_of_doubt(posterior, voters_of, [_spread(view) for view in asked])]
    return Doubt(suggestions, order + [view.id for view in views if not view.versions])


def _spread(view: QuestionView) -> float:
    """How far the boundaries of a question lie apart: the sum of the deviations of its starts and of its ends."""
    starts, ends = [vote.start for vote in view.versions], [vote.end for vote in view.versions]
    return pstdev(starts) + pstdev(ends)
