"""Reading what a page will say in a moment: an answer, an event or a frame may still be on its way when a test asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

Read = TypeVar("Read")

PATIENCE = 20
"""How many seconds an expectation waits; generous, because a busy machine is no fault of the page."""

BREATH = 20


def eventually(page: Page, read: Callable[[], Read], wanted: Read) -> None:
    """Read again until it is what is wanted; meanwhile the page, and who listens to it, go on."""
    end = time.monotonic() + PATIENCE
    found = read()
    while found != wanted and time.monotonic() < end:
        page.wait_for_timeout(BREATH)
        found = read()
    assert found == wanted
