"""How much was read and how long it took: what is counted, and in which words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.reading import counted, duration, percent

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "length", "shown"), [(0, 0, 0), (0, 10, 0), (5, 8, 62), (999, 1000, 99), (1000, 1000, 100), (12, 10, 100)]
)
def test_only_the_whole_text_is_a_hundred_percent(until: int, length: int, shown: int) -> None:
    assert percent(until, length) == shown


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, ""),
        (-5, ""),
        (1, "less than 1 min"),
        (59, "less than 1 min"),
        (60, "1 min"),
        (899, "14 min"),
        (5820, "1 h 37 min"),
    ],
)
def test_time_is_said_in_minutes(seconds: int, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("claimed", "passed", "added"),
    [(20, 30.0, 20), (30, 30.4, 30), (31, 30.9, 30), (999_999_999, 5.0, 5), (30, 0.2, 0), (30, -3600.0, 0)],
)
def test_no_more_is_added_than_has_passed(claimed: int, passed: float, added: int) -> None:
    assert counted(claimed, since=BEGAN, moment=BEGAN + timedelta(seconds=passed))[0] == added


@given(st.lists(st.tuples(st.floats(0, 90), st.integers(0, 120)), max_size=40))
def test_however_reports_come_they_never_add_up_to_more_than_the_clock(reports: list[tuple[float, int]]) -> None:
    """Tabs that report the same minute, repeated reports and lies come to the same thing: the clock is the bound."""
    total, since, moment = 0, BEGAN, BEGAN
    for pause, claimed in reports:
        moment += timedelta(seconds=pause)
        added, since = counted(claimed, since=since, moment=moment)
        total += added
        assert since <= moment
    assert total <= (moment - BEGAN).total_seconds()


def test_reports_that_come_a_little_early_lose_nothing() -> None:
    """Thirty seconds each, by a network that takes now longer and now shorter."""
    total, since = 0, BEGAN
    for number in range(1, 101):
        jitter = 0.9 if number % 2 else 0.1
        added, since = counted(30, since=since, moment=BEGAN + timedelta(seconds=30 * number + jitter))
        total += added
    assert total == 3_000
