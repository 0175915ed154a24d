"""How fast adjudicators decide: medians between decisions, without pauses, with presses that settle many at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from annotator.domain.pace import Made, of

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def made(*seconds: float, person: str = "jo", kind: str = "label") -> list[Made]:
    """Decisions so many seconds after the start."""
    return [Made(person, kind, START + timedelta(seconds=each)) for each in seconds]


def test_nothing_is_known_of_no_decision_or_of_one() -> None:
    assert of([]).seconds is None
    assert of(made(0)).seconds is None
    assert of([]).hours([("label", 10)]) is None


def test_the_pace_is_the_median_between_two_decisions_of_one_person() -> None:
    found = of([*made(0, 10, 30, 90), *made(5, 7, person="kim")])
    assert found.n == 4
    assert found.seconds == 15, "10, 20 and 60 of Jo, 2 of Kim; nothing between the two of them"


def test_a_pause_counts_for_nothing() -> None:
    assert of(made(0, 10, 10 + 301, 10 + 301 + 20)).seconds == 15
    assert of(made(0, 300)).seconds == 300


def test_decisions_of_one_press_share_its_time() -> None:
    found = of(made(0, 30, 30.1, 30.2))
    assert (found.seconds, found.n) == (10, 3)


def test_a_kind_with_few_decisions_is_as_fast_as_all() -> None:
    found = of([*made(*range(0, 70, 10)), *made(0, 200, person="kim", kind="some")])
    assert found.for_kind("label") == 10
    assert found.for_kind("some") == found.seconds == 10
    assert found.hours([("label", 180), ("some", 180)]) == pytest.approx(1.0)
