"""The figures of a project from the sums of its articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from annotator.agreement import alpha, expert, intervals, unitizing
from annotator.agreement.figures import Figure
from annotator.agreement.intervals import Statistic
from annotator.agreement.sums import ArticleSums, CoderPair

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_CLAIM = "Nobody marked a claim."
NO_ARTICLE = "No article was finished by all of its reviewers, of which there must be two."
NOTHING_SHARED = "No text was marked by two reviewers, or only with one label."
NOTHING_MARKED = "Nobody marked anything, or everybody marked everything."
FEW = 20
"""Pairs of claims below which the figures of two reviewers say little."""


@dataclass(frozen=True)
class PairFigures:
    """Two reviewers (by id): the articles both finished, whether they found the same claims, and their labels' α."""

    reviewers: tuple[str, str]
    articles: int
    found: Figure
    labels: Figure


@dataclass(frozen=True)
class LabelFigures:
    """One label: its α against all others, and how many values were given."""

    label: int
    alpha: Figure


@dataclass(frozen=True)
class Report:
    """Three questions, never mixed, then one number for where and what together, then the open work."""

    articles: int
    found: Figure
    found_close: Figure
    exact: Figure
    start_shift: Figure
    end_shift: Figure
    labels: Figure
    percent: Figure
    u_alpha: Figure
    binary_u_alpha: Figure
    cu_alpha: Figure
    density: Figure
    left_out: int
    unanimous: int
    conflicting: int
    alone: int
    by_label: list[LabelFigures]
    pairs: list[PairFigures]
    confusion: NDArray[np.int64]
    fleiss: Figure
    ac1: Figure


def report(articles: Sequence[ArticleSums], labels: int) -> Report:
    """All figures over `articles`; `labels` is the number of declared labels."""
    size = (labels + 1) ** 2 + (labels + 1) + labels
    sampled = _Sampled(
        _stacked(
            [np.concatenate([each.detection, each.labels, each.units]) for each in articles], 4 + 1 + labels + size
        )
    )
    detection = partial(sampled.figure, slice(0, 4))
    units = partial(sampled.figure, slice(5 + labels, None), n=len(articles))
    rated = np.concatenate([np.zeros((0, labels), dtype=np.int64), *(each.rated for each in articles)])
    claims, found = (int(sampled.whole[column]) for column in (0, 1))
    shifts = [shift for each in articles for shift in each.shifts]
    pairs = _pairs(articles)
    return Report(
        articles=len(articles),
        found=detection(partial(_share, 2, 1, 0), n=claims, why=NO_CLAIM),
        found_close=detection(partial(_share, 2, 2, 0), n=claims, why=NO_CLAIM),
        exact=detection(partial(_share, 1, 3, 1), n=found, why=alpha.NO_PAIR),
        start_shift=_median([start for start, _ in shifts]),
        end_shift=_median([end for _, end in shifts]),
        labels=sampled.figure(slice(4, 5 + labels), alpha.of_sums, n=_pairs_of(rated), why=alpha.nominal(rated).why),
        percent=expert.percent(rated),
        u_alpha=units(partial(unitizing.u_alpha, categories=labels), why=NOTHING_MARKED),
        binary_u_alpha=units(partial(unitizing.binary_u_alpha, categories=labels), why=NOTHING_MARKED),
        cu_alpha=units(partial(unitizing.cu_alpha, categories=labels), why=NOTHING_SHARED),
        density=units(partial(unitizing.density, categories=labels), why=NO_ARTICLE),
        left_out=sum(each.left_out for each in articles),
        unanimous=sum(each.unanimous for each in articles),
        conflicting=sum(each.conflicting for each in articles),
        alone=sum(each.alone for each in articles),
        by_label=[LabelFigures(label, alpha.nominal(_against_rest(rated, label))) for label in range(labels)],
        pairs=[_pair_figures(names, parts) for names, parts in sorted(pairs.items())],
        confusion=_symmetric([part for parts in pairs.values() for part in parts], labels),
        fleiss=_fleiss(rated),
        ac1=expert.gwet_ac1(rated),
    )


class _Sampled:
    """The sums of all articles (rows), and the samples drawn from them once for every figure."""

    def __init__(self, by_article: NDArray[np.float64]) -> None:
        self.articles = len(by_article)
        self.whole = by_article.sum(axis=0)
        enough = self.articles >= intervals.FEWEST_ARTICLES
        self._samples = intervals.drawn(by_article) if enough else by_article

    def figure(self, columns: slice, statistic: Statistic, *, n: int, why: str) -> Figure:
        """The statistic of some columns of the added sums, with its interval; `why` it is undefined where it is."""
        if self.articles == 0:
            return Figure.undefined(NO_ARTICLE)
        value = float(statistic(self.whole[columns]))
        if np.isnan(value):
            return Figure.undefined(why, n)
        return intervals.with_interval(Figure(value, n), statistic, self._samples[:, columns], self.articles)


def _share(times: int, part: int, whole: int, added: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(times * added[..., part] / added[..., whole])


def _median(distances: Sequence[int]) -> Figure:
    return Figure(float(median(distances)), len(distances)) if distances else Figure.undefined(alpha.NO_PAIR)


def _pairs_of(rated: NDArray[np.int64]) -> int:
    voters = rated.sum(axis=1)
    return int((voters * (voters - 1)).sum()) // 2


def _against_rest(rated: NDArray[np.int64], label: int) -> NDArray[np.int64]:
    given = rated[:, label]
    return np.stack([given, rated.sum(axis=1) - given], axis=1)


def _pairs(articles: Sequence[ArticleSums]) -> dict[tuple[str, str], list[CoderPair]]:
    found: dict[tuple[str, str], list[CoderPair]] = {}
    for each in articles:
        for names, part in each.pairs.items():
            found.setdefault(names, []).append(part)
    return found


def _pair_figures(names: tuple[str, str], parts: Sequence[CoderPair]) -> PairFigures:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    found = Figure(2 * whole.found / whole.claims, whole.claims) if whole.claims else Figure.undefined(NO_CLAIM)
    margins = whole.confusion.sum(axis=0) + whole.confusion.sum(axis=1)
    off_diagonal = whole.confusion.sum() - np.trace(whole.confusion)
    value = float(alpha.of_sums(np.concatenate([[2.0 * off_diagonal], margins])))
    why = alpha.ONE_LABEL if whole.found else alpha.NO_PAIR
    labels = Figure.undefined(why, whole.found) if np.isnan(value) else Figure(value, whole.found)
    return PairFigures(names, len(parts), found, labels)


def _symmetric(parts: Sequence[CoderPair], labels: int) -> NDArray[np.int64]:
    """How often one label met another in the same claim, whoever gave which."""
    counts = sum((part.confusion for part in parts), np.zeros((labels, labels), dtype=np.int64))
    return np.asarray(counts + counts.T - np.diag(np.diag(counts)))


def _fleiss(rated: NDArray[np.int64]) -> Figure:
    """Fleiss' κ over the questions with the commonest number of votes, since it needs the same number for all."""
    voters = rated.sum(axis=1)
    if len(voters) == 0:
        return Figure.undefined(expert.NOTHING)
    commonest = np.bincount(voters).argmax()
    return expert.fleiss_kappa(rated[voters == commonest]).figure


def _stacked(rows: Sequence[NDArray[np.float64]], width: int) -> NDArray[np.float64]:
    return np.stack(rows) if rows else np.zeros((0, width))
