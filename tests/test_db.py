"""Trap 1 of SQLite closed, the settings that make "saved" mean on disk, and moments and ids."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, event, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from annotator import create_app
from annotator.db import ID_ALPHABET, ID_START, current_connection, db, glimpse, new_id, new_ids, now, transaction
from annotator.engines import prepare_engine
from annotator.errors import Busy
from annotator.models import Membership, Project, Role
from annotator.services import projects


@pytest.fixture
def only_sqlite(database_engine) -> bool:
    """Whether the engine under test is SQLite; what is said about its files says nothing about PostgreSQL."""
    return database_engine == "sqlite"


def add_project(slug: str) -> None:
    with transaction():
        projects.create(slug, slug)


def slugs(app) -> list[str]:
    with app.app_context():
        return sorted(db.session.scalars(select(Project.slug)))


def slugs_of(asked) -> list[str]:
    return sorted(slug for (slug,) in asked.execute(select(Project.slug)))


# Read, then write, while somebody else writes


def read_then_write_while_somebody_writes(app, begin, *, patience: float) -> list[str]:
    """What went wrong when a read-then-write began with `begin` while another connection held the write lock.

    The other one commits when the read-then-write has ended, or after so many seconds.
    """
    problems: list[str] = []
    writing, may_commit = threading.Event(), threading.Event()

    def busy_writer() -> None:
        with app.app_context(), transaction():
            projects.create("busy", "Busy")
            writing.set()
            may_commit.wait(60)

    def reader_then_writer() -> None:
        with app.app_context():
            try:
                with begin():
                    db.session.scalar(select(func.count()).select_from(Project))
                    projects.create("patient", "Patient")
            except OperationalError as error:
                problems.append(str(error.orig))

    first = threading.Thread(target=busy_writer)
    first.start()
    assert writing.wait(60)
    second = threading.Thread(target=reader_then_writer)
    second.start()
    second.join(patience)
    may_commit.set()
    first.join()
    second.join()
    return problems


def test_a_read_then_write_against_a_busy_writer_waits_and_succeeds(app):
    assert read_then_write_while_somebody_writes(app, transaction, patience=0.3) == []
    assert slugs(app) == ["busy", "patient"]


def test_without_begin_immediate_it_would_fail_at_once(app, only_sqlite):
    """The planted fault: the same work, begun as a reader begins, is refused although there are 30 s to wait."""

    @contextmanager
    def deferred():
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise

    problems = read_then_write_while_somebody_writes(app, deferred, patience=60 if only_sqlite else 0.3)
    assert problems == (["database is locked"] if only_sqlite else [])


def test_many_writers_all_succeed(app):
    def write(number: int) -> None:
        with app.app_context():
            for count in range(3):
                add_project(f"p{number}-{count}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(slugs(app)) == 48


def test_readers_do_not_wait_for_a_writer(app):
    with app.app_context():
        add_project("before")
    with app.app_context(), transaction():
        projects.create("open", "Not committed")
        seen: list[list[str]] = []
        reader = threading.Thread(target=lambda: seen.append(slugs(app)))
        reader.start()
        reader.join(10)
        assert seen == [["before"]]


def held_by_one_who_writes(app, change) -> list[str]:
    """What went wrong when one connection wrote, was given back, and was used by one who reads beside a writer."""
    with app.app_context():
        with change():
            projects.create("first", "First")
        db.session.remove()
        problems: list[str] = []

        def write() -> None:
            try:
                with app.app_context():
                    add_project("second")
            except Busy:
                problems.append("the reader holds the lock of writers")

        db.session.connection()
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
    return problems


@pytest.mark.engine("sqlite")
def test_a_connection_that_wrote_begins_as_a_reader_for_the_next_who_uses_it(make_app):
    assert held_by_one_who_writes(make_app(busy_seconds=0), transaction) == []


@pytest.mark.engine("sqlite")
def test_a_connection_that_went_on_to_write_would_be_caught(make_app):
    """The planted fault: the level is not taken back."""

    @contextmanager
    def for_ever() -> Iterator[None]:
        with transaction():
            yield
        db.session.connection().connection.dbapi_connection.isolation_level = "IMMEDIATE"

    assert held_by_one_who_writes(make_app(busy_seconds=0), for_ever) == ["the reader holds the lock of writers"]


@pytest.mark.engine("sqlite")
def test_a_connection_given_back_amid_its_transaction_stores_nothing(app):
    with app.app_context():
        connection = db.engine.connect().execution_options(writes=True)
        connection.execute(insert(Project).values(id=new_id(), slug="half", name="Half", created_at=now()))
        connection.close()
    assert slugs(app) == []


def test_no_statement_looks_for_listeners(app):
    """With one listener on its engine, SQLAlchemy walks through all kinds of them at every turn of a statement."""
    with app.app_context():
        add_project("idlib")
        assert not db.engine._has_events
        event.listen(db.engine, "begin", lambda _connection: None)
        assert db.engine._has_events


# One question


def test_a_question_alone_gives_its_connection_back_and_leaves_it_as_it_was(app):
    with app.app_context():
        with glimpse() as connection:
            assert connection.scalar(select(func.count()).select_from(Project)) == 0
            assert db.engine.pool.checkedout() == 1  # type: ignore[attr-defined]
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        with pytest.raises(ZeroDivisionError):
            fail_after_writing()
    assert slugs(app) == []


def test_a_question_inside_a_transaction_is_asked_there(app):
    with app.app_context(), transaction():
        projects.create("mine", "Not committed")
        db.session.flush()
        with glimpse() as connection:
            assert connection.scalar(select(func.count()).select_from(Project)) == 1
            assert db.engine.pool.checkedout() == 1  # type: ignore[attr-defined]


@pytest.mark.engine("postgresql")
def test_a_question_alone_has_no_transaction_around_it(app):
    with app.app_context(), glimpse() as connection:
        connection.execute(select(Project.slug))
        assert connection.connection.dbapi_connection.info.transaction_status.name == "IDLE"
        # The positive control: whoever reads has one.
        db.session.execute(select(Project.slug))
        reading = db.session.connection().connection.dbapi_connection
        assert reading.info.transaction_status.name == "INTRANS"


# One transaction


def fail_after_writing() -> None:
    with transaction():
        projects.create("half", "Half")
        raise ZeroDivisionError


def test_an_error_rolls_everything_back_and_the_next_transaction_works(app):
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            fail_after_writing()
        add_project("whole")
    assert slugs(app) == ["whole"]


def test_rows_and_objects_of_one_transaction_are_stored_together(app):
    with app.app_context():
        with transaction():
            current_connection().execute(insert(Project), {"id": new_id(), "slug": "row", "name": "Row"})
            projects.create("object", "Object")
            assert db.session.connection() is current_connection()
            assert slugs_of(db.session) == slugs_of(current_connection()) == ["object", "row"]
        assert not db.session().in_transaction()
    assert slugs(app) == ["object", "row"]


def rename_and_lose_the_connection(project_id: str) -> None:
    """Everything but the COMMIT succeeds."""
    with transaction():
        db.session.get_one(Project, project_id).name = "Never stored"
        db.session.flush()
        current_connection().connection.dbapi_connection.close()


def test_a_commit_that_fails_is_an_error_and_nothing_is_taken_for_stored(app):
    with app.app_context():
        add_project("before")
        project = db.session.scalars(select(Project)).one()
        with pytest.raises(DBAPIError):
            rename_and_lose_the_connection(project.id)
        assert project.name == "before"


def test_who_only_speaks_in_rows_makes_no_session(app):
    with app.app_context():
        with transaction():
            current_connection().execute(select(Project)).all()
        assert not db.session.registry.has()


def test_what_is_not_in_a_transaction_is_not_kept(app):
    with app.app_context():
        projects.create("forgotten", "No commit")
    assert slugs(app) == []


def test_what_was_read_before_is_read_again(app):
    with app.app_context():
        add_project("idlib")
        project = projects.by_slug("idlib")

        def rename() -> None:
            with app.app_context(), transaction():
                projects.by_slug("idlib").name = "Meanwhile"

        thread = threading.Thread(target=rename)
        thread.start()
        thread.join()
        assert project.name == "idlib"
        with transaction():
            assert project.name == "Meanwhile"


# The settings of SQLite


def pragma(app, name: str) -> object:
    with app.app_context():
        return db.session.execute(text(f"PRAGMA {name}")).scalar()


@pytest.mark.engine("sqlite")
def test_every_connection_keeps_the_promises(database_url, tmp_path):
    # As it is served; the app of the other tests need not wait for the disk.
    app = create_app({"instance": tmp_path, "database_url": database_url, "secret_key": "k" * 40})
    assert pragma(app, "journal_mode") == "wal"
    assert pragma(app, "synchronous") == 2
    assert pragma(app, "foreign_keys") == 1
    assert pragma(app, "busy_timeout") == 30_000


@pytest.mark.engine("postgresql")
def test_the_server_keeps_the_promises(app):
    with app.app_context():
        settings = [
            db.session.execute(text(f"SHOW {name}")).scalar() for name in ("synchronous_commit", "full_page_writes")
        ]
    assert settings == ["on", "on"]


def test_a_connection_without_the_hooks_would_not(tmp_path):
    """The positive control: what SQLite does by itself is not what is asked above."""
    with create_engine(f"sqlite:///{tmp_path / 'bare.sqlite3'}").connect() as bare:
        assert bare.execute(text("PRAGMA journal_mode")).scalar() == "delete"
        assert bare.execute(text("PRAGMA foreign_keys")).scalar() == 0
    engine = create_engine(f"sqlite:///{tmp_path / 'prepared.sqlite3'}")
    prepare_engine(engine, busy_seconds=7)
    with engine.connect() as prepared:
        assert prepared.execute(text("PRAGMA busy_timeout")).scalar() == 7_000
    engine.dispose()


def test_orphans_are_refused(app):
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.add(Membership(project_id="nosuchproject123", user_id="nosuchuser123456", role=Role.REVIEWER))


def test_no_connection_is_opened_before_the_first_request(make_app):
    """Servers fork after create_app(); a connection must not be shared by two processes."""
    app = make_app()
    with app.app_context():
        assert db.engine.pool.checkedin() == 0  # type: ignore[attr-defined]
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


# Moments and ids


def test_moments_come_back_in_utc_with_their_microseconds(app):
    moment = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with app.app_context():
        with transaction():
            projects.create("idlib", "Idlib").created_at = moment
        db.session.expire_all()
        stored = projects.by_slug("idlib").created_at
    assert stored == moment
    assert stored.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(app):
    with app.app_context(), pytest.raises(StatementError, match="time zone"), transaction():
        projects.create("idlib", "Idlib").created_at = datetime(2026, 11, 23)  # noqa: DTZ001


def test_ids_are_random_and_read_well_aloud():
    ids = {new_id() for _ in range(2_000)}
    assert len(ids) == 2_000
    assert all(re.fullmatch(f"[{ID_ALPHABET}]{{16}}", each) for each in ids)
    assert not set("01ilo") & set(ID_ALPHABET) - {"i"}
    assert now().tzinfo is UTC


def test_ids_of_rows_that_are_stored_together_lie_side_by_side_in_an_index():
    groups = [new_ids(500) for _ in range(100)]
    assert new_ids(0) == []
    assert len({each for ids in groups for each in ids}) == 50_000
    for ids in groups:
        assert ids == sorted(ids)
        assert {each[:ID_START] for each in ids} == {ids[0][:ID_START]}
        assert all(re.fullmatch(f"[{ID_ALPHABET}]{{16}}", each) for each in ids)
    starts = [ids[0][:ID_START] for ids in groups]
    assert len(set(starts)) == 100
    # When they were made is not to be seen.
    assert starts != sorted(starts)


# Connections that ended while nobody used them


def end_idle_connections(app) -> None:
    """As a restart of PostgreSQL does; the connections of this process are told nothing."""
    other = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with other.connect() as connection:
        connection.execute(text(ended))
    other.dispose()


def slugs_after_a_restart(app) -> list[str]:
    with app.app_context():
        add_project("before")
    end_idle_connections(app)
    return slugs(app)


@pytest.mark.engine("postgresql")  # The connections of SQLite are files, which nobody ends.
def test_a_connection_that_ended_while_it_was_idle_is_replaced(app, monkeypatch):
    monkeypatch.setattr("annotator.engines.IDLE_SECONDS", 0)
    assert slugs_after_a_restart(app) == ["before"]


@pytest.mark.engine("postgresql")
def test_an_idle_connection_that_nobody_tries_fails(app, monkeypatch):
    """The planted fault."""
    monkeypatch.setattr("annotator.engines.IDLE_SECONDS", 3_600)
    with pytest.raises(OperationalError):
        slugs_after_a_restart(app)
