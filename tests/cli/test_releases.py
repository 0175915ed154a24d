"""`annotator release`: makes and lists releases, and exports them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from tests.services.test_releases import finished
from tests.support.desk import STORY, Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    finished(desk)
    return desk


def test_a_release_is_made_listed_and_exported(run, listed, desk: Desk) -> None:
    made = run("release", desk.slug, "1.0.0", "--note", "The first").stdout
    assert "1 gold claim" in made
    [row] = listed("release", "list", desk.slug)
    assert (row["version"], row["gold"], row["note"]) == ("1.0.0", 1, "The first")
    assert row["sha256"] in made
    first = run("export", desk.slug, "--layer", "gold", "--release", "1.0.0").stdout_bytes
    assert b"truce,1.0.0," in first
    assert run("export", desk.slug, "--layer", "gold", "--release", "1.0.0").stdout_bytes == first


def test_what_is_refused(run, desk: Desk) -> None:
    assert "not a version" in run("release", desk.slug, "one", status=1).stderr
    assert "no project" in run("release", "nowhere", "1.0.0", status=1).stderr
    run("release", desk.slug, status=2)
    run("release", status=2)
    assert "no release" in run("export", desk.slug, "--layer", "gold", "--release", "9.0.0", status=1).stderr


def test_what_changed_is_told(run, desk: Desk) -> None:
    run("release", desk.slug, "1.0.0")
    assert run("release", "changes", desk.slug, "1.0.0").stdout == ""
    finished(desk, "Later they spoke of a complete ceasefire again.", "disputed")
    run("release", desk.slug, "1.1.0")
    for until in ((), ("1.1.0",)):
        claim, article = run("release", "changes", desk.slug, "1.0.0", *until).stdout.splitlines()
        assert claim.startswith("claim added  ")
        assert claim.endswith("  complete ceasefire")
        assert article.startswith("article added  ")
    lines = run("release", "changes", desk.slug, "1.0.0", "--json").stdout.split("\n")[:-1]
    assert [(json.loads(line)["of"], json.loads(line)["before"]) for line in lines] == [
        ("claim", None),
        ("article", None),
    ]
    assert "no release" in run("release", "changes", desk.slug, "9.9.9", status=1).stderr


def test_a_package_is_written_and_filled(run, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "story.txt").write_text(STORY)
    tried = run("release", desk.slug, "1.0.0", "--text", "none", "--dry-run").stdout
    assert "Nothing was frozen" in tried
    run("release", desk.slug, "1.0.0", "--text", "none", "--people", "pseudonyms", "--split", "80/10/10")
    run("release", "package", desk.slug, "1.0.0", "-o", tmp_path / "release.zip")
    assert run("release", "package", desk.slug, "1.0.0").stdout_bytes == (tmp_path / "release.zip").read_bytes()
    for name in ("filled", "filled.zip"):
        run("fill", tmp_path / "release.zip", tmp_path / "texts", "-o", tmp_path / name)
    with zipfile.ZipFile(tmp_path / "filled.zip") as archive:
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / "filled" / name).read_bytes()
        assert b"complete ceasefire" in archive.read("data/gold.csv")
    assert (
        "cannot be made"
        in run("fill", tmp_path / "release.zip", tmp_path / "texts", "-o", tmp_path / "filled", status=1).stderr
    )


def test_a_text_that_is_missing_is_listed_and_nothing_is_written(run, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    run("release", desk.slug, "1.0.0", "--text", "none")
    run("release", "package", desk.slug, "1.0.0", "-o", tmp_path / "release.zip")
    before = sorted(tmp_path.iterdir())
    answer = desk.app.test_cli_runner().invoke(
        args=["fill", str(tmp_path / "release.zip"), str(tmp_path / "texts"), "-o", str(tmp_path / "filled")]
    )
    assert answer.exit_code == 1
    assert "Not found: article " in answer.stderr
    assert "Error: 1 of 1 texts were not found" in answer.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_what_cannot_be_asked_for(run, desk: Desk) -> None:
    assert "such as 80/10/10" in run("release", desk.slug, "1.0.0", "--split", "half", status=2).stderr
    run("release", desk.slug, "1.0.0")
    assert (
        "leave --people out"
        in run("export", desk.slug, "--layer", "gold", "--release", "1.0.0", "--people", "none", status=2).stderr
    )
    assert "Only a release" in run("export", desk.slug, "--layer", "splits", status=2).stderr
    assert "no layer 'splits'" in run("export", desk.slug, "--layer", "splits", "--release", "1.0.0", status=1).stderr
    assert b",,accept" in run("export", desk.slug, "--layer", "gold", "--people", "none").stdout_bytes
