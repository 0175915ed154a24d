"""How one reviewer stands to the others: agreement with the rest, and what their labels say about the claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annotator.agreement.figures import Figure

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NORMAL_95 = 1.959963984540054
DIAGONAL = 10.0
OFF_DIAGONAL = 1.0
MOST_ROUNDS = 500
TOLERANCE = 1e-12
IMPOSSIBLE = -1e9
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

    `counts` (units × coders × categories) says how often a coder gave a unit each category; a coder may be silent. The
    pseudo-counts are a prior that coders are mostly right; with both 0 it is their maximum likelihood, which below
    about 200 units loses to the majority. It stops when the log-likelihood stops rising.
    """
    unit, coder, label = np.nonzero(counts)
    votes = Votes(unit, coder, label, counts[unit, coder, label].astype(np.float64))
    return of_votes(votes, np.ones(len(counts)), counts.shape[1:], diagonal=diagonal, off_diagonal=off_diagonal)


class Votes(NamedTuple):
    """Who gave which unit which category, and how often: as many votes as there are, whatever the number of coders."""

    unit: NDArray[np.int64]
    coder: NDArray[np.int64]
    label: NDArray[np.int64]
    times: NDArray[np.float64]


def of_votes(
    votes: Votes,
    weights: NDArray[np.float64],
    shape: tuple[int, ...],
    *,
    diagonal: float = DIAGONAL,
    off_diagonal: float = OFF_DIAGONAL,
) -> DawidSkene:
    """The same of votes: each unit stands for as many as its weight says, `shape` is coders and categories.

    Every unit needs a vote.
    """
    coders, categories = shape
    prior = np.full((categories, categories), off_diagonal) + np.eye(categories) * (diagonal - off_diagonal)
    given = np.bincount(votes.unit * categories + votes.label, votes.times, len(weights) * categories)
    posterior = given.reshape(-1, categories)
    posterior = posterior / posterior.sum(axis=1, keepdims=True)
    times = votes.times * weights[votes.unit]
    cells = votes.coder * categories + votes.label
    before = -np.inf
    rounds = 0
    while True:
        rounds += 1
        prevalence = weights @ posterior / weights.sum()
        likely = posterior[votes.unit]
        by_true = [np.bincount(cells, times * likely[:, true], coders * categories) for true in range(categories)]
        confusion = np.swapaxes(np.stack(by_true).reshape(categories, coders, categories), 0, 1) + prior
        totals = confusion.sum(axis=2, keepdims=True)
        confusion = np.divide(confusion, totals, out=np.zeros_like(confusion), where=totals > 0)
        joint = joint_logs(votes, confusion, prevalence, len(weights))
        highest = joint.max(axis=1, keepdims=True)
        likelihood = np.exp(joint - highest)
        total = likelihood.sum(axis=1, keepdims=True)
        posterior = likelihood / total
        log_likelihood = float(weights @ (highest + np.log(total))[:, 0])
        if log_likelihood - before < TOLERANCE * abs(log_likelihood) or rounds == MOST_ROUNDS:
            return DawidSkene(posterior, confusion, prevalence, rounds, log_likelihood)
        before = log_likelihood


def joint_logs(
    votes: Votes, confusion: NDArray[np.float64], prevalence: NDArray[np.float64], units: int
) -> NDArray[np.float64]:
    """For each unit and true category the logarithm of the probability of both the category and the votes."""
    with np.errstate(divide="ignore"):
        # A large number instead of infinity, since 0 · log 0 is 0.
        logs = np.maximum(np.log(confusion), IMPOSSIBLE)
        common = np.log(prevalence)
    said = logs[votes.coder, :, votes.label] * votes.times[:, np.newaxis]
    added = [np.bincount(votes.unit, said[:, true], units) for true in range(len(prevalence))]
    return np.asarray(common + np.stack(added, axis=1))


def order_of_doubt(posterior: ArrayLike, reviewers: Sequence[int], spreads: Sequence[float]) -> list[int]:
    """The units, those in most doubt first: by 1 − the highest probability (units × categories), then by reviewers,
    then by the spread of their boundaries.
    """
    likely = np.asarray(posterior, dtype=np.float64)
    doubt = 1 - likely.max(axis=1) if len(likely) else likely
    return sorted(range(len(doubt)), key=lambda unit: (-doubt[unit], -reviewers[unit], -spreads[unit], unit))
