"""`annotator copies`, and copies that are found at the end of an import."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask

from annotator.services import copy_finding
from tests.matching.test_copies import Newsroom
from tests.support.desk import Desk


def test_an_import_finds_copies_and_the_command_lists_them(run, app: Flask, tmp_path: Path) -> None:
    room, desk = Newsroom(4), Desk(app)
    wire, own = room.story(["Idlib"]), room.story(["Idlib"])
    folder = tmp_path / "stories"
    folder.mkdir()
    for name, text in (("wire", wire), ("edited", room.edited(wire)), ("own", own)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    run("import", desk.slug, folder)
    printed = run("copies", desk.slug, "--json")
    rows = json.loads(printed.stdout)
    assert "Compared anew: 0. Came into a group: 0." in printed.stderr
    assert [row["group_state"] for row in rows] == ["suggested", "suggested"]
    assert len({row["group"] for row in rows}) == 1
    desk.article(wire, publisher="The Herald")
    assert "Compared anew: 1. Came into a group: 1." in run("copies", desk.slug).stderr
    assert "The Herald" in run("copies", desk.slug).stdout


def test_a_large_import_leaves_copies_to_be_looked_for_and_says_how(
    run, app: Flask, tmp_path: Path, monkeypatch
) -> None:
    room, desk = Newsroom(5), Desk(app)
    wire = room.story(["Idlib"])
    for name, text in (("wire", wire), ("edited", room.edited(wire))):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr(copy_finding, "AFTER_IMPORT", 1)
    printed = run("import", desk.slug, tmp_path / "wire.txt", tmp_path / "edited.txt")
    assert f"Not compared yet: 2 articles. Look for copies: annotator copies {desk.slug}" in printed.stderr
    assert "Compared anew: 2. Came into a group: 2." in run("copies", desk.slug).stderr


def test_without_articles_there_is_nothing_to_list(run, app: Flask) -> None:
    assert json.loads(run("copies", Desk(app).slug, "--json").stdout) == []
    run("copies", "none", status=1)
