"""The two layers of claims: gold, and the reviewers' annotations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, Text, and_, case, cast, exists, func, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from annotator.domain import decisions
from annotator.domain.publication import CONTEXT
from annotator.errors import Conflict
from annotator.models import (
    Annotation,
    Article,
    ArticleBlock,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    Decision,
    GoldSource,
    Label,
)
from annotator.services.datasets.layers import CHAIN, Layer, Page, Query, Row, Scope, finished, in_project, reviewed
from annotator.services.openness import DONE
from annotator.services.plain_values import day, identity, moment, plain, word

NOBODY = "[]"
"""A chain of speakers as it is stored when there is none."""

USER, GUIDELINE = 13, 26
"""Where these stand among the facts of `_claims`."""

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

    The database cuts the quote and its surroundings out of the text, so that texts do not travel with every claim.
    """
    first = _first_of_context()
    window = func.substr(ArticleVersion.text, first + 1, Annotation.end - first + CONTEXT)
    block = (
        select(func.max(ArticleBlock.position))
        .where(ArticleBlock.version_id == ArticleVersion.id, ArticleBlock.start <= Annotation.start)
        .scalar_subquery()
    )
    facts = (
        Article.id.label("article_id"),
        Article.external_id,
        Article.group,
        ArticleVersion.number,
        ArticleVersion.sha256,
        ArticleVersion.title,
        ArticleVersion.publisher,
        ArticleVersion.agency,
        ArticleVersion.url,
        plain(ArticleVersion.published),
        window.label("window"),
        block.label("block"),
        Label.key.label("label"),
        Assignment.user_id,
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
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .join(Label, Label.id == Annotation.label_id)
        .where(Annotation.deleted_at.is_(None))
    )
    return in_project(query, scope)


def _first_of_context() -> ColumnElement[int]:
    return case((Annotation.start > CONTEXT, Annotation.start - CONTEXT), else_=0)


def _claim(row: SqlRow[*tuple[Any, ...]], scope: Scope) -> Row:
    """The values of the columns CLAIM. Raises Conflict when the quote is not what the text says."""
    # Taken apart at once: this runs for every claim of a project, and to look up each column by its name takes as long
    # as all the rest.
    (
        article_id, external_id, group, number, digest, title, publisher, agency, url, published, window, block, label,
        _, claim_text, exact, target, reason, speaker, speaker_kind, speaker_mode, speaker_chain, event_start,
        event_end, confidence, note, *_, start, end, claim_id,
    ) = row  # fmt: skip
    before = min(start, CONTEXT)
    inside = before + end - start
    if window[before:inside] != exact:
        raise Conflict(
            f"Claim {identity(claim_id)} of article {article_id} quotes something else than its article says at "
            f"[{start}, {end}), so the export was broken off. 'annotator check' lists all that is damaged."
        )
    return (
        scope.slug, scope.release, article_id, external_id, number, digest, title, publisher, agency, url,
        day(published), identity(claim_id), group, start, end, exact, window[:before], window[inside:], block, claim_text,
        label, target, reason, speaker, speaker_kind, speaker_mode, "" if speaker_chain == NOBODY else CHAIN.join(orjson.loads(speaker_chain)),
        day(event_start), day(event_end), confidence, note,
    )  # fmt: skip


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
    for row in page:
        given = votes[row.decision_id]
        yield (
            *_claim(row, scope),
            row.n_reviewers,
            *(given[label] for label in scope.labels),
            row.n_reviewers - len(voters[row.decision_id]),
            scope.names.get(row.adjudicator),
            word(row.outcome),
            decisions.justification(row.reasons or (), row.justification, row.rule),
            day(row.as_of),
            row.guideline_version,
            moment(row.created_at),
            moment(row.updated_at),
        )


def _review_columns(_scope: Scope) -> Sequence[str]:
    return (*CLAIM, *REVIEW)


def _review_query(scope: Scope) -> Query:
    # Most claims became no gold, and to look for the gold of each takes as long as all the rest of a page.
    taken = exists().where(GoldSource.annotation_id == Annotation.id).label("taken")
    more = (Annotation.round, plain(Assignment.state), plain(Annotation.origin), Annotation.version, taken)
    return _claims(scope, *more).where(reviewed(scope))


def _review_rows(connection: Connection, page: Page, scope: Scope) -> Iterator[Row]:
    settled = _settled(connection, [identity(row.id) for row in page if row.taken])
    veil = scope.veil(connection, {row.article_id for row in page}) if scope.hides_names else None
    names = scope.names
    for row in page:
        claim = _claim(row, scope)
        # What follows the facts of `_claims`, from the last of those on.
        guideline, created_at, updated_at, round_, state, origin, version, *_ = row[GUIDELINE:]
        name = names[row[USER]]
        yield (
            *claim, veil.called(row[0], row[USER], name) if veil else name, round_, state, origin, guideline,
            version, moment(created_at), moment(updated_at), *settled.get(str(claim[CLAIM_ID]), UNSETTLED),
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
