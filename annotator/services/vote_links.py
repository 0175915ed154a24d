"""The links of the reviewers' claims of one article, and when two of them mean the same link.

Two reviewers link claims of their own. Their links are the same when the relation is and the claims at the other end
mean the same, as the grouping of questions sees it. Only ends in articles that have opened are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from annotator.db import db
from annotator.domain.claims import Aspect, Relation
from annotator.models import Article, Assignment, Project
from annotator.services import openness, reviewers_links
from annotator.services.reviewers_links import LinkRow

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


def links_of(article_id: str) -> dict[UUID, list[LinkShown]]:
    """The links of each claim of the article's reviewers: one statement, two more where there are any."""
    rows = reviewers_links.from_article(article_id)
    if not rows:
        return {}
    rows = _told(article_id, rows)
    same = reviewers_links.same_ends(rows)
    found: defaultdict[UUID, list[LinkShown]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.relation, row.exact, row.link_id)):
        directed = row.relation not in SYMMETRIC
        key = (row.relation, str(row.outgoing) if directed else "", row.article_id, str(same[row.other]))
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


def _told(article_id: str, rows: Sequence[LinkRow]) -> list[LinkRow]:
    """Those whose other end lies in this article or in one that has opened, too."""
    others: Collection[str] = {row.article_id for row in rows} - {article_id}
    if not others:
        return list(rows)
    project = db.session.scalars(
        select(Project).join(Article, Article.project_id == Project.id).where(Article.id == article_id)
    ).one()
    opened = {article_id, *db.session.scalars(openness.opened(project).where(Assignment.article_id.in_(others)))}
    return [row for row in rows if row.article_id in opened]
