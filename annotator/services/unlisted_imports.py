"""Imports that are written in batches, which nobody sees until one last UPDATE lists all their articles.

A file may hold more articles than the write lock should be held for. What an interrupted import leaves behind was never
listed, and `sweep_stale` removes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import delete, exists, select, update

from annotator.db import db, now, transaction
from annotator.domain.webhook_events import WebhookEvent
from annotator.errors import Conflict
from annotator.formats.records import ArticleRecord
from annotator.models import (
    Article,
    ArticleBlock,
    ArticleOriginal,
    ArticleVersion,
    Assignment,
    Import,
    ImportedSuggestion,
    ImportState,
    Project,
    SearchEntry,
    User,
)
from annotator.services import articles, events, search_index, staging, webhook_outbox
from annotator.services.articles import Added

BATCH_ARTICLES = 200
BATCH_CHARACTERS = 4_000_000
"""How much one transaction writes, at most; a single longer article is a batch of its own."""

STALE_AFTER = timedelta(minutes=10)
"""A batch takes seconds, so an import that was not touched for so long is not running any more."""

OF_ARTICLES = tuple(each.__tablename__ for each in (Article, ArticleVersion, ArticleBlock, SearchEntry))
"""The tables to which articles bring many rows."""


def batches(records: Iterable[ArticleRecord]) -> Iterator[list[ArticleRecord]]:
    """The records in groups that one transaction can write."""
    batch: list[ArticleRecord] = []
    characters = 0
    for record in records:
        if batch and (len(batch) >= BATCH_ARTICLES or characters + len(record.text) > BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(record)
        characters += len(record.text)
    if batch:
        yield batch


@contextmanager
def unlisted(project: Project, filename: str, *, user: User | None) -> Iterator[Import]:
    """An import whose articles nobody sees until `list_articles`; whatever breaks it off leaves none of them."""
    with transaction():
        batch = begin(project, filename, user)
    try:
        yield batch
    except BaseException:
        db.session.rollback()
        discard(batch.id)
        raise


def begin(project: Project, filename: str, user: User | None) -> Import:
    """The record of an import that runs."""
    batch = Import(project_id=project.id, user_id=user.id if user else None, filename=filename, touched_at=now())
    db.session.add(batch)
    db.session.flush()
    return batch


def write(project: Project, records: Sequence[ArticleRecord], *, user: User | None, batch: Import) -> list[Added]:
    """Store one batch. Raises Conflict for an article that another import has written but not listed yet."""
    batch.touched_at = now()
    added = articles.add(project, records, user=user, batch=batch)
    for each in added:
        if not each.listed and each.import_id != batch.id:
            raise _unfinished(batch.filename, each.article)
    return added


def _unfinished(filename: str, article: Article) -> Conflict:
    minutes = round(STALE_AFTER.total_seconds() / 60)
    return Conflict(
        f"{filename}: another import of the same articles is still running, or was interrupted at "
        f"{article.created_at:%H:%M} UTC. Try again when it has ended; what an interrupted one left behind is removed "
        f"{minutes} minutes later."
    )


def list_articles(batch: Import) -> None:
    """Make all articles of the import visible at the same moment."""
    moment = now()
    brought = update(Article).where(Article.import_id == batch.id)
    count = db.session.execute(brought.values(listed_at=moment)).rowcount  # type: ignore[attr-defined]
    batch.state = ImportState.FINISHED
    batch.touched_at = moment
    db.session.flush()
    if count:
        facts = {"import": batch.id, "articles": count}
        webhook_outbox.announce(batch.project_id, WebhookEvent.ARTICLE_IMPORTED, lambda: facts)


def discard(import_id: str) -> None:
    """Delete what an unfinished import has written, as many articles at once as are written at once, so that reviewers keep saving.

    Their events stay: the record is append-only.
    """
    count = 0
    while True:
        with transaction():
            batch = db.session.get_one(Import, import_id)
            if batch.state is not ImportState.RUNNING:
                return
            # Whoever sweeps at the same time sees that somebody is at it.
            batch.touched_at = now()
            if staging.is_staged(batch.project_id, import_id):
                staging.remove_staged(batch.project_id, import_id)
                continue
            if removed := _remove(batch):
                count += removed
                continue
            batch.state = ImportState.FAILED
            db.session.flush()
            payload = {"filename": batch.filename, "articles": count}
            events.record("import.discard", import_id, payload, user_id=batch.user_id, project_id=batch.project_id)
            return


def _remove(batch: Import) -> int:
    """Delete some of the unlisted articles, child rows first; how many they were."""
    unlisted = select(Article.id).where(Article.import_id == batch.id, Article.listed_at.is_(None))
    mine = db.session.scalars(unlisted.limit(BATCH_ARTICLES)).all()
    if not mine:
        return 0
    if db.session.scalar(select(exists().where(Assignment.article_id.in_(mine)))):
        raise Conflict(f"The import '{batch.filename}' was not finished, and yet somebody works on its articles.")
    versions = db.session.scalars(select(ArticleVersion.id).where(ArticleVersion.article_id.in_(mine))).all()
    search_index.remove(db.session.connection(), versions)
    for table, column, keys in (
        (ImportedSuggestion, ImportedSuggestion.version_id, versions),
        (ArticleOriginal, ArticleOriginal.version_id, versions),
        (ArticleBlock, ArticleBlock.version_id, versions),
        (ArticleVersion, ArticleVersion.article_id, mine),
        (Article, Article.id, mine),
    ):
        db.session.execute(delete(table).where(column.in_(keys)).execution_options(synchronize_session=False))
    return len(mine)


def sweep_stale() -> int:
    """Remove what interrupted imports left behind; how many there were. Commits by itself."""
    limit = now() - STALE_AFTER
    query = select(Import.id).where(Import.state == ImportState.RUNNING, Import.touched_at < limit)
    stale = db.session.scalars(query).all()
    for import_id in stale:
        discard(import_id)
    return len(stale)
