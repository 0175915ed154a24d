"""Two sets of claims on one text against each other: a reviewer's and the known ones, or theirs of two times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from annotator.domain.spans import iou

LEAST = 0.3
"""The overlap, as intersection over union, from which two claims are the same: that of the adjudicator's questions."""


@dataclass(frozen=True)
class Marked:
    """A claim as it is compared: its place in code points, and the key of its label."""

    id: str
    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Pair:
    """A claim that both sets have."""

    one: Marked
    other: Marked

    @property
    def same_label(self) -> bool:
        return self.one.label == self.other.label

    @property
    def same_boundary(self) -> bool:
        return (self.one.start, self.one.end) == (self.other.start, self.other.end)


@dataclass(frozen=True)
class Comparison:
    """What both sets have, in reading order, and what only the first or only the other has."""

    pairs: list[Pair]
    only_one: list[Marked]
    only_other: list[Marked]

    @property
    def right(self) -> int:
        """How many claims both have with the same label."""
        return sum(pair.same_label for pair in self.pairs)

    @property
    def score(self) -> float:
        """The F1 of claims that were found and have the right label, from 0 to 1.

        It is the F1 of the found claims times the share of right labels among them: 2r / (n + m), r claims of the n
        of one and the m of the other. Both have to be good, so that one mark is enough. Nothing marked where nothing
        is to be marked is 1.
        """
        marks = 2 * len(self.pairs) + len(self.only_one) + len(self.only_other)
        return 2 * self.right / marks if marks else 1.0


def compare(one: Iterable[Marked], other: Iterable[Marked]) -> Comparison:
    """Pair the claims of the two sets, each at most once, the closest first; ties go to the earlier ones."""
    ones, others = (sorted(each, key=lambda mark: (mark.start, mark.end, mark.id)) for each in (one, other))
    near = [
        (-overlap, a, b)
        for a, left in enumerate(ones)
        for b, right in enumerate(others)
        if (overlap := iou(left, right)) >= LEAST
    ]
    taken_one: dict[int, int] = {}
    taken_other: set[int] = set()
    for _, a, b in sorted(near):
        if a not in taken_one and b not in taken_other:
            taken_one[a] = b
            taken_other.add(b)
    return Comparison(
        [Pair(ones[a], others[taken_one[a]]) for a in sorted(taken_one)],
        [mark for a, mark in enumerate(ones) if a not in taken_one],
        [mark for b, mark in enumerate(others) if b not in taken_other],
    )


def mean_score(scores: Sequence[float]) -> float | None:
    """The mean of the scores, or None where there is none."""
    return fmean(scores) if scores else None
