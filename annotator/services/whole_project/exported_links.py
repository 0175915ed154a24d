"""The links between claims, and the decisions on them, as lines of the file."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, and_, or_, select

from annotator.formats.project_records import LinkDecisionLine, LinkLine
from annotator.models import Annotation, Article, Assignment, Link, LinkDecision, Project
from annotator.services.whole_project.exported_work import may_be_shown
from annotator.services.whole_project.parts import Query, made


def link_lines(connection: Connection, project: Project, shown: Query | None) -> Iterator[LinkLine]:
    """The links of which both ends are in the file."""
    ends = _ends(project, shown)
    query = select(Link.__table__).where(Link.project_id == project.id)
    query = query.where(Link.a_id.in_(ends), Link.b_id.in_(ends)).order_by(Link.created_at, Link.id).limit(1_000)
    found = connection.execute(query).all()
    while found:
        for row in found:
            yield made(LinkLine, row, person=row.user_id, a=row.a_id, b=row.b_id)
        at, last = found[-1].created_at, found[-1].id
        later = or_(Link.created_at > at, and_(Link.created_at == at, Link.id > last))
        found = connection.execute(query.where(later)).all()


def link_decision_lines(connection: Connection, project: Project, shown: Query | None) -> Iterator[LinkDecisionLine]:
    """The decisions on links of which both claims are in the file, each after the one that it replaces."""
    ends = _ends(project, shown)
    query = (
        select(LinkDecision.__table__)
        .where(LinkDecision.a_id.in_(ends), LinkDecision.b_id.in_(ends))
        .order_by(LinkDecision.decided_at, LinkDecision.id)
    )
    for row in connection.execute(query):
        yield made(
            LinkDecisionLine,
            row,
            assignment=row.assignment_id,
            person=row.user_id,
            a=row.a_id,
            b=row.b_id,
            link=row.link_id,
            taken=row.taken_id,
            replaces=row.replaces_id,
        )


def _ends(project: Project, shown: Query | None) -> Query:
    """The claims in the file."""
    articles = select(Article.id).where(Article.project_id == project.id, Article.listed_at.is_not(None))
    ends = (
        select(Annotation.id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .where(Assignment.article_id.in_(articles))
    )
    return ends if shown is None else ends.where(may_be_shown(shown))
