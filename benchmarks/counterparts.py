"""Counterparts: how many of the known ones are found, what each signal adds, and how long it takes among many articles."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import update

from annotator.db import db, transaction
from annotator.domain.text import plain_blocks, sha256
from annotator.formats.records import ArticleRecord
from annotator.matching.signals import ALL, Signal
from annotator.models import Assignment, AssignmentState
from annotator.services import articles, counterparts, search_index
from benchmarks.datasets import text_of, vocabulary
from benchmarks.load.stage import app_on, database_url
from benchmarks.measuring import Measurement, markdown, table
from tests.support.desk import Desk
from tests.support.stories import CHOSEN_ON, HELD_OUT, Asked, events, recall, tell

ARTICLES = int(os.environ.get("BENCH_ARTICLES", "100000"))
ENGINES = os.environ.get("BENCH_DATABASES", "sqlite postgresql").split()
WORDS = 500
CLAIMS = 60
BATCH = 2_000
AIM = "150 ms"
READER = "mia"
SHARED_BUFFERS = os.environ.get("BENCH_SHARED_BUFFERS", "1GB")
"""What PostgreSQL keeps of its tables in memory; its own advice is a quarter of the machine's."""


def run() -> str:
    """What the signals add, on SQLite, and the times on each database."""
    parts = []
    for engine in ENGINES:
        with (
            tempfile.TemporaryDirectory() as folder,
            database_url(engine, Path(folder), shared_buffers=SHARED_BUFFERS) as url,
        ):
            app = app_on(url, Path(folder))
            desk = Desk(app)
            asked, held_out = tell(desk, events(CHOSEN_ON)), tell(desk, events(HELD_OUT))
            if engine == ENGINES[0]:
                parts.append(_signals(desk, asked, held_out))
            memory = "" if engine == "sqlite" else f" with {SHARED_BUFFERS} of shared buffers"
            parts.append(f"{engine}{memory}, to reach: {AIM}\n\n{_times(desk, asked + held_out)}")
            with app.app_context():
                db.engine.dispose()
    return "\n\n".join(parts)


def _signals(desk: Desk, asked: Sequence[Asked], held_out: Sequence[Asked]) -> str:
    """Recall at ten with all signals, and with each left out or alone."""
    sets = {"all": ALL, **{f"without {each}": ALL - {each} for each in Signal}}
    sets |= {f"only {each}": frozenset({each}) for each in Signal}
    rows = []
    for name, signals in sets.items():
        shares = [recall(desk, claims, signals=signals) for claims in (asked, held_out)]
        rows.append([name, *(f"{found.share:.2f} ({found.found}/{found.there})" for found in shares)])
    return markdown(["signals", "recall at 10", "events held out"], rows)


def _times(desk: Desk, asked: Sequence[Asked]) -> str:
    begin = time.perf_counter()
    _fill(desk)
    filled = time.perf_counter() - begin
    with desk.app.app_context():
        chosen = random.Random(1).sample(list(asked), CLAIMS)
        # Then the manager sees the claims, too, and among all articles.
        with transaction():
            db.session.execute(update(Assignment).values(state=AssignmentState.SUBMITTED))
        rows = [_row(desk, chosen, reader) for reader in ("ada", READER)]
    return f"{table(rows)}\n\n{CLAIMS} claims, each once; the articles came in within {filled:,.0f} s."


def _row(desk: Desk, chosen: Sequence[Asked], reader: str) -> Measurement:
    seconds = tuple(_seconds(desk, each, reader) for each in (*chosen[:3], *chosen))[3:]
    those = "all" if reader == READER else "the stories"
    return Measurement(f"counterparts for who reads {those}", f"{ARTICLES:,} articles", seconds)


def _seconds(desk: Desk, asked: Asked, reader: str) -> float:
    db.session.remove()
    user = desk.user(reader)
    begin = time.perf_counter()
    counterparts.find(user, asked.annotation_id)
    return time.perf_counter() - begin


def _fill(desk: Desk) -> None:
    chance = random.Random(1)
    for records in _records(chance):
        with desk.app.app_context(), transaction():
            articles.add(desk.project(), records)
    with desk.app.app_context(), transaction():
        search_index.settle(db.session.connection())


def _records(chance: random.Random) -> Iterator[list[ArticleRecord]]:
    """The vocabulary of chance, with that of the stories in it: so their words are common and rare as words are."""
    words, weights = vocabulary(chance)
    told = sorted({word for event in events(CHOSEN_ON) for story in event.stories for word in story.text.split()})
    for at, word in zip(chance.sample(range(20, len(words)), len(told)), told, strict=True):
        words[at] = word
    for first in range(0, ARTICLES, BATCH):
        numbers = range(first, min(first + BATCH, ARTICLES))
        yield [_record(text_of(chance, chance.choices(words, weights, k=WORDS)), number) for number in numbers]


def _record(text: str, number: int) -> ArticleRecord:
    return ArticleRecord(
        text=text, blocks=plain_blocks(text), source_hash=sha256(str(number)), title=f"Article {number}"
    )
