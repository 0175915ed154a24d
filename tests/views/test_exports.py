"""Exporting by page: the same bytes as from the command line, safe headers, and only for who may see results."""

from __future__ import annotations

import csv
import io
from itertools import product
from typing import Any

import orjson
import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from annotator.formats import catalogue, writing
from annotator.models import Outcome
from annotator.services import adjudication, adjudication_phase, datasets, questions
from annotator.services.adjudication import Answer
from tests.support.desk import STORY, Desk
from tests.support.people import OpenBrowser, open_browser

DOWNLOAD = "/projects/truce/export/download"


@pytest.fixture
def desk(app: Flask) -> Desk:
    """One finished article and one in review."""
    desk = Desk(app)
    article_id = desk.article(title="Truce, they say")
    desk.mark("ada", article_id, "complete ceasefire", "sourced", note='=cmd() "quoted", and\nmore')
    desk.mark("ben", article_id, "a complete ceasefire", "disputed")
    for name in ("ada", "ben"):
        desk.submit(name, article_id)

    def settle() -> None:
        for view in questions.questions(desk.user("jo"), article_id):
            taken = Answer(Outcome.ACCEPT, annotation=view.versions[0].id, justification="=1+1")
            adjudication.decide(desk.user("jo"), article_id, view.id, taken)
        adjudication_phase.finish(desk.user("jo"), article_id)

    desk.write(settle)
    other = desk.article("Another ceasefire, still in review.")
    desk.mark("ada", other, "ceasefire")
    return desk


def download(desk: Desk, name: str = "Mia", **query: str) -> Any:
    """The answer, read to its end and closed, as a server does."""
    with open_browser(desk.app, name).get(DOWNLOAD, query_string=query) as answer:
        answer.get_data()
    return answer


def test_a_download_is_what_the_writer_writes(desk: Desk) -> None:
    for layer, format_ in product(datasets.LAYERS, catalogue.FORMATS):
        answer = download(desk, layer=layer, format=format_)
        with desk.app.app_context(), datasets.open_table(desk.project(), layer, viewer=desk.user("mia")) as table:
            expected = b"".join(writing.write(table.columns, table.rows, format_))
        assert answer.status_code == 200, (layer, format_)
        assert answer.data == expected, (layer, format_)
        assert answer.headers["Content-Type"] == catalogue.FORMATS[format_].media_type
        suffix = catalogue.FORMATS[format_].suffix
        assert answer.headers["Content-Disposition"] == f'attachment; filename="truce-{layer}{suffix}"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_command_line_gives_the_same_bytes(desk: Desk, runner: FlaskCliRunner) -> None:
    for layer in ("gold", "decisions", "articles"):
        result: Result = runner.invoke(args=["export", "truce", "--layer", layer])
        assert result.exit_code == 0, result.output
        assert result.stdout_bytes == download(desk, layer=layer).data, layer


def test_every_gold_row_quotes_its_text(desk: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(download(desk, layer="gold").data.decode(), newline="")))
    assert len(rows) == 1
    for row in rows:
        assert STORY[int(row["start"]) : int(row["end"])] == row["exact"]
    lines = download(desk, layer="gold", format="jsonl").data.splitlines()
    assert [orjson.loads(line)["exact"] for line in lines] == [row["exact"] for row in rows]


def test_what_is_still_in_review_stays_out(desk: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(download(desk, layer="annotations").data.decode(), newline="")))
    assert sorted(row["exact"] for row in rows) == ["a complete ceasefire", "complete ceasefire"]


def test_the_spreadsheet_flavour_guards_formulas_and_the_exact_one_does_not(desk: Desk) -> None:
    exact = csv.DictReader(io.StringIO(download(desk, layer="gold").data.decode(), newline=""))
    guarded = download(desk, layer="gold", format="csv-spreadsheet").data.decode("utf-8-sig")
    assert [row["justification"] for row in exact] == ["=1+1"]
    assert [row["justification"] for row in csv.DictReader(io.StringIO(guarded, newline=""))] == ["'=1+1"]


def test_other_layers_and_formats_are_refused(desk: Desk) -> None:
    refused = [{"layer": each} for each in ("people", "../gold", "", "gold\r\nSet-Cookie: a=b")]
    refused += [{"format": each} for each in ("xls", "csv\r\nX: y")]
    for query in refused:
        answer = download(desk, **query)
        assert answer.status_code == 422, query
        assert "Content-Disposition" not in answer.headers
        assert "Choose of" in answer.text


def test_only_who_sees_results_exports(desk: Desk) -> None:
    for name, status in {"Jo": 200, "Mia": 200, "Ada": 403, "Sam": 404}.items():
        assert download(desk, name).status_code == status, name
        assert open_browser(desk.app, name).get("/projects/truce/export").status_code == status, name


def test_the_page_offers_each_layer_in_each_format(desk: Desk) -> None:
    page = open_browser(desk.app, "Jo").get("/projects/truce/export").text
    for layer in datasets.LAYERS:
        for format_ in catalogue.FORMATS:
            assert f"{DOWNLOAD}?layer={layer}&amp;format={format_}" in page


def test_an_empty_project_exports_headers(idlib: str, open_browser: OpenBrowser) -> None:
    mia = open_browser("Mia")
    assert "No article is finished yet" in mia.get(f"/projects/{idlib}/export").text
    for layer in datasets.LAYERS:
        with mia.get(f"/projects/{idlib}/export/download?layer={layer}") as answer:
            assert answer.data.count(b"\n") == 1


def test_a_download_is_not_a_post(idlib: str, open_browser: OpenBrowser) -> None:
    assert open_browser("Mia").post(f"/projects/{idlib}/export/download").status_code == 405


def test_a_whole_project_is_for_its_managers(desk: Desk) -> None:
    mia, jo = open_browser(desk.app, "Mia"), open_browser(desk.app, "Jo")
    assert "/projects/truce/export/all" in mia.get("/projects/truce/export").text
    assert "/projects/truce/export/all" not in jo.get("/projects/truce/export").text
    with mia.get("/projects/truce/export/all") as answer:
        assert answer.data.startswith(b'{"format":"annotator-project"')
    assert jo.get("/projects/truce/export/all").status_code == 403


def test_what_a_file_would_hold_is_said_before_the_download(desk: Desk) -> None:
    page = open_browser(desk.app, "Mia").get("/projects/truce/export/check?layer=gold&format=web-annotation").text
    assert "Gold as Web Annotation" in page
    assert f"{DOWNLOAD}?layer=gold&amp;format=web-annotation" in page
