"""A project, who works on it, and the rules it works by."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false, text, true
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


class MergeStrategy(StrEnum):
    """Which questions a first pass settles without a person: none, those on which all agree, or most."""

    NONE = "none"
    UNANIMOUS = "unanimous"
    MAJORITY = "majority"


class Project(CreatedAt, Base):
    """A set of articles, people, labels and guidelines. `reviewers` is the number wanted for each article.

    With `snap_to_words` a selection grows to whole words; with `suggestions` passages worth a look are offered.
    `merge_threshold` is the share of the reviewers that a majority needs. With `discussion` an article can be revealed
    to its reviewers after the blind vote. A review that was not touched for `return_after_days` goes back to be given
    to somebody else. New reviewers need `pass_mark` (a share) in training. A `second_look_share` of the articles comes
    back to the same reviewer after `second_look_after_days`. `dataset` is what its releases say of themselves (title,
    licence, creators and so on). `pseudonym_key` makes the pseudonyms of exports; it is read by nothing else.
    """

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint("reviewers BETWEEN 1 AND 20", name="reviewers"),
        CheckConstraint("merge_threshold BETWEEN 0.5 AND 1", name="merge_threshold"),
        CheckConstraint("return_after_days > 0", name="return_after_days"),
        CheckConstraint("pass_mark BETWEEN 0 AND 1", name="pass_mark"),
        CheckConstraint("second_look_share BETWEEN 0 AND 0.5", name="second_look_share"),
        CheckConstraint("second_look_after_days > 0", name="second_look_after_days"),
    )

    id: Mapped[str] = primary_id()
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    reviewers: Mapped[int] = mapped_column(default=2)
    blind: Mapped[bool] = mapped_column(default=True)
    evidence: Mapped[EvidenceRule] = mapped_column(enum_of(EvidenceRule), default=EvidenceRule.WARN)
    snap_to_words: Mapped[bool] = mapped_column(default=True, server_default=true())
    suggestions: Mapped[bool] = mapped_column(default=False, server_default=false())
    merge_strategy: Mapped[MergeStrategy] = mapped_column(
        enum_of(MergeStrategy), default=MergeStrategy.NONE, server_default=MergeStrategy.NONE.value
    )
    merge_threshold: Mapped[float] = mapped_column(default=0.75, server_default=text("0.75"))
    discussion: Mapped[bool] = mapped_column(default=False, server_default=false())
    return_after_days: Mapped[int | None]
    pass_mark: Mapped[float | None]
    second_look_share: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    second_look_after_days: Mapped[int] = mapped_column(default=21, server_default=text("21"))
    dataset: Mapped[dict[str, Any] | None]
    pseudonym_key: Mapped[str] = mapped_column(
        String(64), default=lambda: secrets.token_hex(32), server_default=text("''"), deferred=True
    )
    archived_at: Mapped[datetime | None]


class Membership(CreatedAt, Base):
    """One role of one person in one project.

    `capacity` is the most open reviews that a reviewer is given (None: no bound), `qualified_at` when they passed the
    training.
    """

    __tablename__ = "membership"
    __table_args__ = (CheckConstraint("capacity >= 0", name="capacity"),)

    project_id: Mapped[str] = mapped_column(Id(), ForeignKey("project.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(Id(), ForeignKey("user.id"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(enum_of(Role), primary_key=True)
    capacity: Mapped[int | None]
    qualified_at: Mapped[datetime | None]

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
