"""What a browser test may ask for: `server`, `page`, `new_context` and `complaints`. All tests here are marked `browser`.

`page` (of pytest-playwright) opens addresses relative to the server: page.goto("/"). Several people need several
contexts: new_context().new_page() has its own cookies. Any complaint of the browser fails the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from tests.support import chromium
from tests.support.complaints import Complaints
from tests.support.live_server import serving

NewContext = Callable[..., BrowserContext]

# How long an expectation waits for the page; generous, because a busy machine is no fault of the page.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for found in items:
        if Path(__file__).parent in found.path.parents:
            found.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    executable = chromium.executable()
    settings = {"args": list(chromium.ARGUMENTS), "executable_path": executable and str(executable)}
    return browser_type_launch_args | settings


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The address of a live server of this test's app; the test and the server share its database."""
    with serving(app) as address:
        yield address


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """complaints.expect("status of 412") before doing what makes the browser complain."""
    heard = Complaints()
    yield heard
    unexpected = heard.unexpected()
    if unexpected:
        pytest.fail("The browser complained:\n" + "\n".join(unexpected), pytrace=False)


@pytest.fixture
def new_context(new_context: NewContext, complaints: Complaints, server: str) -> NewContext:
    """Opens a browser context with cookies of its own, relative to the server, watched for complaints."""

    def make(**settings: Any) -> BrowserContext:
        context = new_context(**{"base_url": server, **settings})
        complaints.watch(context)
        return context

    return make
