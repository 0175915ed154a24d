"""The sums of one article worked out plainly, claim by claim: what the columns of the product must come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from annotator.agreement import alpha
from annotator.agreement.pairing import Labelled, Pair, paired
from annotator.agreement.reviews import Coded
from annotator.agreement.unitizing import GAP, Unit, UnitSums
from annotator.domain.grouping import group_marks


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
    partitions = [partition(Unit(one.start, one.end, one.label + 1) for one in coded) for coded in coders.values()]
    rated, alone = _questions(coders.values(), labels)
    voters = rated.sum(axis=1)
    undisputed = rated.max(axis=1, initial=0) == voters
    return ArticleSums(
        detection=np.array(
            [sum(getattr(pair, name) for pair in pairs.values()) for name in ("claims", "found", "close", "exact")],
            dtype=np.float64,
        ),
        labels=alpha.sums(rated),
        units=unit_sums([kept for kept, _ in partitions], length, labels).flat(),
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


def partition(units: Iterable[Unit]) -> tuple[list[Unit], int]:
    """The units of one coder without those that overlap a longer one (of equals: an earlier), and how many that are."""
    kept: list[Unit] = []
    left_out = 0
    for unit in sorted(units, key=lambda unit: (unit.start - unit.end, unit)):
        if any(unit.start < other.end and other.start < unit.end for other in kept):
            left_out += 1
        else:
            kept.append(unit)
    return sorted(kept), left_out


def unit_sums(coders: Sequence[Sequence[Unit]], length: int, categories: int) -> UnitSums:
    """The sums of one continuum of `length` that two or more coders partitioned (each in order, without overlaps)."""
    m = len(coders)
    if m < 2:
        raise ValueError("Agreement needs two coders who finished the article.")
    edges = {0, length, *(edge for units in coders for unit in units for edge in (unit.start, unit.end))}
    bounds = np.array(sorted(edges), dtype=np.int64)
    lengths = np.diff(bounds).astype(np.float64)
    values = np.stack([_values(units, bounds) for units in coders])
    counts = np.stack([(values == category).sum(axis=0) for category in range(categories + 1)]).astype(np.float64)
    weighted = counts * lengths
    coincidences = (weighted @ counts.T - np.diag(weighted.sum(axis=1))) / (m - 1)
    squares = np.zeros(categories + 1)
    shared = np.zeros(categories)
    covered = np.concatenate([np.zeros((m, 1)), np.cumsum((values != GAP) * lengths, axis=1)], axis=1)
    for coder, units in enumerate(coders):
        squares[GAP] += length - sum(unit.end - unit.start for unit in units)
        for unit in units:
            squares[unit.category] += (unit.end - unit.start) ** 2
            first, last = np.searchsorted(bounds, (unit.start, unit.end))
            with_others = np.delete(covered[:, last] - covered[:, first], coder)
            shared[unit.category - 1] += (with_others.sum() / (m - 1)) ** 2
    return UnitSums(coincidences, squares, shared)


def _values(units: Sequence[Unit], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """The category of each stretch between two bounds."""
    values = np.zeros(len(bounds) - 1, dtype=np.int64)
    for unit in units:
        first, last = np.searchsorted(bounds, (unit.start, unit.end))
        values[first:last] = unit.category
    return values
