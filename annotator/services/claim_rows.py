"""The claims of an article as its page lists them: plain tuples of SQLAlchemy Core.

The annotate page is a hot path: five thousand claims as ORM objects, with their label and evidence, take the greater
part of a second to load, and the page only reads them. What is read stays as the database gave it until somebody asks
for the fields of a claim, which the page does when the text is on its way to the reader already.
`services/annotations.py` is the plain way for all else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from annotator.db import db
from annotator.models import Annotation, Assignment, AssignmentKind, EvidenceItem, User
from annotator.services import naming, openness
from annotator.services.articles import ArticleAccess

# Named as in the domain's Claim; what is empty is left out of a payload.
CLAIM = ("start", "end", "exact", "target", "reason", "origin", "claim_text", "event_start", "event_end", "note",
         "confidence")  # fmt: skip
SPEAKER = {"name": "speaker", "kind": "speaker_kind", "mode": "speaker_mode", "chain": "speaker_chain"}
EVIDENCE = {
    "stance": "stance",
    "kind": "kind",
    "source": "source",
    "quote": "quote",
    "url": "url",
    "archived_url": "archived_url",
    "published": "published",
    "annotation": "linked_annotation_id",
    "article": "linked_article_id",
    "start": "start",
    "end": "end",
}
_HEAD = 4
_FIELDS = _HEAD + len(CLAIM)


class ClaimRow:
    """One live claim. To ask for its `payload` needs the database no more."""

    def __init__(self, row: Row[Any], evidence: Sequence[Row[Any]]) -> None:
        self.id: UUID
        self.version: int
        self.label_id: str
        self.reviewer: str
        self.start: int
        self.end: int
        self.id, self.version, self.label_id, self.reviewer, self.start, self.end = row[: _HEAD + 2]
        self._row = row
        self._evidence = evidence

    @cached_property
    def payload(self) -> dict[str, Any]:
        """Its fields as `services/claims.as_payload` gives them, less its label."""
        payload = _given(CLAIM, self._row[_HEAD:_FIELDS])
        speaker = _given(SPEAKER, self._row[_FIELDS:])
        if speaker:
            payload["speaker"] = speaker
        if self._evidence:
            payload["evidence"] = [_given(EVIDENCE, row[1:]) for row in self._evidence]
        return payload


def own(assignment_id: str, annotation_id: UUID | None = None, *, evidence: bool = True) -> list[ClaimRow]:
    """The live claims of one assignment by position, or the one that is named: two statements, one without evidence."""
    wanted: list[ColumnElement[bool]] = [Annotation.assignment_id == assignment_id]
    if annotation_id is not None:
        wanted.append(Annotation.id == annotation_id)
    return _rows(wanted, with_evidence=evidence)


def readable(user: User, found: ArticleAccess) -> list[ClaimRow]:
    """The reviewers' claims that `user`, who is none of them, may see, as `annotations.list_for` tells them."""
    wanted: list[ColumnElement[bool]] = [
        Assignment.article_id == found.article.id,
        Assignment.kind == AssignmentKind.REVIEW,
    ]
    if not openness.sees_others(found):
        wanted.append(Assignment.user_id == user.id)
    if not naming.hides_names(found.access):
        return _rows(wanted)
    veil = naming.veil_over(found.access, [found.article.id])
    names = dict(db.session.execute(_NAMES, {"article_id": found.article.id}).all())
    rows = _rows(wanted, reviewer=Assignment.user_id)
    for row in rows:
        row.reviewer = veil.called(found.article.id, row.reviewer, names[row.reviewer])
    return rows


_NAMES = (
    select(User.id, User.name)
    .join(Assignment, Assignment.user_id == User.id)
    .where(Assignment.article_id == bindparam("article_id"))
)


def _rows(
    wanted: Sequence[ColumnElement[bool]],
    *,
    reviewer: InstrumentedAttribute[str] = User.name,
    with_evidence: bool = True,
) -> list[ClaimRow]:
    columns = [getattr(Annotation, name) for name in (*CLAIM, *SPEAKER.values())]
    found = db.session.execute(
        select(Annotation.id, Annotation.version, Annotation.label_id, reviewer, *columns)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(User, User.id == Assignment.user_id)
        .where(*wanted, Annotation.deleted_at.is_(None))
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    ).all()
    evidence = _evidence(wanted) if with_evidence else {}
    return [ClaimRow(row, evidence.get(row[0], ())) for row in found]


def _evidence(wanted: Sequence[ColumnElement[bool]]) -> dict[UUID, list[Row[Any]]]:
    """The evidence of the same claims, in order, by the claim."""
    columns = [getattr(EvidenceItem, name) for name in EVIDENCE.values()]
    found = db.session.execute(
        select(EvidenceItem.annotation_id, *columns)
        .join(Annotation, Annotation.id == EvidenceItem.annotation_id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .where(*wanted, Annotation.deleted_at.is_(None))
        .order_by(EvidenceItem.annotation_id, EvidenceItem.n)
    )
    by_claim: dict[UUID, list[Row[Any]]] = {}
    for row in found:
        by_claim.setdefault(row[0], []).append(row)
    return by_claim


def _given(names: Sequence[str] | dict[str, str], values: Sequence[Any]) -> dict[str, Any]:
    # None, "" and [] are left out; the offset 0 and a confidence of 0 are not.
    return {name: value for name, value in zip(names, values, strict=True) if value or value == 0}
