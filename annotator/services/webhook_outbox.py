"""The messages that wait to be sent. They are written in the transaction of what they tell, so that what was rolled
back is never told and what was committed always is.

    announce(project.id, WebhookEvent.RELEASE_CREATED, lambda: {"version": "1.0.0"})   # inside the transaction

    parcel = take()            # in a transaction of its own: nobody else sends it now
    settle(parcel, outcome)    # in another one, when it was sent
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, delete, or_, select, update
from sqlalchemy.orm import aliased, contains_eager, undefer

from annotator.db import db, new_id, now
from annotator.domain.webhook_events import GIVEN_UP_IN_A_ROW, PING, WebhookEvent, delay_after
from annotator.models import DeliveryState, Project, Webhook, WebhookDelivery, WebhookState
from annotator.services import events

LEASE = timedelta(minutes=2)
"""Longer than any attempt takes; then another process may send what this one did not settle."""

KEPT = timedelta(days=30)
"""For so long what was settled can be looked at and sent again."""

TIDIED_EVERY = timedelta(hours=1)

GONE = 410

Facts = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Parcel:
    """A message to send now: to `url`, signed with each of `keys`."""

    id: str
    lease: str
    webhook_id: str
    url: str
    body: bytes
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt: the status of the answer, or what went wrong before there was one."""

    status: int | None = None
    problem: str = ""

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


def announce(project_id: str, event: WebhookEvent, facts: Facts) -> None:
    """Write a message for every active webhook of the project that wants `event`; `facts` is only asked if there is one.

    Nobody can remove a webhook at the same moment: its row is locked, though not against its other changes.
    """
    query = select(Webhook.id, Webhook.events).where(
        Webhook.project_id == project_id, Webhook.state == WebhookState.ACTIVE
    )
    wanting = [
        row.id for row in db.session.execute(query.with_for_update(read=True, key_share=True)) if event in row.events
    ]
    if wanting:
        write(project_id, wanting, event, facts())


def write(project_id: str, webhook_ids: list[str], event: str, facts: Mapping[str, Any]) -> list[WebhookDelivery]:
    """One message for each of the webhooks of the project, to be sent at once."""
    moment = now()
    project = db.session.get_one(Project, project_id)
    body = {"type": event, "timestamp": _in_utc(moment), "data": {"project": project.slug, **facts}}
    payload = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    written = [
        WebhookDelivery(webhook_id=each, event=event, payload=payload, next_attempt_at=moment) for each in webhook_ids
    ]
    db.session.add_all(written)
    db.session.flush()
    return written


def waiting() -> bool:
    """Whether there is something to send now; reads only."""
    return db.session.scalar(_due().limit(1)) is not None


def take() -> Parcel | None:
    """The message that waits longest, kept from all others while it is sent; None if nothing is due."""
    # PostgreSQL passes over what another process takes at this moment; SQLite has one writer anyway.
    found = db.session.scalar(
        _due()
        .options(
            contains_eager(WebhookDelivery.webhook).options(undefer(Webhook.secret), undefer(Webhook.previous_secret))
        )
        .order_by(WebhookDelivery.next_attempt_at, WebhookDelivery.id)
        .limit(1)
        .with_for_update(of=WebhookDelivery, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        return None
    found.lease, found.leased_until = new_id(), now() + LEASE
    found.attempts += 1
    db.session.flush()
    webhook = found.webhook
    keys = [webhook.secret]
    if webhook.previous_secret and webhook.previous_until and webhook.previous_until > now():
        keys.append(webhook.previous_secret)
    return Parcel(found.id, found.lease, webhook.id, webhook.url, found.payload.encode(), tuple(keys))


def settle(parcel: Parcel, outcome: Outcome) -> bool:
    """Note what became of an attempt; False if it took so long that the message is somebody else's by now."""
    webhook = db.session.scalar(
        select(Webhook)
        .where(Webhook.id == parcel.webhook_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    delivery = db.session.scalar(
        select(WebhookDelivery)
        .where(WebhookDelivery.id == parcel.id, WebhookDelivery.lease == parcel.lease)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if webhook is None or delivery is None:
        return False
    delivery.lease = delivery.leased_until = None
    delivery.status, delivery.problem = outcome.status, outcome.problem or None
    delay = delay_after(delivery.attempts, random.random())  # noqa: S311 -- spreads load, keeps no secret
    if outcome.taken:
        delivery.state, delivery.settled_at = DeliveryState.DELIVERED, now()
        webhook.failures = 0
    elif outcome.status == GONE or delay is None:
        delivery.state, delivery.settled_at = DeliveryState.FAILED, now()
        webhook.failures += 1
        if outcome.status == GONE or webhook.failures >= GIVEN_UP_IN_A_ROW:
            _disable(webhook)
    else:
        delivery.next_attempt_at = now() + delay
    db.session.flush()
    return True


def sweep() -> None:
    """Forget what was settled long ago."""
    settled = WebhookDelivery.settled_at < now() - KEPT
    db.session.execute(delete(WebhookDelivery).where(settled).execution_options(synchronize_session=False))


def again(delivery: WebhookDelivery) -> None:
    """Send a message once more, with all its attempts before it. Its id stays, so that a receiver knows it again."""
    db.session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == delivery.id)
        .values(state=DeliveryState.PENDING, attempts=0, next_attempt_at=now(), settled_at=None)
    )


def ping(webhook: Webhook) -> WebhookDelivery:
    """A message that tells nothing, to try the way."""
    (written,) = write(webhook.project_id, [webhook.id], PING, {"webhook": webhook.id})
    return written


def _due() -> Select[WebhookDelivery]:
    """What may be sent now. A receiver is sent one message at a time, so that a slow one holds up nobody else."""
    moment, other = now(), aliased(WebhookDelivery)
    under_way = select(other.id).where(other.webhook_id == Webhook.id, other.leased_until > moment)
    return (
        select(WebhookDelivery)
        .join(WebhookDelivery.webhook)
        .where(
            and_(WebhookDelivery.state == DeliveryState.PENDING, WebhookDelivery.next_attempt_at <= moment),
            or_(WebhookDelivery.leased_until.is_(None), WebhookDelivery.leased_until <= moment),
            Webhook.state == WebhookState.ACTIVE,
            ~under_way.exists(),
        )
    )


def _disable(webhook: Webhook) -> None:
    if webhook.state is WebhookState.DISABLED:
        return
    webhook.state = WebhookState.DISABLED
    payload = {"failures": webhook.failures}
    events.record("webhook.disable", webhook.id, payload, user_id=None, project_id=webhook.project_id)


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
