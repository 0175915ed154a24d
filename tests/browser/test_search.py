"""Searching from a page with a key, and arriving at the words found."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page, expect

from annotator.services import own_keys
from tests.support.desk import Desk
from tests.support.reader import Reader

POINTED = "() => [...(CSS.highlights.get('pointed') ?? [])].map((range) => range.toString())"


def test_a_key_leads_to_the_search_and_a_result_to_the_very_words(app: Flask, page: Page) -> None:
    desk = Desk(app)
    first = desk.article()
    long = "\n\n".join(["A paragraph of other things that nobody asks about. " * 12] * 30)
    article = desk.article(f"{long}\n\nBefore it 👍 all. " + "More words. " * 150 + "Then a Zeppelin came.")
    ada = Reader(app, page, "ada@example.org")
    ada.open(first)
    page.keyboard.press("/")
    field = page.get_by_role("searchbox", name="Words")
    expect(field).to_be_focused()
    # In the field the key is a letter like others.
    page.keyboard.type("zeppelin a/c")
    expect(field).to_have_value("zeppelin a/c")
    field.fill("zeppelin")
    field.press("Enter")
    page.get_by_role("link", name="Then a Zeppelin came").click()
    page.wait_for_url(f"**/articles/{article}?at=1:*#b31")
    page.wait_for_function(f"({POINTED})().join() === 'Zeppelin'")
    seen = "() => { const [range] = CSS.highlights.get('pointed'); const box = range.getBoundingClientRect(); return box.top > 100 && box.bottom < innerHeight; }"  # fmt: skip
    page.wait_for_function(seen)
    page.keyboard.press("Escape")
    page.wait_for_function(f"({POINTED})().length === 0")
    desk.write(lambda: own_keys.choose(desk.user("ada"), {}, single_keys=False))
    ada.reload()
    assert page.evaluate("document.body.dataset.searchKeys") == '{"search": []}'
    page.keyboard.press("/")
    page.locator("#show-keys").click()
    expect(page.locator("#keys")).to_be_visible()
    assert "/articles/" in page.url
