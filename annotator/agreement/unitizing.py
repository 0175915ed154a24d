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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

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
        if any(unit.start < other.end and other.start < unit.end for other in kept):
            left_out += 1
        else:
            kept.append(unit)
    return sorted(kept), left_out


def sums(coders: Sequence[Sequence[Unit]], length: int, categories: int) -> UnitSums:
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


def _values(units: Sequence[Unit], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """The category of each stretch between two bounds."""
    values = np.zeros(len(bounds) - 1, dtype=np.int64)
    for unit in units:
        first, last = np.searchsorted(bounds, (unit.start, unit.end))
        values[first:last] = unit.category
    return values


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
