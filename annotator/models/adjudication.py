"""The adjudicator's decisions, on claims and on links between them, and what each rests on."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annotator.db import Base, Id, now
from annotator.models.annotation import Annotation
from annotator.models.types import enum_of, partial_index, primary_id, reference, span_check


class Outcome(StrEnum):
    """How a question was settled."""

    ACCEPT = "accept"
    EDIT = "edit"
    NOTHING_HERE = "nothing_here"
    SEND_BACK = "send_back"


class Decision(Base):
    """The outcome of one question. An undone or replaced decision stays, with `undone_at`.

    `question` is the id of the question, which is that of its founding annotation; for a claim that nobody marked it
    is the id of the gold annotation itself. `kind` is the question's kind when it was decided. `reasons` are tags of
    domain/decisions.py. `rule` names the merge strategy that decided, and is empty when the person did.
    """

    __tablename__ = "decision"
    __table_args__ = (
        partial_index(
            "uq_decision_standing",
            "assignment_id",
            "question",
            unique=True,
            where="undone_at IS NULL",
        ),
    )

    id: Mapped[str] = primary_id()
    assignment_id: Mapped[str] = reference("assignment.id", index=False)
    user_id: Mapped[str] = reference("user.id")
    question: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[Outcome] = mapped_column(enum_of(Outcome))
    gold_id: Mapped[UUID | None] = mapped_column(ForeignKey("annotation.id"), index=True)
    justification: Mapped[str] = mapped_column(default="")
    reasons: Mapped[list[str] | None] = mapped_column(default=list)
    rule: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))
    as_of: Mapped[date | None]
    replaces_id: Mapped[str | None] = mapped_column(Id(), ForeignKey("decision.id"))
    decided_at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]

    gold: Mapped[Annotation | None] = relationship(lazy="raise_on_sql")
    sources: Mapped[list[GoldSource]] = relationship(lazy="raise_on_sql", back_populates="decision")


class LinkOutcome(StrEnum):
    """How the question was settled whether and how two claims are linked."""

    ACCEPT = "accept"
    EDIT = "edit"
    NO_LINK = "no_link"


class Ended(StrEnum):
    """Why a decision on a link does not stand any more."""

    UNDONE = "undone"
    REPLACED = "replaced"
    CLAIM = "claim"


class LinkDecision(Base):
    """The outcome of one question about a link between two gold claims. One that ended stays, with `undone_at`.

    The question is known by those of its two claims, the smaller id first. `a_id` and `b_id` are the gold claims that
    were looked at, from which and to which the gold link goes, if one was made: `link_id`. `taken_id` is the reviewer's
    link that was taken, `sources` are the ids of all that were looked at. The assignment is the adjudication in which
    it was decided, of one of the two articles. `kind`, `reasons` and `rule` are as with other decisions.
    """

    __tablename__ = "link_decision"
    __table_args__ = (
        partial_index(
            "uq_link_decision_standing",
            "question_a",
            "question_b",
            unique=True,
            where="undone_at IS NULL",
        ),
    )

    id: Mapped[str] = primary_id()
    assignment_id: Mapped[str] = reference("assignment.id")
    user_id: Mapped[str] = reference("user.id")
    question_a: Mapped[UUID] = mapped_column(index=True)
    question_b: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[LinkOutcome] = mapped_column(enum_of(LinkOutcome))
    a_id: Mapped[UUID] = mapped_column(ForeignKey("annotation.id"), index=True)
    b_id: Mapped[UUID] = mapped_column(ForeignKey("annotation.id"), index=True)
    link_id: Mapped[str | None] = mapped_column(Id(), ForeignKey("link.id"), index=True)
    taken_id: Mapped[str | None] = mapped_column(Id(), ForeignKey("link.id"))
    sources: Mapped[list[str]] = mapped_column(default=list)
    justification: Mapped[str] = mapped_column(default="")
    reasons: Mapped[list[str]] = mapped_column(default=list)
    rule: Mapped[str] = mapped_column(String(32), default="")
    replaces_id: Mapped[str | None] = mapped_column(Id(), ForeignKey("link_decision.id"))
    decided_at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]
    ended: Mapped[Ended | None] = mapped_column(enum_of(Ended))


class GoldSource(Base):
    """A reviewer's annotation that belonged to a decided question; `chosen` marks the one that was taken.

    `version` is the annotation's version that the adjudicator saw.
    """

    __tablename__ = "gold_source"

    decision_id: Mapped[str] = mapped_column(Id(), ForeignKey("decision.id"), primary_key=True)
    annotation_id: Mapped[UUID] = mapped_column(ForeignKey("annotation.id"), primary_key=True, index=True)
    version: Mapped[int]
    chosen: Mapped[bool] = mapped_column(default=False)

    decision: Mapped[Decision] = relationship(lazy="raise_on_sql", back_populates="sources")


class SecondRound(Base):
    """A question that was sent back: what its reviewers are asked is the justification of the decision.

    [start, end) is the question's place when it was asked. It is over when the decision is undone or replaced.
    """

    __tablename__ = "second_round"
    __table_args__ = (span_check(),)

    decision_id: Mapped[str] = mapped_column(Id(), ForeignKey("decision.id"), primary_key=True)
    article_id: Mapped[str] = reference("article.id")
    start: Mapped[int]
    end: Mapped[int]

    decision: Mapped[Decision] = relationship(lazy="raise_on_sql")
    answers: Mapped[list[SecondRoundAnswer]] = relationship(lazy="raise_on_sql", back_populates="second_round")


class SecondRoundAnswer(Base):
    """One reviewer who was asked; `answered_at` is empty until they have looked again."""

    __tablename__ = "second_round_answer"

    decision_id: Mapped[str] = mapped_column(Id(), ForeignKey("second_round.decision_id"), primary_key=True)
    assignment_id: Mapped[str] = mapped_column(Id(), ForeignKey("assignment.id"), primary_key=True, index=True)
    note: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]

    second_round: Mapped[SecondRound] = relationship(lazy="raise_on_sql", back_populates="answers")
