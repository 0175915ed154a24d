"""One reviewer against the others, and what labels say about claims."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.agreement import reviewers
from tests.agreement import published


def test_the_interval_of_wilson():
    # E. B. Wilson (1927); R. G. Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263 and 0 of 20.
    assert reviewers.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert reviewers.wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    with pytest.raises(ValueError, match="nothing"):
        reviewers.wilson(0, 0)


def test_leaving_one_out_counts_only_where_the_others_agree():
    labels = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 1], [-1, 1, 1], [1, -1, -1], [2, 2, -1]])
    found = reviewers.leave_one_out(labels, 0)
    low, high = published.interval(found)
    assert found.n == 3
    assert published.value(found) == pytest.approx(2 / 3)
    assert low < 2 / 3 < high


def test_nobody_else_is_no_figure():
    found = reviewers.leave_one_out(np.array([[0, -1], [1, -1]]), 0)
    assert found.value is None
    assert found.why == reviewers.NOBODY_ELSE


def world(units: int, rates: list[float], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """True labels and ratings (units × coders × 2) of coders who are right at these rates."""
    random = np.random.default_rng(seed)
    true = random.integers(0, 2, size=units)
    counts = np.zeros((units, len(rates), 2))
    for coder, rate in enumerate(rates):
        given = np.where(random.random(units) < rate, true, 1 - true)
        counts[np.arange(units), coder, given] = 1
    return true, counts


def test_it_finds_who_is_reliable():
    true, counts = world(800, [0.95, 0.8, 0.6], seed=3)
    found = reviewers.dawid_skene(counts)
    right = [found.confusion[coder].diagonal().mean() for coder in range(3)]
    assert right[0] > right[1] > right[2]
    assert (found.posterior.argmax(axis=1) == true).mean() > 0.9


def test_with_few_claims_the_prior_keeps_it_from_losing_to_the_majority():
    wins = []
    for seed in range(40):
        true, counts = world(30, [0.85, 0.85, 0.85], seed)
        majority = counts.sum(axis=1).argmax(axis=1)
        with_prior = reviewers.dawid_skene(counts).posterior.argmax(axis=1)
        bare = reviewers.dawid_skene(counts, diagonal=0, off_diagonal=0).posterior.argmax(axis=1)
        wins.append([(guess == true).mean() for guess in (majority, with_prior, bare)])
    majority, with_prior, bare = np.mean(wins, axis=0)
    assert with_prior >= majority - 0.005
    assert bare < with_prior


def test_the_claims_in_most_doubt_come_first():
    posterior = np.array([[0.9, 0.1], [0.5, 0.5], [0.5, 0.5], [1.0, 0.0]])
    assert reviewers.order_of_doubt(posterior, [3, 2, 3, 3], [0.0, 4.0, 1.0, 0.0]) == [2, 1, 0, 3]
