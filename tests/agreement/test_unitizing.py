"""The uα family: what it must be where units have length one, how coders and articles add up, and what it forgives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement import alpha, unitizing
from annotator.agreement.unitizing import Unit

CATEGORIES = 3


def values(length: int, coders: int) -> st.SearchStrategy[list[list[int]]]:
    return st.lists(
        st.lists(st.integers(0, CATEGORIES), min_size=length, max_size=length), min_size=coders, max_size=coders
    )


def characterwise(rows: list[list[int]]) -> list[list[Unit]]:
    """Every character is a unit of its own."""
    return [[Unit(at, at + 1, value) for at, value in enumerate(row) if value] for row in rows]


def counts(rows: list[list[int]], *, categories: int = CATEGORIES) -> np.ndarray:
    return np.stack([(np.array(rows) == value).sum(axis=0) for value in range(categories + 1)], axis=1)


def of(coders: list[list[Unit]], length: int) -> np.ndarray:
    return unitizing.sums(coders, length, CATEGORIES).flat()


def same(found: np.ndarray, expected: float | None) -> bool:
    return bool(np.isnan(found)) if expected is None else found == pytest.approx(expected, abs=1e-9)


@given(values(30, 3))
def test_with_units_of_one_character_it_is_alpha_over_the_characters(rows):
    added = of(characterwise(rows), 30)
    assert same(unitizing.u_alpha(added, CATEGORIES), alpha.nominal(counts(rows)).value)
    marked = [[min(value, 1) for value in row] for row in rows]
    assert same(unitizing.binary_u_alpha(added, CATEGORIES), alpha.nominal(counts(marked, categories=1)).value)


@given(values(30, 2))
def test_of_two_coders_with_units_of_one_character_the_labels_are_alpha_where_both_marked(rows):
    both = [pair for pair in zip(*rows, strict=True) if all(pair)]
    table = np.array([np.bincount(pair, minlength=CATEGORIES + 1)[1:] for pair in both]).reshape(-1, CATEGORIES)
    found = unitizing.cu_alpha(of(characterwise(rows), 30), CATEGORIES)
    assert same(found, alpha.nominal(table).value)


def test_the_same_units_are_full_agreement_and_others_are_less():
    units = [Unit(3, 9, 1), Unit(12, 20, 2)]
    shifted = [Unit(5, 11, 1), Unit(12, 20, 2)]
    relabelled = [Unit(3, 9, 2), Unit(12, 20, 2)]
    assert unitizing.u_alpha(of([units, units], 40), CATEGORIES) == pytest.approx(1)
    assert unitizing.u_alpha(of([units, shifted], 40), CATEGORIES) < 1
    assert unitizing.binary_u_alpha(of([units, relabelled], 40), CATEGORIES) == pytest.approx(1)
    assert unitizing.u_alpha(of([units, relabelled], 40), CATEGORIES) < 1


def test_units_beside_each_other_do_not_overlap():
    added = of([[Unit(0, 5, 1)], [Unit(5, 9, 1)]], 9)
    assert np.isnan(unitizing.cu_alpha(added, CATEGORIES))


def test_two_coders_who_marked_nothing_have_no_figure():
    assert np.isnan(unitizing.u_alpha(of([[], []], 50), CATEGORIES))


def test_marking_at_random_is_no_agreement():
    # 2.5 % of the text marked at random: 95 % of the characters agree, and there is nothing in it.
    random = np.random.default_rng(7)
    starts = [random.choice(9_950, size=6, replace=False) * 20 for _ in range(2)]
    coders = [sorted(Unit(int(start), int(start) + 20, 1) for start in chosen) for chosen in starts]
    assert abs(unitizing.u_alpha(of(coders, 200_000), CATEGORIES)) < 0.02


def test_articles_add_up_in_any_order():
    first = of([[Unit(3, 9, 1)], [Unit(4, 9, 1)]], 40)
    second = of([[Unit(1, 5, 2)], [Unit(1, 5, 3)], []], 30)
    assert unitizing.u_alpha(first + second, CATEGORIES) == pytest.approx(unitizing.u_alpha(second + first, CATEGORIES))


def test_the_order_of_coders_never_matters():
    coders = [[Unit(3, 9, 1)], [Unit(4, 12, 1)], [Unit(0, 2, 3)]]
    assert of(coders, 40) == pytest.approx(of(coders[::-1], 40))


def test_of_overlapping_units_the_longest_is_kept_and_the_rest_counted():
    units = [Unit(0, 10, 1), Unit(2, 5, 2), Unit(9, 12, 3), Unit(20, 22, 1)]
    assert unitizing.partition(units) == ([Unit(0, 10, 1), Unit(20, 22, 1)], 2)


def test_density_is_the_share_of_the_text_that_is_marked():
    added = of([[Unit(0, 10, 1)], [Unit(0, 30, 1)]], 100)
    assert unitizing.density(added, CATEGORIES) == pytest.approx(0.2)


def test_one_coder_agrees_with_nobody():
    with pytest.raises(ValueError, match="two coders"):
        unitizing.sums([[]], 10, CATEGORIES)
