"""Releases by page: the list, freezing one, what it holds and what changed, and who may."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask import Flask

from tests.services.test_releases import finished
from tests.support.desk import Desk
from tests.support.people import open_browser

INDEX = "/projects/truce/releases"


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    finished(desk)
    return desk


def test_a_release_is_frozen_and_shown(desk: Desk) -> None:
    mia = open_browser(desk.app, "Mia")
    assert "Nothing is released yet" in mia.get(INDEX).text
    made = mia.post(INDEX, {"version": "1.0.0", "note": "The first"}, follow_redirects=True)
    assert made.request.path == f"{INDEX}/1.0.0"
    assert "It never changes any more" in made.text
    assert "The first" in made.text
    listed = open_browser(desk.app, "Jo").get(INDEX).text
    assert "1.0.0" in listed
    assert "Freeze it" not in listed


def test_the_files_are_those_of_the_manifest(desk: Desk) -> None:
    mia = open_browser(desk.app, "Mia")
    mia.post(INDEX, {"version": "1.0.0"})
    with mia.get(f"{INDEX}/1.0.0/manifest.json") as answer:
        manifest = json.loads(answer.data)
        assert answer.headers["Content-Disposition"] == 'attachment; filename="truce-1.0.0-manifest.json"'
    for layer, described in manifest["layers"].items():
        for form, expected in described["files"].items():
            with mia.get(f"{INDEX}/1.0.0/download?layer={layer}&format={form}") as file:
                assert hashlib.sha256(file.data).hexdigest() == expected, (layer, form)
    with mia.get(f"{INDEX}/1.0.0/download?layer=gold&format=csv") as file:
        assert file.headers["Content-Disposition"] == 'attachment; filename="truce-1.0.0-gold.csv"'
    assert mia.get(f"{INDEX}/1.0.0/download?layer=gold&format=xls").status_code == 422
    assert mia.get(f"{INDEX}/1.0.0/download?layer=links&format=web-annotation").status_code == 422


def test_what_changed_is_said_by_page(desk: Desk) -> None:
    mia = open_browser(desk.app, "Mia")
    mia.post(INDEX, {"version": "1.0.0"})
    finished(desk, "Later they spoke of a complete ceasefire again.", "disputed")
    mia.post(INDEX, {"version": "1.1.0"})
    page = mia.get(f"{INDEX}/1.1.0").text
    assert "What changed since 1.0.0" in page
    assert "1 claim" in page
    assert "Added" in page
    assert mia.get(f"{INDEX}/1.1.0?since=9.9.9").status_code == 404


@pytest.mark.parametrize(
    ("version", "words"), [("", "Give it a number"), ("one", "not a version"), ("0.1.0", "does not come after")]
)
def test_what_is_refused_is_said_at_its_field(desk: Desk, version: str, words: str) -> None:
    mia = open_browser(desk.app, "Mia")
    mia.post(INDEX, {"version": "1.0.0"})
    answer = mia.post(INDEX, {"version": version, "note": "kept"})
    assert answer.status_code == 422
    assert words in answer.text
    assert "kept" in answer.text


def test_all_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    mia = open_browser(desk.app, "Mia")
    answer = mia.get(f"{INDEX}/confirm?version=one&split=80/80")
    assert answer.status_code == 422
    assert "not a version" in answer.text
    assert "their sum is 100" in answer.text
