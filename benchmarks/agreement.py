"""How long agreement takes over ten thousand articles: from nothing, and when an article more or nothing has changed."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import delete, insert, update

from annotator import create_app
from annotator.db import db, new_id, transaction
from annotator.domain.text import sha256
from annotator.migrations import upgrade
from annotator.models import (
    AgreementReport,
    AgreementSums,
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentState,
    Label,
    Role,
    User,
)
from annotator.services import agreement, projects, sign_in
from benchmarks.load.stage import database_url
from benchmarks.measuring import markdown
from benchmarks.workload import article

ARTICLES = int(os.environ.get("BENCH_ARTICLES", "10000"))
REVIEWERS = 9
EACH = 3
CLAIMS = 20
WORDS = 700
ENGINES = os.environ.get("BENCH_DATABASES", "sqlite postgresql").split()
SLUG = "agreement"
COOKIE = "annotator_session"
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
SHARES = {"missed": 0.12, "split": 0.02, "nested": 0.02, "other label": 0.2}
NOTE = (
    "{articles:,} articles, {each} of {reviewers} reviewers on each, {claims} claims to find: one in eight missed, "
    "boundaries moved by up to 12 characters, some split, some with another inside. 'From nothing' has no stored "
    "sums and makes all figures with their intervals, and stores them; the fastest of three."
)


def run() -> str:
    """Figures from nothing, the page afterwards, and after one article was submitted again, on both databases."""
    rows = []
    for engine in ENGINES:
        with TemporaryDirectory() as folder, database_url(engine, Path(folder)) as url:
            stage = Stage(url, Path(folder) / "instance")
            rows += [[engine, *row] for row in stage.measured()]
            stage.close()
    note = NOTE.format(articles=ARTICLES, each=EACH, reviewers=REVIEWERS, claims=CLAIMS)
    return f"{markdown(('database', 'what', 'seconds', 'to reach'), rows, words=2)}\n\n{note}"


class Stage:
    """A project whose articles are all submitted, in a database of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        folder.mkdir()
        self.app: Flask = create_app({"instance": folder, "database_url": url, "secret_key": "x" * 48})
        with self.app.app_context():
            upgrade(db.engine)
            with transaction():
                self.assignments = _fill()
            if url.startswith("postgresql"):
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("ANALYZE")

    def measured(self) -> list[list[str]]:
        """What was measured, in seconds, and what is to be reached."""
        nothing = min(_timed(self._figures, before=self._forget) for _ in range(3))
        page = self._page("")
        return [
            ["from nothing, intervals included", f"{nothing:.2f}", "at most 5"],
            ["the page afterwards", f"{page:.3f}", "at most 0.2"],
            ["after one article more", f"{_timed(self._figures, before=self._again):.2f}", ""],
        ]

    def close(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            db.engine.dispose()

    def _figures(self) -> None:
        with self.app.app_context():
            agreement.of_project(projects.by_slug(SLUG))

    def _page(self, path: str) -> float:
        with self.app.app_context(), transaction():
            cookie = sign_in.begin(db.session.query(User).filter_by(name="Manager").one(), how="link", hours=1)
        browser = self.app.test_client()
        browser.set_cookie(COOKIE, cookie)

        def look() -> None:
            answer = browser.get(f"/projects/{SLUG}/agreement{path}")
            if answer.status_code != 200:
                raise RuntimeError(f"The page was answered with {answer.status_code}.")

        look()
        return min(_timed(look) for _ in range(5))

    def _forget(self) -> None:
        with self.app.app_context(), transaction():
            db.session.execute(delete(AgreementSums))
            db.session.execute(delete(AgreementReport))

    def _again(self) -> None:
        now = datetime.now(UTC)
        with self.app.app_context(), transaction():
            db.session.execute(update(Assignment).where(Assignment.id == self.assignments[0]).values(submitted_at=now))


def _timed(work: Callable[[], object], *, before: Callable[[], object] = lambda: None) -> float:
    before()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _fill() -> list[str]:
    """The project and all that is in it; the ids of the reviews."""
    project = projects.create(SLUG, "Agreement", reviewers=EACH)
    people = [User(email=f"{number}@example.org", name=f"Reviewer {number}") for number in range(REVIEWERS)]
    manager = User(email="manager@example.org", name="Manager")
    db.session.add_all([*people, manager])
    db.session.flush()
    projects.add_member(project, manager, Role.MANAGER)
    for person in people:
        projects.add_member(project, person, Role.REVIEWER)
    labels = db.session.query(Label.id).filter_by(project_id=project.id).order_by(Label.position).all()
    text = article(WORDS)
    reviews = []
    chance = random.Random(1)
    for first in range(0, ARTICLES, 500):
        numbers = range(first, min(first + 500, ARTICLES))
        batch = [_article(project.id, number, text, [person.id for person in people]) for number in numbers]
        db.session.execute(insert(Article), [each for each, _, _ in batch])
        db.session.execute(insert(ArticleVersion), [each for _, each, _ in batch])
        assignments = [each for _, _, some in batch for each in some]
        db.session.execute(insert(Assignment), assignments)
        found = (_found(chance, len(text)) for _ in batch)
        claims = [
            {**claim, "assignment_id": review["id"], "label_id": labels[label].id, "exact": text[slice(*place)]}
            for (_, _, some), places in zip(batch, found, strict=True)
            for review in some
            for *place, label in _marked(chance, places)
            for claim in [{"id": UUID(int=chance.getrandbits(128)), "start": place[0], "end": place[1]}]
        ]
        db.session.execute(insert(Annotation), claims)
        reviews += [each["id"] for each in assignments]
    return reviews


def _article(
    project_id: str, number: int, text: str, people: list[str]
) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    article_id, version_id = new_id(), new_id()
    facts = {"id": article_id, "project_id": project_id, "position": number, "source_hash": sha256(f"{number}")}
    version = {
        "id": version_id,
        "article_id": article_id,
        "text": text,
        "sha256": sha256(text),
        "length": len(text),
        "words": WORDS,
        "title": f"Article {number}",
    }
    reviews = [
        {
            "id": new_id(),
            "article_id": article_id,
            "version_id": version_id,
            "user_id": people[(number + at) % REVIEWERS],
            "state": AssignmentState.SUBMITTED,
            "submitted_at": BEGAN + timedelta(minutes=20 * number + at),
        }
        for at in range(EACH)
    ]
    return {**facts, "listed_at": BEGAN}, version, reviews


def _found(chance: random.Random, length: int) -> list[tuple[int, int, int]]:
    """The claims that there are to find: start, end and label."""
    width = length // CLAIMS
    places = [(width * at + chance.randrange(width // 4), at) for at in range(CLAIMS)]
    return [(start, start + chance.randint(width // 3, 2 * width // 3), at % 3) for start, at in places]


def _marked(chance: random.Random, places: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """What one reviewer marks of them."""
    for start, end, label in places:
        if chance.random() < SHARES["missed"]:
            continue
        moved, until = start + chance.choice((0, 0, 0, 4, 12)), end + chance.choice((0, 0, 0, -6, 12))
        given = chance.randrange(3) if chance.random() < SHARES["other label"] else label
        if chance.random() < SHARES["split"]:
            middle = (moved + until) // 2
            yield moved, middle, given
            yield middle, until, given
            continue
        yield moved, until, given
        if chance.random() < SHARES["nested"]:
            yield moved + 3, moved + 20, chance.randrange(3)
