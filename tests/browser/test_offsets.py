"""Offsets through the whole tool: hostile texts marked in a real browser, exported, imported again, and equal.

The cases are those of tests/data/offsets.json, by which the two implementations of offsets are held to each other.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from annotator.db import db, transaction
from annotator.formats import writing
from annotator.models import Article, ArticleVersion
from annotator.services import datasets, projects
from tests.support.desk import Desk
from tests.support.reader import Reader

CASES = json.loads((Path(__file__).parents[1] / "data" / "offsets.json").read_text(encoding="utf-8"))["spans"]

# Selects by code units of the page's own text, since white space that a page folds away cannot be dragged over.
SELECT_UNITS = """([start, end]) => {
    const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
    const place = (wanted, closing) => {
        let passed = 0;
        walker.currentNode = walker.root;
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (closing ? wanted <= passed + node.length : wanted < passed + node.length) return [node, wanted - passed];
            passed += node.length;
        }
        throw new Error(`${wanted} is beyond the text`);
    };
    document.getSelection().setBaseAndExtent(...place(start, false), ...place(end, true));
}"""


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def on_page(text: str) -> int:
    """How many code units `text` has in a page: a browser reads CR LF and a lone CR as one LF."""
    return len(text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-16-le")) // 2


def export(app: Flask, layer: str, format_: str = "csv") -> bytes:
    with app.app_context(), datasets.open_table(projects.by_slug("truce"), layer) as table:
        return b"".join(writing.write(table.columns, table.rows, format_))


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def texts(app: Flask, slug: str) -> list[str]:
    with app.app_context():
        query = select(ArticleVersion.text).join(Article, Article.id == ArticleVersion.article_id)
        query = query.where(Article.project_id == projects.by_slug(slug).id).order_by(Article.position)
        return list(db.session.scalars(query))


def test_what_is_marked_in_the_browser_is_what_every_format_says(
    app: Flask, desk: Desk, page: Page, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    articles = [desk.article(case["text"]) for case in CASES]
    assert texts(app, "truce") == [case["text"] for case in CASES]
    ada = Reader(app, page, "ada@example.org")
    for case, article_id in zip(CASES, articles, strict=True):
        ada.open(article_id)
        page.evaluate(SELECT_UNITS, [on_page(case["text"][: case[edge]]) for edge in ("start", "end")])
        ada.press("1").saved()
        expect(ada.cards, case["name"]).to_have_count(1)

    rows = rows_of(export(app, "annotations"))
    marked = [(row["article_id"], int(row["start"]), int(row["end"]), row["exact"]) for row in rows]
    assert marked == [
        (article_id, case["start"], case["end"], case["exact"])
        for article_id, case in zip(articles, CASES, strict=True)
    ]
    lines = [orjson.loads(line) for line in export(app, "annotations", "jsonl").splitlines()]
    assert [(line["start"], line["end"], line["exact"]) for line in lines] == [each[1:] for each in marked]
    guarded = export(app, "annotations", "csv-spreadsheet").decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(guarded, newline="")))) == len(CASES)

    for name, written in writing.FORMATS.items():
        path = tmp_path / f"again{written.suffix}"
        path.write_bytes(b"".join(writing.write(("text",), ([case["text"]] for case in CASES), name)))
        with app.app_context(), transaction():
            projects.create(name, "Again")
        result = runner.invoke(args=["import", name, str(path)])
        assert result.exit_code == 0, result.output
        again = texts(app, name)
        assert again == texts(app, "truce"), name
        assert [text[start:end] for text, (_, start, end, _) in zip(again, marked, strict=True)] == [
            case["exact"] for case in CASES
        ]


def test_a_page_that_miscounts_is_caught(app: Flask, desk: Desk, page: Page) -> None:
    """The positive control: a page that takes code units for code points marks other words than the reader's."""

    def miscount(route: Route) -> None:
        answer = route.fetch()
        planted = answer.text().replace("return text.length - pairs;", "return text.length;")
        assert planted != answer.text()
        route.fulfill(response=answer, body=planted)

    page.route("**/js/lib/offsets.js", miscount)
    case = next(case for case in CASES if case["name"] == "emoji")
    ada = Reader(app, page, "ada@example.org").open(desk.article(case["text"]))
    page.evaluate(SELECT_UNITS, case["units"])
    ada.press("1").saved()
    (row,) = rows_of(export(app, "annotations"))
    assert (int(row["start"]), int(row["end"]), row["exact"]) != (case["start"], case["end"], case["exact"])
