"""Which claims of different coders share text: one sweep over all articles, laid end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annotator.agreement.reviews import Numbers, Reviews


class Overlaps(NamedTuple):
    """Pairs of claims of the same article by different coders that share text: `one` is of the earlier review.

    `shared` is the length that both cover, `covered` that which at least one covers.
    """

    one: Numbers
    other: Numbers
    shared: Numbers
    covered: Numbers

    @property
    def likeness(self) -> NDArray[np.float64]:
        """Intersection over union."""
        return np.asarray(self.shared / self.covered)

    def only(self, chosen: NDArray[Any]) -> Overlaps:
        """Those of them that a mask or their places choose."""
        return Overlaps(*(each[chosen] for each in self))


def end_to_end(lengths: Numbers) -> Numbers:
    """Where each article begins when all are laid end to end, with a character between two that belongs to none."""
    return np.concatenate([[0], np.cumsum(lengths + 1)[:-1]]).astype(np.int64) if len(lengths) else lengths


def count(reviews: Reviews) -> Numbers:
    """For each article how many pairs of its claims share text, those of one coder too."""
    _, _, follow = _swept(reviews)
    order, articles = _order(reviews)
    return np.bincount(articles[order], weights=follow, minlength=len(reviews.lengths)).astype(np.int64)


def find(reviews: Reviews) -> Overlaps:
    """All pairs of claims of different coders that share text; as many as there are, not as could be."""
    order, ends, follow = _swept(reviews)
    first = np.repeat(np.arange(len(order)), follow)
    # The k-th of those that follow a claim stands k places behind it.
    second = np.arange(len(first)) - np.repeat(np.cumsum(follow) - follow, follow) + first + 1
    one, other = order[first], order[second]
    differ = reviews.reviews[one] != reviews.reviews[other]
    one, other = one[differ], other[differ]
    swap = reviews.reviews[one] > reviews.reviews[other]
    one, other = np.where(swap, other, one), np.where(swap, one, other)
    starts, ends = reviews.starts, reviews.ends
    shared = np.minimum(ends[one], ends[other]) - np.maximum(starts[one], starts[other])
    covered = (ends[one] - starts[one]) + (ends[other] - starts[other]) - shared
    return Overlaps(one, other, shared, covered)


def _order(reviews: Reviews) -> tuple[Numbers, Numbers]:
    articles = reviews.articles[reviews.reviews]
    return np.argsort(end_to_end(reviews.lengths)[articles] + reviews.starts, kind="stable"), articles


def _swept(reviews: Reviews) -> tuple[Numbers, Numbers, Numbers]:
    """The claims in the order of their starts, their ends so, and how many of those that follow share text with each."""
    order, articles = _order(reviews)
    begin = end_to_end(reviews.lengths)[articles]
    starts, ends = (begin + reviews.starts)[order], (begin + reviews.ends)[order]
    follow = np.searchsorted(starts, ends) - np.arange(len(order)) - 1
    return order, ends, follow
