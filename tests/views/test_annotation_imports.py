"""Importing annotations by page: what is asked, what is shown, and that only the confirmation stores anything."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db, transaction
from annotator.domain.text import plain_blocks
from annotator.formats.records import ArticleRecord
from annotator.models import Annotation, Assignment, ImportedSuggestion, User
from annotator.services import articles, projects
from tests.support.desk import STORY
from tests.support.people import Browser, OpenBrowser

PATH = "/projects/idlib/import/annotations"


@pytest.fixture
def mia(idlib: str, app: Flask, open_browser: OpenBrowser) -> Browser:
    with app.app_context(), transaction():
        articles.add(projects.by_slug(idlib), [ArticleRecord(STORY, plain_blocks(STORY), "0" * 64, title="Calm")])
    return open_browser("Mia")


def ada(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(User.id).where(User.name == "Ada")).one()


def rows(*changes: dict[str, Any]) -> bytes:
    row = {"article_title": "Calm", "exact": "complete ceasefire", "label": "sourced", "reviewer": "Pia"}
    return b"".join(json.dumps(row | change).encode() + b"\n" for change in changes or ({},))


def preview_of(mia: Browser, content: bytes, become: str) -> str:
    form = {"file": (io.BytesIO(content), "old.jsonl"), "become": become, "format": "auto"}
    answer = mia.post(PATH, form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def confirmed(mia: Browser, place: str, page: str) -> str:
    """What the page says after its own form was sent."""
    form = page.partition('<form method="post">')[2].partition("</form>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form):
        fields.setdefault(name, []).append(value)
    fields.pop("csrf_token", None)
    return str(mia.post(place.partition("?")[0], fields).text)


def stored(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        query = select(Annotation.exact, Assignment.user_id).join(Assignment, Assignment.id == Annotation.assignment_id)
        return [(exact, user_id) for exact, user_id in db.session.execute(query)]


def test_a_reviewer_s_work_comes_in_on_confirmation(app: Flask, mia: Browser) -> None:
    place = preview_of(mia, rows(), ada(app))
    page = mia.get(place).text
    assert "As the work of Ada" in page
    assert "Import 1 claim" in page
    assert stored(app) == []
    assert "1 claim came in as the work of Ada." in confirmed(mia, place, page)
    assert stored(app) == [("complete ceasefire", ada(app))]
    assert "Nothing new" in mia.get(preview_of(mia, rows(), ada(app))).text


def test_a_label_that_is_not_known_is_asked_for(app: Flask, mia: Browser) -> None:
    place = preview_of(mia, rows({"label": "FALSE"}), ada(app))
    page = mia.get(place).text
    assert "Not known here: choose one" in page
    assert "Import 1" not in page
    said = mia.get(f"{place}&word=FALSE&key=disputed").text
    assert "Import 1 claim" in said
    confirmed(mia, place, said)
    assert len(stored(app)) == 1


def test_of_several_people_one_is_chosen(app: Flask, mia: Browser) -> None:
    place = preview_of(mia, rows({}, {"exact": "shelling", "reviewer": "Tom"}), ada(app))
    assert "holds the work of several people: Pia, Tom" in mia.get(place).text
    page = mia.get(f"{place}&author=Tom").text
    confirmed(mia, place, page)
    assert [exact for exact, _ in stored(app)] == ["shelling"]


def test_suggestions_come_in_without_a_label(app: Flask, mia: Browser) -> None:
    place = preview_of(mia, rows({"label": "whatever"}), "suggestions")
    page = mia.get(place).text
    assert "does not offer suggestions" in page
    assert "1 suggestion came in." in confirmed(mia, place, page)
    assert stored(app) == []
    with app.app_context():
        assert len(db.session.scalars(select(ImportedSuggestion)).all()) == 1


def test_what_is_missing_or_wrong_is_said(app: Flask, mia: Browser) -> None:
    assert mia.post(PATH, {"become": ada(app)}).status_code == 422
    form = {"file": (io.BytesIO(rows()), "old.jsonl")}
    assert mia.post(PATH, form, content_type="multipart/form-data").status_code == 422
    assert "does not stand in the article" in mia.get(preview_of(mia, rows({"exact": "gone"}), ada(app))).text
    assert "This is not JSON" in mia.get(preview_of(mia, b"words", ada(app))).text
    assert mia.get(preview_of(mia, rows(), "2222222222222222")).status_code == 422
