"""A large import: reviewers go on saving meanwhile, and an interrupted one leaves nothing."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from annotator.db import db, now, transaction
from annotator.domain.text import plain_blocks
from annotator.formats.records import ArticleRecord
from annotator.models import Annotation, Article, ArticleBlock, ArticleVersion, Import, ImportState, SearchEntry
from annotator.services import checks, imports, unlisted_imports
from tests.support.desk import Desk
from tests.support.installation import Installation
from tests.support.large_files import HELD, IN_ONE_TRANSACTION, write_articles
from tests.support.saves import problems_with
from tests.support.servers import Server
from tests.support.writers import all_acknowledged, at_once, wait_for_saves

pytestmark = pytest.mark.soak

WRITERS = 16
SEEN = 4 * WRITERS
"""How many saves are seen to be acknowledged after the first batch and before the second."""
TABLES = (Article, ArticleVersion, ArticleBlock, SearchEntry)


class Importing:
    """`annotator import`, under way, by one of the programs of large_files; HELD waits after its first batch for `go_on`."""

    def __init__(self, installation: Installation, path: Path, *, program: str = "") -> None:
        self._folder = Path(tempfile.mkdtemp(dir=installation.instance))
        self.running = installation.start("import", "truce", str(path), program=program, HELD=str(self._folder))

    def wait_for_a_batch(self) -> None:
        while not (self._folder / "stored").exists():
            assert self.running.process.poll() is None, self.running.complained()
            time.sleep(0.001)

    def go_on(self) -> None:
        (self._folder / "go-on").touch()

    def told(self) -> str:
        """What it said, when it has ended well."""
        return self.running.output()


def counts(app: Flask) -> list[int]:
    with app.app_context():
        return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def saved_between_batches(app: Flask) -> int:
    """How many claims were saved after the import had stored its first articles, and before its last ones."""
    with app.app_context():
        brought = select(func.min(Article.created_at), func.max(Article.created_at)).where(
            Article.import_id.is_not(None)
        )
        first, last = db.session.execute(brought).one()
        query = select(func.count()).select_from(Annotation)
        return db.session.scalar(query.where(Annotation.created_at > first, Annotation.created_at < last)) or 0


def damages(app: Flask) -> list[str]:
    with app.app_context():
        return [str(finding) for finding in checks.findings()]


@pytest.fixture
def under_way(
    app: Flask, desk: Desk, installation: Installation, make_writers, rounds, tmp_path: Path
) -> Callable[[str], int]:
    """Imports a large file by a program while 16 reviewers save; how many claims were new between its batches."""

    def run(program: str) -> int:
        count = rounds(300, 20_000) if program == HELD else 300
        source = write_articles(tmp_path / "large.jsonl", count)
        writers = make_writers(desk.article(), WRITERS)
        server = Server(installation)
        coming = Importing(installation, source, program=program)

        def until_it_is_in() -> None:
            try:
                if program == HELD:
                    coming.wait_for_a_batch()
                    wait_for_saves(writers, SEEN)
                    coming.go_on()
                assert f"{count} added" in coming.told()
            finally:
                server.kill()

        saving = [partial(writer.save_until_it_goes_away, server.address) for writer in writers]
        at_once(saving, meanwhile=until_it_is_in)
        assert [reply.text for writer in writers for reply in writer.refused] == []
        assert problems_with(app, all_acknowledged(writers)) == []
        if program == HELD:
            assert f"{count} there already" in Importing(installation, source).told()
        assert damages(app) == []
        return saved_between_batches(app)

    return run


def test_reviewers_go_on_saving_while_a_large_file_comes_in(under_way: Callable[[str], int]) -> None:
    # Of a writer's saves every second one makes a new claim.
    assert under_way(HELD) >= (SEEN - WRITERS) // 2


@pytest.mark.once
def test_an_import_in_one_transaction_is_caught(under_way: Callable[[str], int]) -> None:
    """The planted fault."""
    assert under_way(IN_ONE_TRANSACTION) == 0


def test_an_import_that_is_killed_leaves_nothing(
    app: Flask, desk: Desk, installation: Installation, rounds, tmp_path: Path
) -> None:
    count = rounds(450, 20_000)
    source = write_articles(tmp_path / "large.jsonl", count)
    desk.article()
    before = counts(app)
    chance = random.Random(20_190_612)
    for _ in range(rounds(1, 10)):
        coming = Importing(installation, source, program=HELD)
        coming.wait_for_a_batch()
        coming.go_on()
        # At a moment of the further batches that nobody chose; few of them are written too soon for that.
        time.sleep(chance.random() * rounds(0, 2))
        coming.running.process.kill()
        coming.running.process.wait()
        assert before[0] < counts(app)[0] < before[0] + count
        with app.app_context():
            with transaction():
                long_ago = now() - unlisted_imports.STALE_AFTER - timedelta(seconds=1)
                db.session.execute(
                    update(Import).where(Import.state == ImportState.RUNNING).values(touched_at=long_ago)
                )
            assert unlisted_imports.sweep_stale() == 1
        assert counts(app) == before
        assert damages(app) == []
    assert f"{count} added" in Importing(installation, source).told()


def test_an_import_that_leaves_what_it_began_is_caught(app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: what was stored before an error is not removed."""
    before = counts(app)

    def broken_off() -> Iterator[ArticleRecord]:
        for number in range(3 * unlisted_imports.BATCH_ARTICLES):
            if reading.pop(0):
                raise OSError("the disk is gone")
            text = f"Story {number}."
            yield ArticleRecord(text, plain_blocks(text), f"{number:064}")

    for leaves in (False, True):
        reading = [False] * (5 * unlisted_imports.BATCH_ARTICLES) + [True]
        if leaves:
            monkeypatch.setattr(unlisted_imports, "discard", lambda _import: None)
        with app.app_context(), pytest.raises(OSError, match="disk"):
            imports.import_file(desk.project(), broken_off, "many.jsonl")
        assert (counts(app) != before) is leaves
