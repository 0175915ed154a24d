"""95 % intervals: the articles are drawn anew, with replacement, and the figure is computed from the drawn sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from annotator.agreement.figures import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 1000
FEWEST_ARTICLES = 10
MOST_UNDEFINED = 0.05
SEED = 20_240_229
"""Fixed, so that the same work gives the same interval everywhere and for ever."""

Statistic = Callable[["NDArray[np.float64]"], "NDArray[np.float64]"]


def drawn(by_article: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sums of DRAWS samples of the articles (rows), each as large as the whole: (DRAWS, columns)."""
    articles = len(by_article)
    random = np.random.default_rng(SEED)
    sums = np.empty((DRAWS, by_article.shape[1]))
    # In parts, so that 10,000 articles do not need a matrix of weights of 80 MB.
    part = max(1, 2_000_000 // max(1, articles))
    for begin in range(0, DRAWS, part):
        rows = min(part, DRAWS - begin)
        chosen = random.integers(articles, size=(rows, articles)) + articles * np.arange(rows)[:, np.newaxis]
        times = np.bincount(chosen.ravel(), minlength=rows * articles).reshape(rows, articles)
        sums[begin : begin + rows] = times.astype(np.float64) @ by_article
    return sums


def with_interval(figure: Figure, statistic: Statistic, samples: NDArray[np.float64], articles: int) -> Figure:
    """`figure` with the percentile interval of `statistic` over the drawn `samples`, or why there is none."""
    if figure.value is None:
        return replace(figure, why_no_interval=figure.why)
    if articles < FEWEST_ARTICLES:
        return replace(figure, why_no_interval=f"An interval needs {FEWEST_ARTICLES} articles or more.")
    values = statistic(samples)
    undefined = float(np.isnan(values).mean())
    if undefined > MOST_UNDEFINED:
        why = f"In {undefined:.0%} of the samples drawn for it the figure is undefined."
        return replace(figure, why_no_interval=why)
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return replace(figure, low=float(low), high=float(high))
