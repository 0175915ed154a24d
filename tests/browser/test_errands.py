"""The page of a file that takes its time: the bar moves, the keyboard stays where it is, and the download appears."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from annotator.domain.text import plain_blocks
from annotator.formats import catalogue
from annotator.formats.records import ArticleRecord
from annotator.services import datasets, imports
from tests.support.desk import Desk
from tests.support.paced import NAME, Paced
from tests.support.reader import let_in


def test_the_page_follows_the_work_to_its_end(
    app: Flask, page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(app)
    records = [ArticleRecord(f"{n}.", plain_blocks(f"{n}."), f"{n:064}") for n in range(900)]
    with app.app_context():
        imports.import_file(desk.project(), lambda: records, "many.jsonl")
    monkeypatch.setattr(datasets, "LARGE", 1)
    paced = Paced(tmp_path, held=300)
    monkeypatch.setitem(catalogue.FORMATS, NAME, paced.format)
    monkeypatch.setitem(catalogue.ALL_FORMATS, NAME, paced.format)
    let_in(page, app, "mia@example.org")
    page.goto("/projects/truce/export")
    page.get_by_role("button", name="Paced of articles").click()
    cancel = page.get_by_role("button", name="Cancel")
    cancel.focus()
    expect(page.locator("[data-errand] progress")).not_to_have_js_property("value", 0)
    expect(cancel).to_be_focused()
    paced.go_on()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes() == b"row\n" * 900
    expect(page.get_by_role("status")).to_have_text("It is ready.")
