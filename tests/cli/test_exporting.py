"""`annotator export`: to a file or to the output, the same bytes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask

from annotator.services import datasets
from tests.support.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    desk.mark("ada", desk.article(), "complete ceasefire", note='=1+1, "so"\r\nsaid')
    return desk


@pytest.mark.parametrize("layer", list(datasets.LAYERS))
def test_every_layer_goes_to_the_output_and_to_a_file(run, desk: Desk, tmp_path: Path, layer: str) -> None:
    output = run("export", desk.slug, "--layer", layer).stdout_bytes
    assert run("export", desk.slug, "--layer", layer, "-o", tmp_path / "out.csv").stdout == ""
    assert (tmp_path / "out.csv").read_bytes() == output
    assert output.endswith(b"\n")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".csv" or path.name.startswith(".")] == [
        "out.csv"
    ]


def test_python_reads_what_was_exported(run, desk: Desk) -> None:
    content = run("export", desk.slug, "--layer", "annotations", "--format", "csv").stdout_bytes.decode()
    [row] = csv.DictReader(io.StringIO(content, newline=""))
    assert row["note"] == '=1+1, "so"\r\nsaid'


def test_the_flavour_for_spreadsheets_is_guarded(run, desk: Desk) -> None:
    content = run("export", desk.slug, "--layer", "annotations", "--format", "csv-spreadsheet").stdout_bytes
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\"'=1+1" in content


def test_a_file_that_cannot_be_written_is_refused(run, desk: Desk, tmp_path: Path) -> None:
    refused = run("export", desk.slug, "--layer", "gold", "-o", tmp_path / "none" / "out.csv", status=1)
    assert "cannot be written" in refused.stderr


def test_an_export_that_fails_leaves_the_old_file(run, desk: Desk, tmp_path: Path) -> None:
    kept = tmp_path / "out.csv"
    kept.write_text("old")
    desk.write(lambda: _spoil(desk))
    run("export", desk.slug, "--layer", "annotations", "-o", kept, status=1)
    assert kept.read_text() == "old"
    assert not list(tmp_path.glob(".out.csv*"))


def _spoil(desk: Desk) -> None:
    from sqlalchemy import update

    from annotator.db import db
    from annotator.models import Annotation

    db.session.execute(update(Annotation).values(exact="something else"))


def test_a_whole_project_goes_out_and_comes_back(run, desk: Desk, tmp_path: Path) -> None:
    whole = tmp_path / "truce.jsonl"
    run("export", desk.slug, "--layer", "all", "--format", "jsonl", "-o", whole)
    run("project", "add", "again", "--name", "Again")
    people = tmp_path / "people.csv"
    people.write_text("person,email\nAda,ada@example.org\n", encoding="utf-8")
    assert "1 added" in run("import", "again", whole, "--people", people).stdout
    [was] = list(csv.DictReader(io.StringIO(run("export", desk.slug, "--layer", "annotations").stdout, newline="")))
    [now] = list(csv.DictReader(io.StringIO(run("export", "again", "--layer", "annotations").stdout, newline="")))
    ours = {"project", "article_id", "claim_id"}
    assert {key: value for key, value in now.items() if key not in ours} == {
        key: value for key, value in was.items() if key not in ours
    }
    run("check")
    assert "empty one only" in run("import", "again", whole, status=1).stderr


def test_a_whole_project_is_jsonl_and_of_no_release(run, desk: Desk) -> None:
    assert "jsonl only" in run("export", desk.slug, "--layer", "all", "--format", "csv", status=2).stderr
    assert "release" in run("export", desk.slug, "--layer", "all", "--release", "1.0.0", status=2).stderr
