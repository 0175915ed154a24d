"""GET /api/v1/projects/{slug}/export"""

from __future__ import annotations

import csv
import io

import pytest

from annotator.formats import catalogue
from annotator.services import datasets
from tests.support.program import Office

PATH = "/projects/truce/export"


@pytest.fixture
def finished(office: Office) -> str:
    """A finished article with one gold claim; its text."""
    article = office.article()
    mark = str(office.ada.mark(article, 'calm "except for one or two separate incidents."'))
    office.submit(article)
    decision = {"question": mark, "outcome": "accept", "annotation": mark, "justification": "As marked."}
    assert office.jo.post(f"/articles/{article}/decisions", decision).status_code == 201
    assert office.jo.post(f"/articles/{article}/finish").status_code == 200
    return office.jo.get(f"/articles/{article}").json["text"]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_gold_rows_quote_the_text(office: Office, finished: str) -> None:
    for program in (office.jo, office.mia):
        answer = program.get(f"{PATH}?layer=gold&format=csv")
        assert (answer.status_code, answer.mimetype) == (200, "text/csv")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="truce-gold.csv"'
        rows = rows_of(answer.text)
        assert len(rows) == 1
        assert rows[0]["exact"] == finished[int(rows[0]["start"]) : int(rows[0]["end"])]


@pytest.mark.parametrize("format_", catalogue.FORMATS)
@pytest.mark.parametrize("layer", datasets.LAYERS)
def test_every_layer_comes_in_every_format(office: Office, finished: str, layer: str, format_: str) -> None:
    answer = office.mia.get(f"{PATH}?layer={layer}&format={format_}")
    assert answer.status_code == 200
    assert answer.data == office.mia.get(f"{PATH}?layer={layer}&format={format_}").data


def test_reviewers_and_strangers_get_none(office: Office, refused, finished: str) -> None:
    refused(office.ada.get(PATH), 403)
    missing = refused(office.sam.get("/projects/none/export"), 404)
    assert refused(office.sam.get(PATH), 404) == missing
    refused(office.nobody.get(PATH), 401)
    refused(office.mia.post(PATH, {}), 405)


def test_reviewers_work_is_left_out_until_its_article_opens(office: Office) -> None:
    article = office.article()
    office.ada.mark(article, "complete ceasefire")
    assert rows_of(office.mia.get(f"{PATH}?layer=annotations").text) == []
    office.submit(article)
    (row,) = rows_of(office.mia.get(f"{PATH}?layer=annotations").text)
    assert (row["reviewer"], row["exact"]) == ("Ada", "complete ceasefire")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("layer=everything", "layer"),
        ("format=xls", "format"),
        ("format=../etc/passwd", "format"),
        ("layer=gold%0d%0aX:1", "layer"),
        ("release=v1", "release"),
        ("depth=1", "depth"),
        ("layer=gold&layer=links", "layer"),
        (f"layer={'x' * 1_000}", "layer"),
    ],
)
def test_a_bad_query_is_refused(office: Office, refused, query: str, field: str) -> None:
    refused(office.mia.get(f"{PATH}?{query}"), 422, field)


def test_a_whole_project_is_for_its_managers(office: Office, refused) -> None:
    answer = office.mia.get(f"{PATH}?layer=all&format=jsonl")
    assert answer.status_code == 200
    assert answer.text.startswith('{"format":"annotator-project"')
    assert answer.headers["Content-Disposition"] == 'attachment; filename="truce-all.jsonl"'
    refused(office.jo.get(f"{PATH}?layer=all&format=jsonl"), 403)
    refused(office.mia.get(f"{PATH}?layer=all&format=csv"), 422, "format")
    refused(office.mia.get(f"{PATH}?layer=all&format=jsonl&release=1.0.0"), 422, "release")
