"""Frozen states of a project's dataset; triggers refuse UPDATE and DELETE."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annotator.db import Base, Id
from annotator.models.person import User
from annotator.models.types import CreatedAt, primary_id, reference


class Release(CreatedAt, Base):
    """One numbered release. `manifest` is canonical JSON: what is in it, with counts and hashes; `sha256` is of it."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("project_id", "version"),)

    id: Mapped[str] = primary_id()
    project_id: Mapped[str] = reference("project.id", index=False)
    user_id: Mapped[str | None] = reference("user.id", nullable=True)
    version: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(default="")
    manifest: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))

    user: Mapped[User | None] = relationship(lazy="raise_on_sql")


class ReleasePart(Base):
    """Some rows of one layer of a release, in order: JSON lines, each the list of a row's values, deflated (RFC 1950)."""

    __tablename__ = "release_part"

    release_id: Mapped[str] = mapped_column(Id(), ForeignKey("release.id"), primary_key=True)
    layer: Mapped[str] = mapped_column(String(32), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
