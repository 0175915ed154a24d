"""Sending what waits. It commits by itself, against the rule: no transaction may be open while a receiver is awaited."""

from __future__ import annotations

import time

from annotator.db import db, transaction
from annotator.domain import signatures
from annotator.errors import Invalid
from annotator.services import webhook_origins, webhook_outbox, webhook_sending
from annotator.services.webhook_outbox import Outcome, Parcel


def deliver_due() -> list[Outcome]:
    """Send everything that is due, one after another; what became of each."""
    found = []
    while (outcome := deliver_next()) is not None:
        found.append(outcome)
    return found


def deliver_next() -> Outcome | None:
    """Send the message that waits longest; None if none is due.

    Whoever asks for nothing but that writes nothing: an idle installation makes no write transactions.
    """
    db.session.rollback()
    if not webhook_outbox.waiting():
        return None
    with transaction():
        parcel = webhook_outbox.take()
    if parcel is None:
        return None
    outcome = send(parcel)
    with transaction():
        webhook_outbox.settle(parcel, outcome)
    return outcome


def send(parcel: Parcel) -> Outcome:
    """One attempt, if an administrator allows the address at this moment; nothing is written."""
    try:
        target, private = webhook_origins.allowed(parcel.url)
    except Invalid as error:
        return Outcome(problem=str(error))
    finally:
        # The connection goes back while the receiver is awaited.
        db.session.rollback()
    headers = signatures.headers(parcel.keys, parcel.id, int(time.time()), parcel.body)
    return webhook_sending.post(target, parcel.body, headers, private=private)


def tidy() -> None:
    """Forget what was settled long ago."""
    with transaction():
        webhook_outbox.sweep()
