"""Threads of the serving process, in which errands are done while their pages show how far they are.

The thread of an errand only counts. A second one writes every second what has been counted, which keeps the errand
alive, and reads whether the person wants it still: so a long step between two counts is no silence.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import suppress
from threading import Event, Thread
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from annotator.db import transaction
from annotator.errors import AnnotatorError, Busy
from annotator.formats.records import CannotWrite
from annotator.models import ErrandState
from annotator.services import errands

PULSE = 1.0
"""Seconds between two signs of life."""

TRIES = 60
"""How often it is tried to note the end, while others write or the database is away."""

BROKEN = "Something failed here and was recorded. Nothing of it was kept."

Read = TypeVar("Read")

_log = logging.getLogger(__name__)


class Stopped(Exception):
    """The person wants no more of it."""


class Tally:
    """How far an errand is, in `words` what has been done, and whether it is still wanted."""

    def __init__(self) -> None:
        self.done: Callable[[], int] = lambda: self._counted
        self.words = ""
        self.stopped = False
        self._counted = 0

    def look(self) -> None:
        """Raise Stopped if it is not wanted any more."""
        if self.stopped:
            raise Stopped

    def counted(self, found: Iterable[Read]) -> Generator[Read]:
        """The same, one by one, each of them counted. Raises Stopped, and closes what it reads."""
        try:
            for each in found:
                self.look()
                self._counted += 1
                yield each
        finally:
            if isinstance(found, Generator):
                found.close()


Work = Callable[[Tally], Mapping[str, Any]]
"""Does an errand and says what came of it. What it raises must leave nothing behind."""


def start(errand_id: str, work: Work) -> None:
    """Begin the work; the errand is stored already."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- Flask's documented way
    Thread(target=_run, args=(app, errand_id, work), name=f"errand {errand_id}", daemon=True).start()


def _run(app: Flask, errand_id: str, work: Work) -> None:
    tally, ended = Tally(), Event()
    pulse = Thread(target=_beat, args=(app, errand_id, tally, ended), daemon=True)
    pulse.start()
    try:
        with app.app_context():
            state, outcome = ErrandState.FINISHED, work(tally)
    except Stopped:
        state, outcome = ErrandState.CANCELLED, {}
    except (AnnotatorError, CannotWrite) as error:
        state, outcome = ErrandState.FAILED, {"problem": str(error)}
    except Exception:  # noqa: BLE001 -- whatever it was, the person is told that it ended
        _log.exception("an errand failed")
        state, outcome = ErrandState.FAILED, {"problem": BROKEN}
    ended.set()
    pulse.join()
    for _ in range(TRIES):
        with app.app_context(), suppress(Busy, SQLAlchemyError), transaction():
            errands.end(errand_id, state, outcome, done=tally.done())
            return
        time.sleep(PULSE)


def _beat(app: Flask, errand_id: str, tally: Tally, ended: Event) -> None:
    while not ended.wait(PULSE):
        # Others may be writing: the next beat says the same again.
        with app.app_context(), suppress(Busy, SQLAlchemyError), transaction():
            tally.stopped = not errands.touch(errand_id, tally.done(), tally.words) or tally.stopped
