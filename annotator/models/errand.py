"""Work that takes longer than a request."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, false
from sqlalchemy.orm import Mapped, mapped_column

from annotator.db import Base
from annotator.models.types import CreatedAt, enum_of, primary_id, reference


class ErrandKind(StrEnum):
    """What is to be done."""

    EXPORT = "export"
    IMPORT = "import"
    COMPARISON = "comparison"


class ErrandState(StrEnum):
    """Where an errand stands."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Errand(CreatedAt, Base):
    """An export, an import or a look for copies that a thread of the server does for a person: what is wanted, how far it is, what came of it.

    `touched_at` is its last sign of life, `stop` that the person wants no more of it.
    """

    __tablename__ = "errand"

    id: Mapped[str] = primary_id()
    project_id: Mapped[str] = reference("project.id")
    user_id: Mapped[str] = reference("user.id")
    kind: Mapped[ErrandKind] = mapped_column(enum_of(ErrandKind))
    state: Mapped[ErrandState] = mapped_column(enum_of(ErrandState), default=ErrandState.RUNNING)
    wanted: Mapped[dict[str, Any]]
    done: Mapped[int] = mapped_column(BigInteger(), default=0)
    total: Mapped[int] = mapped_column(BigInteger(), default=0)
    stop: Mapped[bool] = mapped_column(default=False, server_default=false())
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
    touched_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
