"""The links that reviewers made between their claims, from the side of one article, and which of them lead to the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import aliased

from annotator.db import db
from annotator.domain.grouping import group_marks
from annotator.models import Annotation, ArticleVersion, Assignment, AssignmentKind, Link, LinkLayer, LinkStatus, User

LinkRow = Row[*tuple[Any, ...]]


class _Mark(NamedTuple):
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
            Link.user_id,
            User.name,
            Link.relation,
            Link.aspect,
            Link.note,
            own.id.label("own"),
            other.id.label("other"),
            other.start,
            other.end,
            other.exact,
            of_other.article_id,
            func.coalesce(func.nullif(ArticleVersion.title, ""), ArticleVersion.suggested_title).label("heading"),
            literal(outgoing).label("outgoing"),
        )
        .join(User, User.id == Link.user_id)
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


def from_article(article_id: str) -> Sequence[LinkRow]:
    """The confirmed links that begin or end at a claim of the article: one statement.

    Each row has the link, who made it, the claim `own` in the article and the `other` one with its place, and whether
    it is `outgoing`; a link within the article comes from both ends.
    """
    return db.session.execute(_LINKS, {"article_id": article_id}).all()


def same_ends(rows: Iterable[LinkRow]) -> dict[UUID, UUID]:
    """For each claim at another end the first of those that mean the same, as the grouping of questions sees it."""
    marks: defaultdict[str, dict[UUID, _Mark]] = defaultdict(dict)
    for row in rows:
        marks[row.article_id][row.other] = _Mark(str(row.other), row.user_id, row.start, row.end)
    return {
        UUID(member.id): UUID(members[0].id)
        for of_article in marks.values()
        for members in group_marks(of_article.values())
        for member in members
    }
