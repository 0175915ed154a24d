"""What coders marked in many articles, as columns: so that ten thousand articles are one sweep and not ten thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.int64]


class Coded(NamedTuple):
    """A claim of a coder: a span [start, end) in code points with the number of its label, counted from 0."""

    id: str
    reviewer: str
    start: int
    end: int
    label: int


@dataclass(frozen=True)
class Reviews:
    """Articles, who finished each, and what they marked, each a set of columns of the same length.

    Article a has `lengths[a]` code points. Review r is that of the coder `coders[r]` (a number of the caller's) on the
    article `articles[r]`; reviews stand in the order of their articles, and within one in that of their coders. Claim
    i belongs to the review `reviews[i]`, covers [starts[i], ends[i]) and has the label `labels[i]`, counted from 0;
    `ids` tells apart claims of the same place.
    """

    lengths: Numbers
    articles: Numbers
    coders: Numbers
    reviews: Numbers
    starts: Numbers
    ends: Numbers
    labels: Numbers
    ids: Sequence[str]

    @property
    def first_reviews(self) -> Numbers:
        """For each article the number of its first review, and at the end how many reviews there are."""
        return np.searchsorted(self.articles, np.arange(len(self.lengths) + 1))

    @property
    def slots(self) -> Numbers:
        """For each review its place among those of its article, from 0."""
        return np.arange(len(self.articles)) - self.first_reviews[self.articles]

    @property
    def coders_of(self) -> Numbers:
        """For each article by how many it was finished."""
        return np.diff(self.first_reviews)

    def only(self, chosen: Numbers) -> Reviews:
        """The articles `chosen`, in order, numbered anew from 0."""
        if len(chosen) == len(self.lengths):
            return self
        number = np.full(len(self.lengths), -1)
        number[chosen] = np.arange(len(chosen))
        kept = number[self.articles] >= 0
        review = np.cumsum(kept) - 1
        claims = np.flatnonzero(kept[self.reviews])
        return Reviews(
            self.lengths[chosen],
            number[self.articles[kept]],
            self.coders[kept],
            review[self.reviews[claims]],
            self.starts[claims],
            self.ends[claims],
            self.labels[claims],
            [self.ids[at] for at in claims.tolist()],
        )

    def marked_by(self, kept: NDArray[np.bool_]) -> Reviews:
        """The same with some of the claims only."""
        if kept.all():
            return self
        claims = np.flatnonzero(kept)
        return Reviews(
            self.lengths,
            self.articles,
            self.coders,
            self.reviews[claims],
            self.starts[claims],
            self.ends[claims],
            self.labels[claims],
            [self.ids[at] for at in claims.tolist()],
        )

    def part(self, first: int, last: int) -> Reviews:
        """The articles from `first` up to but without `last`, numbered anew from 0."""
        begin, end = (int(each) for each in np.searchsorted(self.articles, (first, last)))
        here = slice(*(int(each) for each in np.searchsorted(self.reviews, (begin, end))))
        return Reviews(
            self.lengths[first:last],
            self.articles[begin:end] - first,
            self.coders[begin:end],
            self.reviews[here] - begin,
            self.starts[here],
            self.ends[here],
            self.labels[here],
            self.ids[here],
        )


def reviews_of(articles: Sequence[tuple[int, Mapping[str, Sequence[Coded]]]]) -> tuple[Reviews, list[str]]:
    """`articles`, each its length and what each coder marked there, as columns; and the coders by their number."""
    coders = sorted({coder for _, marked in articles for coder in marked})
    number_of = {coder: number for number, coder in enumerate(coders)}
    given = [(article, coder) for article, (_, marked) in enumerate(articles) for coder in sorted(marked)]
    claims = [(review, claim) for review, (article, coder) in enumerate(given) for claim in articles[article][1][coder]]
    return (
        Reviews(
            column([length for length, _ in articles]),
            column([article for article, _ in given]),
            column([number_of[coder] for _, coder in given]),
            column([review for review, _ in claims]),
            column([claim.start for _, claim in claims]),
            column([claim.end for _, claim in claims]),
            column([claim.label for _, claim in claims]),
            [claim.id for _, claim in claims],
        ),
        coders,
    )


def column(numbers: ArrayLike) -> Numbers:
    """The numbers as a column of a table, rows of numbers as several."""
    return np.array(numbers, dtype=np.int64)
