"""The navigation of a project where its parts do not fit on one line."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.support.desk import Desk
from tests.support.reader import Reader


@pytest.mark.parametrize("part", ["Overview", "People", "Settings"])
def test_the_present_part_is_in_view_on_a_phone(app: Flask, page: Page, part: str) -> None:
    Desk(app)
    Reader(app, page, "mia@example.org")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/projects/truce/{part.lower()}".removesuffix("/overview"))
    present = page.get_by_role("navigation", name="Project").get_by_role("link", name=part, exact=True)
    expect(present).to_have_attribute("aria-current", "page")
    expect(present).to_be_in_viewport(ratio=0.95)
    assert page.evaluate("document.scrollingElement.scrollTop") == 0
