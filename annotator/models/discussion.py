"""What reviewers and adjudicators say to each other about a question, once the blind vote is over."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annotator.db import Base, Id
from annotator.models.person import User
from annotator.models.types import CreatedAt, enum_of, primary_id, reference


class PostKind(StrEnum):
    """A thread is resolved or open again by its last post of that kind."""

    COMMENT = "comment"
    RESOLVE = "resolve"
    REOPEN = "reopen"


class Post(CreatedAt, Base):
    """One post in the thread of a question. Posts are never changed."""

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_article_id_question", "article_id", "question"),)

    id: Mapped[str] = primary_id()
    article_id: Mapped[str] = reference("article.id", index=False)
    question: Mapped[UUID]
    user_id: Mapped[str] = reference("user.id")
    kind: Mapped[PostKind] = mapped_column(enum_of(PostKind), default=PostKind.COMMENT)
    text: Mapped[str] = mapped_column(default="")

    user: Mapped[User] = relationship(lazy="raise_on_sql")
    mentions: Mapped[list[Mention]] = relationship(lazy="raise_on_sql", back_populates="post")


class Mention(Base):
    """A person who was named in a post with @; `seen_at` is when they opened its thread."""

    __tablename__ = "mention"

    post_id: Mapped[str] = mapped_column(Id(), ForeignKey("post.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(Id(), ForeignKey("user.id"), primary_key=True, index=True)
    seen_at: Mapped[datetime | None]

    post: Mapped[Post] = relationship(lazy="raise_on_sql", back_populates="mentions")
