"""What a person is told and asked about saving: windows, devices, a closed article, an ended session, undo after a reload."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect
from sqlalchemy import select

from annotator.db import db
from annotator.models import Annotation, Label, User
from annotator.services import people, submission
from tests.support.complaints import Complaints
from tests.support.desk import Desk
from tests.support.eventually import eventually
from tests.support.reader import Reader, at_work, expect_highlighted, intercept

PASSWORD = "a long and quiet river"
MakeContext = Callable[..., BrowserContext]


@pytest.fixture
def ada(app: Flask, desk: Desk, page: Page, complaints: Complaints) -> Reader:
    complaints.expect("Failed to load resource|ERR_")
    return Reader(app, page, "ada@example.org")


def stored(desk: Desk) -> list[tuple[str, str]]:
    with desk.app.app_context():
        query = select(Annotation.exact, Label.key).join(Annotation.label).where(Annotation.deleted_at.is_(None))
        return sorted((exact, label) for exact, label in db.session.execute(query))


def give_password(desk: Desk, name: str) -> None:
    hashed = people.hash_password(PASSWORD).encoded

    def give() -> None:
        db.session.get_one(User, desk.ids[name]).password_hash = hashed

    desk.write(give)


def sign_in_here(page: Page, email: str, password: str) -> None:
    page.locator("#sign-in-email").fill(email)
    page.locator("#sign-in-password").fill(password)
    page.locator("#sign-in-now").click()


def test_a_reload_in_a_tunnel_loses_nothing(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id)
    intercept(ada.page, "**/api/v1/**", lambda route: route.abort())
    ada.drag("complete ceasefire").press("1")
    expect(ada.words_of_state).to_have_text("1 change waiting: no connection")
    ada.page.reload()
    expect(ada.words_of_state).to_have_text("1 change waiting: no connection")
    expect(ada.cards.locator(".claim-state")).to_contain_text("waiting")
    expect_highlighted(ada.page, "pending", ["complete ceasefire"])
    assert stored(desk) == []
    ada.page.unroute("**/api/v1/**")
    ada.page.evaluate("dispatchEvent(new Event('online'))")
    ada.saved()
    assert stored(desk) == [("complete ceasefire", "sourced")]


def test_the_list_shows_what_was_changed_and_waits(desk: Desk, ada: Reader) -> None:
    ada.open(desk.article()).drag("complete ceasefire").press("1").saved()
    intercept(ada.page, "**/api/v1/**", lambda route: route.abort())
    ada.press("2").press("Alt+ArrowRight")
    for _page in ("as it is", "loaded again"):
        expect(ada.words_of_state).to_have_text("1 change waiting: no connection")
        expect(ada.cards.locator(".badge-word")).to_have_text("Disputed")
        expect(ada.cards.locator(".claim-exact")).to_have_text("complete ceasefire on")
        expect(ada.cards.locator(".claim-state")).to_contain_text("waiting")
        ada.page.reload()
    ada.page.unroute("**/api/v1/**")
    ada.page.evaluate("dispatchEvent(new Event('online'))")
    ada.saved()
    expect(ada.cards.locator(".claim-state")).to_contain_text("lacks")
    assert stored(desk) == [("complete ceasefire on", "disputed")]


def test_an_older_drawing_does_not_take_the_place_of_what_waits(desk: Desk, ada: Reader) -> None:
    ada.open(desk.article()).drag("complete ceasefire").press("1").saved()
    drawings: list[Route] = []

    def hold(route: Route) -> None:
        drawings.append(route)

    intercept(ada.page, "**/blocks?*", hold)
    ada.press("2")
    eventually(ada.page, lambda: len(drawings), 1)
    ada.page.route("**/api/v1/**", lambda route: route.abort())
    ada.press("Alt+ArrowRight")
    expect(ada.words_of_state).to_have_text("1 change waiting: no connection")
    with ada.page.expect_response("**/blocks?*"):
        drawings[0].continue_()
    expect(ada.page.locator("#text .mark.tone-2")).to_have_text("complete ceasefire")
    expect(ada.cards.locator(".claim-exact")).to_have_text("complete ceasefire on")
    expect(ada.cards.locator(".claim-state")).to_contain_text("waiting")
    ada.page.unroute("**/blocks?*")
    ada.page.unroute("**/api/v1/**")
    ada.page.evaluate("dispatchEvent(new Event('online'))")
    ada.saved()
    assert stored(desk) == [("complete ceasefire on", "disputed")]


def test_what_is_stored_while_the_next_page_is_on_its_way_is_known_to_it(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id).drag("complete ceasefire").press("1").saved()
    saves: list[Route] = []
    drawings: list[str] = []
    ada.page.on("request", lambda request: drawings.append(request.url) if "/blocks?" in request.url else None)

    def hold(route: Route) -> None:
        saves.append(route)

    def older(route: Route) -> None:
        page_before_the_save = route.fetch()
        saves[0].fulfill(response=saves[0].fetch())
        # The page that is being left cannot be looked at any more, but it asks for the words as they are stored now.
        eventually(ada.page, lambda: len(drawings), 1)
        route.fulfill(response=page_before_the_save)

    intercept(ada.page, "**/api/v1/**", hold, times=1)
    intercept(ada.page, f"**/articles/{article_id}", older)
    with ada.page.expect_request("**/api/v1/**"):
        ada.press("2")
    ada.page.reload()
    ada.saved()
    expect(ada.cards.locator(".badge-word")).to_have_text("Disputed")
    ada.press("3").saved()
    expect(ada.page.get_by_text("changed elsewhere")).to_have_count(0)
    assert stored(desk) == [("complete ceasefire", "unverified")]


# Selects words in the very moment in which the page gets its paragraph drawn anew, before any event can tell of it.
SELECT_WHEN_DRAWN = """(words) => {
    const text = Response.prototype.text;
    Response.prototype.text = async function () {
        const drawn = await text.call(this);
        if (this.url.includes("/blocks")) {
            const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.nodeValue.indexOf(words);
                if (at >= 0) document.getSelection().setBaseAndExtent(node, at, node, at + words.length);
            }
        }
        return drawn;
    };
}"""


def test_what_is_selected_while_the_paragraph_is_drawn_anew_stays_selected(desk: Desk, ada: Reader) -> None:
    ada.open(desk.article())
    ada.page.evaluate(SELECT_WHEN_DRAWN, "Sunday")
    ada.select("complete ceasefire").press("1")
    ada.saved()
    assert ada.page.evaluate("document.getSelection().toString()") == "Sunday"
    ada.press("2").saved()
    assert stored(desk) == [("Sunday", "disputed"), ("complete ceasefire", "sourced")]


def test_undo_and_redo_go_on_after_a_reload(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id).drag("complete ceasefire").press("1").saved()
    ada.press("2").press("Delete").saved()
    ada.page.reload()
    expect(ada.page.locator("#undo")).to_be_enabled()
    ada.press("Control+z").saved()
    assert stored(desk) == [("complete ceasefire", "disputed")]
    ada.press("Control+z").saved()
    assert stored(desk) == [("complete ceasefire", "sourced")]
    ada.page.reload()
    expect(ada.page.locator("#redo")).to_be_enabled()
    ada.press("Control+Shift+z").saved()
    assert stored(desk) == [("complete ceasefire", "disputed")]


# The browser gives no lock, and so nothing of before is back, until a while after Z was pressed.
SLOW_LOCKS = """
    const request = navigator.locks.request.bind(navigator.locks);
    const pressed = new Promise((resolve) => {
        addEventListener("keydown", ({ key }) => key === "z" && setTimeout(resolve, 400));
    });
    navigator.locks.request = async (...given) => {
        await pressed;
        return request(...given);
    };
"""


def test_who_undoes_right_after_a_reload_means_what_was_done_before_it(desk: Desk, ada: Reader) -> None:
    ada.open(desk.article()).drag("complete ceasefire").press("1").saved()
    ada.page.add_init_script(SLOW_LOCKS)
    ada.page.reload()
    expect(ada.page.locator("#saved[aria-busy]")).to_have_count(1)
    ada.press("Control+z")
    expect(ada.cards).to_have_count(0)
    ada.saved()
    assert stored(desk) == []


def test_undo_never_takes_back_what_was_done_elsewhere_since(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id).drag("complete ceasefire").press("1").saved()
    ada.press("2").saved()
    other = ada.page.context.new_page()
    other.goto(f"/articles/{article_id}")
    at_work(other)
    other.locator("#claims > .claim .claim-head").click()
    other.keyboard.press("3")
    expect(ada.cards.locator(".badge-word")).to_have_text("Unverified")
    expect(ada.selected.locator("[name=label][value=unverified]")).to_be_checked()
    ada.page.bring_to_front()
    ada.press("Control+z")
    expect(ada.page.locator("#saving-notices")).to_contain_text("That step was not taken back")
    ada.saved()
    assert stored(desk) == [("complete ceasefire", "unverified")]


def test_a_claim_changed_here_and_deleted_elsewhere_asks(desk: Desk, ada: Reader, new_context: MakeContext) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    ada.open(article_id).click_on("complete ceasefire")
    other = Reader(desk.app, new_context().new_page(), "ada@example.org").open(article_id)
    other.click_on("complete ceasefire").press("Delete").saved()
    ada.press("2")
    expect(ada.selected.locator(".stale")).to_contain_text("There it is deleted, here it is not.")
    ada.page.get_by_role("button", name="Keep theirs").click()
    expect(ada.cards).to_have_count(0)
    ada.saved()
    assert stored(desk) == []


def test_a_claim_deleted_here_and_changed_elsewhere_asks(desk: Desk, ada: Reader, new_context: MakeContext) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    ada.open(article_id).click_on("complete ceasefire")
    other = Reader(desk.app, new_context().new_page(), "ada@example.org").open(article_id)
    other.click_on("complete ceasefire").press("2").saved()
    ada.press("Delete")
    expect(ada.page.locator(".stale")).to_contain_text(
        "Here it is deleted. There it is “complete ceasefire”, Disputed."
    )
    assert stored(desk) == [("complete ceasefire", "disputed")]
    ada.page.get_by_role("button", name="Apply mine").click()
    ada.saved()
    expect(ada.cards).to_have_count(0)
    assert stored(desk) == []


def test_an_article_submitted_elsewhere_says_so_and_can_be_reopened(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id)
    desk.submit("ada", article_id)
    ada.drag("complete ceasefire").press("1")
    expect(ada.words_of_state).to_have_text("1 change not saved: the article is closed")
    notice = ada.page.locator("#saving-notices")
    expect(notice).to_contain_text("You submitted this article. Reopen it to change something.")
    ada.page.reload()
    expect(notice).to_contain_text("1 change made in this browser was not saved")
    desk.write(lambda: submission.reopen(desk.user("ada"), article_id))
    ada.page.reload()
    ada.saved()
    assert stored(desk) == [("complete ceasefire", "sourced")]
    desk.submit("ada", article_id)
    ada.drag("three towns").press("2")
    notice.get_by_role("button", name="Reopen and save").click()
    ada.saved()
    assert stored(desk) == [("complete ceasefire", "sourced"), ("three towns", "disputed")]


def test_signing_in_again_in_place_goes_on_without_loss(desk: Desk, ada: Reader) -> None:
    give_password(desk, "ada")
    give_password(desk, "ben")
    article_id = desk.article()
    ada.open(article_id).page.context.clear_cookies()
    ada.drag("complete ceasefire").press("1")
    expect(ada.words_of_state).to_have_text("1 change waiting: signed out")
    ada.page.locator("#sign-in-again").click()
    dialog = ada.page.locator("#sign-in-dialog")
    expect(dialog).to_contain_text("Open your sign-in link in another tab")
    sign_in_here(ada.page, "ada@example.org", "not it at all")
    expect(dialog.locator("#sign-in-problem")).to_contain_text("do not belong together")
    sign_in_here(ada.page, "ben@example.org", PASSWORD)
    expect(dialog).to_contain_text("Somebody else is signed in")
    assert stored(desk) == []
    sign_in_here(ada.page, "ada@example.org", PASSWORD)
    expect(dialog).to_be_hidden()
    ada.saved()
    expect(ada.words_of_state).to_have_text(re.compile("^Saved"))
    assert stored(desk) == [("complete ceasefire", "sourced")]


def test_too_many_attempts_are_told_in_the_dialog(desk: Desk, ada: Reader) -> None:
    give_password(desk, "ada")
    ada.open(desk.article()).page.context.clear_cookies()
    ada.drag("complete ceasefire").press("1")
    ada.page.locator("#sign-in-again").click()
    problem = ada.page.locator("#sign-in-problem")
    for _ in range(12):
        with ada.page.expect_response(lambda answer: answer.request.method == "POST"):
            sign_in_here(ada.page, "ada@example.org", "not it at all")
        expect(problem).to_be_visible()
        if "Too many attempts" in problem.inner_text():
            break
    expect(problem).to_contain_text("Too many attempts to sign in. Try again in")


def test_a_link_in_another_tab_lets_this_page_go_on_by_itself(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id).page.context.clear_cookies()
    ada.drag("complete ceasefire").press("1")
    expect(ada.words_of_state).to_have_text("1 change waiting: signed out")
    Reader(desk.app, ada.page.context.new_page(), "ada@example.org", by_link=True)
    ada.saved()
    assert stored(desk) == [("complete ceasefire", "sourced")]


def test_another_person_in_the_same_tab_sees_and_sends_nothing(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id)
    intercept(ada.page, "**/api/v1/**", lambda route: route.abort())
    ada.drag("complete ceasefire").press("1")
    expect(ada.words_of_state).to_contain_text("waiting")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    ada.page.on("dialog", leave)
    ben = Reader(desk.app, ada.page, "ben@example.org", by_link=True)
    ada.page.unroute("**/api/v1/**")
    ben.open(article_id).saved()
    expect(ben.cards).to_have_count(0)
    ben.drag("three towns").press("2").saved()
    assert stored(desk) == [("three towns", "disputed")]
    assert asked == ["beforeunload"]
    again = Reader(desk.app, ada.page, "ada@example.org", by_link=True).open(article_id)
    again.saved()
    assert stored(desk) == [("complete ceasefire", "sourced"), ("three towns", "disputed")]
