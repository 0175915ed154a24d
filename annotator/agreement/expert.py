"""The coefficients that papers ask for beside α. They answer the same question with other ideas of chance.

Cohen (1960); Fleiss (1971) with the variance corrected by Fleiss, Nee and Landis (1979); Gwet (2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from annotator.agreement.figures import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

ONE_CATEGORY = "Only one label was used, so chance alone gives full agreement."
NOTHING = "There is no claim that two reviewers labelled."


@dataclass(frozen=True)
class FleissKappa:
    """κ over all categories with its standard error under the hypothesis of no agreement beyond chance, and κ of
    each category (None where nobody or everybody gave it).
    """

    figure: Figure
    standard_error: float | None
    by_category: list[float | None]


def percent(counts: NDArray[np.int64]) -> Figure:
    """The share of pairs of coders that gave a unit the same category, over all units with two ratings or more."""
    pairs, agreed = _pairs(counts)
    return Figure(agreed / pairs, pairs) if pairs else Figure.undefined(NOTHING)


def cohen_kappa(confusion: NDArray[np.int64]) -> Figure:
    """J. Cohen (1960), Educational and Psychological Measurement 20. `confusion` counts units by the category of the
    first coder (rows) and of the second (columns).
    """
    n = int(confusion.sum())
    if n == 0:
        return Figure.undefined(NOTHING)
    observed = float(np.trace(confusion)) / n
    expected = float((confusion.sum(axis=0) * confusion.sum(axis=1)).sum()) / n**2
    if expected >= 1:
        return Figure.undefined(ONE_CATEGORY, n)
    return Figure((observed - expected) / (1 - expected), n)


def scott_pi(confusion: NDArray[np.int64]) -> Figure:
    """W. A. Scott (1955), Public Opinion Quarterly 19: as Cohen's κ, but chance goes by what both coders give together."""
    n = int(confusion.sum())
    if n == 0:
        return Figure.undefined(NOTHING)
    observed = float(np.trace(confusion)) / n
    expected = float((((confusion.sum(axis=0) + confusion.sum(axis=1)) / (2 * n)) ** 2).sum())
    if expected >= 1:
        return Figure.undefined(ONE_CATEGORY, n)
    return Figure((observed - expected) / (1 - expected), n)


def fleiss_kappa(counts: NDArray[np.int64]) -> FleissKappa:
    """J. L. Fleiss (1971), Psychological Bulletin 76. `counts` (units × categories) needs the same number of coders for
    every unit; raises ValueError otherwise. The standard error is that of Fleiss, Nee and Landis (1979).
    """
    coders = set(np.unique(counts.sum(axis=1)).tolist())
    if not coders or coders == {0}:
        return FleissKappa(Figure.undefined(NOTHING), None, [None] * counts.shape[1])
    if len(coders) > 1 or min(coders) < 2:
        raise ValueError("Fleiss' κ needs the same number of coders, two or more, for every unit.")
    m, units = coders.pop(), len(counts)
    share = counts.sum(axis=0) / (units * m)
    rest = 1 - share
    observed = float((counts * (counts - 1)).sum() / (units * m * (m - 1)))
    expected = float((share**2).sum())
    if expected >= 1:
        return FleissKappa(Figure.undefined(ONE_CATEGORY, units), None, [None] * counts.shape[1])
    spread = float((share * rest).sum())
    variance = 2 / (units * m * (m - 1)) * (spread**2 - float((share * rest * (rest - share)).sum())) / spread**2
    with np.errstate(divide="ignore", invalid="ignore"):
        disagreed = (counts * (m - counts)).sum(axis=0)
        each = 1 - disagreed / (units * m * (m - 1) * share * rest)
    by_category = [None if np.isnan(value) else float(value) for value in each]
    kappa = (observed - expected) / (1 - expected)
    return FleissKappa(Figure(kappa, units), variance**0.5, by_category)


def gwet_ac1(counts: NDArray[np.int64]) -> Figure:
    """K. L. Gwet (2008), British Journal of Mathematical and Statistical Psychology 61: AC1, missing ratings allowed.

    `counts` has a column for each declared category, also for those that nobody gave.
    """
    pairable = counts[counts.sum(axis=1) > 1]
    if len(pairable) == 0:
        return Figure.undefined(NOTHING)
    if counts.shape[1] < 2:
        return Figure.undefined(ONE_CATEGORY, len(pairable))
    rated = pairable.sum(axis=1)
    observed = float(((pairable * (pairable - 1)).sum(axis=1) / (rated * (rated - 1))).mean())
    given = counts[counts.sum(axis=1) > 0]
    share = (given / given.sum(axis=1)[:, np.newaxis]).mean(axis=0)
    expected = float((share * (1 - share)).sum() / (counts.shape[1] - 1))
    return Figure((observed - expected) / (1 - expected), len(pairable))


def _pairs(counts: NDArray[np.int64]) -> tuple[int, int]:
    rated = counts.sum(axis=1)
    return int((rated * (rated - 1)).sum()) // 2, int((counts * (counts - 1)).sum()) // 2
