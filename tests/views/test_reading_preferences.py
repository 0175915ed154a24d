"""How one reads: the page of the account, the menu of the text, and what the root of every page says of it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from annotator.domain.preferences import Preferences, TextSize
from annotator.services import people
from tests.support.people import Browser, OpenBrowser, add_person, person

CHOSEN = {"text_size": "large", "line_height": "loose", "text_width": "narrow", "typeface": "sans", "theme": "dark"}
ROOT = re.compile(r"<html[^>]*>")


@pytest.fixture
def browser(app: Flask, open_browser: OpenBrowser) -> Browser:
    add_person(app, "Ada")
    return open_browser("Ada")


def root_of(browser: Browser, path: str = "/account") -> str:
    found = ROOT.search(browser.get(path).text)
    assert found is not None
    return found[0]


def preferences(app: Flask) -> Preferences:
    with app.app_context():
        return people.preferences_of(person("Ada"))


def test_who_chose_nothing_has_a_bare_root(browser: Browser) -> None:
    assert root_of(browser) == '<html lang="en" data-theme="auto">'


def test_what_was_chosen_is_said_by_the_root_of_every_page(app: Flask, browser: Browser) -> None:
    assert browser.post("/account/reading", CHOSEN).status_code == 303
    page = browser.get("/account/reading").text
    assert "Texts are set as you chose." in page
    assert re.search(r'<input checked[^>]*value="large"', page)
    root = root_of(browser, "/")
    for attribute in ('text-size="large"', 'line-height="loose"', 'text-width="narrow"', 'typeface="sans"'):
        assert f"data-{attribute}" in root
    assert 'data-theme="dark"' in root


def test_a_script_is_answered_without_a_page(app: Flask, browser: Browser) -> None:
    answer = browser.request("POST", "/account/reading", data=CHOSEN, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert preferences(app).text_size is TextSize.LARGE


@pytest.mark.parametrize("wrong", [{"text_size": "immense"}, {"typeface": ""}, {"theme": "<script>"}])
def test_what_cannot_be_chosen_is_refused_and_changes_nothing(
    app: Flask, browser: Browser, wrong: dict[str, str]
) -> None:
    assert browser.post("/account/reading", {**CHOSEN, **wrong}).status_code == 422
    by_script = {"data": {**CHOSEN, **wrong}, "headers": {"Accept": "application/json"}}
    assert browser.request("POST", "/account/reading", **by_script).status_code == 422
    assert preferences(app) == Preferences()


def test_other_choices_of_the_person_stay(app: Flask, browser: Browser) -> None:
    browser.post("/account/reading", CHOSEN)
    browser.post("/account/reading", {**CHOSEN, "text_size": "medium", "typeface": "serif"})
    assert preferences(app).looks == {"data-line-height": "loose", "data-text-width": "narrow"}
