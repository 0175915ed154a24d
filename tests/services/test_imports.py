"""Whole or not at all: what an import stores, what it leaves behind when it fails, and what it says."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from annotator.db import db, now, transaction
from annotator.domain.text import plain_blocks
from annotator.errors import Conflict
from annotator.formats.files import rereadable
from annotator.formats.records import ArticleRecord
from annotator.models import (
    Article,
    ArticleBlock,
    ArticleOriginal,
    ArticleVersion,
    Event,
    Import,
    ImportState,
    Project,
)
from annotator.services import articles, checks, datasets, imports, newer_texts, projects, unlisted_imports
from annotator.services.imports import FileReport

RELTUPLES = "SELECT reltuples FROM pg_class WHERE relname = 'article'"
ALL_ARTICLES = re.compile(r"\(project_id=\?\)$|SCAN article|Seq Scan")
TABLES = (Article, ArticleVersion, ArticleBlock, ArticleOriginal)


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context(), transaction():
        return projects.create("idlib", "Idlib").slug


def bring(slug: str, content: bytes, filename: str, **options) -> FileReport:
    with rereadable(io.BytesIO(content), filename) as read:
        return imports.import_file(projects.by_slug(slug), read, filename, **options)


def jsonl(count: int, **more: str) -> bytes:
    return "".join(json.dumps({"text": f"Article {n}.", **more}) + "\n" for n in range(count)).encode()


def counts() -> list[int | None]:
    return [db.session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def listed(slug: str) -> int:
    with datasets.open_table(projects.by_slug(slug), "articles") as table:
        return len(list(table.rows))


def test_a_batch_is_looked_for_by_its_keys(app: Flask, slug: str) -> None:
    """Else each batch would go through all articles that are there, and a file of n would take n times n."""
    with app.app_context():
        bring(slug, jsonl(3, url="https://news.example.org/1"), "some.jsonl")
        project, asked = projects.by_slug(slug), []
        records = [
            ArticleRecord("A.", plain_blocks("A."), "1", external_id="a"),
            ArticleRecord("B.", plain_blocks("B."), "2", url="https://news.example.org/2"),
        ]

        def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
            asked.append((statement, parameters))

        event.listen(db.engine, "before_cursor_execute", note)
        newer_texts.recognised(project, records)
        event.remove(db.engine, "before_cursor_execute", note)
        plans = []
        for statement, parameters in asked:
            plans += how(statement, parameters)
    assert len(asked) == 2
    assert [step for step in plans if ALL_ARTICLES.search(step)] == []


def only_listed() -> int:
    """How many pages of new words PostgreSQL had not put into its index yet; asking puts them there."""
    if db.engine.dialect.name == "sqlite":
        return 0
    return db.session.scalar(text("SELECT gin_clean_pending_list('ix_search_block_words')")) or 0


def test_after_a_large_import_no_word_is_merely_listed(app: Flask, slug: str, monkeypatch) -> None:
    monkeypatch.setattr(unlisted_imports, "BATCH_ARTICLES", 10)
    with app.app_context():
        with transaction():
            articles.add(projects.by_slug(slug), [ArticleRecord("A.", plain_blocks("A."), "1")])
        assert bool(only_listed()) == (db.engine.dialect.name == "postgresql")
        assert bring(slug, jsonl(25), "many.jsonl").added == 25
        assert only_listed() == 0


def how(statement: str, parameters: tuple) -> list[str]:
    """The steps in which the database finds what is asked for; PostgreSQL, as if there were very many rows."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]


def test_the_same_bytes_again_add_nothing_and_say_so(app: Flask, slug: str) -> None:
    with app.app_context():
        assert bring(slug, b"A ceasefire began.", "a.txt").added == 1
        again = bring(slug, b"A ceasefire began.", "b.txt")
        assert (again.added, again.known, again.errors) == (0, 1, [])
        assert listed(slug) == 1


def test_another_publishers_identical_copy_is_another_article(app: Flask, slug: str) -> None:
    with app.app_context():
        bring(slug, jsonl(1, publisher="One"), "a.jsonl")
        assert bring(slug, jsonl(1, publisher="Two"), "b.jsonl").added == 1


def test_a_file_of_many_batches_is_stored_in_order_and_listed_at_one_moment(app: Flask, slug: str, monkeypatch) -> None:
    monkeypatch.setattr(unlisted_imports, "BATCH_ARTICLES", 10)
    seen: list[tuple[int, int]] = []
    with app.app_context():
        report = bring(slug, jsonl(35), "a.jsonl", progress=lambda count: seen.append((count, listed(slug))))
        assert report.added == 35
        assert seen == [(10, 0), (10, 0), (10, 0), (5, 0)]
        texts = db.session.scalars(select(ArticleVersion.text).join(Article).order_by(Article.position)).all()
        assert texts == [f"Article {n}." for n in range(35)]
        assert len(set(db.session.scalars(select(Article.listed_at)))) == 1
        assert list(checks.findings()) == []


def test_what_a_large_file_brought_is_known_to_the_planner(app: Flask, slug: str, database_engine, monkeypatch) -> None:
    on_sqlite = database_engine == "sqlite"
    planned = "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'" if on_sqlite else RELTUPLES
    monkeypatch.setattr(unlisted_imports, "BATCH_ARTICLES", 10)
    with app.app_context():
        bring(slug, jsonl(35), "large.jsonl")
        # SQLite plans well without, and is left alone.
        assert db.session.scalar(text(planned)) == (0 if on_sqlite else 35)


def test_long_articles_fill_a_batch_earlier(monkeypatch) -> None:
    monkeypatch.setattr(unlisted_imports, "BATCH_CHARACTERS", 100)
    records = [ArticleRecord("x" * length, [], "") for length in (60, 30, 60, 500, 1)]
    assert [[len(each.text) for each in batch] for batch in unlisted_imports.batches(records)] == [
        [60, 30],
        [60],
        [500],
        [1],
    ]


def test_one_bad_line_keeps_the_whole_file_out_and_every_error_is_named(app: Flask, slug: str) -> None:
    content = jsonl(300) + b"not JSON\n" + jsonl(5) + b'{"text": "", "published": "2019-13-01"}\n'
    with app.app_context():
        report = bring(slug, content, "a.jsonl")
        assert [error.line for error in report.errors] == [301, 307, 307]
        assert counts() == [0, 0, 0, 0]


def test_errors_beyond_a_hundred_are_counted(app: Flask, slug: str) -> None:
    with app.app_context():
        report = bring(slug, b"no\n" * 250, "a.jsonl")
    assert len(report.errors) == 101
    assert str(report.errors[-1]) == "There are 150 further errors."


def test_a_dry_run_foretells_and_stores_nothing(app: Flask, slug: str) -> None:
    content = jsonl(3) + jsonl(1)
    with app.app_context():
        bring(slug, jsonl(1), "before.jsonl")
        before = counts()
        report = bring(slug, content, "a.jsonl", dry_run=True)
        assert (report.added, report.known) == (2, 2)
        assert counts() == before
        real = bring(slug, content, "a.jsonl")
        assert (real.added, real.known) == (2, 2)


def test_an_import_that_fails_half_way_leaves_nothing(app: Flask, slug: str, monkeypatch) -> None:
    monkeypatch.setattr(unlisted_imports, "BATCH_ARTICLES", 10)

    def changing(reads: list[int]):
        """A file that somebody cuts short between the two times that it is read."""
        reads.append(1)
        lines = jsonl(35) if len(reads) == 1 else jsonl(25) + b"not JSON\n"
        with rereadable(io.BytesIO(lines), "a.jsonl") as read:
            yield from read()

    with app.app_context():
        with pytest.raises(Conflict, match="changed while it was read"):
            imports.import_file(projects.by_slug(slug), partial(changing, []), "a.jsonl")
        assert counts() == [0, 0, 0, 0]
        assert db.session.scalars(select(Import.state)).all() == [ImportState.FAILED]
        assert db.session.scalar(select(func.count()).where(Event.action == "import.discard")) == 1
        assert bring(slug, jsonl(35), "a.jsonl").added == 35
        assert list(checks.findings()) == []


def interrupted(slug: str) -> None:
    """What a killed import leaves behind: a batch that was written and never listed."""
    with transaction():
        project = projects.by_slug(slug)
        batch = unlisted_imports.begin(project, "a.jsonl", None)
        with rereadable(io.BytesIO(jsonl(3)), "a.jsonl") as read:
            imports._write(
                project,
                [record for record in read() if isinstance(record, ArticleRecord)],
                FileReport("a.jsonl"),
                [],
                user=None,
                batch=batch,
            )


def test_an_interrupted_import_is_never_listed_and_does_not_count_as_known(app: Flask, slug: str) -> None:
    with app.app_context():
        interrupted(slug)
        assert listed(slug) == 0
        with pytest.raises(Conflict, match="still running, or was interrupted"):
            bring(slug, jsonl(3), "a.jsonl")
        assert unlisted_imports.sweep_stale() == 0


def test_a_stale_import_is_swept_away(app: Flask, slug: str) -> None:
    with app.app_context():
        interrupted(slug)
        with transaction():
            batch = db.session.scalars(select(Import)).one()
            batch.touched_at = now() - unlisted_imports.STALE_AFTER - timedelta(seconds=1)
        assert unlisted_imports.sweep_stale() == 1
        assert counts() == [0, 0, 0, 0]
        assert bring(slug, jsonl(3), "a.jsonl").added == 3


def test_a_finished_import_is_never_swept(app: Flask, slug: str) -> None:
    with app.app_context():
        bring(slug, jsonl(3), "a.jsonl")
        with transaction():
            db.session.scalars(select(Import)).one().touched_at = now() - timedelta(days=1)
        assert unlisted_imports.sweep_stale() == 0
        assert listed(slug) == 3


def test_positions_go_on_where_the_last_import_ended(app: Flask, slug: str) -> None:
    with app.app_context():
        bring(slug, jsonl(2, publisher="One"), "a.jsonl")
        bring(slug, jsonl(2, publisher="Two"), "b.jsonl")
        assert db.session.scalars(select(Article.position).order_by(Article.position)).all() == [1, 2, 3, 4]


def test_a_report_names_the_first_articles_without_their_bytes(app: Flask, slug: str) -> None:
    with app.app_context():
        report = bring(slug, jsonl(imports.MOST_ARTICLES + 5), "a.jsonl")
        assert len(report.articles) == imports.MOST_ARTICLES
        one = bring(slug, b"A text.", "a.txt").articles[0]
        assert one.new
        assert one.record.source is not None
        assert one.record.source.content == b""
        assert db.session.scalar(select(ArticleOriginal.content)) == b"A text."
        assert isinstance(db.session.get_one(Article, one.id).project_id, str)
        assert db.session.scalar(select(func.count()).select_from(Project)) == 1


def told(
    slug: str, record: Mapping[str, object], *, dry_run: bool = False, update: bool = False
) -> tuple[int, int, int, int]:
    content = json.dumps(record).encode()
    with rereadable(io.BytesIO(content), "one.jsonl") as read:
        report = imports.import_file(projects.by_slug(slug), read, "one.jsonl", dry_run=dry_run, update=update)
    return report.added, report.known, report.newer, report.corrected


STORY = "Both governments announced a complete ceasefire on Sunday. Nobody could say who had fired."


@pytest.mark.parametrize("key", [{"external_id": "a1"}, {"url": "https://example.org/truce"}])
def test_a_newer_text_is_told_of_and_becomes_a_version_when_it_is_asked_for(
    app: Flask, slug: str, key: dict[str, str]
) -> None:
    with app.app_context():
        first, newer = key | {"text": STORY}, key | {"text": STORY.replace("Sunday", "Monday")}
        assert told(slug, first) == (1, 0, 0, 0)
        assert told(slug, newer, dry_run=True) == (0, 0, 1, 0)
        assert told(slug, newer) == (0, 0, 1, 0)
        assert told(slug, newer, update=True) == (0, 0, 1, 1)
        version = db.session.scalars(select(ArticleVersion).where(ArticleVersion.number == 2)).one()
        assert version.text == newer["text"]
        # Either file again brings nothing: the article has both texts.
        assert [told(slug, each, update=True)[2:] for each in (first, newer)] == [(0, 0), (0, 0)]
        assert db.session.scalar(select(func.count(ArticleVersion.id))) == 2
        assert list(checks.findings()) == []


def test_another_story_at_the_same_address_is_another_article(app: Flask, slug: str) -> None:
    with app.app_context():
        address = {"url": "https://example.org/"}
        assert told(slug, address | {"text": STORY}) == (1, 0, 0, 0)
        assert told(slug, address | {"text": "Rain is expected from the west, and colder nights."}) == (1, 0, 0, 0)
        # Two articles have it now, so which of them this one corrects is not known.
        assert told(slug, address | {"text": STORY.replace("Sunday", "Monday")}) == (1, 0, 0, 0)
