"""People and the ways in which they prove who they are."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annotator.db import Base
from annotator.models.types import CreatedAt, primary_id, reference

if TYPE_CHECKING:
    from annotator.models.project import Project


class User(CreatedAt, Base):
    """A person. Disabled people keep their work; `email` is stored folded to lower case.

    `preferences` is what domain/preferences.py reads: type, keys, suggestions.
    """

    __tablename__ = "user"

    id: Mapped[str] = primary_id()
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    is_admin: Mapped[bool] = mapped_column(default=False)
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    preferences: Mapped[dict[str, Any] | None] = mapped_column(default=dict)
    disabled_at: Mapped[datetime | None]


class Session(CreatedAt, Base):
    """A sign-in in one browser. Only the SHA-256 of its random id is stored."""

    __tablename__ = "session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = reference("user.id")
    user_agent: Mapped[str] = mapped_column(default="")
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class SignInLink(CreatedAt, Base):
    """A link that signs its person in once."""

    __tablename__ = "sign_in_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = reference("user.id")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class ApiToken(CreatedAt, Base):
    """A program's key. Shown once; only its SHA-256 is stored. `scopes` holds words of domain.scopes.

    With a project it is good for that one alone, and never for more than its person may do there.
    """

    __tablename__ = "api_token"

    id: Mapped[str] = primary_id()
    user_id: Mapped[str] = reference("user.id")
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(64), server_default=text("''"))
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    project_id: Mapped[str | None] = reference("project.id", nullable=True)

    user: Mapped[User] = relationship(lazy="raise_on_sql")
    project: Mapped[Project | None] = relationship(lazy="raise_on_sql")


class SignInAttempt(Base):
    """Failed sign-ins of one account or one address; `key` is a hash, so the table lists nobody."""

    __tablename__ = "sign_in_attempt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[datetime | None]
    last_at: Mapped[datetime]
