"""The reviewers' claims of one article as its adjudicator reads them: rows, not objects.

A thousand claims as ORM objects take the greater part of a tenth of a second to load, and the adjudicator's page needs
all of them to know what the questions are, but the fields of few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, select

from annotator.db import db
from annotator.domain.claims import Claim
from annotator.domain.questions import Mark
from annotator.models import Annotation, Assignment, AssignmentKind, EvidenceItem, Label, User
from annotator.services.claims import Stored, claim_from


class LabelShown(NamedTuple):
    """What is shown of a label."""

    key: str
    name: str
    tone: int


class Vote:
    """One live claim of a reviewer: one answer to one question. To ask for its `claim` needs the database no more."""

    def __init__(
        self, row: Row[*tuple[Any, ...]], label: LabelShown, evidence: Sequence[Row[*tuple[Any, ...]]]
    ) -> None:
        self.id: UUID = row[0]
        self.version: int = row[1]
        self.round: int = row[2]
        self.user_id: str = row[3]
        self.start: int = row[4]
        self.end: int = row[5]
        self.label = label
        self._row = row
        self._evidence = evidence

    @property
    def exact(self) -> str:
        """The words that are marked."""
        return str(self._row.exact)

    @property
    def reviewer(self) -> str:
        """The name of who gave it."""
        return str(self._row.reviewer)

    @cached_property
    def claim(self) -> Claim:
        """All that it says."""
        return claim_from(self._row, self.label.key, self._evidence)

    @property
    def stored(self) -> Stored:
        """The same with what the database knows about it."""
        row = self._row
        return Stored(
            self.id, row.assignment_id, row.label_id, self.version, self.claim, row.guideline_version, row.created_at,
            row.updated_at, round=self.round,
        )  # fmt: skip

    def mark(self, links: frozenset[tuple[str, ...]]) -> Mark:
        """The same as the grouping reads it."""
        row = self._row
        return Mark(
            str(self.id), self.user_id, self.start, self.end, self.label.key, row.target, row.reason, row.speaker,
            row.speaker_kind or "", row.speaker_mode or "", tuple(row.speaker_chain), row.event_start, row.event_end,
            links, row.created_at,
        )  # fmt: skip


_COLUMNS = (
    Annotation.id, Annotation.version, Annotation.round, Assignment.user_id, Annotation.start, Annotation.end,
    User.name.label("reviewer"), Annotation.assignment_id, Annotation.label_id, Annotation.exact, Annotation.target,
    Annotation.reason, Annotation.origin, Annotation.speaker, Annotation.speaker_kind, Annotation.speaker_mode,
    Annotation.speaker_chain, Annotation.claim_text, Annotation.event_start, Annotation.event_end, Annotation.note,
    Annotation.confidence, Annotation.guideline_version, Annotation.created_at, Annotation.updated_at,
)  # fmt: skip
_EVIDENCE = (
    EvidenceItem.annotation_id, EvidenceItem.stance, EvidenceItem.kind, EvidenceItem.source, EvidenceItem.quote,
    EvidenceItem.url, EvidenceItem.archived_url, EvidenceItem.published, EvidenceItem.linked_annotation_id,
    EvidenceItem.linked_article_id, EvidenceItem.start, EvidenceItem.end,
)  # fmt: skip


_LIVE = (
    Assignment.article_id == bindparam("article_id"),
    Assignment.kind == AssignmentKind.REVIEW,
    Annotation.deleted_at.is_(None),
)
# Built once: to build them takes longer than to run them.
_VOTES = (
    select(*_COLUMNS)
    .join(Assignment, Assignment.id == Annotation.assignment_id)
    .join(User, User.id == Assignment.user_id)
    .where(*_LIVE)
    .order_by(Annotation.start, Annotation.end, Annotation.id)
)
_ITEMS = (
    select(*_EVIDENCE)
    .join(Annotation, Annotation.id == EvidenceItem.annotation_id)
    .join(Assignment, Assignment.id == Annotation.assignment_id)
    .where(*_LIVE)
    .order_by(EvidenceItem.annotation_id, EvidenceItem.n)
)


def votes_of(article_id: str) -> list[Vote]:
    """The live claims of the article's reviewers by place: three statements, whatever their number."""
    # Spoken to directly, the connection spares what the session does for objects to rows that are none.
    connection = db.session.connection()
    rows = connection.execute(_VOTES, {"article_id": article_id}).all()
    evidence: defaultdict[UUID, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for item in connection.execute(_ITEMS, {"article_id": article_id}):
        evidence[item[0]].append(item)
    labels = _labels({row.label_id for row in rows})
    return [Vote(row, labels[row.label_id], evidence.get(row[0], ())) for row in rows]


def _labels(ids: set[str]) -> dict[str, LabelShown]:
    query = select(Label.id, Label.key, Label.name, Label.tone).where(Label.id.in_(ids))
    rows = db.session.execute(query)
    return {label_id: LabelShown(key, name, tone) for label_id, key, name, tone in rows}
