"""The page of labels: adding, changing, the order, retiring and restoring."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from annotator.services import labels, projects
from tests.support.desk import Desk
from tests.support.people import OpenBrowser, open_browser

PATH = "/projects/idlib/labels"


def facts(**fields: Any) -> dict[str, Any]:
    return {
        "name": "Opinion",
        "definition": "A view.",
        "tone": "5",
        "needs_speaker": "y",
        "reasons": "forecast: Later",
        **fields,
    }


def keys(app: Flask, *, retired: bool = True) -> list[str]:
    with app.app_context():
        return [label.key for label in projects.labels_of(projects.by_slug("idlib"), retired=retired)]


@pytest.mark.usefixtures("idlib")
class TestLabels:
    def test_a_label_is_added_and_shown_to_everybody(self, app: Flask, open_browser: OpenBrowser) -> None:
        form = facts(key="opinion", stances=["supports", "refutes"])
        assert open_browser("Mia").post(f"{PATH}/new", form).status_code == 303
        assert keys(app) == ["sourced", "disputed", "unverified", "opinion"]
        page = open_browser("Ada").get(PATH).text
        assert "Must carry a speaker, evidence that supports or refutes it." in page
        assert "Retire" not in page

    def test_the_key_never_changes(self, app: Flask, open_browser: OpenBrowser) -> None:
        mia = open_browser("Mia")
        assert 'name="key"' not in mia.get(f"{PATH}/sourced").text
        assert mia.post(f"{PATH}/sourced", facts(key="changed")).status_code == 303
        assert keys(app) == ["sourced", "disputed", "unverified"]
        with app.app_context():
            label = labels.get(projects.by_slug("idlib"), "sourced")
            assert (label.name, label.tone, label.needs_reason, label.stances) == ("Opinion", 5, False, [])

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("name", "", "Name the label."),
            ("name", "   ", "A label needs a name."),
            ("name", "n" * 65, ""),
            ("key", "", "Choose a key."),
            ("key", "No Key", "use a-z, 0-9 and hyphens"),
            ("key", "sourced", "already"),
            ("tone", "9", ""),
            ("tone", "red", ""),
            ("reasons", "good: x\nNot good: y", "Line 2"),
        ],
    )
    def test_what_cannot_be_stored_is_said_at_its_field(
        self, app: Flask, open_browser: OpenBrowser, field: str, value: str, message: str
    ) -> None:
        answer = open_browser("Mia").post(f"{PATH}/new", facts(key="opinion") | {field: value})
        assert answer.status_code == 422
        error = re.search(rf'id="{field}-error"[^>]*>(.*?)</div>', answer.text, re.DOTALL)
        assert error is not None
        assert message in error[1]
        assert len(keys(app)) == 3

    def test_a_bad_change_changes_nothing(self, app: Flask, open_browser: OpenBrowser) -> None:
        answer = open_browser("Mia").post(f"{PATH}/sourced", facts(stances=["invents"]))
        assert answer.status_code == 422
        assert "Sourced" in open_browser("Ada").get(PATH).text

    def test_the_order_changes_with_the_digits(self, app: Flask, open_browser: OpenBrowser) -> None:
        mia = open_browser("Mia")
        assert mia.post(f"{PATH}/unverified/up").status_code == 303
        assert keys(app) == ["sourced", "unverified", "disputed"]

    @pytest.mark.parametrize("act", ["delete", "rename", "up%20"])
    def test_other_acts_are_not_known(self, app: Flask, open_browser: OpenBrowser, act: str) -> None:
        assert open_browser("Mia").post(f"{PATH}/sourced/{act}").status_code == 404
        assert open_browser("Mia").post(f"{PATH}/missing/retire").status_code == 404

    def test_the_last_label_in_use_stays(self, app: Flask, open_browser: OpenBrowser) -> None:
        mia = open_browser("Mia")
        statuses = [mia.post(f"{PATH}/{key}/retire").status_code for key in ("sourced", "disputed", "unverified")]
        assert statuses == [303, 303, 409]
        assert keys(app, retired=False) == ["unverified"]

    @pytest.mark.parametrize("name", ["Ada", "Jo"])
    def test_only_managers_change_labels(self, app: Flask, open_browser: OpenBrowser, name: str) -> None:
        browser = open_browser(name)
        assert browser.post(f"{PATH}/new", facts(key="opinion")).status_code == 403
        assert browser.post(f"{PATH}/sourced", facts()).status_code == 403
        assert browser.post(f"{PATH}/sourced/retire").status_code == 403
        assert len(keys(app, retired=False)) == 3


def test_a_retired_label_keeps_its_claims_and_is_offered_no_more(app: Flask) -> None:
    desk = Desk(app)
    article_id = desk.article()
    annotation_id = desk.mark("ada", article_id, "complete ceasefire", "disputed")
    mia = open_browser(app, "Mia")
    assert mia.post("/projects/truce/labels/disputed/retire").status_code == 303
    assert "no longer offered" in mia.get("/projects/truce/labels").text
    with app.app_context():
        assert desk.stored(annotation_id).label_id == labels.get(desk.project(), "disputed").id
    page = open_browser(app, "Ada").get(f"/articles/{article_id}").text
    assert "Disputed" in page
    assert "complete ceasefire" in page
    mia.post("/projects/truce/labels/disputed/restore")
    with app.app_context():
        assert labels.get(desk.project(), "disputed").retired_at is None
