"""α where it is undefined, and what adding sums means."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.agreement import alpha
from tests.agreement import published


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        (np.zeros((0, 3), dtype=int), alpha.NO_PAIR),
        (np.array([[1, 0, 0], [0, 1, 0]]), alpha.NO_PAIR),
        (np.array([[2, 0, 0], [3, 0, 0]]), alpha.ONE_LABEL),
    ],
    ids=["nothing", "no two ratings", "one label"],
)
def test_what_cannot_be_computed_says_why(counts, why):
    found = alpha.nominal(counts)
    assert found.value is None
    assert found.why == why


def test_units_that_one_coder_rated_change_nothing():
    counts = published.counts_of(published.KRIPPENDORFF_2011)
    alone = np.array([[0, 0, 1, 0, 0], [1, 0, 0, 0, 0]])
    assert alpha.nominal(np.concatenate([counts, alone])) == alpha.nominal(counts)


def test_a_label_that_nobody_gave_changes_nothing():
    counts = published.counts_of(published.KRIPPENDORFF_2011)
    declared = np.concatenate([counts, np.zeros((len(counts), 2), dtype=int)], axis=1)
    assert alpha.nominal(declared).value == pytest.approx(alpha.nominal(counts).value)


def test_sums_are_added_over_articles_and_divided_once():
    counts = published.counts_of(published.KRIPPENDORFF_2011)
    added = alpha.sums(counts[:5]) + alpha.sums(counts[5:])
    assert alpha.of_sums(added) == pytest.approx(alpha.nominal(counts).value)
    parts = [published.value(alpha.nominal(half)) for half in (counts[:5], counts[5:])]
    assert min(abs(part - published.value(alpha.nominal(counts))) for part in parts) > 0.05
