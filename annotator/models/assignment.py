"""Who works on which article, and how far they are."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annotator.db import Base, Id
from annotator.models.article import Article, ArticleVersion
from annotator.models.person import User
from annotator.models.types import CreatedAt, enum_of, partial_index, primary_id, reference, span_check


class AssignmentKind(StrEnum):
    """A review gives one person's claims, the adjudication gives the gold ones.

    What is not a review counts for nothing: neither for when an article opens, nor in agreement, questions or gold.
    Training is on an article whose answers are known, a second look shows whether a person would mark the same again,
    and a review that was left lying for too long is returned, with the work kept.
    """

    REVIEW = "review"
    ADJUDICATION = "adjudication"
    TRAINING = "training"
    SECOND_LOOK = "second_look"
    RETURNED = "returned"


MARKING = frozenset({AssignmentKind.REVIEW, AssignmentKind.TRAINING, AssignmentKind.SECOND_LOOK})
"""The kinds in which a person marks claims of their own."""


class AssignmentState(StrEnum):
    """A review is locked when the adjudicator has decided the first question of its article."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    LOCKED = "locked"


class Assignment(CreatedAt, Base):
    """One person's work on one article version.

    One person has at most one assignment of an article, second looks aside, whatever its kind: so an adjudicator is
    never a reviewer of the same article. The adjudication of an article is one.

    `round` is 2 once the reviewer was asked to look again, by a question that was sent back or by a reveal.
    `read_until` is how far the person has read, in code points; `active_seconds` the time in which they worked, up
    to `active_at`, which is also set when the work is given or opened again. `returned_at` is when it went back to the
    pool.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        partial_index(
            "uq_assignment_person",
            "article_id",
            "user_id",
            unique=True,
            where="kind <> 'second_look'",
        ),
        partial_index(
            "uq_assignment_second_look",
            "article_id",
            "user_id",
            unique=True,
            where="kind = 'second_look'",
        ),
        # The other indexes are of some kinds only, so no look-up of all the work on an article could use them.
        Index("ix_assignment_article_id_user_id", "article_id", "user_id"),
        partial_index(
            "uq_assignment_adjudication",
            "article_id",
            unique=True,
            where="kind = 'adjudication'",
        ),
    )

    id: Mapped[str] = primary_id()
    article_id: Mapped[str] = reference("article.id", index=False)
    version_id: Mapped[str] = reference("article_version.id")
    user_id: Mapped[str] = reference("user.id")
    kind: Mapped[AssignmentKind] = mapped_column(enum_of(AssignmentKind), default=AssignmentKind.REVIEW)
    state: Mapped[AssignmentState] = mapped_column(enum_of(AssignmentState), default=AssignmentState.NEW)
    round: Mapped[int] = mapped_column(default=1)
    read_to_end_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    read_until: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    active_seconds: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    active_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]

    article: Mapped[Article] = relationship(lazy="raise_on_sql")
    version: Mapped[ArticleVersion] = relationship(lazy="raise_on_sql")
    user: Mapped[User] = relationship(lazy="raise_on_sql")


class DismissedSuggestion(CreatedAt, Base):
    """A passage that was suggested to the person and put aside."""

    __tablename__ = "dismissed_suggestion"
    __table_args__ = (span_check(),)

    assignment_id: Mapped[str] = mapped_column(Id(), ForeignKey("assignment.id"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    end: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class ImportedSuggestion(CreatedAt, Base):
    """A passage of an article version that an imported file marked: for its reviewers to look at, without a label.

    `source` says where it is from, in words for the reviewers.
    """

    __tablename__ = "imported_suggestion"
    __table_args__ = (span_check(),)

    version_id: Mapped[str] = mapped_column(Id(), ForeignKey("article_version.id"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    end: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
