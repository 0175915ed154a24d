"""When PostgreSQL does not answer, or lets one of two give up: whoever asks is told when to come again; never a fault."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from annotator import create_app, db
from annotator.errors import AnnotatorError, Busy, Unavailable
from annotator.migrations import upgrade
from tests.support.databases import PostgresqlDatabases
from tests.support.desk import Desk
from tests.support.people import Browser, open_browser

KEY = "a key of the tests, long enough to be accepted"
NOBODY_LISTENS = "postgresql+psycopg://nobody@127.0.0.1:1/none"


@pytest.fixture
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresqlDatabases]:
    """A PostgreSQL of one test alone, which may stop it."""

    def migrate(url: str) -> None:
        engine = create_engine(url)
        upgrade(engine)
        engine.dispose()

    own = PostgresqlDatabases(tmp_path_factory.mktemp("own") / "postgresql", migrate)
    yield own
    own.connection.close()


@pytest.fixture
def app(postgresql: PostgresqlDatabases, tmp_path: Path) -> Iterator[Flask]:
    app = create_app({"instance": tmp_path, "database_url": postgresql.create(tmp_path), "secret_key": KEY})
    yield app
    with app.app_context():
        db.db.engine.dispose()


@pytest.fixture
def stranded(tmp_path: Path) -> FlaskClient:
    """A browser with a session whose installation has no database."""
    app = create_app({"instance": tmp_path, "database_url": NOBODY_LISTENS, "secret_key": KEY})
    client = app.test_client()
    client.set_cookie("annotator_session", "a session of yesterday")
    return client


def test_a_person_sees_a_page_that_needs_no_database(stranded: FlaskClient) -> None:
    answer = stranded.get("/projects")
    assert (answer.status_code, answer.headers["Retry-After"], answer.mimetype) == (503, "5", "text/html")
    assert "The database does not answer just now" in answer.text
    assert "has been recorded" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer a-token"}], ids=["session", "token"])
def test_a_program_is_told_in_a_problem_document(stranded: FlaskClient, headers: dict[str, str]) -> None:
    answer = stranded.get("/api/v1/me", headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "/api/problems/unavailable"


def test_of_two_in_each_others_way_one_is_asked_to_try_again(app: Flask) -> None:
    meeting = Barrier(2)
    said: list[AnnotatorError | None] = []

    def lock(*ids: str) -> None:
        with app.app_context():
            try:
                with db.transaction():
                    for one in ids:
                        db.db.session.execute(
                            text("UPDATE article SET position = position WHERE id = :id"), {"id": one}
                        )
                        if one == ids[0]:
                            meeting.wait()
            except DBAPIError as error:
                said.append(db.in_domain_words(error))

    desk = Desk(app)
    first, second = desk.article("One."), desk.article("Two.")
    threads = [Thread(target=lock, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(each) for each in said] == [Busy]


@pytest.fixture
def ada(app: Flask) -> Browser:
    Desk(app)
    browser = open_browser(app, "Ada")
    browser.get("/")
    return browser


def test_who_finds_no_connection_free_is_asked_to_try_again(app: Flask, ada: Browser) -> None:
    with app.app_context():
        pool = db.db.engine.pool
    taken = [pool.connect() for _ in range(30)]
    pool._timeout = 0.1  # type: ignore[attr-defined]  # Five seconds otherwise.
    answer = ada.get("/")
    for connection in taken:
        connection.close()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert ada.get("/").status_code == 200


def test_a_wrong_statement_is_a_fault(app: Flask, ada: Browser) -> None:
    with app.app_context(), db.transaction():
        db.db.session.execute(text("ALTER TABLE project RENAME TO elsewhere"))
    assert ada.get("/projects").status_code == 500
    assert ada.get("/api/v1/projects").json["type"] == "/api/problems/fault"


def test_when_postgresql_is_stopped_at_work_whoever_asks_is_told_so(
    app: Flask, ada: Browser, postgresql: PostgresqlDatabases
) -> None:
    assert ada.get("/projects").status_code == 200
    pid = int((Path(str(postgresql.server.pgdata)) / "postmaster.pid").read_text().splitlines()[0])

    def work() -> None:
        with db.transaction():
            os.kill(pid, signal.SIGQUIT)
            while True:
                db.db.session.execute(text("SELECT pg_sleep(0.01)"))

    with app.app_context(), pytest.raises(OperationalError) as raised:
        work()
    assert isinstance(db.in_domain_words(raised.value), Unavailable)
    for path in ("/projects", "/api/v1/me"):
        answer = ada.get(path)
        assert (path, answer.status_code, answer.headers.get("Retry-After")) == (path, 503, "5")
