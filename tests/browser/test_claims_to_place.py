"""Claims that wait for their place in a corrected text, confirmed by keyboard alone."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from annotator.services import own_keys
from tests.services.test_versions import correct, waiting
from tests.support.complaints import Complaints
from tests.support.desk import Desk
from tests.support.reader import let_in

QUOTES = ("shelling in three towns", "in three towns", "three towns")


class Waiting:
    """The page of Ada's claims that wait after a correction."""

    def __init__(self, app: Flask, page: Page) -> None:
        self.desk, self.page = Desk(app), page
        self.article = self.desk.article()
        self.claims: list[UUID] = [self.desk.mark("ada", self.article, quote) for quote in QUOTES]
        correct(self.desk, self.article)
        let_in(page, app, "ada@example.org")

    def open(self) -> Waiting:
        self.page.goto(f"/articles/{self.article}/claims-to-place")
        return self.at(QUOTES[0])

    @property
    def current(self) -> Locator:
        return self.page.locator(".to-place[aria-current=true]")

    @property
    def words(self) -> Locator:
        return self.current.get_by_role("textbox", name="The words in the text as it is now")

    def press(self, *keys: str) -> Waiting:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def at(self, quote: str) -> Waiting:
        """It is marked, alone, and has the focus."""
        expect(self.current).to_have_count(1)
        expect(self.current.get_by_role("heading")).to_contain_text(f"“{quote}”")
        expect(self.current).to_be_focused()
        return self

    def said(self, words: str) -> Waiting:
        expect(self.page.get_by_role("status")).to_have_text(words)
        return self


@pytest.fixture
def ada(app: Flask, page: Page) -> Waiting:
    return Waiting(app, page)


def test_claims_are_accepted_adjusted_and_rejected_by_keys_until_all_is_done(
    ada: Waiting, complaints: Complaints
) -> None:
    first, second, third = QUOTES
    ada.open().press("?")
    expect(ada.page.get_by_role("dialog", name="Keys")).to_contain_text("Reject: drop the claim")
    ada.press("Escape", "n").at(second).said("Claim 2 of 3")
    ada.press("n", "n").at(third).said("This is the last claim.")
    ada.press("p", "p").at(first)
    ada.press("y").said("The claim is in its place. 2 claims wait.").at(second)
    ada.press("b")
    expect(ada.words).to_have_value("in four towns")
    expect(ada.words).to_be_focused()
    ada.press("Escape").at(second).press("b", "ControlOrMeta+a")
    ada.page.keyboard.type("not in it")
    complaints.expect("status of 422")
    ada.press("Tab", "Enter").said("It has no place yet.")
    expect(ada.words).to_have_attribute("aria-invalid", "true")
    expect(ada.words).to_be_focused()
    ada.press("ControlOrMeta+a")
    ada.page.keyboard.type("four towns")
    ada.press("Tab", "Tab", "Enter").said("The claim is in its place. 1 claim waits.").at(third)
    ada.press("x").said("Enter drops it, Esc leaves it.").press("Escape").at(third)
    assert len(waiting(ada.desk, "ada", ada.article)) == 1
    ada.press("x", "Enter").said("The claim is dropped. Its history is kept. All done: no claim waits any more.")
    accepted, adjusted, rejected = (ada.desk.stored(claim) for claim in ada.claims)
    assert (accepted.exact, adjusted.exact) == ("shelling in four towns", "four towns")
    assert rejected.deleted_at is not None
    assert waiting(ada.desk, "ada", ada.article) == []
    ada.press("Enter")
    ada.page.wait_for_url(f"**/articles/{ada.article}")


def test_keys_that_a_person_switched_off_do_nothing(ada: Waiting) -> None:
    ada.desk.write(lambda: own_keys.choose(ada.desk.user("ada"), {"accept-place": "Alt+J"}, single_keys=False))
    ada.open().press("n", "x", "y").at(QUOTES[0]).said("")
    ada.press("Alt+j").said("The claim is in its place. 2 claims wait.")


def test_whoever_was_signed_out_meanwhile_is_told_so(ada: Waiting, complaints: Complaints) -> None:
    ada.open().page.context.clear_cookies(name="annotator_session")
    complaints.expect("status of 401")
    ada.press("y")
    expect(ada.page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    assert len(waiting(ada.desk, "ada", ada.article)) == len(QUOTES)
