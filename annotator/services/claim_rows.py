"""The claims of an article as its page lists them: plain tuples of SQLAlchemy Core.

The annotate page is a hot path: five thousand claims as ORM objects, with their label and evidence, take the greater
part of a second to load, and the page only reads them. What is read stays as the database gave it until somebody asks
for the fields of a claim, which the page does when the text is on its way to the reader already.
`services/annotations.py` is the plain way for all else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Enum, Row, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from annotator.db import db
from annotator.models import Annotation, Assignment, AssignmentKind, EvidenceItem, User
from annotator.services import naming, openness
from annotator.services.articles import ArticleAccess
from annotator.services.plain_values import identity, plain

# Named as in the domain's Claim, with their columns; what is empty is left out of a payload.
CLAIM = {name: name for name in ("start", "end", "exact", "target", "reason", "origin", "claim_text", "event_start",
                                 "event_end", "note", "confidence")}  # fmt: skip
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
    """One live claim; `key` is its id as text. To ask for its `payload` needs the database no more."""

    def __init__(self, row: Row[Any], evidence: Sequence[Row[Any]]) -> None:
        self.version: int
        self.label_id: str
        self.reviewer: str
        self.start: int
        self.end: int
        key, self.version, self.label_id, self.reviewer, self.start, self.end = row[: _HEAD + 2]
        self.key = identity(key)
        self._row = row
        self._evidence = evidence

    @property
    def id(self) -> UUID:
        return UUID(self.key)

    @cached_property
    def payload(self) -> dict[str, Any]:
        """Its fields as `services/claims.as_payload` gives them, less its label; what is one of some words is that word."""
        payload = _given(_CLAIM, self._row[_HEAD:_FIELDS])
        speaker = _given(_SPEAKER, self._row[_FIELDS:])
        if speaker:
            payload["speaker"] = speaker
        if self._evidence:
            payload["evidence"] = [_given(_ITEM, row[1:]) for row in self._evidence]
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
    columns = [_read(Annotation, name) for name in (*CLAIM, *SPEAKER.values())]
    # By the connection: the session would take each row in hand once more.
    found = (
        db.session.connection()
        .execute(
            select(plain(Annotation.id), Annotation.version, Annotation.label_id, reviewer, *columns)
            .join(Assignment, Assignment.id == Annotation.assignment_id)
            .join(User, User.id == Assignment.user_id)
            .where(*wanted, Annotation.deleted_at.is_(None))
            .order_by(Annotation.start, Annotation.end, Annotation.id)
        )
        .all()
    )
    evidence = _evidence(wanted) if with_evidence else {}
    return [ClaimRow(row, evidence.get(row[0], ())) for row in found]


def _evidence(wanted: Sequence[ColumnElement[bool]]) -> dict[object, list[Row[Any]]]:
    """The evidence of the same claims, in order, by the claim's id as the driver gives it."""
    columns = [_read(EvidenceItem, name) for name in EVIDENCE.values()]
    found = db.session.connection().execute(
        select(plain(EvidenceItem.annotation_id), *columns)
        .join(Annotation, Annotation.id == EvidenceItem.annotation_id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .where(*wanted, Annotation.deleted_at.is_(None))
        .order_by(EvidenceItem.annotation_id, EvidenceItem.n)
    )
    by_claim: dict[object, list[Row[Any]]] = {}
    for row in found:
        by_claim.setdefault(row[0], []).append(row)
    return by_claim


def _read(model: type[Annotation | EvidenceItem], name: str) -> Any:
    """The column, as the driver gives it where `_MADE` makes of that what a payload has, and where it is one of some words."""
    column = getattr(model, name)
    return plain(column) if name in _MADE or isinstance(column.type, Enum) else column


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _list(value: list[str] | str) -> list[str]:
    read: list[str] = orjson.loads(value) if isinstance(value, str) else value
    return read


_MADE: dict[str, Callable[[Any], Any]] = {
    "event_start": _date,
    "event_end": _date,
    "published": _date,
    "linked_annotation_id": identity,
    "speaker_chain": _list,
}


_Columns = Sequence[tuple[str, Callable[[Any], Any] | None]]
"""The names in a payload, with what makes the value of what the driver gave."""


def _made(columns: Mapping[str, str]) -> _Columns:
    return [(name, _MADE.get(column)) for name, column in columns.items()]


_CLAIM, _SPEAKER, _ITEM = map(_made, (CLAIM, SPEAKER, EVIDENCE))


def _given(columns: _Columns, values: Sequence[Any]) -> dict[str, Any]:
    # None, "" and [] are left out; the offset 0 and a confidence of 0 are not.
    given = {
        name: make(value) if make else value
        for (name, make), value in zip(columns, values, strict=True)
        if value or value == 0
    }
    if given.get("chain") == []:
        del given["chain"]
    return given
