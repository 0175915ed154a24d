"""What a browser test may ask for: `server`, `page`, `new_context` and `complaints`. All tests here are marked `browser`.

`page` (of pytest-playwright) opens addresses relative to the server: page.goto("/"). Several people need several
contexts: new_context().new_page() has its own cookies. The context of `page` is kept from test to test for the sake of
its cache, and so is the address of the server; whoever sets a clock or a script for a whole context asks for a new one.
Any complaint of the browser fails the test.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support import chromium
from tests.support.complaints import Complaints
from tests.support.desk import Desk
from tests.support.eventually import PATIENCE
from tests.support.live_server import door, serving
from tests.support.reader import Reader

NewContext = Callable[..., BrowserContext]

# All pages of a site share a process, which need not be started for each of them. The benchmarks measure without it.
ARGUMENTS = (*chromium.ARGUMENTS, "--process-per-site")

# A page that says which icon it has is asked for no other one.
EMPTY = '<!doctype html><html lang="en"><title>Kept open</title><link rel="icon" href="data:,"></html>'

expect.set_options(timeout=PATIENCE * 1_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for found in items:
        if Path(__file__).parent in found.path.parents:
            found.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], request: pytest.FixtureRequest
) -> dict[str, Any]:
    """The light Chromium plays them all; the long proofs are played at full count by the one that people have."""
    executable = chromium.executable(light=not request.config.getoption("--full"))
    settings = {"args": list(ARGUMENTS), "executable_path": executable and str(executable)}
    return browser_type_launch_args | settings


@pytest.fixture(scope="session")
def own_door() -> Iterator[socket.socket]:
    """Where the servers of this process listen, one after another."""
    with door() as listening:
        yield listening


@pytest.fixture
def server(app: Flask, own_door: socket.socket) -> Iterator[str]:
    """The address of a live server of this test's app; the test and the server share its database."""
    with serving(app, door=own_door) as address:
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
def new_context(
    new_context: NewContext,
    complaints: Complaints,
    server: str,
    slowed: Callable[[BrowserContext], BrowserContext],
) -> NewContext:
    """Opens a browser context with cookies of its own, relative to the server, watched for complaints."""

    def make(**settings: Any) -> BrowserContext:
        context = slowed(new_context(**{"base_url": server, **settings}))
        complaints.watch(context)
        return context

    return make


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def ada(app: Flask, desk: Desk, page: Page) -> Reader:
    """Ada at a page of hers."""
    return Reader(app, page, "ada@example.org")


@pytest.fixture(scope="session")
def slowed(request: pytest.FixtureRequest) -> Callable[[BrowserContext], BrowserContext]:
    """Lets the pages of a context compute so many times as slowly as `--slow-browser` says."""
    rate = request.config.getoption("--slow-browser")

    def slow(page: Page) -> None:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})

    def slow_all(context: BrowserContext) -> BrowserContext:
        if rate > 1:
            context.on("page", slow)
        return context

    return slow_all


@pytest.fixture(scope="session")
def kept_context(
    browser: Browser,
    browser_context_args: dict[str, Any],
    own_door: socket.socket,
    slowed: Callable[[BrowserContext], BrowserContext],
) -> Iterator[BrowserContext]:
    """The context of every `page` of this process: a page of the app has a hundred files, which it fetches once."""
    host, port = own_door.getsockname()
    context = slowed(browser.new_context(**{"base_url": f"http://{host}:{port}", **browser_context_args}))
    yield context
    context.close()


@pytest.fixture(scope="session")
def keeper(kept_context: BrowserContext) -> Page:
    """A page of the site that stays open: the process of a site ends with the last page of it."""
    page = kept_context.new_page()
    page.route("**", lambda route: route.fulfill(content_type="text/html", body=EMPTY))
    page.goto("/")
    page.unroute_all()
    return page


@pytest.fixture
def context(
    kept_context: BrowserContext, keeper: Page, complaints: Complaints, server: str
) -> Iterator[BrowserContext]:
    """The kept context, with nothing in it but its cache."""
    complaints.watch(kept_context)
    yield kept_context
    kept_context.set_offline(False)
    for page in kept_context.pages:
        if page != keeper:
            page.close()
    session = kept_context.new_cdp_session(keeper)
    session.send("Storage.clearDataForOrigin", {"origin": server, "storageTypes": "all"})
    session.detach()
    kept_context.clear_cookies()
    kept_context.clear_permissions()
    kept_context.unroute_all()
    complaints.leave(kept_context)
