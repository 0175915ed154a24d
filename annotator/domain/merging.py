"""A first pass over the questions of an article: which of them a rule may settle, and what it takes.

A rule takes one reviewer's claim as it is, never a mixture that nobody marked. It leaves to the adjudicator whatever
is tied and whatever those who agree on the label still contradict each other in.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from math import fsum
from typing import TYPE_CHECKING

from annotator.domain.questions import Kind, suggested
from annotator.domain.spans import iou

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotator.domain.questions import Mark, Question

NEVER_AS_FEW_AS = 2 / 3
"""Two against one are not evidence enough, whatever a project's threshold says."""


class Left(StrEnum):
    """Why a question is left to the adjudicator."""

    DIFFERS = "differs"
    TIED = "tied"
    TOO_FEW = "too_few"
    BOUNDARY_TIED = "boundary_tied"
    FIELDS = "fields"


@dataclass(frozen=True)
class Merge:
    """What a rule makes of a question: the mark that it takes, or why it takes none.

    `votes` of `reviewers` gave the label that is ahead. `boundary` says that these do not all have the boundary that is
    taken, `overruled` that somebody gave another label or marked nothing.
    """

    taken: Mark | None
    left: Left | None
    votes: int
    reviewers: int
    boundary: bool = False
    overruled: bool = False


def unanimous(question: Question, reviewers: int) -> Merge:
    """Takes what all reviewers agree on in everything: boundary, label, fields and links."""
    votes = len({mark.reviewer for mark in question.marks})
    if question.kind is not Kind.AGREED:
        return Merge(None, Left.DIFFERS, votes, reviewers)
    return Merge(suggested(question), None, votes, reviewers)


def majority(question: Question, reviewers: int, threshold: float) -> Merge:
    """Takes the label that at least `threshold` of all reviewers give, those too who marked nothing.

    Never as few as two of three (NEVER_AS_FEW_AS), so never a tie. Its boundary is the one of those who gave it that
    shares most with their others; two that share as much are a tie. Where they differ in fields or links nothing is
    taken.
    """
    voters = _voters(question.marks)
    votes, label = max(((len(people), label) for label, people in voters.items()), default=(0, ""))
    ahead = [each for each, people in voters.items() if len(people) == votes]
    if len(ahead) != 1:
        return Merge(None, Left.TIED, votes, reviewers)
    if votes / reviewers < threshold or votes / reviewers <= NEVER_AS_FEW_AS:
        return Merge(None, Left.TOO_FEW, votes, reviewers)
    agreeing = [mark for mark in question.marks if mark.reviewer in voters[label]]
    if len({(mark.fields, mark.links) for mark in agreeing}) > 1:
        return Merge(None, Left.FIELDS, votes, reviewers)
    boundaries = _by_shared(agreeing)
    if len(boundaries) > 1 and boundaries[0][0] == boundaries[1][0]:
        return Merge(None, Left.BOUNDARY_TIED, votes, reviewers)
    taken = suggested(replace(question, marks=tuple(agreeing)))
    return Merge(taken, None, votes, reviewers, boundary=len(boundaries) > 1, overruled=votes < reviewers)


def _voters(marks: Sequence[Mark]) -> dict[str, set[str]]:
    """The reviewers who gave each label. Who gave two of them in one question is for neither."""
    given: dict[str, set[str]] = defaultdict(set)
    for mark in marks:
        given[mark.reviewer].add(mark.label)
    voters: dict[str, set[str]] = defaultdict(set)
    for reviewer, labels in given.items():
        if len(labels) == 1:
            voters[next(iter(labels))].add(reviewer)
    return voters


def _by_shared(marks: Sequence[Mark]) -> list[tuple[float, tuple[int, int]]]:
    """The distinct boundaries with what each shares with all other marks, the most first."""
    shared = {
        (mark.start, mark.end): round(fsum(iou(mark, other) for other in marks if other is not mark), 9)
        for mark in marks
    }
    return sorted(((value, span) for span, value in shared.items()), reverse=True)
