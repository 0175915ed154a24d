"""Intervals: drawn over articles, the same in every run, and left out where they would mean nothing."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.agreement import alpha, intervals
from annotator.agreement.figures import Figure
from tests.agreement import published


def sums(articles: int, *, seed: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, size=(articles, 8))
    wrong = random.random((articles, 8)) < 0.2
    other = np.where(wrong, 1 - labels, labels)
    return np.stack(
        [alpha.sums(np.stack([(mine == 0) * 1 + (theirs == 0), (mine == 1) * 1 + (theirs == 1)], axis=1))
         for mine, theirs in zip(labels, other, strict=True)]
    )  # fmt: skip


def figure(by_article: np.ndarray) -> Figure:
    whole = Figure(float(alpha.of_sums(by_article.sum(axis=0))), int(by_article[:, 1:].sum()))
    return intervals.with_interval(whole, alpha.of_sums, intervals.drawn(by_article), len(by_article))


def width(found: Figure) -> float:
    low, high = published.interval(found)
    return high - low


def test_the_interval_holds_the_value_and_narrows_with_more_articles():
    few, many = figure(sums(20)), figure(sums(500))
    for found in (few, many):
        low, high = published.interval(found)
        assert low < published.value(found) < high
    assert width(many) < width(few)


def test_the_same_work_has_the_same_interval_for_ever():
    assert figure(sums(20)) == figure(sums(20))


def test_the_true_value_lies_in_about_95_of_100_intervals():
    # Labels agree in 80 of 100 cases beyond which chance agrees in a half: α is 0.6.
    found = [figure(sums(40, seed=seed)) for seed in range(200)]
    held = [low <= 0.6 <= high for low, high in map(published.interval, found)]
    assert 0.88 <= np.mean(held) <= 0.99


def test_few_articles_have_no_interval_and_it_says_so():
    found = figure(sums(9))
    assert found.value is not None
    assert found.low is None
    assert "10 articles" in found.why_no_interval


def test_a_figure_that_is_often_undefined_has_no_interval():
    one_label = np.tile(alpha.sums(np.array([[2, 0]])), (30, 1))
    with_another = np.concatenate([one_label, [alpha.sums(np.array([[1, 1]]))]])
    found = figure(with_another)
    assert found.low is None
    assert "undefined" in found.why_no_interval


def test_the_drawn_sums_lie_around_the_whole():
    by_article = sums(50)
    expected = intervals.drawn(by_article)
    assert expected.shape == (intervals.DRAWS, 3)
    assert expected.mean(axis=0) == pytest.approx(by_article.sum(axis=0), rel=0.05)
