"""How one reviewer stands to the others: agreement with the rest, and what their labels say about the claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from annotator.agreement.figures import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

NORMAL_95 = 1.959963984540054
DIAGONAL = 10.0
OFF_DIAGONAL = 1.0
MOST_ROUNDS = 500
TOLERANCE = 1e-12
NOBODY_ELSE = "The others never agreed on a label for a claim of this reviewer."


@dataclass(frozen=True)
class DawidSkene:
    """What the labels say: for each unit how probable each category is, how each coder confuses them
    (coders × true category × given category), how common each is, the rounds it took and the log-likelihood.
    """

    posterior: NDArray[np.float64]
    confusion: NDArray[np.float64]
    prevalence: NDArray[np.float64]
    rounds: int
    log_likelihood: float


def wilson(successes: int, n: int, z: float = NORMAL_95) -> tuple[float, float]:
    """The interval of a share, E. B. Wilson (1927), Journal of the American Statistical Association 22."""
    if n == 0:
        raise ValueError("There is no interval for a share of nothing.")
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def leave_one_out(labels: NDArray[np.int64], coder: int) -> Figure:
    """How often `coder` gives the label that most of the others give; units where these tie or are silent are left out.

    `labels` (units × coders) holds categories counted from 0, and −1 where a coder gave none.
    """
    agreed = n = 0
    for unit in labels:
        others = [label for at, label in enumerate(unit) if at != coder and label >= 0]
        if unit[coder] < 0 or not others:
            continue
        votes = np.bincount(others)
        if (votes == votes.max()).sum() > 1:
            continue
        n += 1
        agreed += int(votes.argmax() == unit[coder])
    if n == 0:
        return Figure.undefined(NOBODY_ELSE)
    low, high = wilson(agreed, n)
    return Figure(agreed / n, n, low=low, high=high)


def dawid_skene(
    counts: NDArray[np.float64], *, diagonal: float = DIAGONAL, off_diagonal: float = OFF_DIAGONAL
) -> DawidSkene:
    """A. P. Dawid and A. M. Skene (1979), Applied Statistics 28: expectation and maximisation from the vote shares.

    `counts` (units × coders × categories) says how often a coder gave a unit each category. The pseudo-counts are a
    prior that coders are mostly right; with both 0 it is their maximum likelihood, which below about 200 units loses
    to the majority. It stops when the log-likelihood stops rising.
    """
    votes = counts.sum(axis=1)
    posterior = votes / votes.sum(axis=1, keepdims=True)
    categories = counts.shape[2]
    prior = np.full((categories, categories), off_diagonal) + np.eye(categories) * (diagonal - off_diagonal)
    before = -np.inf
    rounds = 0
    while True:
        rounds += 1
        prevalence = posterior.mean(axis=0)
        confusion = np.einsum("uc,urk->rck", posterior, counts) + prior
        totals = confusion.sum(axis=2, keepdims=True)
        confusion = np.divide(confusion, totals, out=np.zeros_like(confusion), where=totals > 0)
        with np.errstate(divide="ignore"):
            logs = np.log(confusion)
            joint = np.log(prevalence) + _weighted(counts, logs)
        highest = joint.max(axis=1, keepdims=True)
        likelihood = np.exp(joint - highest)
        total = likelihood.sum(axis=1, keepdims=True)
        posterior = likelihood / total
        log_likelihood = float((highest + np.log(total)).sum())
        if log_likelihood - before < TOLERANCE * abs(log_likelihood) or rounds == MOST_ROUNDS:
            return DawidSkene(posterior, confusion, prevalence, rounds, log_likelihood)
        before = log_likelihood


def order_of_doubt(posterior: NDArray[np.float64], reviewers: Sequence[int], spreads: Sequence[float]) -> list[int]:
    """The units, those in most doubt first: by 1 − the highest probability, then by reviewers, then by the spread of
    their boundaries.
    """
    doubt = 1 - posterior.max(axis=1)
    return sorted(range(len(doubt)), key=lambda unit: (-doubt[unit], -reviewers[unit], -spreads[unit], unit))


def _weighted(counts: NDArray[np.float64], logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Σ over coders and given categories of counts · log π, where 0 · log 0 is 0."""
    safe = np.where(np.isinf(logs), -1e9, logs)
    return np.asarray(np.einsum("urk,rck->uc", counts, safe))
