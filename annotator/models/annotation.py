"""Claims (annotations), their evidence, and the links between them. Reviewers' and gold claims are the same kind."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annotator.db import Base, Id, now
from annotator.domain.claims import Aspect, Doubt, Origin, Relation, SourceKind, SpeakerMode, Stance, Target
from annotator.models.assignment import Assignment
from annotator.models.project import Label
from annotator.models.types import CreatedAt, enum_of, primary_id, reference, span_check


class Annotation(CreatedAt, Base):
    """A labelled span [start, end) of the assignment's article version, in code points.

    `version` counts the changes, deletes included; a deleted annotation stays as a tombstone. `exact` repeats the
    text of the span, so that the two can be checked against each other. `round` is the one in which the present state
    was given: in a later one than the first the reviewer knew what others had marked, or that somebody asked.
    """

    __tablename__ = "annotation"
    __table_args__ = (
        span_check(),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        Index("ix_annotation_assignment_id_start_end", "assignment_id", "start", "end"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[str] = reference("assignment.id", index=False)
    label_id: Mapped[str] = reference("label.id")
    version: Mapped[int] = mapped_column(default=1)
    start: Mapped[int]
    end: Mapped[int]
    exact: Mapped[str]
    target: Mapped[Target] = mapped_column(enum_of(Target), default=Target.CONTENT)
    reason: Mapped[str] = mapped_column(String(64), default="")
    origin: Mapped[Origin] = mapped_column(enum_of(Origin), default=Origin.HUMAN)
    speaker: Mapped[str] = mapped_column(default="")
    speaker_kind: Mapped[SourceKind | None] = mapped_column(enum_of(SourceKind))
    speaker_mode: Mapped[SpeakerMode | None] = mapped_column(enum_of(SpeakerMode))
    speaker_chain: Mapped[list[str]] = mapped_column(default=list)
    claim_text: Mapped[str] = mapped_column(default="")
    event_start: Mapped[date | None]
    event_end: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    confidence: Mapped[float | None]
    guideline_version: Mapped[int | None]
    round: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(default=now)
    deleted_at: Mapped[datetime | None]

    assignment: Mapped[Assignment] = relationship(lazy="raise_on_sql")
    label: Mapped[Label] = relationship(lazy="raise_on_sql")
    evidence: Mapped[list[EvidenceItem]] = relationship(
        foreign_keys="EvidenceItem.annotation_id",
        lazy="raise_on_sql",
        order_by="EvidenceItem.n",
        cascade="all, delete-orphan",
    )


class FirstVote(Base):
    """What a reviewer had marked while still blind, kept when they change or delete it in a later round.

    Agreement counts this instead of the present state.
    """

    __tablename__ = "first_vote"
    __table_args__ = (span_check(),)

    annotation_id: Mapped[UUID] = mapped_column(ForeignKey("annotation.id"), primary_key=True)
    version: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    label_id: Mapped[str] = reference("label.id")


class ClaimToPlace(CreatedAt, Base):
    """A claim for which its reviewer has to say where it stands in a corrected text, or that it does not any more.

    Until then it is kept as a deleted one, with its place in the text of `version_id`; `version` is its own at that
    moment, so that one which was brought back and deleted otherwise does not wait here. [start, end) is the proposed
    passage of the new text, and `doubt` says why that is not certain; both are empty where nothing looks like it.
    """

    __tablename__ = "claim_to_place"
    __table_args__ = (
        CheckConstraint(
            '("start" IS NULL) = ("end" IS NULL) AND ("start" IS NULL OR ("start" >= 0 AND "end" > "start"))',
            name="span",
        ),
    )

    annotation_id: Mapped[UUID] = mapped_column(ForeignKey("annotation.id"), primary_key=True)
    version_id: Mapped[str] = reference("article_version.id")
    version: Mapped[int]
    start: Mapped[int | None]
    end: Mapped[int | None]
    doubt: Mapped[Doubt | None] = mapped_column(enum_of(Doubt))


class EvidenceItem(Base):
    """The n-th evidence item of a claim; a source, or a span of an article of the project."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint(
            '("start" IS NULL) = ("end" IS NULL) AND ("start" IS NULL OR ("start" >= 0 AND "end" > "start"))',
            name="span",
        ),
    )

    annotation_id: Mapped[UUID] = mapped_column(ForeignKey("annotation.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stance: Mapped[Stance] = mapped_column(enum_of(Stance))
    kind: Mapped[SourceKind | None] = mapped_column(enum_of(SourceKind))
    source: Mapped[str] = mapped_column(default="")
    quote: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    archived_url: Mapped[str] = mapped_column(default="")
    published: Mapped[date | None]
    linked_annotation_id: Mapped[UUID | None] = mapped_column(ForeignKey("annotation.id"))
    linked_article_id: Mapped[str | None] = mapped_column(Id(), ForeignKey("article.id"))
    start: Mapped[int | None]
    end: Mapped[int | None]


class LinkLayer(StrEnum):
    """Whether a reviewer or the adjudicator made the link."""

    ANNOTATIONS = "annotations"
    GOLD = "gold"


class LinkStatus(StrEnum):
    """Machine proposals are suggested; only a person confirms."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"


class Link(CreatedAt, Base):
    """A relation between two claims, made by one person; directed relations go from `a` to `b`."""

    __tablename__ = "link"
    __table_args__ = (CheckConstraint("a_id <> b_id", name="ends"),)

    id: Mapped[str] = primary_id()
    project_id: Mapped[str] = reference("project.id")
    user_id: Mapped[str] = reference("user.id")
    layer: Mapped[LinkLayer] = mapped_column(enum_of(LinkLayer), default=LinkLayer.ANNOTATIONS)
    a_id: Mapped[UUID] = mapped_column(ForeignKey("annotation.id"), index=True)
    b_id: Mapped[UUID] = mapped_column(ForeignKey("annotation.id"), index=True)
    relation: Mapped[Relation] = mapped_column(enum_of(Relation))
    aspect: Mapped[Aspect | None] = mapped_column(enum_of(Aspect))
    status: Mapped[LinkStatus] = mapped_column(enum_of(LinkStatus), default=LinkStatus.CONFIRMED)
    note: Mapped[str] = mapped_column(default="")
    deleted_at: Mapped[datetime | None]
