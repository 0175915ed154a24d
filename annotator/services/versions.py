"""Versions of an article: a corrected text, and which work goes on to it.

A correction never moves finished work. Reviews that are open go on to the new text, whoever else has submitted, so that
nobody learns from it who has; what was submitted stays on the text that it was made on, until a manager asks for it to
be looked at again. An article opens for adjudication only when all its reviews are of one version (services/openness.py),
so nothing that was marked on different texts is ever compared. Once an adjudicator has begun, the gold stays where it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import defer

from annotator.db import db
from annotator.domain import text as texts
from annotator.errors import Invalid, NotFound
from annotator.formats.records import ArticleRecord
from annotator.models import (
    Article,
    ArticleBlock,
    ArticleOriginal,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Event,
    Project,
    User,
)
from annotator.permissions import OPEN
from annotator.services import article_details, articles, corrected_claims, events, giving, search_index
from annotator.services.articles import ArticleAccess
from annotator.services.search_index import Covered


@dataclass(frozen=True)
class Corrected:
    """What a correction did: the version that stands now, whether it is new, and how many reviews are where.

    `moved` reviews went on to it, `staying` ones are submitted on an earlier text.
    """

    article: Article
    version: ArticleVersion
    new: bool
    moved: int = 0
    staying: int = 0


@dataclass(frozen=True)
class Listed:
    """A version in the list of an article: who brought it and when, and how many reviews and adjudications are of it."""

    version: ArticleVersion
    by: str
    at: datetime
    reviews: int
    submitted: int
    adjudicated: bool


def add(user: User, article_id: str, record: ArticleRecord, *, look_again: bool = False) -> Corrected:
    """Store the text of `record` as the next version of the article, as its manager. The same text adds nothing.

    What the record does not say of the article stays as it is, and so do details that a person corrected. With `look_again` submitted reviews go on to it too.
    Raises NotFound to strangers, Forbidden without the role, Conflict when an adjudicator has begun and `look_again`.
    """
    found = articles.managed(user, article_id)
    return store(found.access.project, article_id, record, by=user, look_again=look_again)


def store(
    project: Project, article_id: str, record: ArticleRecord, *, by: User | None, look_again: bool = False
) -> Corrected:
    """The core of it, for whoever may import into the project."""
    giving.lock_project(project)
    article, present = _held(project, article_id)
    if texts.sha256(record.text) == present.sha256:
        return Corrected(article, present, new=False)
    if not record.text.strip():
        raise Invalid.field("text", "The text holds nothing but white space.")
    if look_again:
        giving.require_untaken(article_id)
    version = _write(article, present, record)
    payload = {"version": version.number, "sha256": version.sha256, "before": present.sha256}
    events.record(
        "article.correct",
        article.id,
        payload,
        user_id=by.id if by else None,
        project_id=project.id,
        chain=article.id,
    )
    moved = _go_on(project, article, version, by=by, submitted_too=look_again)
    return Corrected(article, version, True, moved, _staying(article, version))


def look_again(user: User, article_id: str) -> Corrected:
    """Ask those who submitted an earlier version to look at the present one: their reviews open again on it.

    Raises Conflict once an adjudicator has begun, or the article was revealed.
    """
    project = articles.managed(user, article_id).access.project
    giving.lock_project(project)
    article, present = _held(project, article_id)
    giving.require_untaken(article_id)
    moved = _go_on(project, article, present, by=user, submitted_too=True)
    return Corrected(article, present, False, moved, _staying(article, present))


def count_of(article_id: str) -> int:
    """How many versions of its text there are."""
    query = select(func.count(ArticleVersion.id)).where(ArticleVersion.article_id == article_id)
    return db.session.scalar(query) or 0


def readable(found: ArticleAccess) -> Sequence[ArticleVersion]:
    """The versions that the person may read, oldest first, without their texts.

    All to who reads every article. A reviewer reads those up to the present one, so they depend on no other's work.
    """
    return db.session.scalars(
        select(ArticleVersion)
        .where(ArticleVersion.article_id == found.article.id)
        .options(defer(ArticleVersion.text))
        .order_by(ArticleVersion.number)
    ).all()


def listed(found: ArticleAccess) -> list[Listed]:
    """All versions, newest first, with what stands on each, for a manager or adjudicator: four statements."""
    versions = readable(found)
    corrected = db.session.execute(
        select(Event.payload, User.name)
        .outerjoin(User, User.id == Event.user_id)
        .where(Event.chain == found.article.id, Event.action.in_(("article.import", "article.correct")))
        .order_by(Event.seq)
    ).all()
    names = [name or "the command line" for _, name in corrected]
    reviews: Counter[str] = Counter()
    submitted: Counter[str] = Counter()
    adjudicated = set()
    rows = db.session.execute(
        select(Assignment.version_id, Assignment.kind, Assignment.state).where(
            Assignment.article_id == found.article.id
        )
    )
    for version_id, kind, state in rows:
        reviews[version_id] += kind is AssignmentKind.REVIEW
        submitted[version_id] += kind is AssignmentKind.REVIEW and state not in OPEN
        if kind is AssignmentKind.ADJUDICATION:
            adjudicated.add(version_id)
    return [
        Listed(
            each,
            names[each.number - 1] if each.number <= len(names) else "",
            each.created_at,
            reviews[each.id],
            submitted[each.id],
            each.id in adjudicated,
        )
        for each in reversed(versions)
    ]


def text_of(found: ArticleAccess, number: int) -> ArticleVersion:
    """The version of that number with its text. Raises NotFound if there is none."""
    version = db.session.scalar(
        select(ArticleVersion).where(ArticleVersion.article_id == found.article.id, ArticleVersion.number == number)
    )
    if version is None:
        raise NotFound(f"This article has no version {number}.")
    return version


def _held(project: Project, article_id: str) -> tuple[Article, ArticleVersion]:
    """The article, held for a change, and its present version."""
    article = articles.held(project, article_id)
    # Its details may have been corrected while this waited for the article.
    present = (
        select(ArticleVersion)
        .where(ArticleVersion.article_id == article.id, ArticleVersion.number == article.version)
        .execution_options(populate_existing=True)
    )
    return article, db.session.scalars(present).one()


def _write(article: Article, present: ArticleVersion, record: ArticleRecord) -> ArticleVersion:
    version = ArticleVersion(
        article_id=article.id,
        number=present.number + 1,
        text=record.text,
        sha256=texts.sha256(record.text),
        length=len(record.text),
        words=texts.words(record.text),
        source_file=record.source_file,
        suggested_title=record.suggested_title or present.suggested_title,
        warnings=list(record.warnings),
        **article_details.of_newer_text(article.id, present, record),
    )
    db.session.add(version)
    db.session.flush()
    db.session.add_all(
        ArticleBlock(
            version_id=version.id,
            position=position,
            kind=block.kind,
            start=block.start,
            end=block.end,
            rejoined=list(block.rejoined),
        )
        for position, block in enumerate(record.blocks, 1)
    )
    source = record.source
    if source is not None:
        db.session.add(
            ArticleOriginal(
                version_id=version.id,
                content=source.content,
                filename=source.filename,
                media_type=source.media_type,
                encoding=source.encoding,
                newlines=source.newlines,
            )
        )
    article.version = version.number
    db.session.flush()
    blocks = [(position, block.start, block.end) for position, block in enumerate(record.blocks, 1)]
    search_index.add(db.session.connection(), [Covered(version.id, record.text, blocks)])
    return version


def _go_on(project: Project, article: Article, version: ArticleVersion, *, by: User | None, submitted_too: bool) -> int:
    """Take the open reviews of earlier versions on to this one, and if asked for the submitted ones too; how many."""
    states = [*OPEN, AssignmentState.SUBMITTED] if submitted_too else [*OPEN]
    kinds = [AssignmentKind.REVIEW, AssignmentKind.RETURNED]
    going = db.session.scalars(
        select(Assignment)
        .where(
            Assignment.article_id == article.id,
            Assignment.kind.in_(kinds),
            Assignment.state.in_(states),
            Assignment.version_id != version.id,
        )
        .order_by(Assignment.id)
        .execution_options(populate_existing=True)
    ).all()
    for review in going:
        corrected_claims.go_on(project, review, version, by=by)
    return sum(review.kind is AssignmentKind.REVIEW for review in going)


def _staying(article: Article, version: ArticleVersion) -> int:
    """How many reviews and adjudications are of earlier versions."""
    kinds = or_(Assignment.kind == AssignmentKind.REVIEW, Assignment.kind == AssignmentKind.ADJUDICATION)
    query = select(func.count(Assignment.id)).where(
        Assignment.article_id == article.id, kinds, Assignment.version_id != version.id
    )
    return db.session.scalar(query) or 0
