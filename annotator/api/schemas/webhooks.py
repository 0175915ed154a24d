"""Webhooks of a project, and the messages to them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from annotator.api.schemas.base import Moment, Schema, Text
from annotator.domain.web_origins import LONGEST_ADDRESS
from annotator.domain.webhook_events import WebhookEvent
from annotator.models import DeliveryState, Webhook, WebhookDelivery, WebhookState

Address = Annotated[Text, Field(max_length=LONGEST_ADDRESS)]
Events = Annotated[list[WebhookEvent], Field(min_length=1, max_length=len(WebhookEvent))]


class WebhookIn(Schema):
    """Where messages go, and of which events; without `events` all of them."""

    url: Address
    events: Events | None = None


class WebhookChanges(Schema):
    """What is to be different; `state` is active or paused."""

    url: Address | None = None
    events: Events | None = None
    state: WebhookState | None = None


class WebhookOut(Schema):
    """A webhook. `state` is disabled when too many messages in a row were not taken. Its secret is not shown again."""

    id: str
    url: str
    events: list[str]
    state: WebhookState
    author: str | None
    created_at: Moment

    @classmethod
    def of(cls, webhook: Webhook) -> WebhookOut:
        """The schema of a webhook with who added it."""
        return cls(**cls.facts(webhook))

    @staticmethod
    def facts(webhook: Webhook) -> dict[str, Any]:
        """The fields that every answer about a webhook has."""
        return {
            "id": webhook.id,
            "url": webhook.url,
            "events": webhook.events,
            "state": webhook.state,
            "author": webhook.user.name if webhook.user else None,
            "created_at": webhook.created_at,
        }


class WebhookMade(WebhookOut):
    """A webhook with its new secret, which is shown this once."""

    secret: str

    @classmethod
    def made(cls, webhook: Webhook, secret: str) -> WebhookMade:
        """The schema of a webhook whose secret is new."""
        return cls(**cls.facts(webhook), secret=secret)


class MessageOut(Schema):
    """A message to a webhook. `status` and `problem` are of the last attempt; `next_attempt_at` of one that waits."""

    id: str
    event: str
    state: DeliveryState
    attempts: int
    status: int | None
    problem: str | None
    created_at: Moment
    next_attempt_at: Moment | None

    @classmethod
    def of(cls, delivery: WebhookDelivery) -> MessageOut:
        """The schema of a message."""
        return cls(
            id=delivery.id,
            event=delivery.event,
            state=delivery.state,
            attempts=delivery.attempts,
            status=delivery.status,
            problem=delivery.problem,
            created_at=delivery.created_at,
            next_attempt_at=delivery.next_attempt_at if delivery.state is DeliveryState.PENDING else None,
        )
