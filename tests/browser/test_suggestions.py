"""Looking through the text: jumps from cue to cue, and suggestions that are accepted, adjusted or dismissed."""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from annotator.db import db
from annotator.models import Annotation, DismissedSuggestion
from annotator.services import copy_finding, people, suggestions
from tests.support.complaints import Complaints
from tests.support.desk import STORY, Desk
from tests.support.eventually import eventually
from tests.support.people import open_browser
from tests.support.reader import Reader, expect_highlighted, intercept

FIRST, SECOND, THIRD = STORY.split("\n\n")


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app, suggestions=True)


@pytest.fixture
def ada(app: Flask, desk: Desk, page: Page) -> Reader:
    return Reader(app, page, "ada@example.org")


def article(desk: Desk) -> str:
    """A story for Ada, who wants suggestions."""
    article_id = desk.article()
    desk.write(lambda: suggestions.switch(desk.user("ada"), article_id, on=True))
    return article_id


def origins(desk: Desk) -> list[tuple[str, str]]:
    """The words and the origin of every live claim, by position."""
    with desk.app.app_context():
        rows = db.session.scalars(select(Annotation).where(Annotation.deleted_at.is_(None)).order_by(Annotation.start))
        return [(row.exact, row.origin.value) for row in rows]


def dismissed(desk: Desk) -> list[str]:
    with desk.app.app_context():
        rows = db.session.execute(select(DismissedSuggestion.start, DismissedSuggestion.end))
        return [STORY[start:end] for start, end in rows]


def expect_drawn(ada: Reader, *words: str) -> None:
    """The words over the faint lines."""
    expect_highlighted(ada.page, "suggestion", list(words))


def rows(ada: Reader) -> Locator:
    return ada.page.locator(".suggestion:visible")


def pane(ada: Reader) -> Reader:
    ada.page.get_by_role("tab", name="Suggestions").click()
    return ada


def selection(ada: Reader) -> str:
    return str(ada.page.evaluate("() => document.getSelection().toString()"))


def choose(ada: Reader, label: str) -> Reader:
    ada.page.get_by_role("menuitem", name=label).click()
    return ada.saved()


def test_they_are_off_until_the_person_switches_them_on_and_then_again_off(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    requested: list[str] = []
    ada.page.on("request", lambda request: requested.append(request.url))
    ada.open(article_id)
    expect_drawn(ada)
    pane(ada)
    box = ada.page.get_by_label("Underline passages worth a look")
    expect(box).not_to_be_checked()
    expect(rows(ada)).to_have_count(0)
    assert not [url for url in requested if url.endswith("/cues")]
    box.check()
    expect(rows(ada)).to_have_count(3)
    expect(ada.page.locator("#suggestions-count")).to_have_text("3")
    expect_drawn(ada, FIRST, SECOND, THIRD)
    ada.page.reload()
    expect(ada.page.locator("#suggestions-count")).to_have_text("3")
    pane(ada).page.get_by_label("Underline passages worth a look").uncheck()
    expect(rows(ada)).to_have_count(0)
    expect_drawn(ada)
    with desk.app.app_context():
        assert not people.preferences_of(desk.user("ada")).suggestions
    assert origins(desk) == []


def test_a_project_that_does_not_offer_them_has_no_switch(app: Flask, page: Page) -> None:
    desk = Desk(app)
    Reader(app, page, "ada@example.org").open(desk.article())
    expect(page.get_by_role("tab", name="Claims")).to_be_visible()
    expect(page.get_by_role("tab", name="Suggestions")).to_have_count(0)
    expect(page.get_by_label("Underline passages worth a look")).to_have_count(0)


def test_accepting_asks_for_the_label_and_the_claim_says_where_it_came_from(desk: Desk, ada: Reader) -> None:
    pane(ada.open(article(desk)))
    rows(ada).nth(1).get_by_role("button").first.click()
    expect(rows(ada).nth(1)).to_contain_text("number, quotation, attribution")
    rows(ada).nth(1).get_by_role("button", name="Accept").click()
    assert origins(desk) == []
    choose(ada, "Disputed")
    assert origins(desk) == [(SECOND, "suggestion-accepted")]
    expect(ada.selected.locator(".claim-exact")).to_have_text(SECOND)
    expect_drawn(ada, FIRST, THIRD)


def test_by_keyboard_alone(desk: Desk, ada: Reader) -> None:
    ada.open(article(desk))
    expect(ada.page.locator("#suggestions-count")).to_have_text("3")
    ada.press("w")
    expect(ada.page.locator("#spoken")).to_contain_text("Suggestion (date, attribution, superlative): Both governments")
    ada.press("w").press("x")
    expect(ada.page.locator("#suggestions-count")).to_have_text("2")
    expect(ada.page.locator("#toast-words")).to_have_text("Suggestion dismissed.")
    ada.press("Shift+w").press("y").press("2").saved()
    assert origins(desk) == [(FIRST, "suggestion-accepted")]
    assert dismissed(desk) == [SECOND]
    ada.press("t").press("w").press("b").press("Shift+Control+ArrowLeft").press("Shift+Control+ArrowLeft")
    ada.press("Enter").press("3").saved()
    assert origins(desk)[1] == (THIRD.removesuffix(" fired."), "suggestion-edited")
    ada.press("w")
    expect(ada.page.locator("#hint")).to_have_text("No suggestion is left.")


def test_a_long_suggestion_is_said_without_moving_the_text(desk: Desk, ada: Reader) -> None:
    ada.page.set_viewport_size({"width": 1000, "height": 700})
    ada.open(article(desk))
    expect(ada.page.locator("#suggestions-count")).to_have_text("3")
    before = ada.page.locator("#labelbar").bounding_box()
    ada.press("w").press("w")
    expect(ada.page.locator("#hint")).to_contain_text(SECOND)
    assert ada.page.locator("#labelbar").bounding_box() == before


def test_a_refused_label_choice_marks_nothing_and_the_selection_stays_for_a_label(desk: Desk, ada: Reader) -> None:
    ada.open(article(desk))
    expect(ada.page.locator("#suggestions-count")).to_have_text("3")
    ada.press("w").press("y").press("Escape")
    expect(ada.page.locator("#hint")).to_contain_text("Not marked.")
    eventually(ada.page, lambda: selection(ada), FIRST)
    assert origins(desk) == []
    ada.press("1").saved()
    assert origins(desk) == [(FIRST, "suggestion-accepted")]


def test_whoever_gives_an_accepted_suggestion_up_and_marks_by_hand_is_human(desk: Desk, ada: Reader) -> None:
    ada.open(article(desk))
    expect(ada.page.locator("#suggestions-count")).to_have_text("3")
    ada.press("w").press("y").press("Escape").press("Escape")
    ada.drag("complete ceasefire").press("1").saved()
    assert origins(desk) == [("complete ceasefire", "human")]


def test_selecting_anew_to_adjust_is_an_edited_suggestion(desk: Desk, ada: Reader) -> None:
    pane(ada.open(article(desk)))
    rows(ada).first.get_by_role("button").first.click()
    rows(ada).first.get_by_role("button", name="Adjust").click()
    eventually(ada.page, lambda: selection(ada), FIRST)
    ada.select("announced a complete ceasefire").press("1").saved()
    assert origins(desk) == [("announced a complete ceasefire", "suggestion-edited")]


def test_a_boundary_moved_after_accepting_makes_it_edited_and_undo_takes_that_back(desk: Desk, ada: Reader) -> None:
    ada.open(article(desk))
    expect(ada.page.locator("#suggestions-count")).to_have_text("3")
    ada.press("w").press("y").press("1").saved()
    ada.press("Alt+ArrowLeft").saved()
    assert origins(desk) == [(FIRST.removesuffix("."), "suggestion-edited")]
    ada.press("Control+z").saved()
    assert origins(desk) == [(FIRST, "suggestion-accepted")]


def test_a_dismissed_one_comes_back_with_undo(desk: Desk, ada: Reader) -> None:
    pane(ada.open(article(desk)))
    rows(ada).first.get_by_role("button").first.click()
    rows(ada).first.get_by_role("button", name="Dismiss").click()
    expect(rows(ada)).to_have_count(2)
    expect(ada.page.locator("#toast-words")).to_have_text("Suggestion dismissed.")
    assert dismissed(desk) == [FIRST]
    expect_drawn(ada, SECOND, THIRD)
    with ada.page.expect_response("**/restore"):
        ada.page.get_by_role("button", name="Undo").last.click()
    expect(rows(ada)).to_have_count(3)
    expect_drawn(ada, FIRST, SECOND, THIRD)
    ada.page.reload()
    expect(ada.page.locator("#suggestions-count")).to_have_text("3")
    assert dismissed(desk) == []


def test_what_could_not_be_dismissed_is_back_and_said(desk: Desk, ada: Reader, complaints: Complaints) -> None:
    complaints.expect("Failed to load resource")
    pane(ada.open(article(desk)))
    intercept(ada.page, "**/dismiss", lambda route: route.abort())
    rows(ada).first.get_by_role("button").first.click()
    rows(ada).first.get_by_role("button", name="Dismiss").click()
    expect(ada.page.locator("#hint")).to_have_text("That was not saved: no connection. Try again.")
    expect(rows(ada)).to_have_count(3)
    assert dismissed(desk) == []


def test_what_is_marked_by_hand_is_no_longer_suggested_until_it_is_deleted(desk: Desk, ada: Reader) -> None:
    article_id = article(desk)
    desk.mark("ada", article_id, "three towns")
    ada.open(article_id)
    expect(ada.page.locator("#suggestions-count")).to_have_text("2")
    ada.drag("complete ceasefire").press("1").saved()
    expect(ada.page.locator("#suggestions-count")).to_have_text("1")
    expect_drawn(ada, SECOND)
    ada.press("Control+z").saved()
    expect(ada.page.locator("#suggestions-count")).to_have_text("2")
    ada.click_on("three towns").press("Delete").saved()
    expect(ada.page.locator("#suggestions-count")).to_have_text("3")
    expect_drawn(ada, FIRST, SECOND, THIRD)


def test_the_lines_leave_the_text_as_it_is(desk: Desk, ada: Reader) -> None:
    ada.open(article(desk))
    expect(ada.page.locator("#suggestions-count")).to_have_text("3")
    assert ada.page.locator("#text [data-start] *").count() == 0
    assert ada.page.locator("#text").inner_text().split() == STORY.split()


def exported(desk: Desk, format_: str) -> str:
    """The reviewers' claims as their manager downloads them."""
    address = f"/projects/truce/export/download?layer=annotations&format={format_}"
    answer = open_browser(desk.app, "Mia").get(address)
    text = answer.text
    answer.close()
    return text


def test_the_origin_is_in_every_export(desk: Desk, ada: Reader) -> None:
    article_id = article(desk)
    ada.open(article_id)
    expect(ada.page.locator("#suggestions-count")).to_have_text("3")
    ada.press("w").press("y").press("1").saved()
    ada.press("t").press("w").press("b").press("Shift+Control+ArrowLeft").press("3").saved()
    ada.drag("three towns").press("2").saved()
    for name in ("ada", "ben"):
        desk.submit(name, article_id)
    wanted = ["suggestion-accepted", "suggestion-edited", "human"]
    assert [row["origin"] for row in csv.DictReader(io.StringIO(exported(desk, "csv")))] == wanted
    assert [json.loads(line)["origin"] for line in exported(desk, "jsonl").splitlines()] == wanted


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("f", ["one or two", "three"]),
        ("d", ["Sunday"]),
        ("q", ['"except for one or two separate incidents."']),
        ("s", ["announced", "said", "reported"]),
    ],
)
def test_jumps_go_on_and_with_shift_back_and_say_when_there_is_none(
    desk: Desk, ada: Reader, key: str, found: list[str]
) -> None:
    ada.open(desk.article())
    for words in found:
        ada.press(key)
        ada.page.wait_for_function("(words) => document.getSelection().toString() === words", arg=words)
    ada.press(key)
    expect(ada.page.locator("#hint")).to_contain_text("after this place.")
    eventually(ada.page, lambda: selection(ada), found[-1])
    for words in reversed(found[:-1]):
        ada.press(f"Shift+{key}")
        ada.page.wait_for_function("(words) => document.getSelection().toString() === words", arg=words)
    ada.press(f"Shift+{key}")
    expect(ada.page.locator("#spoken")).to_contain_text("before this place.")


def test_a_kind_that_the_text_has_not_is_said(desk: Desk, ada: Reader) -> None:
    ada.open(desk.article()).press("h")
    expect(ada.page.locator("#hint")).to_have_text("No “reportedly” or the like after this place.")


def test_jumping_marks_nothing_even_with_an_armed_label_and_what_it_selects_can_be_labelled(
    desk: Desk, ada: Reader
) -> None:
    ada.open(desk.article()).press("1").press("q")
    ada.page.wait_for_function("() => document.getSelection().toString().startsWith('\"except')")
    ada.page.wait_for_timeout(900)
    assert origins(desk) == []
    ada.press("2").saved()
    assert origins(desk) == [('"except for one or two separate incidents."', "human")]


def test_own_marks_in_copies_are_offered_without_suggestions_and_stay_ones_own(app: Flask, page: Page) -> None:
    desk = Desk(app, suggestions=False)
    wire = f"{STORY}\n\nNobody could say who would keep the road to the border open for lorries with food."
    first, second = (desk.article(text, publisher="Coast Daily") for text in (wire, f"{wire} More soon."))
    with app.app_context():
        copy_finding.find(desk.project())
    desk.mark("ada", first, "Nobody could say")
    ada = Reader(app, page, "ada@example.org").open(second)
    page.get_by_role("tab", name="From copies").click()
    offer = page.locator("#suggestions > li:visible")
    expect(offer).to_contain_text("you marked this in the copy by Coast Daily")
    expect_drawn(ada, "Nobody could say")
    offer.get_by_role("button").first.click()
    page.get_by_role("button", name="Accept").click()
    page.keyboard.press("Enter")
    ada.saved()
    assert [each for each in origins(desk) if each[0] == "Nobody could say"] == [("Nobody could say", "human")] * 2
    expect(offer).to_have_count(0)
    page.get_by_role("tab", name="From copies").click()
    box = page.get_by_label("Offer what I marked in copies of this text")
    with page.expect_response("**/offers/off"):
        box.uncheck()
    page.reload()
    page.get_by_role("tab", name="From copies").click()
    expect(box).not_to_be_checked()
