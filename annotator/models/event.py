"""What happened: an append-only table; triggers refuse UPDATE and DELETE."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from annotator.db import Base, Id, now
from annotator.models.types import primary_id


class Event(Base):
    """One recorded change. Events of one `chain` (an article's id, or the installation's "") are hash-linked.

    `hash` is the SHA-256 of the previous hash and the canonical JSON of this event; `payload` is that JSON's
    "payload" as text, so that it is hashed and stored as the very same characters.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        Index("ix_event_subject", "subject", "seq"),
    )

    id: Mapped[str] = primary_id()
    chain: Mapped[str] = mapped_column(String(16), default="")
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[str | None] = mapped_column(Id(), ForeignKey("user.id"))
    project_id: Mapped[str | None] = mapped_column(Id(), ForeignKey("project.id"), index=True)
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    payload: Mapped[str]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
