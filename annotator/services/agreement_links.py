"""How far the reviewers of a project agree on links between claims, over the articles that all of them have finished.

A reviewer changes links only while they still work on one of the two articles, so the figures go by the state of the
reviews, like all others.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, String, cast, select
from sqlalchemy.orm import aliased

from annotator.db import db, one_moment
from annotator.domain.claims import Relation
from annotator.domain.grouping import group_marks
from annotator.models import Annotation, Assignment, Link, LinkLayer, LinkStatus, Project
from annotator.services import agreement_reading as reading
from annotator.services.agreement_reading import Counted

if TYPE_CHECKING:
    from annotator.agreement.links import Linked, LinkFigures, Question

RELATIONS = {
    relation: f"{relation.value}→" if relation is Relation.SUPERSEDES else relation.value for relation in Relation
}
"""As agreement knows them: of the one with a direction the other direction is another relation."""


class Mark(NamedTuple):
    """A claim as it was marked blind."""

    id: str
    reviewer: str
    start: int
    end: int


class _Found(NamedTuple):
    """A stored link with the articles of its ends."""

    reviewer: str
    a: str
    b: str
    relation: Relation
    articles: tuple[str, str]


def among(project: Project, found: Counted) -> LinkFigures:
    """The agreement on links between the articles of `found`: two statements."""
    from annotator.agreement.links import figures

    with one_moment(db.engine) as connection:
        read = read_links(connection, project, found)
    return figures(read.links, read.questions, list(RELATIONS.values()), articles=max(1, len(found.articles)))


class Read(NamedTuple):
    """Links, the questions that they link, and the claims of each of these by their reviewers."""

    links: list[Linked]
    questions: dict[str, Question]
    claims: dict[str, dict[str, Mark]]


def read_links(connection: Connection, project: Project, found: Counted) -> Read:
    """The links between articles that count, and the questions of these articles: two statements."""
    from annotator.agreement.links import Linked, Question

    stored = _links(connection, project, found)
    linked_articles = {article for each in stored for article in each.articles}
    number = {article: at for at, article in enumerate(found.articles)}
    questions: dict[str, Question] = {}
    question_of: dict[str, str] = {}
    claims: dict[str, dict[str, Mark]] = {}
    for article, marks in _marks(connection, found, linked_articles).items():
        for members in group_marks(marks):
            # The first by place names it; the order of the questions says from which end a pair is seen.
            name = f"{number[article]:08}:{members[0].id}"
            questions[name] = Question(number[article], frozenset(mark.reviewer for mark in members))
            question_of |= {mark.id: name for mark in members}
            claims[name] = {mark.reviewer: mark for mark in reversed(members)}
    links = [
        Linked(each.reviewer, question_of[each.a], question_of[each.b], RELATIONS[each.relation])
        for each in stored
        if each.a in question_of and each.b in question_of
    ]
    return Read(links, questions, claims)


def _links(connection: Connection, project: Project, found: Counted) -> list[_Found]:
    a, b = aliased(Annotation), aliased(Annotation)
    of_a, of_b = aliased(Assignment), aliased(Assignment)
    rows = connection.execute(
        select(
            Link.user_id, cast(a.id, String), cast(b.id, String), Link.relation, of_a.article_id, of_b.article_id, of_a.id,
            of_b.id,
        )
        .join(a, a.id == Link.a_id)
        .join(b, b.id == Link.b_id)
        .join(of_a, of_a.id == a.assignment_id)
        .join(of_b, of_b.id == b.assignment_id)
        .where(
            Link.project_id == project.id,
            Link.layer == LinkLayer.ANNOTATIONS,
            Link.status == LinkStatus.CONFIRMED,
            Link.deleted_at.is_(None),
        )
        .order_by(Link.id)
    )  # fmt: skip
    counting = {review.id for reviews in found.articles.values() for review in reviews}
    return [
        _Found(user, one, other, relation, (article, other_article))
        for user, one, other, relation, article, other_article, review, other_review in rows
        if review in counting and other_review in counting
    ]


def _marks(connection: Connection, found: Counted, articles: set[str]) -> dict[str, list[Mark]]:
    """The claims of these articles as they were marked blind."""
    if not articles:
        return {}
    reviews = {review.id: (article, review.user_id) for article in articles for review in found.articles[article]}
    query = reading.blind_claims().where(Assignment.article_id.in_(_wanted(found, articles)))
    marks: defaultdict[str, list[Mark]] = defaultdict(list)
    for claim, review, start, end, _label in connection.execute(query):
        if review in reviews:
            article, reviewer = reviews[review]
            marks[article].append(Mark(claim, reviewer, start, end))
    return marks


def _wanted(found: Counted, articles: set[str]) -> Any:
    return sorted(articles) if len(articles) <= reading.FEW_ARTICLES else found.query
