"""The layer of evidence: a row for each evidence item of a claim, of gold and of the reviewers."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, or_, select

from annotator.models import Annotation, Article, ArticleVersion, Assignment, AssignmentKind, EvidenceItem, LinkLayer
from annotator.services.datasets.claims import CLAIM_KEY
from annotator.services.datasets.layers import Layer, Page, Query, Row, Scope, finished, in_project, reviewed
from annotator.services.plain_values import day, word

EVIDENCE = (
    "claim_id", "layer", "n", "stance", "kind", "source", "quote", "url", "archived_url", "published", "after_claim",
    "linked_claim_id", "linked_article_id", "linked_start", "linked_end",
)  # fmt: skip
EVIDENCE_KEY = (*CLAIM_KEY, EvidenceItem.n)


def _evidence_query(scope: Scope) -> Query:
    facts = (
        Assignment.kind.label("work"),
        ArticleVersion.published.label("claimed"),
        EvidenceItem.stance,
        EvidenceItem.kind,
        EvidenceItem.source,
        EvidenceItem.quote,
        EvidenceItem.url,
        EvidenceItem.archived_url,
        EvidenceItem.published,
        EvidenceItem.linked_annotation_id,
        EvidenceItem.linked_article_id,
        EvidenceItem.start.label("linked_start"),
        EvidenceItem.end.label("linked_end"),
    )
    query = (
        select(*facts, *EVIDENCE_KEY)
        .select_from(EvidenceItem)
        .join(Annotation, Annotation.id == EvidenceItem.annotation_id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Article, Article.id == Assignment.article_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .where(Annotation.deleted_at.is_(None), or_(reviewed(scope), finished()))
    )
    return in_project(query, scope)


def _evidence_rows(_connection: Connection, page: Page, _scope: Scope) -> Iterator[Row]:
    for row in page:
        known = row.published is not None and row.claimed is not None
        yield (
            str(row.id),
            LinkLayer.GOLD.value if row.work is AssignmentKind.ADJUDICATION else LinkLayer.ANNOTATIONS.value,
            row.n,
            word(row.stance),
            word(row.kind),
            row.source,
            row.quote,
            row.url,
            row.archived_url,
            day(row.published),
            row.published > row.claimed if known else None,
            word(row.linked_annotation_id),
            row.linked_article_id,
            row.linked_start,
            row.linked_end,
        )


evidence_layer = Layer(lambda _: EVIDENCE, _evidence_query, EVIDENCE_KEY, _evidence_rows)
