"""Articles, their immutable versions, and where they came from."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annotator.db import Base, Id
from annotator.domain.text import BlockKind
from annotator.models.types import CreatedAt, enum_of, partial_index, primary_id, reference, span_check


class ImportState(StrEnum):
    """Where an import stands; its articles are listed once it is finished."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class Import(CreatedAt, Base):
    """One batch of articles that became visible together."""

    __tablename__ = "import"

    id: Mapped[str] = primary_id()
    project_id: Mapped[str] = reference("project.id")
    user_id: Mapped[str | None] = reference("user.id", nullable=True)
    filename: Mapped[str] = mapped_column(default="")
    state: Mapped[ImportState] = mapped_column(enum_of(ImportState), default=ImportState.RUNNING)
    touched_at: Mapped[datetime]


class Article(CreatedAt, Base):
    """An article of a project. Its text lives in its versions; `version` is the number of the present one.

    `position` orders the articles of a project and is never shown outside; `listed_at` is empty while the import
    that brings it is still running. Once it is revealed its reviewers see each other's claims and may discuss them and
    change their own. A training article shows new reviewers, against its gold, how well they do.
    """

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("project_id", "external_id"),
        UniqueConstraint("project_id", "source_hash"),
        UniqueConstraint("project_id", "position"),
    )

    id: Mapped[str] = primary_id()
    project_id: Mapped[str] = reference("project.id", index=False)
    import_id: Mapped[str | None] = reference("import.id", nullable=True)
    position: Mapped[int]
    external_id: Mapped[str | None]
    source_hash: Mapped[str] = mapped_column(String(64))
    group: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    listed_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    training: Mapped[bool] = mapped_column(default=False, server_default=false())

    current: Mapped[ArticleVersion] = relationship(
        primaryjoin="and_(Article.id == ArticleVersion.article_id, Article.version == ArticleVersion.number)",
        foreign_keys="[ArticleVersion.article_id, ArticleVersion.number]",
        lazy="raise_on_sql",
        viewonly=True,
    )


class ArticleVersion(CreatedAt, Base):
    """The text of an article and what is known about it. A trigger refuses any change of the text.

    `length` counts code points, `sha256` is of the UTF-8 text, `words` counts words of the story.
    """

    __tablename__ = "article_version"
    __table_args__ = (
        UniqueConstraint("article_id", "number"),
        CheckConstraint("length > 0", name="length"),
        partial_index("ix_article_version_url", "url", where="url <> ''"),
    )

    id: Mapped[str] = primary_id()
    article_id: Mapped[str] = reference("article.id", index=False)
    number: Mapped[int] = mapped_column(default=1)
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    length: Mapped[int]
    words: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    byline: Mapped[str] = mapped_column(default="")
    agency: Mapped[str] = mapped_column(default="")
    publisher: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    published: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(35), default="")
    source_file: Mapped[str] = mapped_column(default="")
    suggested_title: Mapped[str] = mapped_column(default="")
    warnings: Mapped[list[str]] = mapped_column(default=list)

    blocks: Mapped[list[ArticleBlock]] = relationship(
        lazy="raise_on_sql", order_by="ArticleBlock.position", viewonly=True
    )

    @property
    def heading(self) -> str:
        """What to call it on a page: its title, or the first sentence when it has none."""
        return self.title or self.suggested_title


class ArticleBlock(Base):
    """One block of an article version: the range [start, end) of its text, in code points."""

    __tablename__ = "article_block"
    __table_args__ = (span_check(),)

    version_id: Mapped[str] = mapped_column(Id(), ForeignKey("article_version.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[BlockKind] = mapped_column(enum_of(BlockKind))
    start: Mapped[int]
    end: Mapped[int]
    rejoined: Mapped[list[int]] = mapped_column(default=list)


class ArticleOriginal(Base):
    """The bytes that a version was extracted from, as they came."""

    __tablename__ = "article_original"

    version_id: Mapped[str] = mapped_column(Id(), ForeignKey("article_version.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    filename: Mapped[str]
    media_type: Mapped[str]
    encoding: Mapped[str]
    newlines: Mapped[str] = mapped_column(String(8))
