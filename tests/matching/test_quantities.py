"""What a text counts, as intervals, and how close two counts are."""

from __future__ import annotations

import pytest

from annotator.matching.quantities import closeness, meet, quantities_of

COUNTED: dict[str, list[tuple[float, float]]] = {
    "tens of thousands of people fled": [(20_000, 99_000)],
    "At least 30 people died and 300,000 fled": [(30, 60), (300_000, 300_000)],
    "two hundred and fifty thousand homes": [(250_000, 250_000)],
    "twenty-five men": [(25, 25)],
    "$3.5 million": [(3.5e6, 3.5e6)],
    "about 40": [(36, 44)],
    "half a million": [(5e5, 5e5)],
    "several hundred": [(300, 900)],
    "1.200 houses, ٣٠٠": [(1_200, 1_200), (300, 300)],
    # These count nothing.
    "on 12 June 2019, at 14:30, in 2019, an F-16, one of them": [],
    "停火协议": [],
}


@pytest.mark.parametrize("text", COUNTED)
def test_a_count_is_an_interval(text: str) -> None:
    assert [(found.low, found.high) for found in quantities_of(text)] == [pytest.approx(each) for each in COUNTED[text]]


def close(one: str, other: str) -> float:
    return closeness(quantities_of(one)[0], quantities_of(other)[0])


def test_counts_of_the_same_are_closest_and_others_the_closer_the_nearer_they_lie() -> None:
    same = close("tens of thousands of people", "25,000 people")
    differing = close("tens of thousands of people", "300,000 people")
    far = close("20 people", "5 million people")
    assert same > differing > far
    assert close("40 percent", "40 people") == 0
    assert not meet(quantities_of("tens of thousands")[0], quantities_of("300,000")[0])


@pytest.mark.parametrize(
    "text", ["9" * 5_000, "one " * 3_000, "1," * 3_000, "million " * 3_000, "at least " * 3_000, ""]
)
def test_hostile_texts_have_counts_or_none(text: str) -> None:
    quantities_of(text)
