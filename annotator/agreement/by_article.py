"""The figures of single articles. They rest on few claims each: they say where to look, not how good the work is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from annotator.agreement import unitizing
from annotator.agreement.tallies import Tallies

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annotator.agreement.reviews import Numbers
    from annotator.agreement.sums import Sums


@dataclass(frozen=True)
class ArticleFigures:
    """One article: how many reviewed it, what share of the claims two have in common and uα (None where undefined),
    and how many questions all labelled the same, some labelled differently, or one alone marked.
    """

    article: str
    reviewers: int
    claims: int
    found: float | None
    u_alpha: float | None
    unanimous: int
    conflicting: int
    alone: int


@dataclass(frozen=True)
class Columns:
    """The same as columns over all articles, NaN where a figure is undefined."""

    reviewers: Numbers
    claims: Numbers
    found: NDArray[np.float64]
    u_alpha: NDArray[np.float64]
    tallies: Tallies

    def ranked(self, order: str) -> Numbers:
        """The numbers of the articles: those with most to decide first, or by `found` or `u-alpha` from the lowest
        (undefined ones last), or the latest opened first.
        """
        latest = -np.arange(len(self.claims))
        if order == "opened":
            return np.argsort(latest)
        key = {"found": self.found, "u-alpha": self.u_alpha}.get(order)
        if key is None:
            key = -(self.tallies.conflicting + self.tallies.alone).astype(np.float64)
        return np.lexsort((latest, key))

    def figures(self, chosen: Numbers, articles: Sequence[str]) -> list[ArticleFigures]:
        """The figures of some articles, which `articles` names by their numbers."""
        return [
            ArticleFigures(
                articles[at],
                int(self.reviewers[at]),
                int(self.claims[at]),
                _value(self.found[at]),
                _value(self.u_alpha[at]),
                int(self.tallies.unanimous[at]),
                int(self.tallies.conflicting[at]),
                int(self.tallies.alone[at]),
            )
            for at in chosen.tolist()
        ]


def columns(sums: Sums, tallies: Tallies | None = None) -> Columns:
    """The columns of every article of `sums`; `tallies` if they are known already."""
    known = tallies or Tallies.of(sums)
    claims, met = known.detection[:, 0], known.detection[:, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 2 * met / claims
    return Columns(
        np.bincount(sums.articles, minlength=sums.count),
        np.bincount(sums.articles, weights=sums.claims, minlength=sums.count).astype(np.int64),
        found,
        unitizing.u_alpha(sums.units, sums.labels),
        known,
    )


def _value(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
