"""Which claims of two coders are the same claim, and how well the coders found the same ones.

Claims are paired one to one, as many as overlap at all, and among these so that they share most (intersection over
union). This is the exact, partial and type scheme of SemEval-2013 task 9 for two coders of equal standing: F1 does
not change when the coders change places.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, permutations
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from annotator.domain.spans import iou

CLOSE = 0.5
"""The intersection over union that the second, stricter figure asks for."""


LARGEST_GROUP = 40_000
"""How many pairs of claims one group may offer for the best pairing to be looked for; above it the closest go first.

The best pairing takes a second for 400 claims that each overlap the next, and eight times as long for twice as many.
"""


FEW_ROWS, FEW_COLUMNS = 3, 4
"""Up to how many claims of the two coders every pairing is tried."""


class Labelled(NamedTuple):
    """A claim: a span [start, end) and its category, counted from 0."""

    start: int
    end: int
    category: int


class Pair(NamedTuple):
    """Two claims that are taken for the same."""

    mine: Labelled
    theirs: Labelled

    @property
    def close(self) -> bool:
        """Whether they share at least half of what either covers."""
        return iou(self.mine, self.theirs) >= CLOSE

    @property
    def exact(self) -> bool:
        """Whether their boundaries are the same."""
        return self.mine[:2] == self.theirs[:2]


class SpanF1(NamedTuple):
    """F1 over two coders' claims: `strict` wants boundary and label, `exact` the boundary, `type` an overlap and the
    label, `partial` any overlap, where one that is not exact counts half. None where neither marked anything.
    """

    strict: float | None
    exact: float | None
    partial: float | None
    type: float | None


def paired(mine: Sequence[Labelled], theirs: Sequence[Labelled]) -> list[Pair]:
    """The claims of two coders that are the same claim, each in at most one pair, in the order of `mine`."""
    pairs = []
    for left, right in _touching(sorted(mine), sorted(theirs)):
        pairs += _best(left, right)
    return sorted(pairs)


def span_f1(mine: Sequence[Labelled], theirs: Sequence[Labelled]) -> SpanF1:
    """The four schemes of SemEval-2013 task 9 (Segura-Bedmar, Martínez, Herrero-Zazo 2013)."""
    total = len(mine) + len(theirs)
    if total == 0:
        return SpanF1(None, None, None, None)
    pairs = paired(mine, theirs)
    exact = [pair for pair in pairs if pair.exact]
    labelled = [pair for pair in pairs if pair.mine.category == pair.theirs.category]
    strict = [pair for pair in exact if pair.mine.category == pair.theirs.category]
    halves = len(exact) + (len(pairs) - len(exact)) / 2
    return SpanF1(*(2 * found / total for found in (len(strict), len(exact), halves, len(labelled))))


class SpanCounts(NamedTuple):
    """What a system's spans are beside the gold ones: correct, incorrect, partial, missing and spurious.

    Gold has `possible` spans (correct + incorrect + partial + missing), the system gave `actual` ones (correct +
    incorrect + partial + spurious). A partial one counts half in precision, recall and F1; None without a span.
    """

    correct: int
    incorrect: int
    partial: int
    missing: int
    spurious: int

    @property
    def possible(self) -> int:
        return self.correct + self.incorrect + self.partial + self.missing

    @property
    def actual(self) -> int:
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def precision(self) -> float | None:
        return (self.correct + self.partial / 2) / self.actual if self.actual else None

    @property
    def recall(self) -> float | None:
        return (self.correct + self.partial / 2) / self.possible if self.possible else None

    @property
    def f1(self) -> float | None:
        spans = self.possible + self.actual
        return 2 * (self.correct + self.partial / 2) / spans if spans else None


def span_counts(gold: Sequence[Labelled], system: Sequence[Labelled]) -> dict[str, SpanCounts]:
    """The counts of SemEval-2013 task 9 in its four schemes, by name: strict, exact, partial and type.

    Spans that overlap at all are one pair. It is correct in *strict* with the same boundary and label, in *exact* with
    the same boundary, in *type* with the same label, and otherwise incorrect; in *partial* it is correct with the same
    boundary and otherwise partial.
    """
    pairs = paired(gold, system)
    missing, spurious = len(gold) - len(pairs), len(system) - len(pairs)
    exact = sum(pair.exact for pair in pairs)
    labelled = sum(pair.mine.category == pair.theirs.category for pair in pairs)
    strict = sum(pair.exact and pair.mine.category == pair.theirs.category for pair in pairs)
    counts = {
        name: SpanCounts(correct, len(pairs) - correct, 0, missing, spurious)
        for name, correct in (("strict", strict), ("exact", exact), ("type", labelled))
    }
    return {**counts, "partial": SpanCounts(exact, 0, len(pairs) - exact, missing, spurious)}


def _touching(mine: Sequence[Labelled], theirs: Sequence[Labelled]) -> Iterator[tuple[list[Labelled], list[Labelled]]]:
    """The claims in groups that overlaps with the other coder's claims connect, each as two lists in order."""
    sides = (mine, theirs)
    members: list[tuple[list[int], list[int]]] = []
    group_of: tuple[list[int], list[int]] = ([-1] * len(mine), [-1] * len(theirs))
    open_claims: tuple[list[int], list[int]] = ([], [])
    ordered = sorted([(claim, 0, at) for at, claim in enumerate(mine)] + [(c, 1, at) for at, c in enumerate(theirs)])
    for claim, side, at in ordered:
        other = 1 - side
        open_claims[other][:] = [each for each in open_claims[other] if sides[other][each].end > claim.start]
        joined = sorted({group_of[other][each] for each in open_claims[other]})
        whole: tuple[list[int], list[int]] = members[joined[0]] if joined else ([], [])
        if not joined:
            members.append(whole)
        target = joined[0] if joined else len(members) - 1
        for group in joined[1:]:
            for each_side in (0, 1):
                for each in members[group][each_side]:
                    group_of[each_side][each] = target
                whole[each_side].extend(members[group][each_side])
            members[group] = ([], [])
        whole[side].append(at)
        group_of[side][at] = target
        open_claims[side].append(at)
    for left, right in members:
        if left and right:
            yield [mine[at] for at in sorted(left)], [theirs[at] for at in sorted(right)]


def _best(mine: Sequence[Labelled], theirs: Sequence[Labelled]) -> list[Pair]:
    """Most pairs, then most in common, within one group."""
    if len(mine) > len(theirs):
        return [Pair(left, right) for right, left in _best(theirs, mine)]
    if len(mine) == 1:
        closest = max(theirs, key=lambda other: (iou(mine[0], other), -other.start))
        return [Pair(mine[0], closest)]
    if len(mine) * len(theirs) > LARGEST_GROUP:
        return _closest_first(mine, theirs)
    # An overlap at all outweighs every gain in likeness elsewhere.
    worth = [
        [(len(mine) + 1 + shared if (shared := iou(left, right)) > 0 else 0.0) for right in theirs] for left in mine
    ]
    return [Pair(mine[row], theirs[column]) for row, column in enumerate(_assignment(worth)) if worth[row][column] > 0]


def _closest_first(mine: Sequence[Labelled], theirs: Sequence[Labelled]) -> list[Pair]:
    """Pairs by falling likeness, each claim once; it finds at least half as many as there can be."""
    reached = list(accumulate((claim.end for claim in theirs), max))
    alike = sorted(
        (-shared, row, column)
        for row, left in enumerate(mine)
        # Before the first of these every claim has ended, after the last none has begun.
        for column in range(bisect_right(reached, left.start), bisect_left(theirs, left.end, key=attrgetter("start")))
        if (shared := iou(left, theirs[column])) > 0
    )
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, row, column in alike:
        if row not in taken[0] and column not in taken[1]:
            taken[0].add(row)
            taken[1].add(column)
            pairs.append(Pair(mine[row], theirs[column]))
    return pairs


def _assignment(worth: Sequence[Sequence[float]]) -> list[int]:
    """The column of each row so that the sum of `worth` is greatest; no more rows than columns.

    Few are tried out. More go by the Hungarian method with potentials (Kuhn 1955, Munkres 1957): rows are added one by
    one, each along the cheapest path of changes. Column 0 stands for "none yet".
    """
    if len(worth) <= FEW_ROWS and len(worth[0]) <= FEW_COLUMNS:
        tried = permutations(range(len(worth[0])), len(worth))
        return list(max(tried, key=lambda columns: sum(row[at] for row, at in zip(worth, columns, strict=True))))
    costs = -np.pad(np.asarray(worth, dtype=np.float64), ((1, 0), (1, 0)))
    rows, columns = costs.shape
    row_potential, column_potential = np.zeros(rows), np.zeros(columns)
    row_of = np.zeros(columns, dtype=np.int64)
    for row in range(1, rows):
        row_of[0], at = row, 0
        cheapest = np.full(columns, np.inf)
        came_from = np.zeros(columns, dtype=np.int64)
        unvisited = np.ones(columns, dtype=bool)
        while row_of[at]:
            unvisited[at] = False
            current = row_of[at]
            cost = costs[current] - row_potential[current] - column_potential
            better = unvisited & (cost < cheapest)
            cheapest[better], came_from[better] = cost[better], at
            following = int(np.where(unvisited, cheapest, np.inf).argmin())
            step = cheapest[following]
            row_potential[row_of[~unvisited]] += step
            column_potential[~unvisited] -= step
            cheapest[unvisited] -= step
            at = following
        while at:
            row_of[at] = row_of[came_from[at]]
            at = int(came_from[at])
    chosen = [0] * (rows - 1)
    for column in range(1, columns):
        if row_of[column]:
            chosen[row_of[column] - 1] = column - 1
    return chosen
