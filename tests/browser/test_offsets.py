"""Offsets through the whole tool: hostile texts marked in a real browser, exported, imported again, and equal.

The cases are those of tests/data/offsets.json, by which the two implementations of offsets are held to each other.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from annotator.db import db, transaction
from annotator.domain.claims import Claim
from annotator.formats import catalogue, writing
from annotator.models import Article, ArticleVersion
from annotator.services import annotations as claims_service
from annotator.services import datasets, projects
from tests.support.desk import Desk
from tests.support.reader import Reader

CASES = json.loads((Path(__file__).parents[1] / "data" / "offsets.json").read_text(encoding="utf-8"))["spans"]

DRAWN = {
    "Arabic with vowel marks", "Hebrew with points", "Chinese", "Japanese", "Devanagari clusters", "emoji",
    "flag and skin tone", "combining accents", "Arabic with Latin letters and digits", "Persian with a non-joiner",
}  # fmt: skip

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

    for name in catalogue.hashed_formats():
        path = tmp_path / f"again{catalogue.FORMATS[name].suffix}"
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


def words_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without blanks at its ends."""
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip())


def neighbours(case: dict[str, Any]) -> list[tuple[int, int]]:
    """Spans before, inside, around and across the edges of the case's own; whole words, so no character is cut."""
    text, start, end = case["text"], case["start"], case["end"]
    first = start + len(case["exact"].split()[0])
    last = end - len(case["exact"].split()[-1])
    behind = text[:start].rstrip().rfind(" ") + 1
    spans = [(0, start), (start, first), (last, end), (0, len(text)), (behind, first), (last, len(text))]
    return sorted({span for span in (words_of(text, *span) for span in spans) if span[0] < span[1]})


def dispute(desk: Desk, article_id: str, claim: Claim) -> None:
    desk.write(lambda: claims_service.put(desk.user("ada"), article_id, uuid4(), claim, if_version=None))


@pytest.mark.soak
def test_marks_before_inside_around_and_across_change_no_offset(
    app: Flask, desk: Desk, page: Page, request: pytest.FixtureRequest
) -> None:
    cases = [case for case in CASES if case["name"] in DRAWN or request.config.getoption("--full")]
    articles = [desk.article(case["text"]) for case in cases]
    for case, article_id in zip(cases, articles, strict=True):
        for start, end in neighbours(case):
            dispute(desk, article_id, Claim(start, end, case["text"][start:end], "disputed"))
    ada = Reader(app, page, "ada@example.org")
    for case, article_id in zip(cases, articles, strict=True):
        ada.open(article_id)
        page.evaluate(SELECT_UNITS, [on_page(case["text"][: case[edge]]) for edge in ("start", "end")])
        ada.press("1").saved()
    rows = [row for row in rows_of(export(app, "annotations")) if row["label"] == "sourced"]
    found = [(row["article_id"], int(row["start"]), int(row["end"]), row["exact"]) for row in rows]
    assert found == [
        (article_id, case["start"], case["end"], case["text"][case["start"] : case["end"]])
        for article_id, case in zip(articles, cases, strict=True)
    ]


# Where the pointer goes down and comes up, so that exactly these units are selected: the outer half of the first and
# of the last letter, each in its own direction. They are told as soon as they stay there from one frame to the next.
OUTER_HALVES = """async ([start, end]) => {
    const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
    const box = (from, to) => {
        let passed = 0;
        walker.currentNode = walker.root;
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (from < passed + node.length) {
                const range = document.createRange();
                range.setStart(node, from - passed);
                range.setEnd(node, Math.min(to - passed, node.length));
                return [range.getBoundingClientRect(), /[\\p{Script=Arabic}\\p{Script=Hebrew}]/u.test(String(range))];
            }
            passed += node.length;
        }
    };
    const segments = [...new Intl.Segmenter("en").segment(document.getElementById("text").textContent)];
    const letter = (unit) => segments.find(({ index, segment }) => index <= unit && unit < index + segment.length);
    const outer = (unit, opening) => {
        const { index, segment } = letter(unit);
        const [place, leftwards] = box(index, index + segment.length);
        return [opening === leftwards ? place.right - 0.5 : place.left + 0.5, place.top + place.height / 2];
    };
    const measure = () => [outer(start, true), outer(end - 1, false)];
    for (let places = measure(), before = ""; ; places = measure()) {
        if (before === JSON.stringify(places)) return places;
        before = JSON.stringify(places);
        await new Promise((next) => requestAnimationFrame(next));
    }
}"""


@pytest.mark.parametrize("case", [case for case in CASES if case["name"] in DRAWN], ids=lambda case: str(case["name"]))
def test_what_the_mouse_is_drawn_over_is_what_is_stored(
    app: Flask, desk: Desk, page: Page, case: dict[str, Any]
) -> None:
    """With Alt, so that no word grows; the marks in the way are those of the test above."""
    article_id = desk.article(case["text"])
    for start, end in neighbours(case)[:3]:
        dispute(desk, article_id, Claim(start, end, case["text"][start:end], "disputed"))
    ada = Reader(app, page, "ada@example.org").open(article_id)
    down, up = page.evaluate(OUTER_HALVES, [on_page(case["text"][: case[edge]]) for edge in ("start", "end")])
    page.keyboard.down("Alt")
    page.mouse.move(*down)
    page.mouse.down()
    page.mouse.move(*up, steps=8)
    page.mouse.up()
    page.keyboard.up("Alt")
    ada.press("1").saved()
    (row,) = [row for row in rows_of(export(app, "annotations")) if row["label"] == "sourced"]
    assert (int(row["start"]), int(row["end"]), row["exact"]) == (case["start"], case["end"], case["exact"])


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
