"""Counterparts are found: of the known ones in the story set at least eight in ten are among the ten that are shown.

The set is described in tests/support/stories.py. `python -m benchmarks counterparts` prints what each signal adds.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from flask import Flask

from annotator.matching import counterparts
from annotator.matching.likeness import Ranked
from annotator.matching.signals import Claim, Passage
from tests.support.desk import Desk
from tests.support.stories import CHOSEN_ON, HELD_OUT, events, recall, tell

BOUND = 0.8
"""Of the known counterparts this share must be shown."""

FEWEST_STORIES, FEWEST_EVENTS = 60, 12


SOME = 4
"""Every so manieth claim is enough for the fault to show."""


def test_the_set_is_large_enough() -> None:
    told = [event for event in events(CHOSEN_ON) if event.groups]
    assert len(told) >= FEWEST_EVENTS
    assert sum(len(event.stories) for event in told) >= FEWEST_STORIES
    assert all(len(event.stories) >= 5 for event in told)


def test_eight_in_ten_counterparts_are_shown_also_of_events_never_chosen_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(app)
    asked, held_out = tell(desk, events(CHOSEN_ON)), tell(desk, events(HELD_OUT))
    for claims in (asked, held_out):
        found = recall(desk, claims)
        assert found.share >= BOUND, f"{found.found} of {found.there}"

    # The planted fault: a ranking that ignores words gives the passages in the order in which they were read.
    def in_order(_claim: Claim, passages: Sequence[Passage], *_: object, most: int, **__: object) -> list[Ranked]:
        return [Ranked(at, 0, ()) for at in range(len(passages))][:most]

    monkeypatch.setattr(counterparts, "rank", in_order)
    assert recall(desk, asked[::SOME]).share < BOUND
