"""The links of the reviewers' claims of one article, and when two of them mean the same link.

Two reviewers link claims of their own. Their links are the same when the relation is and the claims at the other end
mean the same, as the grouping of questions sees it. Only ends in articles that have opened are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import aliased

from annotator.db import db
from annotator.domain.claims import Aspect, Relation
from annotator.domain.grouping import group_marks
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    Link,
    LinkLayer,
    LinkStatus,
    Project,
)
from annotator.services import openness

SYMMETRIC = frozenset({Relation.CONTRADICTS, Relation.QUALIFIES, Relation.CORROBORATES, Relation.SAME_WIRE_ORIGIN})
"""Relations that are the same from either end, as far as reviewers agree on them."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class LinkShown:
    """A link of a claim, seen from that claim. `outgoing` is for relations with a direction; `key` compares."""

    relation: Relation
    aspect: Aspect | None
    note: str
    outgoing: bool
    other: UUID
    exact: str
    article_id: str
    heading: str
    key: Key


class _End(NamedTuple):
    """The claim at the other end, as the grouping reads it."""

    id: str
    reviewer: str
    start: int
    end: int


def _half(*, outgoing: bool) -> Select[*tuple[Any, ...]]:
    """The links that begin (or end) at a claim of the article."""
    own, other, of_own, of_other = aliased(Annotation), aliased(Annotation), aliased(Assignment), aliased(Assignment)
    mine, theirs = (Link.a_id, Link.b_id) if outgoing else (Link.b_id, Link.a_id)
    return (
        select(
            Link.id.label("link_id"),
            Link.relation,
            Link.aspect,
            Link.note,
            own.id.label("own"),
            other.id.label("other"),
            other.start,
            other.end,
            other.exact,
            of_other.article_id,
            of_other.user_id,
            func.coalesce(func.nullif(ArticleVersion.title, ""), ArticleVersion.suggested_title).label("heading"),
            literal(outgoing).label("outgoing"),
        )
        .join(own, own.id == mine)
        .join(of_own, of_own.id == own.assignment_id)
        .join(other, other.id == theirs)
        .join(of_other, of_other.id == other.assignment_id)
        .join(ArticleVersion, ArticleVersion.id == of_other.version_id)
        .where(
            of_own.article_id == bindparam("article_id"),
            of_own.kind == AssignmentKind.REVIEW,
            of_other.kind == AssignmentKind.REVIEW,
            own.deleted_at.is_(None),
            other.deleted_at.is_(None),
            Link.deleted_at.is_(None),
            Link.layer == LinkLayer.ANNOTATIONS,
            Link.status == LinkStatus.CONFIRMED,
        )
    )


# Built once: to build it takes longer than to run it.
_LINKS = union_all(_half(outgoing=True), _half(outgoing=False))


def links_of(article_id: str) -> dict[UUID, list[LinkShown]]:
    """The links of each claim of the article's reviewers: one statement, two more where there are any."""
    rows = db.session.execute(_LINKS, {"article_id": article_id}).all()
    if not rows:
        return {}
    rows = _told(article_id, rows)
    same = _same_ends(rows)
    found: defaultdict[UUID, list[LinkShown]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.relation, row.exact, row.link_id)):
        directed = row.relation not in SYMMETRIC
        key = (row.relation, str(row.outgoing) if directed else "", row.article_id, same[row.other])
        found[row.own].append(
            LinkShown(
                Relation(row.relation), row.aspect, row.note, bool(row.outgoing) and directed, row.other, row.exact,
                row.article_id, row.heading, key,
            )
        )  # fmt: skip
    return dict(found)


def keys_of(links: Sequence[LinkShown]) -> frozenset[Key]:
    """What is compared of the links of a claim."""
    return frozenset(link.key for link in links)


def _told(article_id: str, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Row[*tuple[Any, ...]]]:
    """Those whose other end lies in this article or in one that has opened, too."""
    others: Collection[str] = {row.article_id for row in rows} - {article_id}
    if not others:
        return list(rows)
    project = db.session.scalars(
        select(Project).join(Article, Article.project_id == Project.id).where(Article.id == article_id)
    ).one()
    opened = {article_id, *db.session.scalars(openness.opened(project).where(Assignment.article_id.in_(others)))}
    return [row for row in rows if row.article_id in opened]


def _same_ends(rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[UUID, str]:
    """For each claim at another end the id of the first of those that mean the same."""
    ends: defaultdict[str, dict[UUID, _End]] = defaultdict(dict)
    for row in rows:
        ends[row.article_id][row.other] = _End(str(row.other), row.user_id, row.start, row.end)
    return {
        UUID(member.id): members[0].id
        for in_article in ends.values()
        for members in group_marks(in_article.values())
        for member in members
    }
