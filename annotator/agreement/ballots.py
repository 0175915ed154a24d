"""Which label each coder gave to each claim that two or more of them may mean, over many articles, as columns.

What belongs together says domain/grouping.py, as it does for the adjudicator's questions. The plain cases are settled
for all articles at once: claims of different coders that are all alike, and claims like no other. What is left goes
through the grouping itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annotator.agreement.reviews import column
from annotator.agreement.unitizing import distinct
from annotator.domain.grouping import ALIKE, CONTAINED, group_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from annotator.agreement.overlaps import Overlaps
    from annotator.agreement.reviews import Numbers, Reviews


class Ballots(NamedTuple):
    """Votes: the question (counted from 0), the review that it is from, and the label."""

    question: Numbers
    review: Numbers
    label: Numbers


class _Mark(NamedTuple):
    """A claim for the grouping; `at` is its number, and the number of its review stands for the reviewer."""

    id: str
    reviewer: str
    start: int
    end: int
    at: int


def cast(reviews: Reviews, overlaps: Overlaps) -> Ballots:
    """The votes on every question, those too that only one coder marked; `overlaps` are all overlaps of the claims."""
    question, claims = voting_claims(reviews, overlaps)
    return Ballots(question, reviews.reviews[claims], reviews.labels[claims])


def voting_claims(reviews: Reviews, overlaps: Overlaps) -> tuple[Numbers, Numbers]:
    """For each vote its question, numbered in the order of the articles, and the claim that gives it.

    Of a claim that a coder split, the longest piece speaks for them.
    """
    related, alike = _related(reviews, overlaps)
    group = _connected(len(reviews.starts), overlaps.one[related], overlaps.other[related])
    size = np.bincount(group, minlength=len(group))
    # As many alike pairs as there can be: then whatever two are joined first, all end up in one question.
    pairs = np.bincount(group[overlaps.one[alike]], minlength=len(group))
    of_coder = distinct(group * len(reviews.articles) + reviews.reviews)
    coders = np.bincount(of_coder // max(1, len(reviews.articles)), minlength=len(group))
    together = (coders == size) & (pairs * 2 == size * (size - 1))
    apart = (size == 2) & (pairs == 0)
    plain = (together | apart)[group]
    number = np.where(together[group], group, np.arange(len(group)))
    hard = np.flatnonzero(~plain)
    looked_at = column(list(_grouped(reviews, hard, group[hard]))).reshape(-1, 2)
    claims = np.concatenate([np.flatnonzero(plain), looked_at[:, 1]])
    questions = np.concatenate([number[plain], looked_at[:, 0]])
    # A question is numbered by its first claim until here, so the numbers follow the articles.
    order = np.argsort(questions, kind="stable")
    _, counted = np.unique(questions[order], return_inverse=True)
    return counted.astype(np.int64), claims[order]


def _related(reviews: Reviews, overlaps: Overlaps) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which overlaps can have a say in the grouping, and which of them are of claims that are alike."""
    shared = overlaps.shared
    lengths = reviews.ends - reviews.starts
    shorter = np.minimum(lengths[overlaps.one], lengths[overlaps.other])
    alike = shared * ALIKE.denominator >= overlaps.covered * ALIKE.numerator
    return alike | (shared * CONTAINED.denominator >= shorter * CONTAINED.numerator), alike


def _connected(size: int, one: Numbers, other: Numbers) -> Numbers:
    """For each claim the first claim that it is connected to, by way of others too."""
    group = np.arange(size)
    while True:
        lowest = np.minimum(group[one], group[other])
        following = group.copy()
        np.minimum.at(following, one, lowest)
        np.minimum.at(following, other, lowest)
        following = following[following]
        if np.array_equal(following, group):
            return group
        group = following


def _grouped(reviews: Reviews, claims: Numbers, group: Numbers) -> Iterator[tuple[int, int]]:
    """The votes among `claims`, of which `group` says what is connected: questions by their first claim, and claims."""
    order = claims[np.argsort(group, kind="stable")]
    columns = (each[order].tolist() for each in (reviews.reviews, reviews.starts, reviews.ends))
    marks = [
        _Mark(reviews.ids[at], str(review), start, end, at)
        for at, review, start, end in zip(order.tolist(), *columns, strict=True)
    ]
    cuts = (np.flatnonzero(np.diff(np.sort(group))) + 1).tolist()
    if not marks:
        return
    for first, last in zip([0, *cuts], [*cuts, len(marks)], strict=True):
        for members in group_marks(marks[first:last]):
            question = min(mark.at for mark in members)
            for mark in _longest_of_each(members):
                yield question, mark.at


def _longest_of_each(members: Iterable[_Mark]) -> Iterable[_Mark]:
    """Of each coder the longest mark, the first of those that are as long."""
    longest: dict[str, _Mark] = {}
    for mark in members:
        held = longest.get(mark.reviewer)
        if held is None or mark.end - mark.start > held.end - held.start:
            longest[mark.reviewer] = mark
    return longest.values()
