"""People in exports and releases: names, pseudonyms that stay, or nobody; no trace of anybody where none should be."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from annotator.db import db
from annotator.domain.publication import Options, People
from annotator.formats import writing
from annotator.models import Project, User
from annotator.services import backups, datasets
from tests.support.desk import Desk
from tests.support.released import finished_article, package, release, settle, unpacked

STRANGE = {"ada": "Adalbertine", "ben": "Benvolio", "jo": "Jocasta", "mia": "Miasma", "sam": "Samsonite"}
"""Names that no text holds by chance."""


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)

    def rename() -> None:
        for key, name in STRANGE.items():
            user = desk.user(key)
            user.name, user.email = f"{name} Quux", f"{name.lower()}@newsroom.example"

    desk.write(rename)
    finished_article(desk)
    finished_article(desk, "Later a complete ceasefire was announced again, he said.", "complete ceasefire")
    return desk


def traces(desk: Desk, files: dict[str, bytes]) -> list[str]:
    """Where the name, address or id of anybody stands."""
    with desk.app.app_context():
        people = db.session.execute(select(User.id, User.name, User.email)).all()
    words = [word for row in people for word in (*row, row.name.split()[0], row.email.split("@")[0])]
    return [f"{word} in {name}" for name, content in files.items() for word in words if word.encode() in content]


@pytest.mark.parametrize("people", [People.PSEUDONYMS, People.NONE])
def test_nobody_is_in_a_package_that_should_name_nobody(desk: Desk, people: People) -> None:
    assert release(desk, "1.0.0", Options(people=people)) == []
    assert traces(desk, unpacked(package(desk, "1.0.0"))) == []


def test_people_are_found_where_they_are_named(desk: Desk) -> None:
    """The positive control."""
    release(desk, "1.0.0")
    found = traces(desk, unpacked(package(desk, "1.0.0")))
    for place in ("gold.csv", "annotations.jsonl", "dissent.csv", "links.csv", "decisions.csv", "manifest.json"):
        assert any(each.endswith(place) for each in found), place


@pytest.mark.parametrize(
    "leak",
    [
        lambda user: f"As {user.name.split()[0]} said",
        lambda user: f"Ask {user.email}",
    ],
    ids=["name", "address"],
)
def test_a_planted_leak_is_warned_of_and_found(desk: Desk, leak) -> None:
    with desk.app.app_context():
        note = leak(desk.user("ben"))
    article = desk.article("He spoke of a partial ceasefire.")
    claim = desk.mark("ada", article, "partial ceasefire", note=note)
    for name in ("ada", "ben"):
        desk.submit(name, article)
    desk.write(lambda: settle(desk, article))
    [warning] = release(desk, "1.0.0", Options(people=People.PSEUDONYMS))
    assert f"note of {claim} in annotations" in warning
    assert traces(desk, unpacked(package(desk, "1.0.0"))) != []


def test_a_note_of_the_release_that_names_somebody_is_warned_of(desk: Desk) -> None:
    [warning] = release(desk, "1.0.0", Options(people=People.NONE), note="Thanks to Benvolio")
    assert "says of itself" in warning


def reviewers(content: bytes, column: str) -> list[str]:
    return [row[column] for row in csv.DictReader(io.StringIO(content.decode(), newline=""))]


def exported(desk: Desk, layer: str, people: People, *, viewer: str | None = None) -> bytes:
    with desk.app.app_context():
        user = desk.user(viewer) if viewer else None
        with datasets.open_table(desk.project(), layer, viewer=user, people=people) as table:
            return b"".join(writing.write(table.columns, table.rows, "csv"))


def test_pseudonyms_tell_people_apart_and_stay_the_same(desk: Desk) -> None:
    release(desk, "1.0.0", Options(people=People.PSEUDONYMS))
    desk.write(lambda: setattr(desk.user("ada"), "name", "Another Name"))
    release(desk, "1.1.0", Options(people=People.PSEUDONYMS))
    first, second = (unpacked(package(desk, version))["data/annotations.csv"] for version in ("1.0.0", "1.1.0"))
    names = reviewers(first, "reviewer")
    assert len(set(names)) == 2
    assert (
        names
        == reviewers(second, "reviewer")
        == reviewers(exported(desk, "annotations", People.PSEUDONYMS), "reviewer")
    )
    # One person is one pseudonym in every layer.
    assert set(reviewers(unpacked(package(desk, "1.0.0"))["data/dissent.csv"], "reviewer")) <= set(names)


def test_another_project_has_other_pseudonyms(desk: Desk) -> None:
    before = exported(desk, "annotations", People.PSEUDONYMS)
    desk.write(lambda: db.session.execute(update(Project).values(pseudonym_key="another key")))
    assert exported(desk, "annotations", People.PSEUDONYMS) != before


def test_nobody_is_named_in_a_plain_export_without_people(desk: Desk) -> None:
    for layer in datasets.LAYERS:
        for viewer in (None, "mia", "jo"):
            assert traces(desk, {layer: exported(desk, layer, People.NONE, viewer=viewer)}) == []
            assert traces(desk, {layer: exported(desk, layer, People.PSEUDONYMS, viewer=viewer)}) == []
    assert set(reviewers(exported(desk, "annotations", People.NONE), "reviewer")) == {""}


def test_an_adjudicator_sees_letters_of_open_articles_whatever_they_ask_for(desk: Desk) -> None:
    article = desk.article("He spoke of a partial ceasefire.")
    desk.mark("ada", article, "partial ceasefire")
    for name in ("ada", "ben"):
        desk.submit(name, article)
    rows = list(csv.DictReader(io.StringIO(exported(desk, "annotations", People.PSEUDONYMS, viewer="jo").decode())))
    [hidden] = [row["reviewer"] for row in rows if row["article_id"] == article]
    assert hidden in {"Reviewer A", "Reviewer B"}


def test_a_backup_keeps_the_key_and_no_release_holds_it(
    desk: Desk, tmp_path: Path, make_app, database_engine: str
) -> None:
    before = exported(desk, "annotations", People.PSEUDONYMS)
    with desk.app.app_context():
        key = db.session.scalars(select(Project.pseudonym_key)).one()
    assert len(key) == 64
    release(desk, "1.0.0", Options(people=People.PSEUDONYMS))
    assert not any(key.encode() in content for content in unpacked(package(desk, "1.0.0")).values())
    if database_engine == "postgresql":
        # There a backup is a dump: see tests/cli/test_backups.py.
        return
    with desk.app.app_context():
        backups.copy_out(db.engine, tmp_path / "copy.sqlite3")
    copy = make_app(database_url=f"sqlite:///{tmp_path / 'copy.sqlite3'}")
    restored = Desk.__new__(Desk)
    restored.app, restored.slug, restored.ids = copy, desk.slug, desk.ids
    assert exported(restored, "annotations", People.PSEUDONYMS) == before
