"""A person's own claims across articles: searched, filtered, in parts. Nobody else's claims are ever read here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager, defer, subqueryload

from annotator.db import db
from annotator.domain.claims import UNSURE, Origin, Requirement
from annotator.errors import Invalid
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    EvidenceItem,
    EvidenceRule,
    Label,
    Project,
    User,
)
from annotator.services import projects
from annotator.services.assignments import requirement_of
from annotator.services.word_search import says

# What `str.strip` takes away: the databases by themselves know of the space alone. Beyond U+3000 there is none.
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
PAGE = 50
MOST_WORDS = 12


class Order(StrEnum):
    """How the list is sorted."""

    NEWEST = "newest"
    ARTICLE = "article"


@dataclass(frozen=True)
class Filters:
    """What the list shows; the empty value of each leaves it out. `label` is a key, `project` a slug."""

    words: str = ""
    project: str = ""
    label: str = ""
    state: AssignmentState | None = None
    lacking: bool = False
    unsure: bool = False
    origin: Origin | None = None


@dataclass(frozen=True)
class Row:
    """One claim with the article that it stands in."""

    annotation: Annotation
    assignment: Assignment
    article: Article
    version: ArticleVersion
    project: Project


@dataclass(frozen=True)
class Found:
    """A part of the list; `next` continues it, or is empty. `projects` and `labels` are what can be filtered by."""

    rows: list[Row]
    total: int
    next: str
    projects: list[Project]
    labels: list[tuple[str, str]]


def page_for(user: User, filters: Filters, *, order: Order = Order.NEWEST, after: str = "") -> Found:
    """A part of the live claims of `user` in the projects that they may see. Six statements."""
    mine = list(projects.list_for(user))
    labels = _labels_of(mine)
    query = _filtered(user, mine, labels, filters)
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(Annotation.id).subquery())) or 0
    keys = _KEYS[order]
    if after:
        query = query.where(_beyond(keys, _read(after, order), descending=order is Order.NEWEST))
    ordered = [key.desc() for key in keys] if order is Order.NEWEST else list(keys)
    rows = db.session.execute(query.order_by(*ordered).limit(PAGE + 1)).unique().all()
    shown = [Row(row[0], row[1], row[2], row[3], row[4]) for row in rows[:PAGE]]
    following = _cursor(shown[-1], order) if len(rows) > PAGE else ""
    named = {label.key: label.name for label in reversed(labels)}
    return Found(shown, total, following, mine, sorted(named.items(), key=lambda each: each[1]))


_KEYS: dict[Order, tuple[Any, ...]] = {
    Order.NEWEST: (Annotation.updated_at, Annotation.id),
    Order.ARTICLE: (Project.slug, Article.position, Annotation.start, Annotation.end, Annotation.id),
}


def _labels_of(mine: Sequence[Project]) -> Sequence[Label]:
    ids = [project.id for project in mine]
    return db.session.scalars(select(Label).where(Label.project_id.in_(ids)).order_by(Label.position, Label.id)).all()


def _filtered(
    user: User, mine: Sequence[Project], labels: Sequence[Label], filters: Filters
) -> Select[Annotation, Assignment, Article, ArticleVersion, Project]:
    query = (
        select(Annotation, Assignment, Article, ArticleVersion, Project)
        .join(Annotation.assignment)
        .join(Annotation.label)
        .join(Article, Article.id == Assignment.article_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .join(Project, Project.id == Article.project_id)
        .where(
            Assignment.user_id == user.id,
            Assignment.kind == AssignmentKind.REVIEW,
            Annotation.deleted_at.is_(None),
            Project.id.in_([project.id for project in mine]),
        )
        .options(contains_eager(Annotation.label), subqueryload(Annotation.evidence), defer(ArticleVersion.text))
    )
    if filters.project:
        query = query.where(Project.slug == filters.project)
    if filters.label:
        query = query.where(Label.key == filters.label)
    if filters.state is not None:
        query = query.where(Assignment.state == filters.state)
    if filters.origin is not None:
        query = query.where(Annotation.origin == filters.origin)
    if filters.unsure:
        query = query.where(Annotation.confidence <= UNSURE)
    if filters.lacking:
        query = query.where(_lacks_something(mine, labels))
    for word in filters.words.split()[:MOST_WORDS]:
        query = query.where(says(word, Annotation.exact, Annotation.claim_text, Annotation.note, Annotation.speaker))
    return query


def _lacks_something(mine: Sequence[Project], labels: Sequence[Label]) -> ColumnElement[bool]:
    """The same as `domain.claims.missing`, for the database: one condition for each distinct requirement."""
    asks = {project.id for project in mine if project.evidence is not EvidenceRule.OFF}
    by_requirement: dict[Requirement, list[str]] = {}
    for label in labels:
        if label.project_id in asks:
            by_requirement.setdefault(requirement_of(label), []).append(label.id)
    conditions: list[ColumnElement[bool]] = []
    for requirement, ids in by_requirement.items():
        lacks: list[ColumnElement[bool]] = []
        if requirement.speaker:
            lacks.append(func.trim(Annotation.speaker, _BLANKS) == "")
        if requirement.reason:
            lacks.append(Annotation.reason == "")
        if requirement.stances:
            evidence = EvidenceItem.annotation_id == Annotation.id
            fitting = select(EvidenceItem.n).where(evidence, EvidenceItem.stance.in_(sorted(requirement.stances)))
            lacks.append(~fitting.exists())
        if lacks:
            conditions.append(and_(Annotation.label_id.in_(ids), or_(*lacks)))
    return or_(*conditions) if conditions else ~true()


def _beyond(keys: Sequence[Any], values: Sequence[Any], *, descending: bool) -> ColumnElement[bool]:
    """Whether a row comes after the one with these values, key by key."""
    conditions: list[ColumnElement[bool]] = []
    for at, (key, value) in enumerate(zip(keys, values, strict=True)):
        equal = [one == other for one, other in zip(keys[:at], values[:at], strict=True)]
        conditions.append(and_(*equal, key < value if descending else key > value))
    return or_(*conditions)


def _cursor(row: Row, order: Order) -> str:
    """The place of a row, to go on after it: what is added or removed meanwhile moves nothing."""
    claim = row.annotation
    if order is Order.NEWEST:
        return f"{claim.updated_at.isoformat()}~{claim.id}"
    return f"{row.project.slug}~{row.article.position}~{claim.start}~{claim.end}~{claim.id}"


def _read(cursor: str, order: Order) -> list[Any]:
    parts = cursor.split("~")
    try:
        if order is Order.NEWEST:
            moment, claim = parts
            return [_moment(moment), UUID(claim)]
        slug, position, start, end, claim = parts
        return [slug, *(_number(each) for each in (position, start, end)), UUID(claim)]
    except (ValueError, OverflowError):
        raise Invalid.field("after", "This page address is damaged. Begin again at the first page.") from None


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("a moment without zone")
    return moment.astimezone(UTC)


def _number(written: str) -> int:
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else -1
    if number < 0:
        raise ValueError("not a number")
    return number
