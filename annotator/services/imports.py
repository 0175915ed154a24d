"""Importing a file: whole or not at all, in short transactions.

This service commits by itself, against the rule: a file may hold more articles than the write lock should be held for.
They are written in batches, unlisted, and one last UPDATE lists them all. What an interrupted import leaves behind was
never listed, and `sweep_stale` removes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import delete, exists, select, update

from annotator.db import db, now, transaction
from annotator.domain.webhook_events import WebhookEvent
from annotator.errors import Conflict
from annotator.formats.records import ArticleRecord, RecordError
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
from annotator.services import articles, bulk, events, newer_texts, search_index, staging, versions, webhook_outbox
from annotator.services.articles import Added
from annotator.services.newer_texts import Newer

Read = Callable[[], Iterable[ArticleRecord | RecordError]]
"""Reads a file from its beginning; it may be called twice."""

BATCH_ARTICLES = 200
BATCH_CHARACTERS = 4_000_000
"""How much one transaction writes, at most; a single longer article is a batch of its own."""

STALE_AFTER = timedelta(minutes=10)
"""A batch takes seconds, so an import that was not touched for so long is not running any more."""

MOST_ERRORS = 100
MOST_ARTICLES = 50
"""How many of each a report names; the rest is counted."""


OF_ARTICLES = tuple(each.__tablename__ for each in (Article, ArticleVersion, ArticleBlock, SearchEntry))
"""The tables to which articles bring many rows."""


@dataclass(frozen=True)
class ImportedArticle:
    """One article of a file. `id` is empty in a dry run; `new` is False when it was there already.

    `newer` says which article it is a newer text of, if it is one.
    """

    record: ArticleRecord
    id: str
    new: bool
    newer: Newer | None = None


@dataclass
class FileReport:
    """What became of one file. With any error nothing of it was stored. `articles` names the first ones.

    `newer` counts texts that correct an article which is there; `corrected` those that became its next version.
    """

    filename: str
    added: int = 0
    known: int = 0
    newer: int = 0
    corrected: int = 0
    errors: list[RecordError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    articles: list[ImportedArticle] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether the file was left out."""
        return bool(self.errors)


def import_file(
    project: Project,
    read: Read,
    filename: str,
    *,
    user: User | None = None,
    dry_run: bool = False,
    update: bool = False,
    progress: Callable[[int], None] | None = None,
) -> FileReport:
    """Store the articles of one file, or say everything that is wrong with it. The same file again adds nothing.

    Newer texts of articles that are there are only told of; with `update` each becomes the next version of its article,
    in a transaction of its own, when the rest is stored.

    A file is read once to see that all of it is right and, unless it is small, a second time to store it, so memory
    does not grow with it. `progress` is told how many articles each batch had.
    """
    report = FileReport(filename)
    whole = _checked(read, report)
    if report.errors:
        return report
    found: Iterable[list[ArticleRecord]] = [whole] if whole is not None else batches(_good(read))
    if dry_run:
        for records in found:
            _foretell(project, records, report)
        return report
    corrections: list[tuple[str, ArticleRecord]] = []
    if whole is None:
        _store_in_batches(project, found, report, corrections, user=user, progress=progress)
        with transaction():
            bulk.renew_statistics(db.session.connection(), OF_ARTICLES)
        _correct(project, corrections if update else [], report, user=user)
        return report
    with transaction():
        batch = _begin(project, filename, user)
        _write(project, whole, report, corrections, user=user, batch=batch)
        list_articles(batch)
    _correct(project, corrections if update else [], report, user=user)
    if progress is not None:
        progress(len(whole))
    return report


def sweep_stale() -> int:
    """Remove what interrupted imports left behind; how many there were. Commits by itself."""
    limit = now() - STALE_AFTER
    query = select(Import.id).where(Import.state == ImportState.RUNNING, Import.touched_at < limit)
    stale = db.session.scalars(query).all()
    for import_id in stale:
        discard(import_id)
    return len(stale)


def _checked(read: Read, report: FileReport) -> list[ArticleRecord] | None:
    """Collect what is wrong with the file; its records if they fit one batch."""
    kept: list[ArticleRecord] | None = []
    characters, further = 0, 0
    for record in read():
        if isinstance(record, RecordError):
            kept = None
            if len(report.errors) < MOST_ERRORS:
                report.errors.append(record)
            else:
                further += 1
            continue
        if kept is not None:
            kept.append(record)
            characters += len(record.text)
            if len(kept) > BATCH_ARTICLES or (characters > BATCH_CHARACTERS and len(kept) > 1):
                kept = None
    if further:
        report.errors.append(RecordError(f"There are {further:,} further errors."))
    return kept


def _good(read: Read) -> Iterator[ArticleRecord]:
    """The records of a file that was found right; if it changed meanwhile, that ends the import."""
    for record in read():
        if isinstance(record, RecordError):
            raise Conflict(f"The file changed while it was read. {record}")
        yield record


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


def _store_in_batches(
    project: Project,
    found: Iterable[list[ArticleRecord]],
    report: FileReport,
    corrections: list[tuple[str, ArticleRecord]],
    *,
    user: User | None,
    progress: Callable[[int], None] | None,
) -> None:
    with unlisted(project, report.filename, user=user) as batch:
        for records in found:
            with transaction():
                _write(project, records, report, corrections, user=user, batch=batch)
            if progress is not None:
                progress(len(records))
        with transaction():
            list_articles(batch)


@contextmanager
def unlisted(project: Project, filename: str, *, user: User | None) -> Iterator[Import]:
    """An import whose articles nobody sees until `list_articles`; whatever breaks it off leaves none of them."""
    with transaction():
        batch = _begin(project, filename, user)
    try:
        yield batch
    except BaseException:
        db.session.rollback()
        discard(batch.id)
        raise


def _begin(project: Project, filename: str, user: User | None) -> Import:
    batch = Import(project_id=project.id, user_id=user.id if user else None, filename=filename, touched_at=now())
    db.session.add(batch)
    db.session.flush()
    return batch


def _write(
    project: Project,
    records: Sequence[ArticleRecord],
    report: FileReport,
    corrections: list[tuple[str, ArticleRecord]],
    *,
    user: User | None,
    batch: Import,
) -> None:
    newer = newer_texts.recognised(project, records)
    corrections += [(each.article_id, records[place]) for place, each in newer.items() if not each.there]
    others = [record for place, record in enumerate(records) if place not in newer]
    added = iter(write(project, others, user=user, batch=batch))
    for place, record in enumerate(records):
        if place in newer:
            _note(
                report, record, newer[place].article_id, new=False, newer=None if newer[place].there else newer[place]
            )
        else:
            each = next(added)
            _note(report, record, each.article_id, new=each.new)


def _correct(
    project: Project, corrections: Sequence[tuple[str, ArticleRecord]], report: FileReport, *, user: User | None
) -> None:
    """Make each text the next version of its article, in the order of the file."""
    for article_id, record in corrections:
        with transaction():
            report.corrected += versions.store(project, article_id, record, by=user).new


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


def _foretell(project: Project, records: Sequence[ArticleRecord], report: FileReport) -> None:
    """What would become of each record; nothing is written."""
    known = articles.known(project, records)
    newer = newer_texts.recognised(project, records)
    for place, record in enumerate(records):
        key = record.external_id or record.source_hash
        found = newer.get(place)
        told = None if found is None or found.there else found
        _note(report, record, "", new=key not in known and found is None, newer=told)
        known.add(key)


def _note(report: FileReport, record: ArticleRecord, article_id: str, *, new: bool, newer: Newer | None = None) -> None:
    if newer is not None:
        report.newer += 1
    elif new:
        report.added += 1
    else:
        report.known += 1
    place = f"Line {record.line}: " if record.line is not None else ""
    for warning in record.warnings:
        sentence = f"{place}{warning}"
        if len(report.warnings) < MOST_ERRORS and sentence not in report.warnings:
            report.warnings.append(sentence)
    if len(report.articles) < MOST_ARTICLES:
        # The bytes of the file are stored by now; a report need not hold them.
        slim = replace(record, source=replace(record.source, content=b"") if record.source else None)
        report.articles.append(ImportedArticle(slim, article_id, new, newer))
