"""Krippendorff's uα family: agreement on where the claims are and on what they are, by length of text.

K. Krippendorff, Y. Mathet, S. Bouvry, A. Widlöcher (2016), On the reliability of unitizing textual continua: Further
developments, Quality & Quantity 50, 2347–2364. The observed coincidences ℓ_ck are the shared lengths valued c and k
over ordered pairs of coders, divided by m − 1; the gap between units is a value of its own, here in column 0. What is
expected follows from the margins and from Z, which keeps the pieces of one unit from being paired with each other:
Z_c sums the squared lengths of the units valued c, Z of the gap sums the lengths of the gaps. For cuα the length of a unit
is what the other coders' units share of it on average: so the lengths valued c add up to the margin of c, and the
example of the paper comes out as published.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annotator.agreement.overlaps import end_to_end
from annotator.agreement.reviews import Reviews, column

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAP = 0


class Unit(NamedTuple):
    """A stretch [start, end) of the continuum with the category that a coder gave it, counted from 1."""

    start: int
    end: int
    category: int


@dataclass(frozen=True)
class UnitSums:
    """What one continuum adds: ℓ (1 + C, 1 + C), Z (1 + C) and the Z of cuα (C). They may be added over continua."""

    coincidences: NDArray[np.float64]
    squares: NDArray[np.float64]
    shared_squares: NDArray[np.float64]

    def flat(self) -> NDArray[np.float64]:
        """All of it in one vector, of length (1 + C)² + (1 + C) + C."""
        return np.concatenate([self.coincidences.ravel(), self.squares, self.shared_squares])


def partition(units: Iterable[Unit]) -> tuple[list[Unit], int]:
    """The units of one coder without those that overlap a longer one (of equals: an earlier), and how many that are."""
    kept: list[Unit] = []
    left_out = 0
    for unit in sorted(units, key=lambda unit: (unit.start - unit.end, unit)):
        at = bisect_left(kept, unit)
        if (at and kept[at - 1].end > unit.start) or (at < len(kept) and kept[at].start < unit.end):
            left_out += 1
        else:
            kept.insert(at, unit)
    return kept, left_out


def sums(coders: Sequence[Sequence[Unit]], length: int, categories: int) -> UnitSums:
    """The sums of one continuum of `length` that two or more coders partitioned (each in order, without overlaps)."""
    if len(coders) < 2:
        raise ValueError("Agreement needs two coders who finished the article.")
    units = [(coder, unit) for coder, units in enumerate(coders) for unit in units]
    reviews = Reviews(
        column([length]),
        column([0] * len(coders)),
        np.arange(len(coders)),
        column([coder for coder, _ in units]),
        column([unit.start for _, unit in units]),
        column([unit.end for _, unit in units]),
        column([unit.category - 1 for _, unit in units]),
        [""] * len(units),
    )
    return UnitSums(*_parts(of_articles(reviews, categories)[0], categories))


def width(categories: int) -> int:
    """How many numbers the flat sums of an article have."""
    return (categories + 1) ** 2 + 2 * categories + 1


def kept_units(reviews: Reviews) -> NDArray[np.bool_]:
    """Which claims are left when those go that overlap a longer one of the same coder."""
    kept = np.ones(len(reviews.starts), dtype=bool)
    # Every review laid end to end, as the articles are in overlaps.py.
    begin = end_to_end(reviews.lengths[reviews.articles])[reviews.reviews]
    order = np.argsort(begin + reviews.starts, kind="stable")
    starts, reach = (begin + reviews.starts)[order], np.maximum.accumulate((begin + reviews.ends)[order])
    first = np.flatnonzero(np.append(True, starts[1:] >= reach[:-1])[: len(starts)])
    last = np.append(first[1:], len(starts))
    for run in (order[first[at] : last[at]] for at in np.flatnonzero(last - first > 1)):
        units = {at: Unit(int(reviews.starts[at]), int(reviews.ends[at]), int(reviews.labels[at]) + 1) for at in run}
        left = Counter(partition(units.values())[0])
        for at, unit in units.items():
            kept[at] = left[unit] > 0
            left[unit] -= 1
    return kept


def of_articles(reviews: Reviews, categories: int) -> NDArray[np.float64]:
    """The flat sums of each article (rows), each finished by two coders or more, who marked without overlaps."""
    sums = np.zeros((len(reviews.lengths), width(categories)))
    coders_of = reviews.coders_of
    for coders in np.unique(coders_of):
        # Articles of as many coders at a time, so that each coder is a row.
        chosen = np.flatnonzero(coders_of == coders)
        sums[chosen] = _of_equally_many(reviews.only(chosen), int(coders), categories)
    return sums


def _of_equally_many(reviews: Reviews, coders: int, categories: int) -> NDArray[np.float64]:
    size = categories + 1
    articles = len(reviews.lengths)
    begin = end_to_end(reviews.lengths)
    article, slot = reviews.articles[reviews.reviews], reviews.slots[reviews.reviews]
    starts, ends, values = begin[article] + reviews.starts, begin[article] + reviews.ends, reviews.labels + 1
    bounds = distinct(np.concatenate([begin, begin + reviews.lengths, starts, ends]))
    # The character between two articles, and what follows the last bound, are nobody's.
    of_article = np.searchsorted(begin, bounds, side="right") - 1
    lengths = np.append(np.diff(bounds), 0)
    lengths[bounds == (begin + reviews.lengths)[of_article]] = 0
    opens, closes = np.searchsorted(bounds, starts), np.searchsorted(bounds, ends)
    valued = np.zeros((coders, len(bounds)), dtype=np.int64)
    np.add.at(valued, (slot, opens), values)
    np.subtract.at(valued, (slot, closes), values)
    valued = np.cumsum(valued, axis=1)
    met = np.zeros(articles * size * size)
    for one, other in permutations(range(coders), 2):
        cell = (of_article * size + valued[one]) * size + valued[other]
        met += np.bincount(cell, weights=lengths, minlength=len(met))
    squares = np.bincount(article * size + values, weights=(ends - starts) ** 2, minlength=articles * size)
    squares = squares.reshape(articles, size)
    marked = np.bincount(article, weights=ends - starts, minlength=articles)
    squares[:, GAP] = coders * reviews.lengths - marked
    covered = np.append(0, np.cumsum((valued != GAP).sum(axis=0) * lengths))
    # Each unit covers itself throughout.
    with_others = (covered[closes] - covered[opens] - (ends - starts)) / (coders - 1)
    shared = np.bincount(article * categories + values - 1, weights=with_others**2, minlength=articles * categories)
    return np.concatenate(
        [met.reshape(articles, size * size) / (coders - 1), squares, shared.reshape(articles, categories)], axis=1
    )


def u_alpha(added: NDArray[np.float64], categories: int) -> NDArray[np.float64]:
    """uα, where and what together, of one or many flat sums; NaN where it is undefined."""
    coincidences, squares, _ = _parts(added, categories)
    return _alpha(coincidences, squares)


def binary_u_alpha(added: NDArray[np.float64], categories: int) -> NDArray[np.float64]:
    """|uα, where only: every category folded into "marked"."""
    coincidences, squares, _ = _parts(added, categories)
    fold = np.zeros((categories + 1, 2))
    fold[GAP, 0] = 1
    fold[1:, 1] = 1
    return _alpha(np.swapaxes(fold, 0, 1) @ coincidences @ fold, squares @ fold)


def cu_alpha(added: NDArray[np.float64], categories: int) -> NDArray[np.float64]:
    """cuα, what only: the label of the text that two coders both marked."""
    coincidences, _, shared = _parts(added, categories)
    return _alpha(coincidences[..., 1:, 1:], shared)


def density(added: NDArray[np.float64], categories: int) -> NDArray[np.float64]:
    """The share of the text that a coder marks, on average."""
    coincidences, _, _ = _parts(added, categories)
    total = coincidences.sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1 - coincidences[..., GAP, :].sum(axis=-1) / total)


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The values in order, each once; several times as fast as numpy's own way for a million of them."""
    ordered = np.sort(values)
    return np.asarray(ordered[np.append(True, np.diff(ordered) > 0)[: len(ordered)]])


def _parts(
    added: NDArray[np.float64], categories: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    size = categories + 1
    matrix = added[..., : size * size].reshape(*added.shape[:-1], size, size)
    return matrix, added[..., size * size : size * size + size], added[..., size * size + size :]


def _alpha(coincidences: NDArray[np.float64], squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 − (ℓ.. − Σ ℓ_cc)/(ℓ.. − Σ ε_cc) with ε_cc = ℓ.. (ℓ_c² − Z_c)/(ℓ..² − ΣZ)."""
    total = coincidences.sum(axis=(-2, -1))
    margins = coincidences.sum(axis=-1)
    agreed = np.trace(coincidences, axis1=-2, axis2=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = total * (margins**2 - squares).sum(axis=-1) / (total**2 - squares.sum(axis=-1))
        disagreement = total - expected
        return np.asarray(np.where(disagreement > 1e-9 * total, 1 - (total - agreed) / disagreement, np.nan))
