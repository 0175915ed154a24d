"""Storing articles: a hot path, so rows instead of objects, and one statement for all rows of a table.

An import of ten thousand articles writes a hundred thousand blocks. With objects, SQLAlchemy took nine tenths of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, select

from annotator.db import db, new_ids, now
from annotator.domain import text as texts
from annotator.domain.webhook_events import WebhookEvent
from annotator.formats.records import ArticleRecord
from annotator.models import Article, ArticleBlock, ArticleOriginal, ArticleVersion, Import, Project, User
from annotator.services import events, search_index, webhook_outbox
from annotator.services.bulk import insert_rows, stored
from annotator.services.search_index import Covered

MANY = 500

ARTICLE = (
    "id", "project_id", "import_id", "position", "external_id", "source_hash", "group", "version", "listed_at",
    "training", "created_at",
)  # fmt: skip
VERSION = (
    "id", "article_id", "number", "text", "sha256", "length", "words", "title", "byline", "agency", "publisher", "url",
    "published", "language", "source_file", "suggested_title", "warnings", "created_at",
)  # fmt: skip
BLOCK = ("version_id", "position", "kind", "start", "end", "rejoined")
ORIGINAL = ("version_id", "content", "filename", "media_type", "encoding", "newlines")


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one record: its article, and whether it is new or was there already.

    `import_id` is that of the import which brought it, `listed` whether that is finished.
    """

    article_id: str
    version_id: str
    new: bool
    import_id: str | None = None
    listed: bool = True

    @property
    def article(self) -> Article:
        """The article, read when it is asked for."""
        return db.session.get_one(Article, self.article_id)

    @property
    def version(self) -> ArticleVersion:
        """Its version, read when it is asked for."""
        return db.session.get_one(ArticleVersion, self.version_id)


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
    db.session.flush()
    _lock(project)
    there = _known(project, records)
    position = db.session.scalar(select(func.max(Article.position)).where(Article.project_id == project.id)) or 0
    added, fresh = [], []
    article_ids, version_ids = iter(new_ids(len(records))), iter(new_ids(len(records)))
    for record in records:
        key = record.external_id or record.source_hash
        found = there.get(key)
        if found is not None:
            added.append(found)
            continue
        import_id = batch.id if batch else None
        new = Added(next(article_ids), next(version_ids), new=True, import_id=import_id, listed=batch is None)
        there[key] = Added(new.article_id, new.version_id, new=False, import_id=import_id, listed=batch is None)
        fresh.append((new, record))
        added.append(new)
    if fresh:
        digests = [texts.sha256(record.text) for _, record in fresh]
        _store(db.session.connection(), project, position, fresh, digests=digests)
        _record(project, fresh, digests, user)
        if batch is None:
            facts = {"import": None, "articles": len(fresh)}
            webhook_outbox.announce(project.id, WebhookEvent.ARTICLE_IMPORTED, lambda: facts)
    return added


def known(project: Project, records: Sequence[ArticleRecord]) -> set[str]:
    """The keys (external id, else source hash) of those records that are there already; writes nothing."""
    return set(_known(project, records))


def _lock(project: Project) -> None:
    """Positions are given out one after another; SQLite's write lock does this already."""
    db.session.execute(select(Project.id).where(Project.id == project.id).with_for_update())


def _known(project: Project, records: Sequence[ArticleRecord]) -> dict[str, Added]:
    """The articles that are there already, by external id where the record has one and by source hash otherwise."""
    known: dict[str, Added] = {}
    externals = {record.external_id for record in records if record.external_id}
    hashes = {record.source_hash for record in records if not record.external_id}
    for column, keys in ((Article.external_id, externals), (Article.source_hash, hashes)):
        ordered = sorted(keys)
        for start in range(0, len(ordered), MANY):
            rows = db.session.execute(
                select(column, Article.id, ArticleVersion.id, Article.import_id, Article.listed_at)
                .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == 1))
                .where(Article.project_id == project.id, column.in_(ordered[start : start + MANY]))
            )
            for key, article_id, version_id, import_id, listed_at in rows:
                known[str(key)] = Added(article_id, version_id, False, import_id, listed_at is not None)
    return known


def _store(
    connection: Connection,
    project: Project,
    position: int,
    fresh: Sequence[tuple[Added, ArticleRecord]],
    *,
    digests: Sequence[str],
) -> None:
    article_table, version_table, block_table, original_table = map(
        _table, (Article, ArticleVersion, ArticleBlock, ArticleOriginal)
    )
    at = stored(connection, article_table, "created_at", now())
    no_words = stored(connection, version_table, "warnings", [])
    not_rejoined = stored(connection, block_table, "rejoined", [])
    articles: list[tuple[Any, ...]] = []
    versions: list[tuple[Any, ...]] = []
    blocks: list[tuple[Any, ...]] = []
    originals: list[tuple[Any, ...]] = []
    covered: list[Covered] = []
    for number, ((added, record), digest) in enumerate(zip(fresh, digests, strict=True), position + 1):
        listed_at = at if added.listed else None
        articles.append(
            (added.article_id, project.id, added.import_id, number, record.external_id, record.source_hash,
             record.group, 1, listed_at, False, at)
        )  # fmt: skip
        text = record.text
        published = record.published and stored(connection, version_table, "published", record.published)
        warnings = stored(connection, version_table, "warnings", list(record.warnings)) if record.warnings else no_words
        version_id = added.version_id
        versions.append(
            (version_id, added.article_id, 1, text, digest, len(text), texts.words(text), record.title,
             record.byline, record.agency, record.publisher, record.url, published, record.language,
             record.source_file, record.suggested_title, warnings, at)
        )  # fmt: skip
        ranges = []
        for place, block in enumerate(record.blocks, 1):
            rejoined = (
                stored(connection, block_table, "rejoined", list(block.rejoined)) if block.rejoined else not_rejoined
            )
            blocks.append((version_id, place, block.kind.value, block.start, block.end, rejoined))
            ranges.append((place, block.start, block.end))
        covered.append(Covered(version_id, text, ranges))
        source = record.source
        if source is not None:
            originals.append(
                (version_id, source.content, source.filename, source.media_type, source.encoding, source.newlines)
            )
    insert_rows(connection, article_table, ARTICLE, articles)
    insert_rows(connection, version_table, VERSION, versions)
    insert_rows(connection, block_table, BLOCK, blocks)
    insert_rows(connection, original_table, ORIGINAL, originals)
    search_index.add(connection, covered)


def _record(
    project: Project, fresh: Sequence[tuple[Added, ArticleRecord]], digests: Sequence[str], user: User | None
) -> None:
    """The first event of each new article's chain."""
    entries = [
        events.Entry(
            "article.import",
            added.article_id,
            added.article_id,
            {"sha256": digest, "source_hash": record.source_hash, "version": 1},
        )
        for (added, record), digest in zip(fresh, digests, strict=True)
    ]
    events.record_firsts(entries, user_id=user.id if user else None, project_id=project.id)


def _table(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table
