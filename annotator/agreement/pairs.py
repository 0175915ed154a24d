"""Every two coders on the articles that both finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from annotator.agreement import alpha, expert
from annotator.agreement.figures import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annotator.agreement.matches import Matches
    from annotator.agreement.reviews import Numbers
    from annotator.agreement.sums import Sums

NO_CLAIM = "Neither of them marked a claim."


@dataclass(frozen=True)
class PairFigures:
    """Two coders (by name): the articles both finished, whether they found the same claims, α and Cohen's κ of their
    labels, and how often a label of the first (rows) met one of the second in the same claim.
    """

    reviewers: tuple[str, str]
    articles: int
    found: Figure
    labels: Figure
    kappa: Figure
    confusion: list[list[int]]


def found_share(part: int, added: NDArray[np.float64]) -> NDArray[np.float64]:
    """F1 of one or many [claims, found, close, exact]: of what overlaps at all (1) or shares half (2)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * added[..., part] / added[..., 0])


def symmetric(matches: Matches, labels: int) -> Numbers:
    """How often one label met another in the same claim, whoever gave which."""
    counts = np.bincount(matches.label * labels + matches.other_label, minlength=labels * labels)
    counts = counts.reshape(labels, labels)
    return np.asarray(counts + counts.T - np.diag(np.diag(counts)))


def of_pairs(sums: Sums, coders: Sequence[str]) -> list[PairFigures]:
    """The figures of every two coders who finished an article in common; `coders` names them by their number."""
    one, other = side_by_side(sums)
    matches = sums.matches
    size, labels = len(coders), sums.labels
    between, number = np.unique(sums.coders[one] * size + sums.coders[other], return_inverse=True)
    articles = np.bincount(number, minlength=len(between))
    claims = np.bincount(number, weights=sums.claims[one] + sums.claims[other], minlength=len(between))
    met = np.searchsorted(between, sums.coders[matches.one] * size + sums.coders[matches.other])
    cells = (met * labels + matches.label) * labels + matches.other_label
    confusions = np.bincount(cells, minlength=len(between) * labels * labels).reshape(-1, labels, labels)
    return [
        _figures((coders[pair // size], coders[pair % size]), int(articles[at]), int(claims[at]), confusions[at])
        for at, pair in enumerate(between.tolist())
    ]


def _figures(names: tuple[str, str], articles: int, claims: int, confusion: Numbers) -> PairFigures:
    met = int(confusion.sum())
    found = Figure(2 * met / claims, claims) if claims else Figure.undefined(NO_CLAIM)
    margins = confusion.sum(axis=0) + confusion.sum(axis=1)
    value = float(alpha.of_sums(np.concatenate([[2.0 * (met - np.trace(confusion))], margins])))
    why = alpha.ONE_LABEL if met else alpha.NO_PAIR
    labels = Figure.undefined(why, met) if np.isnan(value) else Figure(value, met)
    return PairFigures(names, articles, found, labels, expert.cohen_kappa(confusion), confusion.tolist())


def side_by_side(sums: Sums) -> tuple[Numbers, Numbers]:
    """Every two reviews of the same article, the earlier first."""
    reviews = np.arange(len(sums.articles))
    one: list[Numbers] = []
    other: list[Numbers] = []
    distance = 1
    while distance < len(reviews):
        same = sums.articles[distance:] == sums.articles[:-distance]
        if not same.any():
            break
        one.append(reviews[:-distance][same])
        other.append(reviews[distance:][same])
        distance += 1
    nothing = np.zeros(0, dtype=np.int64)
    return np.concatenate([nothing, *one]), np.concatenate([nothing, *other])
