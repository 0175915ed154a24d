"""How long the questions of one article take to find: five reviewers with two hundred claims each."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import insert, select

from annotator import create_app
from annotator.db import db, transaction
from annotator.domain.claims import Stance
from annotator.domain.text import plain_blocks, sha256
from annotator.formats.records import ArticleRecord
from annotator.migrations import upgrade
from annotator.models import (
    Annotation,
    ArticleVersion,
    Assignment,
    AssignmentState,
    EvidenceItem,
    Label,
    MergeStrategy,
    Role,
    User,
)
from annotator.services import articles, dealing, projects, questions, sign_in
from benchmarks.load.stage import database_url
from benchmarks.measuring import Measurement, markdown, measure
from benchmarks.workload import article

REVIEWERS = 5
CLAIMS = 200
GAP = 110
MOVED = 14
ENGINES = os.environ.get("BENCH_DATABASES", "sqlite postgresql").split()
COOKIE = "annotator_session"
NOTE = (
    f"One article, {REVIEWERS} reviewers with {CLAIMS} claims each, with evidence, boundaries moved by up to {MOVED} "
    "characters, labels at random. 'Questions' is the service: rows, links, decisions, grouping. A page is the answer "
    "to a request, with the whole article or with what changes at a step to another question."
)


def run() -> str:
    """The questions, and the pages that show them, on both databases."""
    rows = []
    for engine in ENGINES:
        with TemporaryDirectory() as folder, database_url(engine, Path(folder)) as url:
            rows += [[engine, *row] for row in _measured(url, Path(folder) / "instance")]
    header = ("database", "what", "median ms", "fastest ms", "processor ms", "to reach")
    return f"{markdown(header, rows, words=2)}\n\n{NOTE}"


def _measured(url: str, folder: Path) -> list[list[str]]:
    folder.mkdir()
    app = create_app({"instance": folder, "database_url": url, "secret_key": "x" * 48})
    with app.app_context():
        upgrade(db.engine)
        with transaction():
            jo = _people()
            article_id = _article()
        with transaction():
            _claims()
            cookie = sign_in.begin(db.session.get_one(User, jo), how="link", hours=1)
    client = app.test_client()
    client.set_cookie(COOKIE, cookie)

    def found() -> None:
        with app.app_context():
            assert len(questions.asking(article_id).views) >= CLAIMS

    def page(path: str) -> None:
        assert client.get(f"/articles/{article_id}/adjudicate{path}").status_code == 200

    rows = [
        _row(measure("questions", "", found, repetitions=15), found, "at most 50"),
        _row(measure("adjudicate page", "", lambda: page("")), lambda: page(""), ""),
        _row(measure("step to another question", "", lambda: page("/fragment")), lambda: page("/fragment"), ""),
    ]
    with app.app_context():
        db.engine.dispose()
    return rows


def _row(timed: Measurement, work: Callable[[], None], aim: str) -> list[str]:
    """A row of the table, with the processor time of this process, on which other programs have no part."""
    used = []
    for _ in timed.seconds:
        before = time.process_time()
        work()
        used.append(time.process_time() - before)
    figures = (timed.median, min(timed.seconds), statistics.median(used))
    return [timed.name, *(f"{1000 * each:.0f}" for each in figures), aim]


def _people() -> str:
    """A project with its reviewers and an adjudicator, whose id is given back."""
    project = projects.create("truce", "Truce", reviewers=REVIEWERS, merge_strategy=MergeStrategy.MAJORITY)
    people = [User(email=f"person{number}@example.org", name=f"Person {number}") for number in range(REVIEWERS + 1)]
    db.session.add_all(people)
    db.session.flush()
    *reviewers, adjudicator = people
    for reviewer in reviewers:
        projects.add_member(project, reviewer, Role.REVIEWER)
    projects.add_member(project, adjudicator, Role.ADJUDICATOR)
    return adjudicator.id


def _article() -> str:
    """An article that is long enough, given to all reviewers."""
    text = article(CLAIMS * GAP // 5)[: CLAIMS * GAP + GAP]
    record = ArticleRecord(text=text, blocks=plain_blocks(text), source_hash=sha256(text), title="Long")
    project = projects.by_slug("truce")
    (added,) = articles.add(project, [record])
    dealing.assign(project)
    return added.article.id


def _claims() -> None:
    """Every reviewer's claims, as a bulk insert: what they say matters, not how they were saved."""
    chance = random.Random(7)
    labels = db.session.scalars(select(Label.id)).all()
    text = _text()
    rows, evidence = [], []
    for assignment in db.session.scalars(select(Assignment)):
        assignment.state = AssignmentState.SUBMITTED
        for number in range(CLAIMS):
            start = number * GAP + chance.randrange(MOVED)
            end = start + 50 + chance.randrange(MOVED)
            row = {"id": uuid4(), "assignment_id": assignment.id, "label_id": chance.choice(labels)}
            rows.append(row | {"start": start, "end": end, "exact": text[start:end], "speaker": "Ministry"})
            evidence.append({"annotation_id": row["id"], "n": 1, "stance": Stance.SUPPORTS, "source": "Statement"})
    db.session.execute(insert(Annotation), rows)
    db.session.execute(insert(EvidenceItem), evidence)


def _text() -> str:
    """The text of the one article."""
    return db.session.scalars(select(ArticleVersion.text)).one()
