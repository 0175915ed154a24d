"""The figures of a project from the sums of its articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annotator.agreement import alpha, by_article, expert, intervals, unitizing
from annotator.agreement.by_article import ArticleFigures
from annotator.agreement.figures import Figure
from annotator.agreement.intervals import Statistic
from annotator.agreement.links import NO_LINKS, LinkFigures
from annotator.agreement.pairs import PairFigures, found_share, of_pairs, symmetric
from annotator.agreement.tallies import Tallies

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annotator.agreement.sums import Sums

NO_CLAIM = "Nobody marked a claim."
NO_ARTICLE = "No article was finished by all of its reviewers, of which there must be two."
NOTHING_SHARED = "No text was marked by two reviewers, or only with one label."
NOTHING_MARKED = "Nobody marked anything, or everybody marked everything."
FEW = 20
"""Pairs of claims below which the figures of two reviewers say little."""
MOST_BATCHES = 12
MOST_HARD = 8
SMALLEST_BATCH = 5


@dataclass(frozen=True)
class LabelFigures:
    """One label: its α against all others, and how many votes it was given where two or more voted."""

    label: int
    alpha: Figure
    votes: int


@dataclass(frozen=True)
class Batch:
    """So many `articles` that opened one after the other, the first and the last of them on these days."""

    articles: int
    opened: tuple[str, str]
    found: Figure
    labels: Figure
    u_alpha: Figure


@dataclass(frozen=True)
class Report:
    """Three questions, never mixed, then one number for where and what together, then the open work.

    `copies` are articles that do not count, since they are copies of one that does; nobody confirmed `unconfirmed` of them.
    """

    labels_known: list[str]
    coders: list[str]
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
    confusion: list[list[int]]
    fleiss: Figure
    fleiss_error: float | None
    ac1: Figure
    batches: list[Batch]
    hardest: list[ArticleFigures]
    links: LinkFigures
    copies: int = 0
    unconfirmed: int = 0


class Names(NamedTuple):
    """What the numbers in sums stand for, and on which day each article opened; articles stand in that order."""

    labels: Sequence[str]
    coders: Sequence[str]
    articles: Sequence[str]
    opened: Sequence[str]


def report(sums: Sums, names: Names, links: LinkFigures = NO_LINKS) -> Report:
    """All figures over the articles of `sums`; `hardest` are the MOST_HARD with most to decide."""
    labels = sums.labels
    tallies = Tallies.of(sums)
    columns = [tallies.detection, tallies.labels, sums.units, *tallies.by_label]
    sampled = _Sampled(np.concatenate(columns, axis=1))
    detection = partial(sampled.figure, slice(0, 4))
    begin_units = 5 + labels
    end_units = begin_units + sums.units.shape[1]
    units = partial(sampled.figure, slice(begin_units, end_units), n=sums.count)
    rated = tallies.rated
    claims, found = (int(sampled.whole[column]) for column in (0, 1))
    pairs = of_pairs(sums, names.coders)
    fleiss = _fleiss(rated)
    return Report(
        labels_known=list(names.labels),
        coders=list(names.coders),
        articles=sums.count,
        found=detection(partial(found_share, 1), n=claims, why=NO_CLAIM),
        found_close=detection(partial(found_share, 2), n=claims, why=NO_CLAIM),
        exact=detection(_exact_share, n=found, why=alpha.NO_PAIR),
        start_shift=_median(sums.matches.start_shift),
        end_shift=_median(sums.matches.end_shift),
        labels=sampled.figure(
            slice(4, begin_units), alpha.of_sums, n=_pairs_of(rated), why=_why_no_alpha(tallies.labels)
        ),
        percent=expert.percent(rated),
        u_alpha=units(partial(unitizing.u_alpha, categories=labels), why=NOTHING_MARKED),
        binary_u_alpha=units(partial(unitizing.binary_u_alpha, categories=labels), why=NOTHING_MARKED),
        cu_alpha=units(partial(unitizing.cu_alpha, categories=labels), why=NOTHING_SHARED),
        density=units(partial(unitizing.density, categories=labels), why=NO_ARTICLE),
        left_out=int(sums.left_out.sum()),
        unanimous=int(tallies.unanimous.sum()),
        conflicting=int(tallies.conflicting.sum()),
        alone=int(tallies.alone.sum()),
        by_label=[
            LabelFigures(
                label,
                sampled.figure(
                    slice(end_units + 3 * label, end_units + 3 * label + 3),
                    alpha.of_sums,
                    n=int(tallies.by_label[label][:, 1:].sum()),
                    why=_why_no_alpha(tallies.by_label[label]),
                ),
                int(rated[:, label].sum()),
            )
            for label in range(labels)
        ],
        pairs=pairs,
        confusion=symmetric(sums.matches, labels).tolist(),
        fleiss=fleiss.figure,
        fleiss_error=fleiss.standard_error,
        ac1=expert.gwet_ac1(rated),
        batches=_batches(tallies, sums, names.opened),
        hardest=_hardest(tallies, sums, names.articles),
        links=links,
    )


def _hardest(tallies: Tallies, sums: Sums, articles: Sequence[str]) -> list[ArticleFigures]:
    columns = by_article.columns(sums, tallies)
    open_work = tallies.conflicting + tallies.alone
    ranked = columns.ranked("open")[:MOST_HARD]
    return columns.figures(ranked[open_work[ranked] > 0], articles)


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


def _exact_share(added: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(added[..., 3] / added[..., 1])


def _median(distances: NDArray[np.int64]) -> Figure:
    return Figure(float(np.median(distances)), len(distances)) if len(distances) else Figure.undefined(alpha.NO_PAIR)


def _pairs_of(rated: NDArray[np.int64]) -> int:
    voters = rated.sum(axis=1)
    return int((voters * (voters - 1)).sum()) // 2


def _why_no_alpha(by_article: NDArray[np.float64]) -> str:
    return alpha.ONE_LABEL if by_article[:, 1:].any() else alpha.NO_PAIR


def _fleiss(rated: NDArray[np.int64]) -> expert.FleissKappa:
    """Fleiss' κ over the questions with the commonest number of votes, since it needs the same number for all."""
    voters = rated.sum(axis=1)
    commonest = np.bincount(voters).argmax() if len(voters) else 0
    return expert.fleiss_kappa(rated[voters == commonest])


def _batches(tallies: Tallies, sums: Sums, opened: Sequence[str]) -> list[Batch]:
    """The articles in up to MOST_BATCHES parts of the same size, without intervals; none when there are too few."""
    count = min(MOST_BATCHES, sums.count // SMALLEST_BATCH)
    if count < 2:
        return []
    cuts = [round(sums.count * at / count) for at in range(count + 1)]
    return [_batch(tallies, sums, slice(*cut), (opened[cut[0]], opened[cut[1] - 1])) for cut in pairwise(cuts)]


def _batch(tallies: Tallies, sums: Sums, here: slice, opened: tuple[str, str]) -> Batch:
    articles = here.stop - here.start
    detection, labels = tallies.detection[here].sum(axis=0), tallies.labels[here].sum(axis=0)
    units = unitizing.u_alpha(sums.units[here].sum(axis=0), sums.labels)
    return Batch(
        articles,
        opened,
        _figure(found_share(1, detection), int(detection[0]), NO_CLAIM),
        _figure(alpha.of_sums(labels), int(tallies.pairs[here].sum()), _why_no_alpha(tallies.labels[here])),
        _figure(units, articles, NOTHING_MARKED),
    )


def _figure(value: NDArray[np.float64], n: int, why: str) -> Figure:
    return Figure.undefined(why, n) if np.isnan(value) else Figure(float(value), n)
