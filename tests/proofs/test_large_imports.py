"""A large import: reviewers go on saving, an interrupted one leaves nothing, and memory does not grow with the file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from annotator.db import db, now, transaction
from annotator.models import Article, ArticleBlock, ArticleVersion, Import, ImportState, SearchEntry
from annotator.services import checks, imports
from tests.support.desk import Desk
from tests.support.installation import Installation
from tests.support.saves import problems_with
from tests.support.servers import Server
from tests.support.writers import all_acknowledged, at_once

pytestmark = pytest.mark.soak

WRITERS = 16
TABLES = (Article, ArticleVersion, ArticleBlock, SearchEntry)
PARAGRAPH = "The ministry said on Sunday that it was calm, except for two incidents near the border. "


def write(path: Path, count: int) -> Path:
    """Articles of about 500 words as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            text = "\n\n".join(f"{PARAGRAPH * 4}{number}-{paragraph}." for paragraph in range(8))
            file.write(json.dumps({"text": text, "external_id": f"{number}"}) + "\n")
    return path


def importing(installation: Installation, path: Path) -> subprocess.Popen[str]:
    """`annotator import`, under way."""
    return subprocess.Popen(
        [installation.command, "import", "truce", path],
        env=installation.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def counts(app: Flask) -> list[int | None]:
    with app.app_context():
        return [db.session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def damages(app: Flask) -> list[str]:
    with app.app_context():
        return [str(finding) for finding in checks.findings()]


def test_reviewers_go_on_saving_while_a_large_file_comes_in(
    app: Flask, desk: Desk, installation: Installation, make_writers, rounds, tmp_path: Path
) -> None:
    count = rounds(1_000, 20_000)
    source = write(tmp_path / "large.jsonl", count)
    writers = make_writers(desk.article(), WRITERS)
    server = Server(installation)
    coming = importing(installation, source)
    saved_meanwhile = []

    def until_it_is_in() -> None:
        told, complaints = coming.communicate()
        saved_meanwhile.append(len(all_acknowledged(writers)))
        server.kill()
        assert coming.returncode == 0, complaints
        assert f"{count} added" in told

    at_once([partial(writer.save_until_it_goes_away, server.address) for writer in writers], meanwhile=until_it_is_in)
    assert [reply.text for writer in writers for reply in writer.refused] == []
    assert saved_meanwhile[0] > 0
    assert problems_with(app, all_acknowledged(writers)) == []
    again = importing(installation, source)
    assert f"{count} there already" in again.communicate()[0]
    assert damages(app) == []


def test_an_import_that_is_killed_leaves_nothing(
    app: Flask, desk: Desk, installation: Installation, rounds, tmp_path: Path
) -> None:
    count = rounds(1_000, 20_000)
    source = write(tmp_path / "large.jsonl", count)
    desk.article()
    before = counts(app)
    for _ in range(rounds(1, 10)):
        coming = importing(installation, source)
        while counts(app) == before:
            assert coming.poll() is None, "it was over before it could be killed"
            time.sleep(0.001)
        coming.send_signal(signal.SIGKILL)
        coming.communicate()
        assert counts(app)[0] < before[0] + count
        with app.app_context():
            with transaction():
                long_ago = now() - imports.STALE_AFTER - timedelta(seconds=1)
                db.session.execute(
                    update(Import).where(Import.state == ImportState.RUNNING).values(touched_at=long_ago)
                )
            assert imports.sweep_stale() == 1
        assert counts(app) == before
        assert damages(app) == []
    assert f"{count} added" in importing(installation, source).communicate()[0]


def test_memory_does_not_grow_with_the_file(desk: Desk, installation: Installation, rounds, tmp_path: Path) -> None:
    few, many = rounds(400, 20_000), rounds(4_000, 200_000)
    bound = 30
    grown = {}
    peaks = [
        peak(installation, "import", "truce", str(write(tmp_path / f"{count}.jsonl", count))) for count in (few, many)
    ]
    grown["import"] = peaks[1] - peaks[0]
    assert grown["import"] < bound, peaks
    whole = ("export", "truce", "--layer", "articles", "--format", "jsonl", "-o", os.devnull)
    assert peak(installation, *whole) - peak(installation, "project", "list") < 2 * bound


def peak(installation: Installation, *arguments: str) -> float:
    """The most megabytes that the command has held in memory."""
    running = subprocess.Popen(
        [installation.command, *arguments], env=installation.environment, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0
    return used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
