"""What is spoken to the driver itself says and gives the same as SQLAlchemy's own execution."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

import pytest
from sqlalchemy import Table, bindparam, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from annotator.db import db, new_id, transaction
from annotator.models import Event, Project
from annotator.services import projects
from annotator.spoken import Spoken
from tests.support.desk import counted_statements

MOMENT = datetime(2026, 11, 30, 12, 0, 0, 123456, tzinfo=UTC)
EVENTS = cast(Table, Event.__table__)
PROJECTS = cast(Table, Project.__table__)
BY_SLUG = select(PROJECTS, exists().where(PROJECTS.c.slug == "truce")).where(PROJECTS.c.slug == bindparam("slug"))


def an_event(**columns):
    names = {"id": new_id(), "chain": "c", "seq": 1, "at": MOMENT, "user_id": None, "project_id": None}
    texts = {"action": "a.b", "subject": str(uuid4()), "payload": "{}", "previous_hash": "0" * 64, "hash": "1" * 64}
    return names | texts | columns


@pytest.fixture
def truce(app):
    with app.app_context():
        with transaction():
            projects.create("truce", "Truce")
        yield db.session.connection()


def test_rows_are_those_of_sqlalchemy_in_every_type(truce):
    known = truce.execute(BY_SLUG, {"slug": "truce"}).one()
    spoken = Spoken(BY_SLUG)
    for found in [spoken.first(truce, {"slug": "truce"}) for _ in range(2)]:
        assert tuple(found) == tuple(known)
        assert list(map(type, found)) == list(map(type, known))
        assert (found.slug, found.created_at) == (known.slug, known.created_at)


def test_nothing_found_is_none_and_no_rows(truce):
    spoken = Spoken(BY_SLUG)
    assert spoken.first(truce, {"slug": "none"}) is None
    assert list(spoken.rows(truce, {"slug": "none"})) == []


def test_what_is_written_is_what_sqlalchemy_would_write(app):
    with app.app_context():
        first, second = an_event(seq=1), an_event(seq=2)
        with transaction():
            connection = db.session.connection()
            Spoken(insert(EVENTS)).run(connection, first)
            connection.execute(insert(EVENTS), second)
        rows = db.session.connection().execute(select(EVENTS).order_by(EVENTS.c.seq)).mappings().all()
        assert [dict(row) for row in rows] == [first, second]


def test_it_is_a_part_of_the_transaction(app):
    with app.app_context():
        with suppress(ZeroDivisionError), transaction():
            Spoken(insert(EVENTS)).run(db.session.connection(), an_event())
            raise ZeroDivisionError
        assert db.session.scalar(select(Event)) is None


def test_a_refusal_of_the_database_comes_in_the_words_of_sqlalchemy(app):
    with app.app_context():
        spoken = Spoken(insert(EVENTS))
        with transaction():
            connection = db.session.connection()
            spoken.run(connection, an_event())
            with pytest.raises(IntegrityError) as caught:
                spoken.run(connection, an_event())
            assert "seq" in str(caught.value.orig)
            db.session.rollback()
        assert db.session.scalar(select(Event)) is None
        with transaction():
            spoken.run(db.session.connection(), an_event())


def test_a_connection_that_ended_is_given_up(app, database_engine):
    if database_engine == "sqlite":
        return
    spoken = Spoken(select(PROJECTS.c.slug).where(PROJECTS.c.slug == bindparam("slug")))
    with app.app_context():
        with db.engine.connect() as connection, db.engine.connect() as other:
            other.execute(select(func.pg_terminate_backend(_process_of(connection), 60_000)))
            with pytest.raises(OperationalError) as caught:
                spoken.first(connection, {"slug": "truce"})
            assert caught.value.connection_invalidated
        with db.engine.connect() as connection:
            assert spoken.first(connection, {"slug": "truce"}) is None


@pytest.mark.parametrize("given", [{}, {"slug": "truce", "name": "Truce"}])
def test_other_names_than_before_are_refused(truce, given):
    spoken = Spoken(BY_SLUG)
    spoken.first(truce, {"slug": "truce"})
    with pytest.raises(TypeError, match="same names"):
        spoken.first(truce, given)


def test_a_column_that_somebody_would_have_to_make_up_is_refused(truce):
    given = an_event()
    del given["at"]
    with pytest.raises(TypeError, match="every column"):
        Spoken(insert(EVENTS)).run(truce, given)


def test_who_listens_is_told(app, truce):
    spoken = Spoken(BY_SLUG)
    with counted_statements(app) as statements:
        spoken.first(truce, {"slug": "truce"})
        Spoken(update(PROJECTS).where(PROJECTS.c.slug == bindparam("key"))).run(truce, {"key": "x", "name": "Y"})
    assert [statement.split()[0] for statement in statements] == ["SELECT", "UPDATE"]


def _process_of(connection):
    return connection.scalar(select(func.pg_backend_pid()))
