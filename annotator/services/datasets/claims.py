"""The two layers of claims: gold, and the reviewers' annotations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, Text, and_, cast, exists, func, select
from sqlalchemy.orm import aliased

from annotator.domain import decisions
from annotator.domain.publication import CONTEXT
from annotator.errors import Conflict
from annotator.models import (
    Annotation,
    Article,
    Assignment,
    AssignmentKind,
    Decision,
    GoldSource,
    Label,
)
from annotator.services.datasets.layers import CHAIN, Layer, Page, Query, Row, Scope, finished, in_project, reviewed
from annotator.services.datasets.works import Work, with_works
from annotator.services.openness import DONE
from annotator.services.plain_values import day, identity, moment, plain, word

NOBODY = "[]"
"""A chain of speakers as it is stored when there is none."""

POSITION = -4
"""Where the place of the article stands in what `_claims` finds."""

UNSETTLED = (None, None)
"""The gold and the outcome of a claim that became none."""

CLAIM = (
    "project", "release", "article_id", "article_external_id", "article_version", "article_sha256", "article_title",
    "publisher", "agency", "article_url", "published", "claim_id", "article_group", "start", "end", "exact", "prefix",
    "suffix", "block", "claim_text", "label", "target", "reason", "speaker", "speaker_kind", "speaker_mode",
    "speaker_chain", "event_start", "event_end", "confidence", "note",
)  # fmt: skip
GOLD = (
    "adjudicator", "outcome", "justification", "as_of", "guideline_version", "created_at", "updated_at",
)  # fmt: skip
REVIEW = (
    "reviewer", "round", "state", "origin", "guideline_version", "version", "created_at", "updated_at",
    "gold_claim_id", "outcome",
)  # fmt: skip

CLAIM_ID = CLAIM.index("claim_id")

CLAIM_KEY = (Article.position, Annotation.start, Annotation.end, Annotation.id)


def _claims(scope: Scope, *more: Any) -> Query:
    """The live claims of the project with what both layers of claims have in common, then `more`, then the key.

    No more than is each claim's own: what belongs to its article, the text too, is read once for all of a page.
    """
    facts = (
        Annotation.assignment_id,
        Annotation.label_id,
        Annotation.claim_text,
        Annotation.exact,
        plain(Annotation.target),
        plain(Annotation.reason),
        Annotation.speaker,
        plain(Annotation.speaker_kind),
        plain(Annotation.speaker_mode),
        cast(Annotation.speaker_chain, Text).label("speaker_chain"),
        plain(Annotation.event_start),
        plain(Annotation.event_end),
        Annotation.confidence,
        Annotation.note,
        Annotation.guideline_version,
        plain(Annotation.created_at),
        plain(Annotation.updated_at),
    )
    query = (
        select(*facts, *more, *CLAIM_KEY[:-1], plain(Annotation.id))
        .select_from(Annotation)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(Annotation.deleted_at.is_(None))
    )
    return in_project(query, scope)


def _claimed(connection: Connection, page: Page, scope: Scope) -> Iterator[tuple[Work, Row, Row, Sequence[Any]]]:
    """Each claim of the page: its work, the cells of the columns CLAIM, its guideline and times, and what `_claims` found more.

    Raises Conflict when a quote is not what the text says.
    """
    query = select(Label.id, Label.key).where(Label.project_id == scope.project_id)
    labels = {label_id: key for label_id, key in connection.execute(query).all()}  # noqa: C416 -- dict() would take its keys
    for claims, works in with_works(connection, page, scope, position=POSITION):
        for row in claims:
            # Taken apart at once: this runs for every claim of a project, and to look up each column by its name takes
            # as long as all the rest.
            (
                assignment_id, label_id, claim_text, exact, target, reason, speaker, speaker_kind, speaker_mode,
                speaker_chain, event_start, event_end, confidence, note, guideline, created_at, updated_at, *more, _,
                start, end, claim_id,
            ) = row  # fmt: skip
            work = works[assignment_id]
            text = work.text
            if text[start:end] != exact:
                raise Conflict(
                    f"Claim {identity(claim_id)} of article {work.article_id} quotes something else than its article "
                    f"says at [{start}, {end}), so the export was broken off. 'annotator check' lists all that is damaged."
                )
            claim = (
                identity(claim_id), work.group, start, end, exact, text[max(start - CONTEXT, 0) : start],
                text[end : end + CONTEXT], work.block_at(start), claim_text, labels[label_id], target, reason, speaker,
                speaker_kind, speaker_mode, "" if speaker_chain == NOBODY else CHAIN.join(orjson.loads(speaker_chain)),
                event_start and day(event_start), event_end and day(event_end), confidence, note,
            )  # fmt: skip
            yield work, work.head + claim, (guideline, moment(created_at), moment(updated_at)), more


def _gold_columns(scope: Scope) -> Sequence[str]:
    votes = [f"votes_{label}" for label in scope.labels]
    return (*CLAIM, "n_reviewers", *votes, "votes_none", *GOLD)


def _gold_query(scope: Scope) -> Query:
    review = aliased(Assignment)
    reviewers = (
        select(func.count(review.id))
        .where(review.article_id == Article.id, review.kind == AssignmentKind.REVIEW, review.state.in_(DONE))
        .scalar_subquery()
    )
    more = (
        reviewers.label("n_reviewers"),
        Decision.id.label("decision_id"),
        Decision.user_id.label("adjudicator"),
        Decision.outcome,
        Decision.justification,
        Decision.reasons,
        Decision.rule,
        Decision.as_of,
    )
    standing = and_(Decision.gold_id == Annotation.id, Decision.undone_at.is_(None))
    return _claims(scope, *more).join(Decision, standing).where(finished())


def _gold_rows(connection: Connection, page: Page, scope: Scope) -> Iterator[Row]:
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    voters: defaultdict[str, set[str]] = defaultdict(set)
    query = (
        select(GoldSource.decision_id, Assignment.user_id, Label.key)
        .join(Annotation, Annotation.id == GoldSource.annotation_id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Label, Label.id == Annotation.label_id)
        .where(GoldSource.decision_id.in_([row.decision_id for row in page]))
    )
    for decision_id, user_id, label in connection.execute(query):
        votes[decision_id][label] += 1
        voters[decision_id].add(user_id)
    for _, claim, stamps, more in _claimed(connection, page, scope):
        n_reviewers, decision_id, user_id, outcome, justification, reasons, rule, as_of = more
        given = votes[decision_id]
        yield (
            *claim,
            n_reviewers,
            *(given[label] for label in scope.labels),
            n_reviewers - len(voters[decision_id]),
            scope.names.get(user_id),
            word(outcome),
            decisions.justification(reasons or (), justification, rule),
            day(as_of),
            *stamps,
        )


def _review_columns(_scope: Scope) -> Sequence[str]:
    return (*CLAIM, *REVIEW)


def _review_query(scope: Scope) -> Query:
    # Most claims became no gold, and to look for the gold of each takes as long as all the rest of a page.
    taken = exists().where(GoldSource.annotation_id == Annotation.id).label("taken")
    more = (Annotation.round, plain(Annotation.origin), Annotation.version, taken)
    return _claims(scope, *more).where(reviewed(scope))


def _review_rows(connection: Connection, page: Page, scope: Scope) -> Iterator[Row]:
    settled = _settled(connection, [identity(row.id) for row in page if row.taken])
    for work, claim, (guideline, created_at, updated_at), (round_, origin, version, _) in _claimed(
        connection, page, scope
    ):
        gold, outcome = settled.get(str(claim[CLAIM_ID]), UNSETTLED)
        yield (
            *claim, work.person, round_, work.state, origin, guideline, version, created_at, updated_at, gold, outcome,
        )  # fmt: skip


def _settled(connection: Connection, claim_ids: Sequence[str]) -> dict[str, tuple[str | None, str | None]]:
    """The gold that each of these claims became, and the outcome, as far as its article is finished."""
    if not claim_ids:
        return {}
    query = (
        select(GoldSource.annotation_id, Decision.gold_id, Decision.outcome)
        .join(Decision, Decision.id == GoldSource.decision_id)
        .join(Assignment, Assignment.id == Decision.assignment_id)
        .where(GoldSource.annotation_id.in_(list(map(UUID, claim_ids))), Decision.undone_at.is_(None), finished())
        .order_by(Decision.decided_at, Decision.id)
    )
    found = connection.execute(query)
    return {str(claim_id): (word(gold_id), word(outcome)) for claim_id, gold_id, outcome in found}


gold_layer = Layer(_gold_columns, _gold_query, CLAIM_KEY, _gold_rows)
annotations_layer = Layer(_review_columns, _review_query, CLAIM_KEY, _review_rows)
