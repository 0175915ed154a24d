"""The agreement page: three answers, who agrees with whom, and what is said when there is nothing to compare."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.support.desk import STORY, Desk, counted_statements
from tests.support.people import open_browser

PAGE = "/projects/truce/agreement"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def review(desk: Desk, text: str = STORY) -> None:
    """Ada and Ben agree on one claim, differ on the label of another, and Ben marks a third."""
    article = desk.article(text)
    for name, label in (("ada", "sourced"), ("ben", "disputed")):
        desk.mark(name, article, "complete ceasefire", label)
        desk.mark(name, article, "three towns", "unverified")
    desk.mark("ben", article, "shelling")
    for name in ("ada", "ben"):
        desk.submit(name, article)


def page(desk: Desk, name: str = "Mia") -> str:
    answer = open_browser(desk.app, name).get(PAGE)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_one_of_a_thing_is_not_called_many(desk: Desk) -> None:
    review(desk)
    assert "n = 1 article." in page(desk)


def test_without_a_finished_article_it_says_what_is_needed(desk: Desk) -> None:
    assert "Nothing to compare yet" in page(desk)


def test_the_three_questions_have_an_answer_each(desk: Desk) -> None:
    review(desk)
    said = page(desk, "Jo")
    assert "Of 100 claims one reviewer marks, another marks about 80" in said
    assert "Of 100 claims in common 100 have exactly the same boundaries" in said
    assert "Of 100 claims in common 50 have the same label" in said
    assert "n = 5 claims. An interval needs 10 articles or more." in said


def test_what_cannot_be_computed_says_why_and_is_no_number(desk: Desk) -> None:
    article = desk.article()
    for name in ("ada", "ben"):
        desk.mark(name, article, "three towns")
        desk.submit(name, article)
    said = page(desk)
    assert "Cannot be computed. Only one label was used" in said
    assert "nan" not in said.lower()


def test_the_statements_are_the_same_for_many_articles(desk: Desk) -> None:
    review(desk)
    browser = open_browser(desk.app, "Mia")
    browser.get(PAGE)
    with counted_statements(desk.app) as few:
        browser.get(PAGE)
    for number in range(3):
        review(desk, f"{STORY} {number}")
    # What was worked out is stored at the first look.
    browser.get(PAGE)
    with counted_statements(desk.app) as many:
        browser.get(PAGE)
    assert len(many) == len(few) <= 10
