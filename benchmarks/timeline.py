"""The timeline: a page of twenty thousand claims of two reviewers, in each order, right after they came in at once."""

from __future__ import annotations

import os
import random
import tempfile
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert, select, update

from annotator.db import db, transaction
from annotator.domain.text import plain_blocks, sha256
from annotator.formats.records import ArticleRecord
from annotator.models import Annotation, Assignment, AssignmentState
from annotator.services import articles, dealing, projects, timeline
from annotator.services.bulk import renew_statistics
from benchmarks.load.stage import app_on, database_url
from benchmarks.measuring import Measurement, measure, table
from benchmarks.workload import article
from tests.support.desk import Desk

CLAIMS = int(os.environ.get("BENCH_CLAIMS", "20000"))
ENGINES = os.environ.get("BENCH_DATABASES", "sqlite postgresql").split()
ARTICLES = 400
WORDS = 500
LAST_PAGE = 1_000_000
"""Beyond the last page the last one is shown."""


def run() -> str:
    """A page for the manager and for a reviewer on each database."""
    parts = []
    for engine in ENGINES:
        with tempfile.TemporaryDirectory() as folder, database_url(engine, Path(folder)) as url:
            app = app_on(url, Path(folder))
            desk = Desk(app)
            _fill(desk)
            with app.app_context():
                rows = [_row(desk, who, order, number) for who in ("mia", "ada") for order, number in _PAGES]
                db.session.remove()
                db.engine.dispose()
            parts.append(f"{engine}\n\n{table(rows)}")
    return "\n\n".join(parts)


_PAGES = [(order, number) for order in timeline.Order for number in (1, LAST_PAGE)]


def _row(desk: Desk, who: str, order: timeline.Order, number: int) -> Measurement:
    def page() -> None:
        db.session.remove()
        user = desk.user(who)
        access = projects.access_to(user, desk.project().id)
        filters = timeline.Filters(layer=timeline.Layer.REVIEWERS)
        timeline.page(user, access, filters, order=order, number=number)

    place = "first" if number == 1 else "last"
    return measure(f"{'manager' if who == 'mia' else 'reviewer'}, by {order}, {place} page", f"{CLAIMS:,} claims", page)


def _fill(desk: Desk) -> None:
    """As many claims as wanted, half of them by each of two reviewers, all submitted."""
    text = article(WORDS)
    records = [
        ArticleRecord(
            text=text,
            blocks=plain_blocks(text),
            source_hash=sha256(f"{number}"),
            published=date(2026, 1, 1) + timedelta(days=number % 365),
        )
        for number in range(ARTICLES)
    ]

    def deal() -> str:
        first = articles.add(desk.project(), records)[0].article_id
        dealing.assign(desk.project())
        return first

    desk.mark("ada", desk.write(deal), text[:40])
    with desk.app.app_context(), transaction():
        columns = Annotation.__table__.columns
        # What one reviewer saved is the pattern of all others.
        pattern = db.session.execute(select(*columns)).one()._mapping  # noqa: SLF001 -- public all the same
        assignments = list(db.session.scalars(select(Assignment.id).order_by(Assignment.id)))
        chance = random.Random(1)
        rows = [
            {**pattern, "id": uuid4(), "assignment_id": assignments[number % len(assignments)], **_facts(chance)}
            for number in range(CLAIMS - 1)
        ]
        db.session.execute(insert(Annotation), rows)
        db.session.execute(update(Assignment).values(state=AssignmentState.SUBMITTED))
        renew_statistics(db.session.connection(), ("annotation", "assignment"))


def _facts(chance: random.Random) -> dict[str, object]:
    """The days of three claims in four are known, and one of fifty speakers."""
    day = date(2025, 1, 1) + timedelta(days=chance.randrange(700))
    known = chance.random() < 0.75
    return {
        "event_start": day if known else None,
        "event_end": day + timedelta(days=chance.randrange(3)) if known else None,
        "speaker": f"Speaker {chance.randrange(50)}",
    }
