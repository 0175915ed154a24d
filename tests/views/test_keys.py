"""The page of one's keys, and the list of them on the annotate page."""

from __future__ import annotations

import html
import json
import re

import pytest
from flask import Flask

from annotator.domain import keys
from annotator.services import people
from tests.support.desk import Desk
from tests.support.people import OpenBrowser, add_person, person


@pytest.fixture
def ada(app: Flask) -> str:
    return add_person(app, "Ada")


@pytest.fixture
def browser(ada, open_browser: OpenBrowser):
    return open_browser("Ada")


def chosen(app: Flask):
    with app.app_context():
        return people.preferences_of(person("Ada"))


def test_every_action_has_a_field_with_its_keys(browser):
    page = browser.get("/account/keys").text
    for action in keys.ACTIONS:
        assert re.search(f'name="{action.name}"[^>]*value="{re.escape(html.escape(" ".join(action.keys)))}"', page)
    assert 'href="/account/keys"' in browser.get("/account").text


def test_keys_are_changed_switched_off_and_stored_as_differences(app, browser):
    answer = browser.post(
        "/account/keys", {"undo": "f2  ctrl+u", "delete": "", "redo": "Ctrl+Shift+Z Ctrl+Y", "single_keys": "y"}
    )
    assert answer.status_code == 303
    assert chosen(app).keys == {"undo": ["F2", "Ctrl+U"], "delete": []}
    assert chosen(app).single_keys is True
    page = browser.get("/account/keys").text
    assert "Your keys are changed." in page
    assert 'value="F2 Ctrl+U"' in page


def test_what_is_not_sent_stays_as_it_is(app, browser):
    browser.post("/account/keys", {"undo": "F2", "single_keys": "y"})
    browser.post("/account/keys", {"delete": "F4", "single_keys": "y"})
    assert chosen(app).keys == {"undo": ["F2"], "delete": ["F4"]}


def test_keys_that_type_something_are_switched_off_as_a_whole(app, browser):
    browser.post("/account/keys", {"undo": "F2"})
    assert chosen(app).single_keys is False
    browser.post("/account/keys", {"single_keys": "y"})
    assert chosen(app).single_keys is True
    assert chosen(app).keys == {"undo": ["F2"]}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"undo": "N"}, "N is a key of “Next claim” already. Choose another."),
        ({"undo": "Ctrl+C"}, "Ctrl+C copies, cuts, pastes or selects everything, so it cannot be used here."),
        ({"undo": "Enter"}, "Enter has a meaning of its own in buttons, fields and lists."),
        ({"undo": "Hyper+N"}, "“Hyper+N” is no key"),
        ({"undo": "x" * 300}, "This is too long."),
        ({"undo": "<script>"}, "“&lt;script&gt;” is no key"),
    ],
    ids=["taken", "the browser's", "meant elsewhere", "unknown", "too long", "hostile"],
)
def test_what_cannot_be_had_is_said_at_its_field_and_nothing_is_changed(app, browser, sent, words):
    answer = browser.post("/account/keys", {"delete": "F4", "single_keys": "y", **sent})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert chosen(app).keys == {}


def test_one_action_gets_its_usual_key_again_or_all_do(app, browser):
    browser.post("/account/keys", {"undo": "F2", "delete": "F4"})
    assert browser.post("/account/keys/reset", {"action": "undo"}).status_code == 303
    assert chosen(app).keys == {"delete": ["F4"]}
    assert browser.post("/account/keys/reset").status_code == 303
    assert chosen(app).keys == {}
    assert chosen(app).single_keys is True


def test_a_usual_key_that_another_action_has_now_is_not_given_back(app, browser):
    browser.post("/account/keys", {"next-claim": "J", "undo": "N", "single_keys": "y"})
    answer = browser.post("/account/keys/reset", {"action": "next-claim"})
    assert answer.status_code == 422
    assert "N is a key of" in answer.text
    assert chosen(app).keys == {"next-claim": ["J"], "undo": ["N"]}


def test_there_is_nothing_to_reset_of_an_action_that_is_none(browser):
    assert browser.post("/account/keys/reset", {"action": "levitate"}).status_code == 404


def test_other_preferences_stay(app, browser):
    with app.app_context():
        before = people.preferences_of(person("Ada"))
    browser.post("/account/keys", {"undo": "F2", "single_keys": "y"})
    after = chosen(app)
    assert (after.text_size, after.typeface, after.suggestions) == (
        before.text_size,
        before.typeface,
        before.suggestions,
    )


def test_the_annotate_page_lists_and_uses_the_persons_own_keys(app: Flask, open_browser: OpenBrowser):
    desk = Desk(app)
    article_id = desk.article()
    ada = open_browser("Ada")
    ada.post("/account/keys", {"undo": "F2", "redo": ""})
    page = ada.get(f"/articles/{article_id}").text
    told = json.loads(html.unescape(re.search(r'data-keys="([^"]*)"', page)[1]))
    assert told["undo"] == ["F2"]
    assert told["redo"] == told["next-claim"] == told["label-1"] == []
    assert told["word-right"] == ["Ctrl+ArrowRight", "Ctrl+Shift+ArrowRight"]
    dialog = page[page.index('<dialog class="dialog" id="keys"') :].partition("</dialog>")[0]
    assert "<kbd>F2</kbd>" in dialog
    assert "<kbd>N</kbd>" not in dialog
    assert "Sourced: mark the selected text" in dialog
    assert "Label 9" not in dialog
    assert 'href="/account/keys"' in dialog
