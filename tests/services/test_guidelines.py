"""What a person has read of the guideline: noted once, never backwards, and compared with what is in force."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.domain.differences import Kind
from annotator.errors import NotFound
from annotator.services import guidelines, projects
from tests.support.desk import Desk, counted_statements


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def write(desk: Desk, text: str) -> None:
    desk.write(lambda: projects.write_guideline(desk.project(), text))


def read(desk: Desk, version: int, name: str = "ada") -> bool:
    return desk.write(lambda: guidelines.note_reading(desk.user(name), desk.project(), version))


def shown(desk: Desk, name: str = "ada") -> guidelines.Shown | None:
    with desk.app.app_context():
        return guidelines.shown_to(desk.user(name), desk.project())


def test_without_a_guideline_there_is_nothing_to_read(desk: Desk) -> None:
    assert shown(desk) is None
    with pytest.raises(NotFound):
        read(desk, 1)


def test_it_is_unread_until_it_was_opened_and_again_after_a_new_version(desk: Desk) -> None:
    write(desk, "Mark claims.")
    first = shown(desk)
    assert first is not None
    assert (first.unread, first.read, first.changes) == (True, None, [])
    assert read(desk, 1) is True
    again = shown(desk)
    assert again is not None
    assert not again.unread
    write(desk, "Mark all claims.")
    newer = shown(desk)
    assert newer is not None
    assert (newer.unread, newer.read, newer.guideline.version) == (True, 1, 2)
    (changed,) = newer.changes
    assert changed is not None
    assert [piece.text for piece in changed.pieces if piece.kind is Kind.ADDED] == [" all"]


def test_one_persons_reading_is_nobody_elses(desk: Desk) -> None:
    write(desk, "Mark claims.")
    read(desk, 1)
    ben = shown(desk, "ben")
    assert ben is not None
    assert ben.unread


def test_an_older_version_that_is_opened_later_takes_nothing_back(desk: Desk) -> None:
    write(desk, "one")
    write(desk, "two")
    assert read(desk, 2) is True
    assert read(desk, 1) is False
    assert read(desk, 2) is False
    present = shown(desk)
    assert present is not None
    assert present.read == 2


def test_a_version_that_does_not_exist_cannot_have_been_read(desk: Desk) -> None:
    write(desk, "one")
    for version in (0, 2, 1_000_000):
        with pytest.raises(NotFound):
            read(desk, version)


def test_one_statement_shows_it(desk: Desk, app: Flask) -> None:
    write(desk, "one")
    read(desk, 1)
    write(desk, "two")
    with app.app_context():
        user, project = desk.user("ada"), desk.project()
        with counted_statements(app) as statements:
            assert guidelines.shown_to(user, project)
    assert len(statements) == 1
