"""The layer of decisions: a row for each standing decision of a finished article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, select

from annotator.domain import decisions
from annotator.models import Article, Assignment, Decision, GoldSource
from annotator.services.datasets.layers import Layer, Page, Query, Row, Scope, finished, in_project, moment, word

DECISIONS = (
    "article_id", "question", "kind", "outcome", "claim_id", "source_annotation_ids", "adjudicator", "justification",
    "decided_at",
)  # fmt: skip
DECISION_KEY = (Article.position, Decision.decided_at, Decision.id)


def _decision_query(scope: Scope) -> Query:
    query = (
        select(
            Article.id.label("article_id"),
            Decision.question,
            Decision.kind,
            Decision.outcome,
            Decision.gold_id,
            Decision.user_id,
            Decision.justification,
            Decision.reasons,
            Decision.rule,
            *DECISION_KEY,
        )
        .select_from(Decision)
        .join(Assignment, Assignment.id == Decision.assignment_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(Decision.undone_at.is_(None), finished())
    )
    return in_project(query, scope)


def _decision_rows(connection: Connection, page: Page, scope: Scope) -> Iterator[Row]:
    sources: defaultdict[str, list[str]] = defaultdict(list)
    query = (
        select(GoldSource.decision_id, GoldSource.annotation_id)
        .where(GoldSource.decision_id.in_([row.id for row in page]))
        .order_by(GoldSource.annotation_id)
    )
    for decision_id, annotation_id in connection.execute(query):
        sources[decision_id].append(str(annotation_id))
    for row in page:
        yield (
            row.article_id,
            str(row.question),
            row.kind,
            word(row.outcome),
            word(row.gold_id),
            " ".join(sources[row.id]),
            scope.names.get(row.user_id),
            decisions.justification(row.reasons or (), row.justification, row.rule),
            moment(row.decided_at),
        )


decisions_layer = Layer(lambda _: DECISIONS, _decision_query, DECISION_KEY, _decision_rows)
