"""Is everything what it was when it was saved? Reads the whole database, one article at a time, and changes nothing.

What a chain of hashes in the same file cannot do: stop somebody who owns the file and writes the chain anew, or show that
its last events were cut off together with what they recorded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import contains_eager, subqueryload

from annotator.db import db
from annotator.domain import text as texts
from annotator.domain.publication import TextMode
from annotator.errors import Conflict
from annotator.models import (
    Annotation,
    Article,
    ArticleBlock,
    ArticleOriginal,
    ArticleVersion,
    Assignment,
    Event,
    EvidenceItem,
    Project,
    Release,
)
from annotator.services import article_details, events, releases, search_index
from annotator.services.claims import as_payload, claim_of


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was saved: where it is, and what is wrong."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


def findings() -> Iterator[Finding]:
    """Everything that is damaged: the database itself, texts, quotes, claims against their history, the search index, the chains."""
    yield from _database()
    for version_id in db.session.scalars(select(ArticleVersion.id).order_by(ArticleVersion.id)).all():
        version, article, original = db.session.execute(
            select(ArticleVersion, Article, ArticleOriginal.content)
            .join(Article, Article.id == ArticleVersion.article_id)
            .outerjoin(ArticleOriginal, ArticleOriginal.version_id == ArticleVersion.id)
            .where(ArticleVersion.id == version_id)
        ).one()
        yield from _text(version, article, original)
        yield from _claims(version)
        if version.number == article.version:
            yield from _details(article)
        db.session.expunge_all()
    for problem in search_index.problems(db.session.connection()):
        yield Finding("Search index", problem)
    yield from _releases()
    for broken in events.check():
        place = f"History of article {broken.chain}" if broken.chain else "History of the installation"
        yield Finding(place, f"event {broken.seq}: {broken.problem}.")


def _database() -> Iterator[Finding]:
    """What the database says of itself; PostgreSQL checks its constraints and references all the time."""
    if db.engine.dialect.name != "sqlite":
        return
    for (answer,) in db.session.execute(text("PRAGMA integrity_check")):
        if answer != "ok":
            yield Finding("Database", f"{answer}.")
    for table, row, parent, _ in db.session.execute(text("PRAGMA foreign_key_check")):
        yield Finding("Database", f"row {row} of {table} refers to a row of {parent} that is not there.")


def _text(version: ArticleVersion, article: Article, original: bytes | None) -> Iterator[Finding]:
    place = f"Article {article.id}, version {version.number}"
    if texts.sha256(version.text) != version.sha256:
        yield Finding(place, "the text does not match its SHA-256.")
    if len(version.text) != version.length:
        yield Finding(place, f"the text has {len(version.text)} characters, not {version.length}.")
    if version.number == 1 and original is not None and hashlib.sha256(original).hexdigest() != article.source_hash:
        yield Finding(place, "the original bytes do not match their SHA-256.")
    if version.number == 1 and _imported(article.id) not in {None, version.sha256}:
        yield Finding(place, "the text is not the one whose SHA-256 was recorded at import.")
    blocks = db.session.execute(
        select(ArticleBlock.position, ArticleBlock.start, ArticleBlock.end)
        .where(ArticleBlock.version_id == version.id)
        .order_by(ArticleBlock.position)
    ).all()
    reached = 0
    for position, start, end in blocks:
        if not reached <= start < end <= len(version.text):
            yield Finding(place, f"block {position} is [{start}, {end}), which does not follow the one before it.")
        reached = end


def _details(article: Article) -> Iterator[Finding]:
    """The details of an article that were corrected must be what was recorded last."""
    for place, recorded, stored in article_details.against_history(article):
        yield Finding(f"Article {article.id}, {place}", f"“{stored}” is stored, “{recorded}” was recorded.")


def _releases() -> Iterator[Finding]:
    query = select(Release, Project.slug).join(Project, Project.id == Release.project_id)
    for release, slug in db.session.execute(query.order_by(Project.slug, Release.id)).all():
        place = f"Release {release.version} of {slug}"
        if hashlib.sha256(release.manifest.encode()).hexdigest() != release.sha256:
            yield Finding(place, "the manifest does not match its SHA-256.")
            continue
        manifest = releases.manifest_of(release)
        stored = manifest["layers"] | ({"documents": manifest["documents"]} if "documents" in manifest else {})
        for layer, described in stored.items():
            if not _reads(releases.stored_table(release, layer, described).rows):
                yield Finding(place, f"the rows of '{layer}' do not match their SHA-256.")
        if not _reads(releases.about(release)):
            yield Finding(place, "what was written about it does not match its SHA-256.")
        if releases.text_of(release) is TextMode.FULL and not _reads(releases.texts(release)):
            yield Finding(place, "the texts of its articles do not match their SHA-256.")


def _reads(stream: Iterable[object]) -> bool:
    """Whether it can be read to its end; a release compares what it reads with its hashes."""
    try:
        for _ in stream:
            pass
    except Conflict:
        return False
    return True


def _imported(article_id: str) -> str | None:
    """The SHA-256 that the event of the import recorded."""
    payload = db.session.scalar(
        select(Event.payload).where(Event.chain == article_id, Event.action == "article.import").limit(1)
    )
    return _parsed(payload).get("sha256") if payload else None


def _claims(version: ArticleVersion) -> Iterator[Finding]:
    annotations = db.session.scalars(
        select(Annotation)
        .join(Annotation.assignment)
        .join(Annotation.label)
        .where(Assignment.version_id == version.id)
        .options(contains_eager(Annotation.label), subqueryload(Annotation.evidence))
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    ).all()
    latest = _latest_events(version.article_id)
    for annotation in annotations:
        place = f"Claim {annotation.id} of article {version.article_id}"
        if version.text[annotation.start : annotation.end] != annotation.exact and not _stood(version, annotation):
            span = f"[{annotation.start}, {annotation.end})"
            yield Finding(place, f"the quote is not what the text says at {span}.")
        event = latest.pop(str(annotation.id), None)
        if event is None:
            yield Finding(place, "there is no record of how it came to be.")
        elif problem := _differs(annotation, event):
            yield Finding(place, problem)
    if version.number == 1:
        known = set(map(str, _ids_of(version.article_id, latest)))
        for subject in sorted(set(latest) - known):
            yield Finding(
                f"Claim {subject} of article {version.article_id}", "it was saved, and is not there any more."
            )
    yield from _linked_spans(version, annotations)


def _stood(version: ArticleVersion, annotation: Annotation) -> bool:
    """Whether a deleted claim has its place in a text before this one: it was set aside when that was corrected."""
    if annotation.deleted_at is None or version.number == 1:
        return False
    earlier = select(ArticleVersion.text).where(
        ArticleVersion.article_id == version.article_id, ArticleVersion.number < version.number
    )
    return any(text[annotation.start : annotation.end] == annotation.exact for text in db.session.scalars(earlier))


def _linked_spans(version: ArticleVersion, annotations: Sequence[Annotation]) -> Iterator[Finding]:
    """Evidence that points at a span of an article must point inside one of its texts."""
    ids = [annotation.id for annotation in annotations]
    length = (
        select(func.max(ArticleVersion.length))
        .where(ArticleVersion.article_id == EvidenceItem.linked_article_id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(EvidenceItem.annotation_id, EvidenceItem.n, EvidenceItem.end, length)
        .join(Annotation, Annotation.id == EvidenceItem.annotation_id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .where(Assignment.version_id == version.id, EvidenceItem.end > length)
    )
    for annotation_id, n, end, length in rows if ids else ():
        yield Finding(f"Claim {annotation_id}, evidence {n}", f"its span ends at {end}, the article at {length}.")


def _latest_events(article_id: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """The last event of each claim of the article, by the claim's id: the action and the payload."""
    rows = db.session.execute(
        select(Event.subject, Event.action, Event.payload)
        .where(Event.chain == article_id, Event.action.startswith("annotation."))
        .order_by(Event.seq)
    )
    latest = {subject: (action, payload) for subject, action, payload in rows}
    return {subject: (action, _parsed(payload)) for subject, (action, payload) in latest.items()}


def _ids_of(article_id: str, subjects: object) -> Sequence[object]:
    """The ids of all claims of the article, whatever version of it they mark."""
    if not subjects:
        return ()
    query = select(Annotation.id).join(Annotation.assignment).where(Assignment.article_id == article_id)
    return db.session.scalars(query).all()


def _differs(annotation: Annotation, event: tuple[str, dict[str, Any]]) -> str:
    """How the claim differs from what its last event recorded; empty when it does not."""
    action, payload = event
    deleted = action == "annotation.delete"
    if payload.get("version") != annotation.version:
        return f"version {annotation.version} is stored, version {payload.get('version')} was saved last."
    if deleted != (annotation.deleted_at is not None):
        return "it was deleted, and is there." if deleted else "it was not deleted, and is marked so."
    recorded = payload.get("before" if deleted else "claim")
    stored = json.loads(events.canonical(as_payload(claim_of(annotation))))
    return "" if recorded == stored else "it is not what was saved last."


def _parsed(payload: str) -> dict[str, Any]:
    """The payload of an event; one that is damaged says nothing, and its hash tells."""
    try:
        found = json.loads(payload)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
