"""Articles: storing what a format read, and who may read one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, defer

from annotator.db import db, now
from annotator.domain import text as texts
from annotator.errors import NotFound
from annotator.formats.records import ArticleRecord
from annotator.models import (
    Article,
    ArticleBlock,
    ArticleOriginal,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    Import,
    Project,
    User,
)
from annotator.permissions import Action
from annotator.services import events, projects
from annotator.services.present_work import FIRST_OF_TWO, is_present
from annotator.services.projects import Access


@dataclass(frozen=True)
class Added:
    """What became of one record: its article, and whether it is new or was there already."""

    article: Article
    version: ArticleVersion
    new: bool


@dataclass(frozen=True)
class ArticleAccess:
    """An article as one person may read it; `assignment` is theirs, if they have one."""

    access: Access
    article: Article
    version: ArticleVersion
    assignment: Assignment | None


def get_for(user: User, article_id: str, *, blocks: bool = False) -> ArticleAccess:
    """The article, if `user` may read it: it is assigned to them, or they read every article of the project.

    Raises NotFound otherwise; the same for an article that does not exist. Four statements, five with blocks.
    """
    row = db.session.execute(
        select(Article, ArticleVersion, Assignment)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .outerjoin(Assignment, (Assignment.article_id == Article.id) & (Assignment.user_id == user.id) & is_present())
        .where(Article.id == article_id, Article.listed_at.is_not(None))
        .order_by(FIRST_OF_TWO)
    ).first()
    if row is None:
        raise NotFound
    article, version = row[0], row[1]
    assignment: Assignment | None = row[2]
    access = projects.access_to(user, article.project_id)
    if assignment is None and not access.may(Action.READ_ALL):
        raise NotFound
    if assignment is not None and assignment.version_id != version.id:
        version = db.session.get_one(ArticleVersion, assignment.version_id)
    if blocks:
        load_blocks(version)
    return ArticleAccess(access, article, version, assignment)


@dataclass(frozen=True)
class Listed:
    """An article in a list, with the person's own assignment, if they have one; the text is not loaded."""

    article: Article
    version: ArticleVersion
    assignment: Assignment | None


def page_for(user: User, access: Access, *, after: str | None = None, limit: int) -> list[Listed]:
    """The first `limit` articles of the project after the article `after` that `user` may read, in order.

    A reviewer's list holds the articles that are assigned to them and depends on nothing that others do.
    """
    query = (
        select(Article, ArticleVersion, Assignment)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .outerjoin(
            Assignment,
            (Assignment.article_id == Article.id)
            & (Assignment.user_id == user.id)
            & (Assignment.kind != AssignmentKind.SECOND_LOOK),
        )
        .where(Article.project_id == access.project.id, Article.listed_at.is_not(None))
        .options(defer(ArticleVersion.text))
        .order_by(Article.position)
        .limit(limit)
    )
    if not access.may(Action.READ_ALL):
        query = query.where(Assignment.id.is_not(None))
    if after is not None:
        place = select(Article.position).where(Article.id == after, Article.project_id == access.project.id)
        query = query.where(Article.position > place.scalar_subquery())
    return [Listed(article, version, assignment) for article, version, assignment in db.session.execute(query)]


def load_blocks(version: ArticleVersion) -> None:
    """Fill `version.blocks` with one statement."""
    db.session.scalars(
        select(ArticleVersion)
        .join(ArticleVersion.blocks)
        .where(ArticleVersion.id == version.id)
        .options(contains_eager(ArticleVersion.blocks))
        .order_by(ArticleBlock.position)
        .execution_options(populate_existing=True)
    ).unique().all()


def blocks_of(version: ArticleVersion) -> list[texts.Block]:
    """The loaded blocks of `version` in the domain's words."""
    return [texts.Block(block.kind, block.start, block.end, tuple(block.rejoined)) for block in version.blocks]


def add(
    project: Project,
    records: Sequence[ArticleRecord],
    *,
    user: User | None = None,
    batch: Import | None = None,
) -> list[Added]:
    """Store `records` in order. One that is there already, by external id or else by source hash, adds nothing.

    With a `batch` the articles stay unlisted until the import is finished; otherwise they are listed at once.
    """
    _lock(project)
    known = _known(project, records)
    position = db.session.scalar(select(func.max(Article.position)).where(Article.project_id == project.id)) or 0
    added = []
    for record in records:
        key = record.external_id or record.source_hash
        if key in known:
            article, version = known[key]
            added.append(Added(article, version, new=False))
            continue
        position += 1
        article, version = _store(project, record, position, batch)
        known[key] = (article, version)
        events.record(
            "article.import",
            article.id,
            {"sha256": version.sha256, "source_hash": record.source_hash, "version": 1},
            user_id=user.id if user else None,
            project_id=project.id,
            chain=article.id,
            head=events.Head(),
        )
        added.append(Added(article, version, new=True))
    db.session.flush()
    return added


def known(project: Project, records: Sequence[ArticleRecord]) -> set[str]:
    """The keys (external id, else source hash) of those records that are there already; writes nothing."""
    return set(_known(project, records))


def _lock(project: Project) -> None:
    """Positions are given out one after another; SQLite's write lock does this already."""
    db.session.execute(select(Project.id).where(Project.id == project.id).with_for_update())


def _known(project: Project, records: Sequence[ArticleRecord]) -> dict[str, tuple[Article, ArticleVersion]]:
    """The articles that are there already, by external id where the record has one and by source hash otherwise."""
    known: dict[str, tuple[Article, ArticleVersion]] = {}
    externals = {record.external_id for record in records if record.external_id}
    hashes = {record.source_hash for record in records if not record.external_id}
    for column, keys in ((Article.external_id, externals), (Article.source_hash, hashes)):
        for start in range(0, len(keys), 500):
            chunk = sorted(keys)[start : start + 500]
            rows = db.session.execute(
                select(Article, ArticleVersion)
                .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == 1))
                .where(Article.project_id == project.id, column.in_(chunk))
            )
            for article, version in rows:
                known[str(article.external_id if column is Article.external_id else article.source_hash)] = (
                    article,
                    version,
                )
    return known


def _store(
    project: Project, record: ArticleRecord, position: int, batch: Import | None
) -> tuple[Article, ArticleVersion]:
    article = Article(
        project_id=project.id,
        import_id=batch.id if batch else None,
        position=position,
        external_id=record.external_id,
        source_hash=record.source_hash,
        group=record.group,
        listed_at=None if batch else now(),
    )
    db.session.add(article)
    db.session.flush()
    version = ArticleVersion(
        article_id=article.id,
        number=1,
        text=record.text,
        sha256=texts.sha256(record.text),
        length=len(record.text),
        words=texts.words(record.text),
        title=record.title,
        byline=record.byline,
        agency=record.agency,
        publisher=record.publisher,
        url=record.url,
        published=record.published,
        language=record.language,
        source_file=record.source_file,
        suggested_title=record.suggested_title,
        warnings=list(record.warnings),
    )
    db.session.add(version)
    db.session.flush()
    for number, block in enumerate(record.blocks, 1):
        db.session.add(
            ArticleBlock(
                version_id=version.id,
                position=number,
                kind=block.kind,
                start=block.start,
                end=block.end,
                rejoined=list(block.rejoined),
            )
        )
    if record.source is not None:
        db.session.add(
            ArticleOriginal(
                version_id=version.id,
                content=record.source.content,
                filename=record.source.filename,
                media_type=record.source.media_type,
                encoding=record.source.encoding,
                newlines=record.source.newlines,
            )
        )
    return article, version
