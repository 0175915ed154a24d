"""What each article adds to every figure: columns that are added over articles, so that nothing is averaged per article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from annotator.agreement import ballots, matches, overlaps, unitizing
from annotator.agreement.ballots import Ballots
from annotator.agreement.matches import Matches
from annotator.agreement.reviews import Coded, Reviews, reviews_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annotator.agreement.reviews import Numbers

MOST_CLAIMS = 200_000
MOST_OVERLAPS = 2_000_000
"""How much is worked out at a time, so that the memory needed does not grow with the project."""


@dataclass(frozen=True)
class Sums:
    """The parts of many articles. Reviews stand in the order of their articles, matches and ballots in that of their
    reviews' articles.

    `units` has the flat sums of unitizing.py for each article. Each review has the number of its article and of its
    coder, how many claims it marked, and how many of them lie inside longer ones of the same coder. `labels` is the
    number of declared labels.
    """

    labels: int
    units: NDArray[np.float64]
    articles: Numbers
    coders: Numbers
    claims: Numbers
    left_out: Numbers
    matches: Matches
    ballots: Ballots

    @property
    def count(self) -> int:
        """How many articles there are."""
        return len(self.units)

    @property
    def questions(self) -> Numbers:
        """For each question its article."""
        first = np.searchsorted(self.ballots.question, np.arange(int(self.ballots.question.max(initial=-1)) + 1))
        return self.articles[self.ballots.review[first]]

    def of_coders(self, coders: NDArray[np.int64]) -> Sums:
        """The same with other numbers for the coders."""
        return Sums(
            self.labels, self.units, self.articles, coders, self.claims, self.left_out, self.matches, self.ballots
        )


def of_articles(reviews: Reviews, labels: int) -> Sums:
    """The sums of articles that two coders or more finished, those too who marked nothing; `labels` are declared."""
    parts = [_of_part(reviews.part(first, last), labels) for first, last in _portions(reviews)]
    return joined(parts, labels)


def of_article(coders: Mapping[str, Sequence[Coded]], length: int, labels: int) -> Sums:
    """The sums of one article of `length` code points; the coders are numbered in their order."""
    return of_articles(reviews_of([(length, coders)])[0], labels)


def joined(parts: Sequence[Sums], labels: int) -> Sums:
    """The articles of all parts, one part after the other."""
    if len(parts) == 1:
        return parts[0]
    article = _before([part.count for part in parts])
    review = _before([len(part.articles) for part in parts])
    question = _before([int(part.ballots.question.max(initial=-1)) + 1 for part in parts])
    width = unitizing.width(labels)

    def column(values: Iterator[Numbers]) -> Numbers:
        return np.concatenate([np.zeros(0, dtype=np.int64), *values])

    return Sums(
        labels,
        np.concatenate([np.zeros((0, width)), *(part.units for part in parts)]),
        column(part.articles + before for part, before in zip(parts, article, strict=True)),
        column(part.coders for part in parts),
        column(part.claims for part in parts),
        column(part.left_out for part in parts),
        Matches(
            column(part.matches.one + before for part, before in zip(parts, review, strict=True)),
            column(part.matches.other + before for part, before in zip(parts, review, strict=True)),
            *(column(part.matches[at] for part in parts) for at in range(2, len(Matches._fields))),
        ),
        Ballots(
            column(part.ballots.question + before for part, before in zip(parts, question, strict=True)),
            column(part.ballots.review + before for part, before in zip(parts, review, strict=True)),
            column(part.ballots.label for part in parts),
        ),
    )


def _of_part(reviews: Reviews, labels: int) -> Sums:
    shared = overlaps.find(reviews)
    kept = unitizing.kept_units(reviews)
    marked = np.bincount(reviews.reviews, minlength=len(reviews.articles))
    return Sums(
        labels,
        unitizing.of_articles(reviews.marked_by(kept), labels),
        reviews.articles,
        reviews.coders,
        marked,
        np.bincount(reviews.reviews[~kept], minlength=len(marked)),
        matches.find(reviews, *matches.paired_claims(reviews, shared)),
        ballots.cast(reviews, shared),
    )


def _portions(reviews: Reviews) -> Iterator[tuple[int, int]]:
    """Where to cut the articles so that no part has too many claims or overlaps."""
    articles = len(reviews.lengths)
    claims = np.bincount(reviews.articles[reviews.reviews], minlength=articles)
    load = np.maximum(claims / MOST_CLAIMS, overlaps.count(reviews) / MOST_OVERLAPS)
    first, total = 0, 0.0
    for article, each in enumerate(load):
        if total and total + each > 1:
            yield first, article
            first, total = article, 0.0
        total += each
    if first < articles:
        yield first, articles


def _before(counts: Sequence[int]) -> list[int]:
    """How many there are in all parts before each."""
    return [0, *np.cumsum(counts).tolist()][: len(counts)]
