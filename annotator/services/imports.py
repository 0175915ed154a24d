"""Importing a file: whole or not at all, in short transactions.

This service commits by itself, against the rule: a file may hold more articles than the write lock should be held for.
Such a file is written in batches by services/unlisted_imports.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from annotator.db import db, transaction
from annotator.errors import Conflict
from annotator.formats.records import ArticleRecord, RecordError
from annotator.models import (
    Import,
    Project,
    User,
)
from annotator.services import articles, bulk, newer_texts, search_index, unlisted_imports, versions
from annotator.services.newer_texts import Newer

Read = Callable[[], Iterable[ArticleRecord | RecordError]]
"""Reads a file from its beginning; it may be called twice."""

MOST_ERRORS = 100
MOST_ARTICLES = 50
"""How many of each a report names; the rest is counted."""


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
    found: Iterable[list[ArticleRecord]] = [whole] if whole is not None else unlisted_imports.batches(_good(read))
    if dry_run:
        for records in found:
            _foretell(project, records, report)
        return report
    corrections: list[tuple[str, ArticleRecord]] = []
    if whole is None:
        _store_in_batches(project, found, report, corrections, user=user, progress=progress)
        with transaction():
            bulk.renew_statistics(db.session.connection(), unlisted_imports.OF_ARTICLES)
            search_index.settle(db.session.connection())
        _correct(project, corrections if update else [], report, user=user)
        return report
    with transaction():
        batch = unlisted_imports.begin(project, filename, user)
        _write(project, whole, report, corrections, user=user, batch=batch)
        unlisted_imports.list_articles(batch)
    _correct(project, corrections if update else [], report, user=user)
    if progress is not None:
        progress(len(whole))
    return report


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
            if len(kept) > unlisted_imports.BATCH_ARTICLES or (
                characters > unlisted_imports.BATCH_CHARACTERS and len(kept) > 1
            ):
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


def _store_in_batches(
    project: Project,
    found: Iterable[list[ArticleRecord]],
    report: FileReport,
    corrections: list[tuple[str, ArticleRecord]],
    *,
    user: User | None,
    progress: Callable[[int], None] | None,
) -> None:
    with unlisted_imports.unlisted(project, report.filename, user=user) as batch:
        for records in found:
            with transaction():
                _write(project, records, report, corrections, user=user, batch=batch)
            if progress is not None:
                progress(len(records))
        with transaction():
            unlisted_imports.list_articles(batch)


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
    added = iter(unlisted_imports.write(project, others, user=user, batch=batch))
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
