"""Krippendorff's α for nominal labels.

K. Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, University of Pennsylvania, section C and D:
α = 1 − Do/De with Do = (1/n) Σu Σc n_uc (m_u − n_uc)/(m_u − 1) and De = 1 − Σc n_c (n_c − 1)/(n (n − 1)), where n_uc
coders gave unit u the category c, m_u coders gave it any, and units with m_u < 2 are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annotator.agreement.figures import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_PAIR = "No claim was labelled by two reviewers."
ONE_LABEL = "Only one label was used, so nobody could have disagreed by chance."


def sums(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """What the units add to α, as [Σu Σc n_uc (m_u − n_uc)/(m_u − 1), n_1, …, n_C].

    `counts` has a row for each unit and a column for each declared category: how many coders gave it. The sums of
    several sets of units may be added.
    """
    rated = counts.sum(axis=1)
    pairable = counts[rated > 1]
    coders = rated[rated > 1][:, np.newaxis]
    disagreement = (pairable * (coders - pairable) / (coders - 1)).sum() if len(pairable) else 0.0
    return np.concatenate([[disagreement], pairable.sum(axis=0)]).astype(np.float64)


def of_sums(added: NDArray[np.float64]) -> NDArray[np.float64]:
    """α of one or many vectors of sums (…, 1 + C); NaN where it is undefined."""
    disagreement, by_category = added[..., 0], added[..., 1:]
    n = by_category.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = disagreement / n
        expected = 1 - (by_category * (by_category - 1)).sum(axis=-1) / (n * (n - 1))
        return np.asarray(np.where(expected > 0, 1 - observed / expected, np.nan))


def nominal(counts: NDArray[np.int64]) -> Figure:
    """α of `counts` (units × declared categories); n is the number of pairable values."""
    added = sums(counts)
    n = int(added[1:].sum())
    if n == 0:
        return Figure.undefined(NO_PAIR)
    value = float(of_sums(added))
    return Figure.undefined(ONE_LABEL, n) if np.isnan(value) else Figure(value, n)
