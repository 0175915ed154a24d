"""The layer of dissent: in what each reviewer's answer differs from a gold claim, a row for each difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, select
from sqlalchemy import Row as SqlRow

from annotator.models import (
    Annotation,
    Article,
    Assignment,
    AssignmentKind,
    Decision,
    GoldSource,
    Label,
)
from annotator.services.datasets.layers import Layer, Page, Query, Row, Scope, finished, in_project
from annotator.services.openness import DONE

DISSENT = ("gold_claim_id", "annotation_id", "reviewer", "how", "start", "end", "exact", "label", "note")
DISSENT_KEY = (Article.position, Annotation.start, Annotation.end, Annotation.id)

_BOUNDARY = (Annotation.start, Annotation.end)
_FIELDS = (
    Annotation.target, Annotation.reason, Annotation.speaker, Annotation.speaker_kind, Annotation.speaker_mode,
    Annotation.speaker_chain, Annotation.event_start, Annotation.event_end,
)  # fmt: skip


def _dissent_query(scope: Scope) -> Query:
    """The gold claims of finished articles with the decision that made each."""
    query = (
        select(
            Article.id.label("article_id"),
            Decision.id.label("decision_id"),
            Annotation.label_id,
            *_FIELDS,
            *DISSENT_KEY,
        )
        .select_from(Annotation)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Article, Article.id == Assignment.article_id)
        .join(Decision, and_(Decision.gold_id == Annotation.id, Decision.undone_at.is_(None)))
        .where(Annotation.deleted_at.is_(None), finished())
    )
    return in_project(query, scope)


def _dissent_rows(connection: Connection, page: Page, scope: Scope) -> Iterator[Row]:
    answers = _answers(connection, page)
    reviewers = _reviewers(connection, page)
    for gold in page:
        given = answers[gold.decision_id]
        for answer in given:
            for how in _differences(gold, answer):
                yield (
                    str(gold.id), str(answer.id), scope.names.get(answer.user_id), how,
                    answer.start, answer.end, answer.exact, answer.label, answer.note,
                )  # fmt: skip
        there = {answer.user_id for answer in given}
        for reviewer in reviewers[gold.article_id]:
            if reviewer not in there:
                yield (str(gold.id), None, scope.names.get(reviewer), "absent", None, None, None, None, None)


def _differences(gold: SqlRow[*tuple[Any, ...]], answer: SqlRow[*tuple[Any, ...]]) -> Iterator[str]:
    def differ(columns: tuple[Any, ...]) -> bool:
        return any(getattr(gold, column.key) != getattr(answer, column.key) for column in columns)

    if differ(_BOUNDARY):
        yield "boundary"
    if gold.label_id != answer.label_id:
        yield "label"
    if differ(_FIELDS):
        yield "fields"


def _answers(connection: Connection, page: Page) -> dict[str, list[SqlRow[*tuple[Any, ...]]]]:
    """The reviewers' annotations that each decision rests on, by place: an order of reviewers would tell who is who."""
    found: dict[str, list[SqlRow[*tuple[Any, ...]]]] = defaultdict(list)
    query = (
        select(
            GoldSource.decision_id, Assignment.user_id, Annotation.id, Annotation.start, Annotation.end, Annotation.exact,
            Annotation.label_id, Label.key.label("label"), Annotation.note, *_FIELDS,
        )
        .join(Annotation, Annotation.id == GoldSource.annotation_id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Label, Label.id == Annotation.label_id)
        .where(GoldSource.decision_id.in_([gold.decision_id for gold in page]))
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    )  # fmt: skip
    for answer in connection.execute(query):
        found[answer.decision_id].append(answer)
    return found


def _reviewers(connection: Connection, page: Page) -> dict[str, list[str]]:
    """Who submitted each article."""
    found: dict[str, list[str]] = defaultdict(list)
    query = (
        select(Assignment.article_id, Assignment.user_id)
        .where(
            Assignment.article_id.in_({gold.article_id for gold in page}),
            Assignment.kind == AssignmentKind.REVIEW,
            Assignment.state.in_(DONE),
        )
        .order_by(Assignment.user_id)
    )
    for article_id, user_id in connection.execute(query):
        found[article_id].append(user_id)
    return found


dissent_layer = Layer(lambda _: DISSENT, _dissent_query, DISSENT_KEY, _dissent_rows)
