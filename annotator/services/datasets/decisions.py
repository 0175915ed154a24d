"""The layer of decisions: a row for each standing decision of a finished article, on a claim or on a link.

A decision on a link stands there once both of its articles are finished, as its gold link does. Its kind begins with
"link_", it makes no claim, and its sources are the reviewers' claims at the ends of the links that were looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, String, cast, literal, select, union_all

from annotator.domain import decisions
from annotator.models import Annotation, Article, Assignment, Decision, GoldSource, Link, LinkDecision
from annotator.services import link_questions
from annotator.services.datasets.layers import Layer, Page, Query, Row, Scope, finished, in_project
from annotator.services.plain_values import moment, word

DECISIONS = (
    "article_id", "question", "kind", "outcome", "claim_id", "source_annotation_ids", "adjudicator", "justification",
    "decided_at",
)  # fmt: skip
DECISION_KEY = ("position", "decided_at", "id")


def _decision_query(scope: Scope) -> Query:
    both = union_all(_of_claims(scope), _of_links(scope)).subquery()
    return select(both)


def _of_claims(scope: Scope) -> Query:
    query = (
        select(
            Article.id.label("article_id"),
            Decision.question.label("question"),
            literal(None, Decision.question.type).label("question_b"),
            Decision.kind,
            cast(Decision.outcome, String).label("outcome"),
            Decision.gold_id,
            Decision.user_id,
            Decision.justification,
            Decision.reasons,
            Decision.rule,
            literal(None, LinkDecision.sources.type).label("links"),
            Article.position,
            Decision.decided_at,
            Decision.id,
        )
        .select_from(Decision)
        .join(Assignment, Assignment.id == Decision.assignment_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(Decision.undone_at.is_(None), finished())
    )
    return in_project(query, scope)


def _of_links(scope: Scope) -> Query:
    gold = (
        select(Annotation.id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(Annotation.deleted_at.is_(None), finished())
    )
    ends = in_project(gold, scope)
    query = (
        select(
            Article.id.label("article_id"),
            LinkDecision.question_a.label("question"),
            LinkDecision.question_b.label("question_b"),
            LinkDecision.kind,
            cast(LinkDecision.outcome, String).label("outcome"),
            literal(None, Decision.gold_id.type).label("gold_id"),
            LinkDecision.user_id,
            LinkDecision.justification,
            LinkDecision.reasons,
            LinkDecision.rule,
            LinkDecision.sources.label("links"),
            Article.position,
            LinkDecision.decided_at,
            LinkDecision.id,
        )
        .select_from(LinkDecision)
        .join(Assignment, Assignment.id == LinkDecision.assignment_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(LinkDecision.undone_at.is_(None), LinkDecision.a_id.in_(ends), LinkDecision.b_id.in_(ends))
    )
    return in_project(query, scope)


def _decision_rows(connection: Connection, page: Page, scope: Scope) -> Iterator[Row]:
    sources: defaultdict[str, list[str]] = defaultdict(list)
    query = (
        select(GoldSource.decision_id, GoldSource.annotation_id)
        .where(GoldSource.decision_id.in_([row.id for row in page if row.question_b is None]))
        .order_by(GoldSource.annotation_id)
    )
    for decision_id, annotation_id in connection.execute(query):
        sources[decision_id].append(str(annotation_id))
    linked = {link for row in page for link in row.links or ()}
    ends: dict[str, tuple[str, str]] = {}
    if linked:
        for link_id, a, b in connection.execute(select(Link.id, Link.a_id, Link.b_id).where(Link.id.in_(linked))):
            ends[link_id] = (str(a), str(b))
    for row in page:
        question, given = row.question, "give this label"
        if row.question_b is not None:
            question, given = link_questions.id_of((row.question, row.question_b)), decisions.LINKED_SO
            sources[row.id] = sorted({end for link in row.links or () for end in ends.get(link, ())})
        yield (
            row.article_id,
            str(question),
            row.kind,
            word(row.outcome),
            word(row.gold_id),
            " ".join(sources[row.id]),
            scope.names.get(row.user_id),
            decisions.justification(row.reasons or (), row.justification, row.rule, given),
            moment(row.decided_at),
        )


decisions_layer = Layer(lambda _: DECISIONS, _decision_query, DECISION_KEY, _decision_rows)
