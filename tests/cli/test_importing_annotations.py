"""`annotator import` of annotations: every format, as the work of a reviewer and as suggestions, ours and those of others."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import cassis  # type: ignore[import-untyped]
import pytest
from flask import Flask
from sqlalchemy import func, select

from annotator.db import db
from annotator.formats.annotation_reading import READERS
from annotator.models import Annotation, Article, Assignment, ImportedSuggestion, Label, Project, User
from tests.support.desk import STORY, Desk

TRUCE, CALM = "complete ceasefire", 'calm "except for one or two separate incidents."'
PLACE = (STORY.index(TRUCE), STORY.index(TRUCE) + len(TRUCE))
ADDRESS = "https://news.example.org/truce"


def table(tmp_path: Path) -> Path:
    path = tmp_path / "marks.csv"
    path.write_text(f"article_url,exact,label\n{ADDRESS},{TRUCE},sourced\n")
    return path


def lines(tmp_path: Path) -> Path:
    path = tmp_path / "marks.jsonl"
    path.write_text(json.dumps({"article_url": ADDRESS, "exact": TRUCE, "label": "sourced"}) + "\n")
    return path


def doccano(tmp_path: Path) -> Path:
    """As doccano exports a project of sequence labelling."""
    path = tmp_path / "admin.jsonl"
    path.write_text(json.dumps({"id": 7, "text": STORY, "label": [[*PLACE, "sourced"]], "Comments": []}) + "\n")
    return path


def label_studio(tmp_path: Path) -> Path:
    """As Label Studio exports a task with a text, by its template for named entities."""
    value = {"start": PLACE[0], "end": PLACE[1], "text": TRUCE, "labels": ["sourced"]}
    part = {
        "value": value,
        "id": "Dx_aB91",
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "origin": "manual",
    }
    answer = {
        "id": 11,
        "completed_by": 1,
        "result": [part],
        "was_cancelled": False,
        "ground_truth": False,
        "lead_time": 9.1,
    }
    task = {"id": 3, "annotations": [answer], "predictions": [], "data": {"text": STORY}, "meta": {}, "project": 1}
    path = tmp_path / "project-1.json"
    path.write_text(json.dumps([task]))
    return path


def brat(tmp_path: Path) -> Path:
    """A folder of brat, packed."""
    path = tmp_path / "brat.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("news/truce.txt", STORY)
        archive.writestr("news/truce.ann", f"T1\tsourced {PLACE[0]} {PLACE[1]}\t{TRUCE}\n#1\tAnnotatorNotes T1\tSo?\n")
        archive.writestr("annotation.conf", "[entities]\nsourced\n[relations]\n[events]\n[attributes]\n")
    return path


def uima_xmi(tmp_path: Path) -> Path:
    """As dkpro-cassis writes a text with a layer like those of INCEpTION."""
    types = cassis.TypeSystem()
    layer = types.create_type("webanno.custom.Statement", supertypeName="uima.tcas.Annotation")
    types.create_feature(layer, name="label", rangeType="uima.cas.String")
    cas = cassis.Cas(types)
    cas.sofa_string, cas.sofa_mime = STORY, "text/plain"
    cas.add(layer(begin=PLACE[0], end=PLACE[1], label="sourced"))
    path = tmp_path / "truce.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("truce.xmi", cas.to_xmi())
        archive.writestr("TypeSystem.xml", types.to_xml())
    return path


def web_annotation(tmp_path: Path) -> Path:
    """An annotation as the W3C's model shows them."""
    selectors = [
        {"type": "TextPositionSelector", "start": PLACE[0], "end": PLACE[1]},
        {"type": "TextQuoteSelector", "exact": TRUCE, "prefix": "announced a ", "suffix": " on Sunday"},
    ]
    annotation = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "https://annotations.example.org/1",
        "type": "Annotation",
        "body": {"type": "TextualBody", "value": "sourced", "purpose": "tagging"},
        "target": {"source": ADDRESS, "selector": selectors},
    }
    path = tmp_path / "annotation.jsonld"
    path.write_text(json.dumps(annotation))
    return path


OTHERS: dict[str, Callable[[Path], Path]] = {
    "csv": table,
    "jsonl": lines,
    "doccano": doccano,
    "label-studio": label_studio,
    "brat": brat,
    "uima-xmi": uima_xmi,
    "web-annotation": web_annotation,
}


@pytest.fixture
def desk(app: Flask, run, tmp_path: Path) -> Desk:
    """A project with two claims of Ada, and one to bring them into, whose reviewer is Ben and which has the article."""
    desk = Desk(app)
    article = desk.article(url=ADDRESS, title="Calm")
    desk.mark("ada", article, TRUCE)
    desk.mark("ada", article, CALM, "disputed", note="Which?")
    run("project", "add", "copy", "--name", "Copy", "--suggestions")
    run("member", "add", "copy", "ben@example.org", "--role", "reviewer")
    story = tmp_path / "story.jsonl"
    story.write_text(json.dumps({"text": STORY, "url": ADDRESS, "title": "Calm"}) + "\n")
    run("import", "copy", story)
    return desk


def marked(app: Flask) -> list[tuple[str, str, str]]:
    """The claims in the copy: whose, what, and its label."""
    query = (
        select(User.name, Annotation.exact, Label.key)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(User, User.id == Assignment.user_id)
        .join(Label, Label.id == Annotation.label_id)
        .join(Article, Article.id == Assignment.article_id)
        .join(Project, Project.id == Article.project_id)
        .where(Project.slug == "copy")
        .order_by(Annotation.start)
    )
    with app.app_context():
        return [(name, exact, label) for name, exact, label in db.session.execute(query)]


def suggested(app: Flask) -> int | None:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(ImportedSuggestion))


def check_import(run, app: Flask, path: Path, format_: str, wanted: list[tuple[str, str]]) -> None:
    """The file comes in both ways, with `wanted` quotes and labels; the same once more adds nothing."""
    for aim in (("--as-suggestions",), ("--as-reviewer", "ben@example.org")):
        told = run("import", "copy", path, *aim, "--format", format_, "--dry-run").stdout
        assert f"{len(wanted)} {'claims' if len(aim) == 2 else 'suggestions'} would be added" in told
        run("import", "copy", path, *aim)
        (again,) = json.loads(run("import", "copy", path, *aim, "--json").stdout)
        assert (again["added"], again["known"], again["errors"]) == (0, len(wanted), [])
    assert suggested(app) == len(wanted)
    assert marked(app) == [("Ben", exact, label) for exact, label in wanted]


@pytest.mark.parametrize("format_", list(READERS))
def test_what_we_wrote_comes_in(run, desk: Desk, format_: str, tmp_path: Path) -> None:
    content = run("export", desk.slug, "--layer", "annotations", "--format", format_).stdout_bytes
    suffix = {"csv": "csv", "uima-xmi": "zip", "brat": "zip", "jsonl": "jsonl", "doccano": "jsonl"}.get(format_, "json")
    path = tmp_path / f"ours.{suffix}"
    path.write_bytes(content)
    check_import(run, desk.app, path, format_, [(TRUCE, "sourced"), (CALM, "disputed")])


@pytest.mark.parametrize("format_", list(READERS))
def test_what_others_wrote_comes_in(run, desk: Desk, format_: str, tmp_path: Path) -> None:
    check_import(run, desk.app, OTHERS[format_](tmp_path), format_, [(TRUCE, "sourced")])


def test_a_place_that_is_one_off_is_caught(run, desk: Desk, tmp_path: Path) -> None:
    """The planted fault: a tool that counts from 1."""
    path = label_studio(tmp_path)
    [task] = json.loads(path.read_text())
    value = task["annotations"][0]["result"][0]["value"]
    value["start"], value["end"], value["text"] = value["start"] + 1, value["end"] + 1, TRUCE
    path.write_text(json.dumps([task]))
    assert "ceasefire" in run("import", "copy", path, "--as-reviewer", "ben@example.org", status=1).output
    assert marked(desk.app) == []
