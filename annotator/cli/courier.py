"""The threads of a server that send webhook messages while it serves. They may end at any moment: what was not settled
is sent by another process, or by this one after its next start.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from annotator.db import now
from annotator.errors import AnnotatorError
from annotator.services import webhook_delivery, webhook_outbox

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

THREADS = 3
"""A receiver that answers slowly keeps one of them busy, never all."""

PAUSE = 1.0
"""Seconds between two looks at what is due."""

AFTER_A_FAULT = 30.0

_log = logging.getLogger(__name__)


def start(app: Flask) -> None:
    """Send what is due from now on until the process ends."""
    for number in range(THREADS):
        # The first one also forgets what is old.
        Courier(app, tidies=number == 0).start()


class Courier(threading.Thread):
    """Sends one message after another."""

    def __init__(self, app: Flask, *, tidies: bool) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._app = app
        self._tidies = tidies
        self._tidied: datetime | None = None
        self._ended = threading.Event()

    def run(self) -> None:
        """Until the process ends; a fault of one moment does not end it."""
        pause = PAUSE
        while not self._ended.wait(pause):
            pause = PAUSE
            try:
                with self._app.app_context():
                    webhook_delivery.deliver_due()
                    self._tidy()
            except AnnotatorError as error:
                _log.info("Webhooks wait: %s", error)
            except Exception:  # noqa: BLE001 -- whatever it was, the next message may be sent
                _log.exception("Webhooks could not be sent; they are tried again.")
                pause = AFTER_A_FAULT

    def end(self) -> None:
        """After what it does at this moment."""
        self._ended.set()

    def _tidy(self) -> None:
        if self._tidies and (self._tidied is None or now() - self._tidied > webhook_outbox.TIDIED_EVERY):
            webhook_delivery.tidy()
            self._tidied = now()
