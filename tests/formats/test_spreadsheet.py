"""The guard against formulas comes off exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.spreadsheet import guard, unguard


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_a_spreadsheet_would_compute_is_guarded(cell: str) -> None:
    assert guard(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "x=1", "'tis", "''", " =1", "“=1”"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert guard(cell) == cell == unguard(cell)


@given(st.text(st.sampled_from("'=+-@\t\rx"), max_size=6))
def test_the_guard_is_reversible_and_nothing_guarded_is_a_formula(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert not guard(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
