"""What a person chose, as it is stored and as it is read again."""

from __future__ import annotations

import pytest

from annotator.domain.preferences import Preferences, TextSize, TextWidth

CHOSEN = Preferences(
    text_size=TextSize.HUGE, text_width=TextWidth.WIDE, suggestions=True, single_keys=False, keys={"undo": ["Ctrl+Y"]}
)


def test_what_was_chosen_is_read_again():
    assert Preferences.read(CHOSEN.as_json()) == CHOSEN


def test_only_what_differs_from_the_default_is_stored():
    assert Preferences().as_json() == {}
    assert Preferences(text_size=TextSize.SMALL).as_json() == {"text_size": "small"}


@pytest.mark.parametrize(
    "damaged",
    [
        {"text_size": "enormous"},
        {"text_size": 7},
        {"text_size": ["small"]},
        {"suggestions": "yes"},
        {"keys": ["Ctrl+Y"]},
        {"keys": {"undo": "Ctrl+Y"}},
        {"keys": {"undo": [1]}},
        {"of another release": True},
    ],
    ids=str,
)
def test_what_is_not_understood_is_the_default(damaged):
    assert Preferences.read(damaged) == Preferences()
