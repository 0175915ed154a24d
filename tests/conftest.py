"""What every test may ask for: a migrated database of its own, the app on it, a client and a command runner.

No fixture keeps an application context open: a request that forgot to commit would still see what it wrote.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import settings
from sqlalchemy import create_engine

from annotator import create_app
from annotator.db import db
from annotator.engines import prepare_engine
from annotator.migrations import upgrade
from tests.support import people
from tests.support.compiling import share_routes, share_stamp, share_statements, share_templates
from tests.support.databases import Databases, PostgresqlDatabases, SqliteDatabases, hurry
from tests.support.forked import Running

SECRET_KEY = "a key of the tests, long enough to be accepted"

AppFactory = Callable[..., Flask]

# A busy machine is no defect: no test fails for the time it took. Examples are the same in every run, so that what fails
# fails for who changed something; `make soak` searches with others, and with more of them.
settings.register_profile("the same", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None, max_examples=1_000)
settings.load_profile("the same")

share_routes()
share_stamp()
people.hash_at_once()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the engine that the tests run on; PostgreSQL is started by the tests themselves",
    )
    parser.addoption(
        "--slow-browser", type=float, default=1, help="let the pages of the browser compute so many times as slowly"
    )
    parser.addoption("--full", action="store_true", help="long proofs run their full counts (make soak)")
    parser.addoption(
        "--seed", action="append", type=int, default=[], help="play this seed of a long proof again, and no other"
    )


def pytest_configure(config: pytest.Config) -> None:
    """A long proof at its full count starts its programs as people do."""
    Running.anew = config.getoption("--full")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about the other engine is left out. Whoever asks how often to repeat is a long proof: `make soak` runs it
    at its full count.
    """
    wanted = (config.getoption("--database"),)
    elsewhere = [item for item in items if any(mark.args != wanted for mark in item.iter_markers("engine"))]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    for item in items:
        if {"rounds", "seeds"}.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.soak)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported stays; each app leaves cycles behind, and to look for them in all of that at every few hundred
    new ones took a third of the time of the tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


@pytest.fixture(scope="session")
def database_engine(request: pytest.FixtureRequest) -> str:
    """The name of the engine: sqlite or postgresql."""
    return request.config.getoption("--database")


@pytest.fixture(scope="session")
def databases(database_engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes databases of the engine under test."""

    def migrate(url: str) -> None:
        engine = create_engine(url)
        prepare_engine(engine, busy_seconds=30)
        hurry(engine)
        upgrade(engine)
        engine.dispose()

    if database_engine == "sqlite":
        yield SqliteDatabases(tmp_path_factory.mktemp("databases"), migrate)
        return
    postgresql = PostgresqlDatabases(_shared_by_workers(tmp_path_factory) / "postgresql", migrate)
    yield postgresql
    postgresql.close()


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    url = databases.create(tmp_path)
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database without any table."""
    url = databases.create_empty(tmp_path)
    yield url
    databases.drop(url)


@pytest.fixture
def make_app(database_url: str, tmp_path: Path) -> Iterator[AppFactory]:
    """Makes apps on this test's database, with other settings by name: make_app(base_url="https://…")."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        app = _make_app(tmp_path / "instance", database_url, **settings)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: AppFactory) -> Flask:
    """The app on this test's database. Open a context for a few lines, never around a request."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a sign-in."""
    return app.test_client()


@pytest.fixture
def open_browser(app: Flask) -> people.OpenBrowser:
    """Opens fresh browsers: open_browser() for nobody, open_browser("Ada") with Ada signed in."""
    return lambda name="": people.open_browser(app, name)


@pytest.fixture
def idlib(app: Flask) -> str:
    """The slug of a project with Ada, Ben, Jo and Mia in it; Sam is a stranger, Kim administers the installation."""
    return people.add_everybody(app)


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs commands of the `annotator` program: runner.invoke(args=["user", "add", …])."""
    return app.test_cli_runner()


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """How often a long proof repeats: rounds(seeded, full) is `full` under `make soak`."""
    full = request.config.getoption("--full")
    return lambda seeded, at_full_count: at_full_count if full else seeded


@pytest.fixture
def seeds(request: pytest.FixtureRequest, rounds: Callable[[int, int], int]) -> Callable[[int, int], Iterable[int]]:
    """What a long proof begins its chances with: seeds(seeded, full) counts like `rounds`, `--seed 17` names one."""
    named = request.config.getoption("--seed")
    return lambda seeded, at_full_count: named or range(rounds(seeded, at_full_count))


def _make_app(instance: Path, url: str, **settings: Any) -> Flask:
    instance.mkdir(exist_ok=True)
    app = create_app({"instance": instance, "database_url": url, "secret_key": SECRET_KEY, **settings})
    app.testing = True
    share_templates(app)
    with app.app_context():
        share_statements(db.engine)
        hurry(db.engine)
    return app


def _shared_by_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of the whole run: pytest-xdist gives each worker one below it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if own.name.startswith("popen-") else own
