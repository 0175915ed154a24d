"""When others write for too long: whoever cannot store something is told so, and when to come again; never a fault."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import create_engine, update
from sqlalchemy.exc import OperationalError

from annotator import create_app, db, engines
from annotator.migrations import upgrade
from annotator.models import Session
from annotator.writers import Turnstile
from tests.support.desk import Desk
from tests.support.people import Browser, open_browser

Hold = Callable[[Flask], AbstractContextManager[None]]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An app on SQLite, whatever the engine under test, that waits for nobody."""
    url = f"sqlite:///{tmp_path / 'busy.sqlite3'}"
    engine = create_engine(url)
    engines.prepare_engine(engine, busy_seconds=0)
    upgrade(engine)
    engine.dispose()
    app = create_app({"instance": tmp_path, "database_url": url, "secret_key": "k" * 40, "busy_seconds": 0})
    yield app
    with app.app_context():
        db.db.engine.dispose()


@contextmanager
def by_a_thread(app: Flask) -> Iterator[None]:
    """Another thread of this process is writing."""
    with app.extensions[db.WRITERS]():
        yield


@contextmanager
def by_a_process_that_takes_turns(app: Flask) -> Iterator[None]:
    """Another process of ours is about to write: it has the turn, and SQLite's lock not yet."""
    with app.app_context():
        path = str(db.db.engine.url.database)
    with Turnstile(path, 0).turn():
        yield


@contextmanager
def by_a_process(app: Flask) -> Iterator[None]:
    """Another process is writing."""
    with app.app_context():
        path = db.db.engine.url.database
    other = sqlite3.connect(str(path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


@pytest.fixture(params=[by_a_thread, by_a_process_that_takes_turns, by_a_process])
def held(request: pytest.FixtureRequest) -> Hold:
    """Keeps others from writing."""
    return request.param


@pytest.fixture
def article(app: Flask) -> str:
    """Ada reviews it."""
    return Desk(app).article()


@pytest.fixture
def ada(app: Flask, article: str) -> Browser:
    browser = open_browser(app, "Ada")
    browser.get("/")
    return browser


def save(ada: Browser, article: str, headers: dict[str, str]) -> tuple[int, dict[str, str], dict[str, object]]:
    claim = {"start": 0, "end": 3, "exact": "", "label": "sourced"}
    answer = ada.client.put(f"/api/v1/articles/{article}/annotations/{uuid4()}", json=claim, headers=headers)
    return answer.status_code, dict(answer.headers), answer.json


def test_a_program_is_told_when_to_repeat_a_save(app: Flask, ada: Browser, article: str, held: Hold) -> None:
    headers = {"X-CSRFToken": ada.csrf()}
    with held(app):
        status, told, problem = save(ada, article, headers)
    assert (status, told["Retry-After"], problem["type"]) == (503, "1", "/api/problems/busy")
    # Afterwards the same request comes as far as its content, which is wrong on purpose.
    assert save(ada, article, headers)[0] == 422


def test_a_person_sees_a_page(app: Flask, ada: Browser, article: str, held: Hold) -> None:
    form = {"csrf_token": ada.csrf()}
    with held(app):
        answer = ada.client.post(f"/articles/{article}/read", data=form)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert "Try again in a moment" in answer.text
    assert answer.mimetype == "text/html"


def test_who_only_reads_is_not_refused(app: Flask, ada: Browser, article: str, held: Hold) -> None:
    with app.app_context(), db.transaction():
        long_ago = db.now() - timedelta(hours=1)
        db.db.session.execute(update(Session).values(last_seen_at=long_ago))
    with held(app):
        assert ada.get(f"/articles/{article}").status_code == 200


def test_other_failures_of_the_database_are_not_called_busy(app: Flask) -> None:
    with app.app_context():
        path = Path(str(db.db.engine.url.database))
        db.db.engine.dispose()
        path.unlink()
        path.mkdir()
        with pytest.raises(OperationalError, match="unable to open"), db.transaction():
            raise AssertionError("There is no database to write into.")
