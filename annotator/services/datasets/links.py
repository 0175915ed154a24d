"""The layer of links: a row for each relation between two claims."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from annotator.models import Annotation, Article, Assignment, Link, LinkLayer
from annotator.services.datasets.layers import Layer, Page, Query, Row, Scope, finished, in_project, reviewed
from annotator.services.plain_values import moment, word

LINKS = (
    "link_id", "layer", "a_claim_id", "b_claim_id", "relation", "aspect", "status", "author", "note", "created_at",
)  # fmt: skip
LINK_KEY = (Link.created_at, Link.id)


def _link_query(scope: Scope) -> Query:
    """Links of which both claims are there and may be shown."""

    def shown(condition: ColumnElement[bool]) -> Query:
        ends = (
            select(Annotation.id)
            .join(Assignment, Assignment.id == Annotation.assignment_id)
            .join(Article, Article.id == Assignment.article_id)
            .where(Annotation.deleted_at.is_(None), condition)
        )
        return in_project(ends, scope)

    def both(layer: LinkLayer, ends: Query) -> ColumnElement[bool]:
        return and_(Link.layer == layer, Link.a_id.in_(ends), Link.b_id.in_(ends))

    return select(
        Link.layer, Link.a_id, Link.b_id, Link.relation, Link.aspect, Link.status, Link.user_id, Link.note, *LINK_KEY
    ).where(
        Link.project_id == scope.project_id,
        Link.deleted_at.is_(None),
        or_(both(LinkLayer.ANNOTATIONS, shown(reviewed(scope))), both(LinkLayer.GOLD, shown(finished()))),
    )


def _link_rows(connection: Connection, page: Page, scope: Scope) -> Iterator[Row]:
    """An author whose name is hidden has the letter of the article at the end `a`."""
    ends = select(Annotation.id, Assignment.article_id).join(Assignment, Assignment.id == Annotation.assignment_id)
    rows = connection.execute(ends.where(Annotation.id.in_([row.a_id for row in page])))
    articles: dict[UUID, str] = {row.id: row.article_id for row in rows}
    veil = scope.veil(connection, set(articles.values()))
    for row in page:
        yield (
            row.id,
            word(row.layer),
            str(row.a_id),
            str(row.b_id),
            word(row.relation),
            word(row.aspect),
            word(row.status),
            veil.called(articles[row.a_id], row.user_id, scope.names[row.user_id]),
            row.note,
            moment(row.created_at),
        )


links_layer = Layer(lambda _: LINKS, _link_query, LINK_KEY, _link_rows)
