"""`annotator agreement`: a card to read, or the same figures for a program."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from annotator.services import agreement
from tests.support.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    article = desk.article()
    desk.mark("ada", article, "complete ceasefire")
    desk.mark("ben", article, "complete ceasefire", "disputed")
    for name in ("ada", "ben"):
        desk.mark(name, article, "three towns", "unverified")
        desk.submit(name, article)
    return desk


def test_the_card_has_its_questions_and_says_what_is_missing(run, desk: Desk) -> None:
    card = run("agreement", desk.slug).stdout
    assert "another marks: 100 (An interval needs 10 articles or more.), n = 4" in card
    assert "The same label, of 100 claims in common:         50, n = 2" in card
    assert card.count("?") == 4


def test_without_work_every_line_says_why(run, app: Flask) -> None:
    card = run("agreement", Desk(app).slug).stdout
    assert card.count("cannot be computed: ") == 14
    assert "nan" not in card.lower()


def test_the_json_is_what_the_service_says(run, desk: Desk) -> None:
    printed = json.loads(run("agreement", desk.slug, "--json").stdout)
    with desk.app.app_context():
        assert printed == agreement.as_document(agreement.of_project(desk.project()))


def test_an_unknown_project_is_one_line(run, desk: Desk) -> None:
    refused = run("agreement", "none", status=1)
    assert refused.stderr.count("\n") == 1
