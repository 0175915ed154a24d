"""Programs that are told what happens in a project, and what was or will be sent to them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annotator.db import Base
from annotator.models.person import User
from annotator.models.project import Project
from annotator.models.types import CreatedAt, enum_of, primary_id, reference


class WebhookState(StrEnum):
    """Whether a webhook is sent to: a manager pauses it, too many failures disable it."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class DeliveryState(StrEnum):
    """What became of one message."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookOrigin(CreatedAt, Base):
    """A place of the web that may be sent to, such as https://hooks.example.org; with `private`, one of our network."""

    __tablename__ = "webhook_origin"

    origin: Mapped[str] = mapped_column(String(300), primary_key=True)
    private: Mapped[bool]
    user_id: Mapped[str | None] = reference("user.id", nullable=True)


class Webhook(CreatedAt, Base):
    """An address of one project's events. `secret` signs, so it is stored as it is; it is read by nothing else.

    After a renewal `previous_secret` signs too until `previous_until`. `failures` counts the messages given up in a row.
    """

    __tablename__ = "webhook"

    id: Mapped[str] = primary_id()
    project_id: Mapped[str] = reference("project.id")
    user_id: Mapped[str | None] = reference("user.id", nullable=True)
    url: Mapped[str]
    events: Mapped[list[str]]
    state: Mapped[WebhookState] = mapped_column(enum_of(WebhookState), default=WebhookState.ACTIVE)
    failures: Mapped[int] = mapped_column(default=0)
    secret: Mapped[str] = mapped_column(String(64), deferred=True)
    previous_secret: Mapped[str | None] = mapped_column(String(64), deferred=True)
    previous_until: Mapped[datetime | None]

    user: Mapped[User | None] = relationship(lazy="raise_on_sql")
    project: Mapped[Project] = relationship(lazy="raise_on_sql")


class WebhookDelivery(CreatedAt, Base):
    """One message to one webhook, written in the transaction of what it tells. Its id is the message's.

    Whoever sends it takes a `lease` first, which others respect until `leased_until`. `status` is the last answer's.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index("ix_webhook_delivery_due", "state", "next_attempt_at"),)

    id: Mapped[str] = primary_id()
    webhook_id: Mapped[str] = reference("webhook.id")
    event: Mapped[str] = mapped_column(String(64))
    payload: Mapped[str]
    state: Mapped[DeliveryState] = mapped_column(enum_of(DeliveryState), default=DeliveryState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    lease: Mapped[str | None] = mapped_column(String(16))
    leased_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    status: Mapped[int | None]
    problem: Mapped[str | None]

    webhook: Mapped[Webhook] = relationship(lazy="raise_on_sql")
