"""The webhooks of a project: adding, pausing, renewing the secret, removing, and what was sent to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from annotator.db import db, now
from annotator.domain.signatures import new_secret
from annotator.domain.webhook_events import WebhookEvent
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import Project, User, Webhook, WebhookDelivery, WebhookState
from annotator.services import events, webhook_origins, webhook_outbox

MOST = 20
"""How many webhooks a project may have: each event is a message to all of them."""

SHOWN = 100
OVERLAP = timedelta(hours=24)
"""For so long the secret of before signs too."""


def of_project(project: Project) -> Sequence[Webhook]:
    """The webhooks of `project`, the oldest first, each with who added it."""
    query = select(Webhook).outerjoin(Webhook.user).options(contains_eager(Webhook.user))
    return db.session.scalars(
        query.where(Webhook.project_id == project.id).order_by(Webhook.created_at, Webhook.id)
    ).all()


def get(project: Project, webhook_id: str) -> Webhook:
    """A webhook of `project` with who added it. Raises NotFound."""
    query = select(Webhook).outerjoin(Webhook.user).options(contains_eager(Webhook.user))
    found = db.session.scalar(query.where(Webhook.project_id == project.id, Webhook.id == webhook_id))
    if found is None:
        raise NotFound("There is no such webhook in this project.")
    return found


def add(project: Project, url: str, wanted: Collection[str], *, by: User | None = None) -> tuple[Webhook, str]:
    """A new webhook, and its secret: the only time that it is shown. Raises Invalid unless the address is allowed."""
    webhook_origins.allowed(url)
    # Two at the same moment must not both find room for one.
    db.session.execute(select(Project.id).where(Project.id == project.id).with_for_update())
    if len(of_project(project)) >= MOST:
        raise Conflict(f"A project has at most {MOST} webhooks. Remove one that is not needed any more.")
    secret = new_secret()
    webhook = Webhook(
        project_id=project.id,
        user_id=by.id if by else None,
        user=by,
        url=url.strip(),
        events=_known(wanted),
        secret=secret,
    )
    db.session.add(webhook)
    db.session.flush()
    _record("webhook.add", webhook, {"url": webhook.url, "events": webhook.events}, by)
    return webhook, secret


def change(
    webhook: Webhook, *, url: str | None = None, wanted: Collection[str] | None = None, by: User | None = None
) -> None:
    """Send to another address, or other events; what is None stays. Raises as `add`."""
    after = {
        "url": webhook.url if url is None else url.strip(),
        "events": webhook.events if wanted is None else _known(wanted),
    }
    before = {"url": webhook.url, "events": webhook.events}
    if after == before:
        return
    if after["url"] != before["url"]:
        webhook_origins.allowed(str(after["url"]))
    webhook.url, webhook.events = str(after["url"]), list(after["events"])
    db.session.flush()
    _record("webhook.change", webhook, {"before": before, "after": after}, by)


def pause(webhook: Webhook, *, by: User | None = None) -> None:
    """Send nothing from now on: what happens meanwhile is not told, what waits stays where it is."""
    if webhook.state is not WebhookState.PAUSED:
        webhook.state = WebhookState.PAUSED
        db.session.flush()
        _record("webhook.pause", webhook, {}, by)


def resume(webhook: Webhook, *, by: User | None = None) -> None:
    """Send again, whatever ended it."""
    if webhook.state is not WebhookState.ACTIVE:
        webhook.state, webhook.failures = WebhookState.ACTIVE, 0
        db.session.flush()
        _record("webhook.resume", webhook, {}, by)


def renew(webhook: Webhook, *, by: User | None = None) -> str:
    """A new secret, shown this once. The one of before signs beside it for a day, so that no message is refused."""
    secret = new_secret()
    webhook.previous_secret, webhook.previous_until = webhook.secret, now() + OVERLAP
    webhook.secret = secret
    db.session.flush()
    _record("webhook.renew", webhook, {}, by)
    return secret


def remove(webhook: Webhook, *, by: User | None = None) -> None:
    """Remove a webhook with what was sent and what waits; the record of events keeps that it was there."""
    db.session.execute(select(Webhook.id).where(Webhook.id == webhook.id).with_for_update())
    mine = WebhookDelivery.webhook_id == webhook.id
    db.session.execute(delete(WebhookDelivery).where(mine).execution_options(synchronize_session=False))
    _record("webhook.remove", webhook, {"url": webhook.url}, by)
    db.session.delete(webhook)
    db.session.flush()


def ping(webhook: Webhook) -> WebhookDelivery:
    """A test message, which is sent in a moment. Raises Conflict for a webhook that is paused."""
    _require_active(webhook)
    return webhook_outbox.ping(webhook)


def deliveries(webhook: Webhook) -> Sequence[WebhookDelivery]:
    """What was or will be sent to it, the newest first, at most 100."""
    return db.session.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook.id)
        .order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc())
        .limit(SHOWN)
    ).all()


def send_again(webhook: Webhook, delivery_id: str) -> WebhookDelivery:
    """Send a message once more, with the id that it had. Raises NotFound, and Conflict for a webhook that is paused."""
    _require_active(webhook)
    delivery = db.session.scalar(
        select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.id == delivery_id)
    )
    if delivery is None:
        raise NotFound("There is no such message to this webhook. Messages are kept for 30 days.")
    webhook_outbox.again(delivery)
    return delivery


def _require_active(webhook: Webhook) -> None:
    if webhook.state is not WebhookState.ACTIVE:
        raise Conflict(f"This webhook is {webhook.state.value}. Resume it first.")


def _known(wanted: Collection[str]) -> list[str]:
    """The events in their order. Raises Invalid for none, and for one that does not exist."""
    known = ", ".join(WebhookEvent)
    unknown = set(wanted) - set(WebhookEvent)
    if unknown:
        raise Invalid.field("events", f"There is no event '{min(unknown)}'. Choose of {known}.")
    if not wanted:
        raise Invalid.field("events", f"Choose at least one event of {known}.")
    return [event.value for event in WebhookEvent if event in wanted]


def _record(action: str, webhook: Webhook, payload: dict[str, object], by: User | None) -> None:
    events.record(action, webhook.id, payload, user_id=by.id if by else None, project_id=webhook.project_id)
    db.session.flush()
