"""Contradictions that cannot be one by the dates as they are now: a day was corrected after the link was made.

The database finds them by what domain/date_guard.py says of two windows. Nothing takes them back: their authors are told on
their start page, and whoever makes a release is warned. Both learn only of links that are theirs to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from annotator.db import db
from annotator.domain.claims import Relation
from annotator.domain.date_guard import Dated, refusal, window_of
from annotator.models import (
    Annotation,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Link,
    LinkLayer,
    Membership,
    Project,
    User,
)
from annotator.services.datasets.layers import finished_articles

MOST = 50


@dataclass(frozen=True)
class ToldLink:
    """A link of one's own that says what the dates speak against, and why."""

    id: str
    project: str
    slug: str
    why: str


class _End:
    """One of the two claims of a link, with the work that it belongs to and the text on which it stands."""

    def __init__(self, claim_id: Any) -> None:
        self.claim = aliased(Annotation)
        self.work = aliased(Assignment)
        self.version = aliased(ArticleVersion)
        self.claim_id = claim_id

    def join(self, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        return (
            query.join(self.claim, (self.claim.id == self.claim_id) & self.claim.deleted_at.is_(None))
            .join(self.work, self.work.id == self.claim.assignment_id)
            .join(self.version, self.version.id == self.work.version_id)
        )

    @property
    def first(self) -> ColumnElement[date | None]:
        return func.coalesce(self.claim.event_start, self.version.published)

    @property
    def last(self) -> ColumnElement[date | None]:
        return case(
            (self.claim.event_start.is_(None), self.version.published),
            else_=func.coalesce(self.claim.event_end, self.claim.event_start),
        )

    @property
    def told(self) -> tuple[Any, ...]:
        return self.claim.exact, self.claim.event_start, self.claim.event_end, self.version.published


def own(user: User) -> list[ToldLink]:
    """Those that `user` made, the newest first: one statement. Left out is what cannot be changed any more: returned work,
    and links of which the adjudicator has begun with both articles.
    """
    a, b = _End(Link.a_id), _End(Link.b_id)
    held = [(end.work.user_id == user.id) & (end.work.state != AssignmentState.LOCKED) for end in (a, b)]
    member = exists().where(Membership.project_id == Link.project_id, Membership.user_id == user.id)
    query = (
        _against_dates(a, b, Link.id, Project.name, Project.slug, *a.told, *b.told)
        .join(Project, Project.id == Link.project_id)
        .where(Link.user_id == user.id, Project.archived_at.is_(None), member, or_(*held))
        .where(*(end.work.kind != AssignmentKind.RETURNED for end in (a, b)))
        .order_by(Link.created_at.desc(), Link.id)
        .limit(MOST)
    )
    return [
        ToldLink(id_, name, slug, refusal(Relation.CONTRADICTS, _dated(*told[:4]), _dated(*told[4:])))
        for id_, name, slug, *told in db.session.execute(query)
    ]


def in_gold(connection: Connection, project: Project) -> list[str]:
    """The ids of those among the gold links of finished articles, the oldest first."""
    a, b = _End(Link.a_id), _End(Link.b_id)
    finished = finished_articles(project.id)
    query = (
        _against_dates(a, b, Link.id)
        .where(Link.project_id == project.id, Link.layer == LinkLayer.GOLD)
        .where(*(end.work.article_id.in_(finished) for end in (a, b)))
        .order_by(Link.created_at, Link.id)
    )
    return list(connection.scalars(query))


def _against_dates(a: _End, b: _End, *columns: Any) -> Select[*tuple[Any, ...]]:
    """The contradictions between claims that are known to be about different times."""
    query = b.join(a.join(select(*columns).select_from(Link)))
    apart = or_(a.last < b.first, b.last < a.first)
    return query.where(Link.relation == Relation.CONTRADICTS, Link.deleted_at.is_(None), apart)


def _dated(exact: str, event_start: date | None, event_end: date | None, published: date | None) -> Dated:
    return Dated(exact, window_of(event_start, event_end, published))
