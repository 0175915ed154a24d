"""A project, who works on it, and the rules it works by."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annotator.db import Base, Id, now
from annotator.models.person import User
from annotator.models.types import CreatedAt, enum_of, primary_id, reference


class Role(StrEnum):
    """What a person may do in a project; one person may have several."""

    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"
    MANAGER = "manager"


class EvidenceRule(StrEnum):
    """What happens on submit to a claim that lacks what its label must carry."""

    REQUIRED = "required"
    WARN = "warn"
    OFF = "off"


class Project(CreatedAt, Base):
    """A set of articles, people, labels and guidelines. `reviewers` is the number wanted for each article.

    With `snap_to_words` a selection grows to whole words; with `suggestions` passages worth a look are offered.
    """

    __tablename__ = "project"
    __table_args__ = (CheckConstraint("reviewers BETWEEN 1 AND 20", name="reviewers"),)

    id: Mapped[str] = primary_id()
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    reviewers: Mapped[int] = mapped_column(default=2)
    blind: Mapped[bool] = mapped_column(default=True)
    evidence: Mapped[EvidenceRule] = mapped_column(enum_of(EvidenceRule), default=EvidenceRule.WARN)
    snap_to_words: Mapped[bool] = mapped_column(default=True, server_default=true())
    suggestions: Mapped[bool] = mapped_column(default=False, server_default=false())
    archived_at: Mapped[datetime | None]


class Membership(CreatedAt, Base):
    """One role of one person in one project."""

    __tablename__ = "membership"

    project_id: Mapped[str] = mapped_column(Id(), ForeignKey("project.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(Id(), ForeignKey("user.id"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(enum_of(Role), primary_key=True)

    user: Mapped[User] = relationship(lazy="raise_on_sql")
    project: Mapped[Project] = relationship(lazy="raise_on_sql")


class Guideline(CreatedAt, Base):
    """One version of a project's guideline, in Markdown. Claims are stamped with the version in force."""

    __tablename__ = "guideline"
    __table_args__ = (UniqueConstraint("project_id", "version"),)

    id: Mapped[str] = primary_id()
    project_id: Mapped[str] = reference("project.id", index=False)
    version: Mapped[int]
    text: Mapped[str]
    user_id: Mapped[str | None] = reference("user.id", nullable=True)


class GuidelineReading(Base):
    """The newest version of a project's guideline that a person has opened."""

    __tablename__ = "guideline_reading"

    project_id: Mapped[str] = mapped_column(Id(), ForeignKey("project.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(Id(), ForeignKey("user.id"), primary_key=True)
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)


class Label(CreatedAt, Base):
    """A label of a project. Its key never changes, its name may; a retired label keeps its claims.

    `stances` are the stances of which a claim needs at least one evidence item; `reasons` is a list of
    {"key", "help"}; `tone` picks colour and underline, 1 to 8.
    """

    __tablename__ = "label"
    __table_args__ = (
        UniqueConstraint("project_id", "key"),
        CheckConstraint("tone BETWEEN 1 AND 8", name="tone"),
    )

    id: Mapped[str] = primary_id()
    project_id: Mapped[str] = reference("project.id", index=False)
    key: Mapped[str] = mapped_column(String(32))
    name: Mapped[str]
    definition: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    tone: Mapped[int]
    needs_speaker: Mapped[bool] = mapped_column(default=False)
    needs_reason: Mapped[bool] = mapped_column(default=False)
    stances: Mapped[list[str]] = mapped_column(default=list)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    retired_at: Mapped[datetime | None]
