"""How long copies take to be found among ten thousand articles: all at once, and of one article more."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from annotator import create_app
from annotator.db import db, transaction
from annotator.domain.text import plain_blocks, sha256
from annotator.formats.records import ArticleRecord
from annotator.migrations import upgrade
from annotator.services import copy_finding, imports, projects
from benchmarks.load.stage import database_url
from benchmarks.measuring import markdown

ARTICLES = int(os.environ.get("BENCH_ARTICLES", "10000"))
ENGINES = os.environ.get("BENCH_DATABASES", "sqlite postgresql").split()
SLUG = "copies"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WIRES = 4
"""One article in so many is an edited copy of the one before it."""
QUOTES = 5
"""One article in so many has a paragraph of the one before it."""

NOTE = (
    "{articles:,} articles of about 450 words, one in {wires} an edited copy of the one before: every twentieth word changed, a paragraph "
    "dropped, another headline; one in {quotes} has a paragraph of another story, and all have the same line at their end. 'All at once' reads the texts, compares them and their paragraphs and stores the groups; the import stands beside it."
)


def run() -> str:
    """The import, then all articles compared, then one more, on both databases."""
    rows = []
    for engine in ENGINES:
        with TemporaryDirectory() as folder, database_url(engine, Path(folder)) as url:
            rows += [[engine, *row] for row in _measured(url, Path(folder) / "instance")]
    note = NOTE.format(articles=ARTICLES, wires=WIRES, quotes=QUOTES)
    return f"{markdown(('database', 'what', 'seconds', 'of the processor', 'to reach'), rows, words=2)}\n\n{note}"


def _measured(url: str, folder: Path) -> list[list[str]]:
    folder.mkdir()
    app: Flask = create_app({"instance": folder, "database_url": url, "secret_key": "x" * 48})
    stories = _stories()
    with app.app_context():
        upgrade(db.engine)
        with transaction():
            projects.create(SLUG, "Copies")
        imported = _timed(lambda: _import(list(islice(stories, ARTICLES))))
        compared = _timed(lambda: copy_finding.find(projects.by_slug(SLUG)))
        _import([next(stories)])
        one = _timed(lambda: copy_finding.find(projects.by_slug(SLUG)))
        again = _timed(lambda: copy_finding.find(projects.by_slug(SLUG)))
        db.session.remove()
        db.engine.dispose()
    return [
        ["their import, for comparison", *_shown(imported), ""],
        ["all at once", *_shown(compared), "at most 20"],
        ["one article more", *_shown(one), ""],
        ["nothing new", *_shown(again), ""],
    ]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of this process."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy


def _shown(seconds: tuple[float, float]) -> list[str]:
    return [f"{each:.2f}" for each in seconds]


def _import(records: list[ArticleRecord]) -> None:
    imports.import_file(projects.by_slug(SLUG), lambda: iter(records), "stories.jsonl")


def _stories() -> Iterator[ArticleRecord]:
    """Stories in words of a small language, always the same ones."""
    chance = random.Random(1)
    words = ["".join(chance.choices(LETTERS, k=chance.randint(2, 9))) for _ in range(6_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    paragraphs: list[str] = []
    foot = " ".join(chance.choices(words, weights, k=30))
    number = 0
    while True:
        if number % WIRES == WIRES - 1:
            del paragraphs[chance.randrange(len(paragraphs))]
            paragraphs = [
                " ".join(chance.choice(words) if chance.random() < 0.05 else word for word in each.split())
                for each in paragraphs
            ]
        else:
            before = paragraphs
            paragraphs = [" ".join(chance.choices(words, weights, k=chance.randint(45, 75))) for _ in range(7)]
            if before and number % QUOTES == 0:
                paragraphs[2] = before[1]
        text = "\n\n".join([" ".join(chance.choices(words, weights, k=9)), *paragraphs, foot])
        yield ArticleRecord(text=text, blocks=plain_blocks(text), source_hash=sha256(f"{number} {text}"))
        number += 1
