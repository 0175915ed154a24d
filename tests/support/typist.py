"""A person who has a keyboard and nothing else; every event of a pointer, a mouse or a finger is written down."""

from __future__ import annotations

from typing import Any

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from annotator.db import transaction
from annotator.services import people, sign_in
from tests.support.reader import Reader, let_in

# A key that presses a button makes a click as well, but one of no mouse button: its detail is 0.
RECORD = """
    const kinds = ["pointerdown", "pointerup", "pointermove", "pointerover", "mousedown", "mouseup", "mousemove",
        "mouseover", "touchstart", "touchmove", "touchend", "wheel", "dragstart", "contextmenu", "click"];
    for (const kind of kinds) {
        addEventListener(kind, (event) => {
            if (kind !== "click" || event.detail > 0) noteEvent(kind);
        }, { capture: true, passive: true });
    }
"""

# The ends of the browser's selection as offsets of the article, in code points; the second is where the cursor is.
PLACES = """() => {
    const { anchorNode, anchorOffset, focusNode, focusOffset } = document.getSelection();
    return [[anchorNode, anchorOffset], [focusNode, focusOffset]].map(([node, offset]) => {
        const block = (node instanceof Element ? node : node.parentElement).closest("[data-start]");
        const range = document.createRange();
        range.setStart(block, 0);
        range.setEnd(node, offset);
        return Number(block.dataset.start) + [...range.toString()].length;
    });
}"""

CARET = """() => {
    const { left, top, bottom, height } = document.querySelector(".text-cursor").getBoundingClientRect();
    return { left, top, bottom, height };
}"""


class Typist(Reader):
    """Ada without a mouse; with `by_link` she signs in by keyboard as well."""

    def __init__(self, app: Flask, page: Page, email: str, *, by_link: bool = False) -> None:
        self.page = page
        self._pointed: list[str] = []
        page.expose_binding("noteEvent", lambda _source, kind: self._pointed.append(kind))
        page.add_init_script(RECORD)
        if not by_link:
            let_in(page, app, email)
            return
        with app.app_context(), transaction():
            token = sign_in.make_link(people.by_email(email))
        page.goto(f"/sign-in/{token}")
        self.tab_to(page.get_by_role("button", name="Sign in")).press("Enter")
        page.wait_for_url("**/")

    @property
    def pointed(self) -> list[str]:
        """The events of pointers so far."""
        # What the page told before this is answered has arrived.
        self.page.evaluate("() => noteEvent('asked')")
        return [kind for kind in self._pointed if kind != "asked"]

    def keys(self, *keys: str, times: int = 1) -> Typist:
        """Press these one after the other."""
        for key in keys * times:
            self.page.keyboard.press(key)
        return self

    def tab_to(self, target: Locator, *, back: bool = False) -> Typist:
        """Press Tab until the focus is there; fails where the keyboard cannot come."""
        for _ in range(200):
            if target.evaluate("element => element === document.activeElement"):
                return self
            self.keys("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab never comes to {target}.")

    def to_text(self) -> Typist:
        """Come to the text by Tab."""
        self.tab_to(self.text)
        return self

    @property
    def text(self) -> Locator:
        return self.page.get_by_role("group", name="Article text")

    @property
    def menu(self) -> Locator:
        return self.page.get_by_role("menu")

    @property
    def spoken(self) -> Locator:
        return self.page.locator("#spoken")

    def select_words(self, words: str) -> Typist:
        """Select words of the first paragraph, character by character, from its start."""
        paragraph: str = self.page.locator("#text > [data-start]").first.inner_text()
        start = paragraph.index(words)
        self.keys("Control+Home").keys("ArrowRight", times=start).keys("Shift+ArrowRight", times=len(words))
        return self

    def places(self) -> tuple[int, int]:
        """Where the selection begins and where the cursor is, in code points."""
        found: Any = self.page.evaluate(PLACES)
        return found[0], found[1]

    @property
    def place(self) -> int:
        """Where the cursor is, with nothing selected."""
        anchor, place = self.places()
        assert anchor == place
        return place

    def caret(self) -> dict[str, float]:
        """Where the cursor is drawn."""
        expect(self.page.locator(".text-cursor")).to_be_visible()
        found: dict[str, float] = self.page.evaluate(CARET)
        return found
