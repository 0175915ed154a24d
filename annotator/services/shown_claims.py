"""Claims as they stand in a list across articles: rows with what is shown of each and of its article."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.engine import Row

from annotator.db import db
from annotator.models import Annotation, Article, ArticleVersion, Assignment, AssignmentKind, Label
from annotator.services.votes import LabelShown


class ShownClaim(NamedTuple):
    """One claim with its article; `gold` is an adjudicator's. Nothing here says who marked it."""

    id: UUID
    start: int
    end: int
    exact: str
    speaker: str
    event_start: date | None
    event_end: date | None
    label: LabelShown
    gold: bool
    article_id: str
    heading: str
    publisher: str
    agency: str
    published: date | None


COLUMNS = (
    Annotation.id,
    Annotation.start,
    Annotation.end,
    Annotation.exact,
    Annotation.speaker,
    Annotation.event_start,
    Annotation.event_end,
    Label.key,
    Label.name,
    Label.tone,
    Assignment.kind,
    Assignment.article_id,
    func.coalesce(func.nullif(ArticleVersion.title, ""), ArticleVersion.suggested_title),
    ArticleVersion.publisher,
    ArticleVersion.agency,
    ArticleVersion.published,
)
"""What `shown` reads."""


def live() -> Select[*tuple[Any, ...]]:
    """All live claims with the columns of `shown`; whoever may see them is the business of who asks."""
    return (
        select(*COLUMNS)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Label, Label.id == Annotation.label_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(Annotation.deleted_at.is_(None))
    )


def shown(row: Row[*tuple[Any, ...]]) -> ShownClaim:
    """A row of `live` as it is shown."""
    (
        claim_id, start, end, exact, speaker, event_start, event_end, key, name, tone, kind, article_id, heading, publisher,
        agency, published,
    ) = row  # fmt: skip
    return ShownClaim(
        claim_id, start, end, exact, speaker, event_start, event_end, LabelShown(key, name, tone),
        kind is AssignmentKind.ADJUDICATION, article_id, heading, publisher, agency, published,
    )  # fmt: skip


def by_id(ids: Collection[UUID]) -> dict[UUID, ShownClaim]:
    """These live claims: one statement. Who asks has made sure that the reader may see them."""
    if not ids:
        return {}
    rows = db.session.execute(live().where(Annotation.id.in_(ids)))
    return {row[0]: shown(row) for row in rows}
