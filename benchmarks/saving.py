"""Saving claims through the real server: how much one writer saves, and how much sixteen do together."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from annotator import create_app
from annotator.db import db, transaction
from annotator.services import people, tokens
from benchmarks.measuring import Measurement
from tests.support.desk import STORY, Desk
from tests.support.installation import Installation
from tests.support.servers import serving
from tests.support.writers import Writer, at_once

SAVES = 160
MANY = 16
REPETITIONS = 3
EXACT = "complete ceasefire"


def run() -> list[Measurement]:
    """The same number of saves by one writer and by sixteen at once, on SQLite, over HTTP to `annotator serve`."""
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(sys.executable).with_name("annotator"), Path(folder) / "instance")
        installation.run("init")
        writers = _writers(installation.instance)
        with serving(installation, 1) as (address,):
            pairs = _measured(writers, address)
    one, many = zip(*pairs, strict=True)
    ratio = statistics.median(alone / together for alone, together in pairs)
    return [
        Measurement("save claims", f"{SAVES} by 1 writer", one),
        Measurement("save claims", f"{SAVES} by {MANY} writers at once, {ratio:.1f} times the saves per second", many),
    ]


def _writers(instance: Path) -> list[Writer]:
    """Sixteen programs of two reviewers on one article."""
    app = create_app({"instance": instance})
    desk = Desk(app)
    article = desk.article()
    with app.app_context():
        with transaction():
            reviewers = [people.by_email(f"{name}@example.org") for name in ("ada", "ben")]
            shown = [tokens.add(reviewers[number % 2], "benchmark") for number in range(MANY)]
        db.engine.dispose()
    return [Writer(str(n), token, article, EXACT, STORY.index(EXACT)) for n, token in enumerate(shown)]


def _measured(writers: list[Writer], address: str) -> list[tuple[float, float]]:
    """The seconds that one writer takes and that all take, in turn, so that both meet the same noise."""
    pairs = [(_saved(writers[:1], address), _saved(writers, address)) for _ in range(REPETITIONS + 1)]
    return pairs[1:]  # The first repetition warms the server up.


def _saved(writers: list[Writer], address: str) -> float:
    start = time.perf_counter()
    at_once([partial(writer.save, address, SAVES // len(writers)) for writer in writers])
    seconds = time.perf_counter() - start
    refused = [reply.text for writer in writers for reply in writer.refused]
    if refused:
        raise RuntimeError(f"A save was refused: {refused[0]}")
    return seconds
