"""Files that wait between upload and import: whose they are, what they are called, how long they stay."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from flask import Flask

from annotator.errors import NotFound
from annotator.models import Project
from annotator.services import projects, uploads
from annotator.services.uploads import Upload
from tests.support.desk import Desk

HOSTILE = (
    ("../../etc/passwd", "passwd"),
    ("..\\..\\windows\\system.ini", "system.ini"),
    ("/absolute.txt", "absolute.txt"),
    ("a/b/c.txt", "c.txt"),
    ("..", ".."),
    (".", "."),
    ("folder/", "pasted text.txt"),
    ("upload.json", "upload.json"),
    ("x" * 500 + ".txt", "x" * 200),
    ("line\nbreak.txt", "line\nbreak.txt"),
)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "uploads"


def keep(desk: Desk, folder: Path, *names: str, person: str = "mia") -> Upload:
    streams = [(name, io.BytesIO(f"bytes of {name}".encode())) for name in names]
    with desk.app.app_context():
        return uploads.keep(folder, desk.project(), desk.user(person), streams)


def get(desk: Desk, folder: Path, upload_id: str, *, person: str = "mia", project: str = "truce") -> Upload:
    with desk.app.app_context():
        return uploads.get(folder, projects.by_slug(project), desk.user(person), upload_id)


def test_what_was_kept_is_found_again_in_its_order(desk: Desk, folder: Path) -> None:
    kept = keep(desk, folder, "one.txt", "two.md", "one.txt")
    found = get(desk, folder, kept.id)
    assert found == kept
    assert [file.path.read_text() for file in found.files] == [f"bytes of {file.name}" for file in found.files]


@pytest.mark.parametrize(("name", "shown"), HOSTILE)
def test_a_name_is_shown_and_never_used_as_a_path(desk: Desk, folder: Path, name: str, shown: str) -> None:
    kept = keep(desk, folder, name)
    (file,) = get(desk, folder, kept.id).files
    assert file.name == shown
    assert file.path == folder / kept.id / "0"
    assert file.path.read_bytes() == f"bytes of {name}".encode()
    written = {path.relative_to(folder.parent) for path in folder.parent.rglob("*") if path.is_file()}
    own = {path for path in written if path.parts[0] == "uploads"}
    assert own == {Path("uploads", kept.id, "0"), Path("uploads", kept.id, "upload.json")}


def test_it_belongs_to_one_person_and_one_project(desk: Desk, folder: Path) -> None:
    kept = keep(desk, folder, "one.txt")
    desk.write(lambda: projects.create("other", "Other", user=desk.user("mia")))
    with pytest.raises(NotFound):
        get(desk, folder, kept.id, person="jo")
    with pytest.raises(NotFound):
        get(desk, folder, kept.id, project="other")


@pytest.mark.parametrize("upload_id", ["", ".", "..", "../..", "2222222222222222", "a/b", "0" * 16, "\0" * 16])
def test_other_ids_are_not_found(desk: Desk, folder: Path, upload_id: str) -> None:
    keep(desk, folder, "one.txt")
    with pytest.raises(NotFound):
        get(desk, folder, upload_id)


def test_discarded_files_are_gone(desk: Desk, folder: Path) -> None:
    kept = keep(desk, folder, "one.txt")
    uploads.discard(folder, kept)
    uploads.discard(folder, kept)
    assert list(folder.iterdir()) == []
    with pytest.raises(NotFound, match="no longer wait here"):
        get(desk, folder, kept.id)


def test_what_is_older_than_a_day_goes_with_the_next_upload(desk: Desk, folder: Path) -> None:
    old, young = keep(desk, folder, "old.txt"), keep(desk, folder, "young.txt")
    for kept, hours in ((old, 25), (young, 23)):
        moment = time.time() - hours * 3600
        os.utime(folder / kept.id, (moment, moment))
    newest = keep(desk, folder, "new.txt")
    assert {place.name for place in folder.iterdir()} == {young.id, newest.id}


def test_nobody_else_on_the_machine_can_read_them(desk: Desk, folder: Path) -> None:
    kept = keep(desk, folder, "one.txt")
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / kept.id).stat().st_mode & 0o077 == 0


def test_an_upload_that_breaks_off_leaves_nothing(desk: Desk, folder: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    with desk.app.app_context():
        project: Project = desk.project()
        streams = [("one.txt", io.BytesIO(b"good")), ("two.txt", Broken())]
        with pytest.raises(ConnectionResetError):
            uploads.keep(folder, project, desk.user("mia"), streams)
    assert list(folder.iterdir()) == []
