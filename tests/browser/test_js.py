"""The cases of tests/js in a real Chromium: the modules as they are served, without a build step."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, Route

ROOT = Path(__file__).parents[2]
TABLE = json.loads((ROOT / "tests" / "data" / "offsets.json").read_text())


def serve(route: Route) -> None:
    """Files of the checkout below the address of the running app."""
    name = route.request.url.split("/checkout/", 1)[1]
    if not name:
        route.fulfill(body="<!doctype html><title>cases</title>", content_type="text/html")
        return
    route.fulfill(path=ROOT / name, content_type="text/javascript")


def test_every_case_of_the_browser_code_holds(page: Page) -> None:
    page.route("**/checkout/**", serve)
    page.goto("/checkout/")
    results = page.evaluate("async (table) => (await import('/checkout/tests/js/all.js')).run(table)", TABLE)
    assert len(results) > 70
    assert [result for result in results if result["problem"]] == []
