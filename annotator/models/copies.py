"""Copies of one wire text: what the machine found, and what a person says of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from annotator.db import Base, Id
from annotator.models.types import CreatedAt, enum_of, partial_index, reference


class CopyState(StrEnum):
    """Machine proposals are suggested; only a person confirms or rejects."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class CopyMember(CreatedAt, Base):
    """An article in a group of copies of one text; `group_id` is that of all of its members.

    An article that is rejected is no copy of the others and keeps its row, so that nobody suggests it again. A group of
    which fewer than two would be left is rejected with all of its members. Otherwise an article is in one group.
    """

    __tablename__ = "copy_member"
    __table_args__ = (
        partial_index(
            "ix_copy_member_article_id_in_one_group",
            "article_id",
            unique=True,
            where="state <> 'rejected'",
        ),
    )

    group_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    article_id: Mapped[str] = mapped_column(Id(), ForeignKey("article.id"), primary_key=True)
    project_id: Mapped[str] = reference("project.id")
    state: Mapped[CopyState] = mapped_column(enum_of(CopyState), default=CopyState.SUGGESTED)
    user_id: Mapped[str | None] = reference("user.id", index=False, nullable=True)
    decided_at: Mapped[datetime | None]


class CopySketch(Base):
    """What is kept of an article version to compare it with others: see matching/sketches.py.

    `words` is the digest of its words; `signature` is empty for a text that is too short for one; `passages` are its
    paragraphs, as matching/shared_passages.py keeps them. An article whose present version has no sketch has not been
    compared yet.
    """

    __tablename__ = "copy_sketch"

    version_id: Mapped[str] = mapped_column(Id(), ForeignKey("article_version.id"), primary_key=True)
    words: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    passages: Mapped[bytes] = mapped_column(LargeBinary)


class SharedPassage(Base):
    """A paragraph, [start, end) of a version's text, that stands in stories which are no copies of one another.

    `group_id` is that of all paragraphs that are the same or nearly the same.
    """

    __tablename__ = "shared_passage"

    version_id: Mapped[str] = mapped_column(Id(), ForeignKey("article_version.id"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True)
    end: Mapped[int]
    group_id: Mapped[str] = mapped_column(Id(), index=True)
    project_id: Mapped[str] = reference("project.id")
