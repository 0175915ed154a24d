"""What one article adds to every figure: sums that are added over articles, so that nothing is averaged per article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annotator.agreement import alpha, unitizing
from annotator.agreement.pairing import Labelled, Pair, paired
from annotator.agreement.unitizing import Unit
from annotator.domain.grouping import group_marks

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Coded(NamedTuple):
    """A claim of a coder: a span [start, end) in code points with the number of its label, counted from 0."""

    id: str
    reviewer: str
    start: int
    end: int
    label: int


@dataclass(frozen=True)
class CoderPair:
    """Two coders on one article or on many: how many claims each marked, how many are the same, and their labels.

    `confusion` counts the pairs of the same claim by the first coder's label (rows) and the second's (columns).
    """

    claims: int
    found: int
    close: int
    exact: int
    confusion: NDArray[np.int64]

    def __add__(self, other: CoderPair) -> CoderPair:
        return CoderPair(
            self.claims + other.claims,
            self.found + other.found,
            self.close + other.close,
            self.exact + other.exact,
            self.confusion + other.confusion,
        )


@dataclass(frozen=True)
class ArticleSums:
    """One article's part. `detection` is [claims, found, close, exact] summed over pairs of coders; `labels` are the
    sums of α over its questions and `rated` the questions themselves (questions × labels); `shifts` are the distances
    of the starts and of the ends of the same claims; `left_out` counts claims inside longer ones of the same coder.
    """

    detection: NDArray[np.float64]
    labels: NDArray[np.float64]
    units: NDArray[np.float64]
    rated: NDArray[np.int64]
    pairs: dict[tuple[str, str], CoderPair]
    shifts: list[tuple[int, int]]
    unanimous: int
    conflicting: int
    alone: int
    left_out: int


def of_article(coders: Mapping[str, Sequence[Coded]], length: int, labels: int) -> ArticleSums:
    """The sums of an article of `length` code points that `coders` (two or more, also who marked nothing) finished.

    `labels` is the number of declared labels.
    """
    matched = {
        (one, other): [_labelled(coders[one]), _labelled(coders[other])]
        for one, other in combinations(sorted(coders), 2)
    }
    same = {names: paired(mine, theirs) for names, (mine, theirs) in matched.items()}
    pairs = {names: _pair(len(sides[0]) + len(sides[1]), same[names], labels) for names, sides in matched.items()}
    partitions = [
        unitizing.partition(Unit(one.start, one.end, one.label + 1) for one in coded) for coded in coders.values()
    ]
    rated, alone = _questions(coders.values(), labels)
    voters = rated.sum(axis=1)
    undisputed = rated.max(axis=1, initial=0) == voters
    return ArticleSums(
        detection=np.array(
            [sum(getattr(pair, name) for pair in pairs.values()) for name in ("claims", "found", "close", "exact")],
            dtype=np.float64,
        ),
        labels=alpha.sums(rated),
        units=unitizing.sums([kept for kept, _ in partitions], length, labels).flat(),
        rated=rated,
        pairs=pairs,
        shifts=[
            (abs(pair.mine.start - pair.theirs.start), abs(pair.mine.end - pair.theirs.end))
            for found in same.values()
            for pair in found
        ],
        unanimous=int((undisputed & (voters == len(coders))).sum()),
        conflicting=int((~undisputed).sum()),
        alone=alone,
        left_out=sum(left_out for _, left_out in partitions),
    )


def _labelled(coded: Iterable[Coded]) -> list[Labelled]:
    return [Labelled(one.start, one.end, one.label) for one in coded]


def _pair(claims: int, same: Sequence[Pair], labels: int) -> CoderPair:
    confusion = np.zeros((labels, labels), dtype=np.int64)
    for pair in same:
        confusion[pair.mine.category, pair.theirs.category] += 1
    return CoderPair(claims, len(same), sum(pair.close for pair in same), sum(pair.exact for pair in same), confusion)


def _questions(coders: Iterable[Sequence[Coded]], labels: int) -> tuple[NDArray[np.int64], int]:
    """The claims that two coders or more marked, as questions × labels, and how many only one marked.

    Of a claim that a coder split, the longest piece speaks for them.
    """
    groups = group_marks([one for coded in coders for one in coded])
    rows = []
    for members in groups:
        longest: dict[str, Coded] = {}
        for one in members:
            held = longest.get(one.reviewer)
            if held is None or one.end - one.start > held.end - held.start:
                longest[one.reviewer] = one
        if len(longest) > 1:
            rows.append(np.bincount([one.label for one in longest.values()], minlength=labels))
    rated = np.array(rows, dtype=np.int64).reshape(-1, labels)
    return rated, len(groups) - len(rows)
