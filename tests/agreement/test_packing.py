"""Sums come back from their bytes as they were, whatever articles are put together."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from annotator.agreement.packing import packed, unpacked
from annotator.agreement.reviews import reviews_of
from annotator.agreement.sums import Sums, of_articles
from tests.agreement.test_sums import LABELS, articles


def columns(sums: Sums) -> list[np.ndarray]:
    return [sums.units, sums.articles, sums.claims, sums.left_out, *sums.matches, *sums.ballots]


@given(articles())
def test_sums_come_back_as_they_were(given_articles):
    reviews, _ = reviews_of(given_articles)
    sums = of_articles(reviews, LABELS)
    back = unpacked(packed(sums), LABELS)
    assert all(np.array_equal(*both) for both in zip(columns(back), columns(sums), strict=True))


@given(articles(), articles())
def test_articles_that_were_packed_apart_can_be_put_together(some, others):
    apart = [each for given_articles in (some, others) for each in packed(of(given_articles))]
    together = of(some + others)
    back = unpacked(apart, LABELS)
    assert all(np.array_equal(*both) for both in zip(columns(back), columns(together), strict=True))


def test_no_article_is_no_sums():
    assert unpacked([], LABELS).count == 0


def of(given_articles) -> Sums:
    return of_articles(reviews_of(given_articles)[0], LABELS)
