"""Storing one claim: the path on which reviewers wait, so it speaks to the database in rows instead of objects.

One of the three hot paths that may be less pretty than the rest. Measured by `make bench` (benchmarks/saving.py): with
objects of the ORM and statements built for each save, Python needed 6.5 ms for a save, and sixteen reviewers had 140
saves a second between them. Here every statement is built once, when the module is loaded, and nothing is tracked. At
most seven statements are spoken, and four for a new claim, whatever the article holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, delete, exists, func, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from annotator.db import current_connection, now
from annotator.domain.claims import Claim
from annotator.errors import NotFound, Stale, VersionRequired
from annotator.models import Annotation, ArticleVersion, Assignment, AssignmentState, Event, EvidenceItem, Label
from annotator.services import events, later_rounds
from annotator.services.assignments import Place
from annotator.services.claim_rules import Found, checked_label
from annotator.services.claims import Stored, as_payload, claim_from, columns_of, evidence_columns
from annotator.spoken import Spoken

_ANNOTATION = cast(Table, Annotation.__table__)
_ASSIGNMENT = cast(Table, Assignment.__table__)
_EVIDENCE = cast(Table, EvidenceItem.__table__)
_LABEL = cast(Table, Label.__table__)

_WANTED = _LABEL.alias("wanted")
_LAST = (
    select(Event.seq, Event.hash)
    .where(Event.chain == bindparam("chain"))
    .order_by(Event.seq.desc())
    .limit(1)
    .subquery("last")
)
# One statement for all that a save has to know: the text of the span, cut by the database in code points so that a
# long text does not travel; the label that is wanted; what is stored under the UUID, with its label; the end of the
# article's chain of events. It comes after the one that locks the article: on PostgreSQL that one may have waited for
# another writer, and only a later statement sees what was written.
_GATHER = Spoken(
    select(
        func.substr(ArticleVersion.text, bindparam("first"), bindparam("length")).label("slice"),
        _WANTED.c.id.label("wanted_id"),
        _WANTED.c.retired_at.label("wanted_retired_at"),
        _WANTED.c.reasons.label("wanted_reasons"),
        _LAST.c.seq.label("last_seq"),
        _LAST.c.hash.label("last_hash"),
        _LABEL.c.key.label("label_key"),
        exists().where(_EVIDENCE.c.annotation_id == bindparam("key")).label("has_evidence"),
        _ANNOTATION,
    )
    .select_from(ArticleVersion)
    .outerjoin(_WANTED, (_WANTED.c.project_id == bindparam("project_id")) & (_WANTED.c.key == bindparam("label")))
    .outerjoin(_ANNOTATION, _ANNOTATION.c.id == bindparam("key"))
    .outerjoin(_LABEL, _LABEL.c.id == _ANNOTATION.c.label_id)
    .outerjoin(_LAST, true())
    .where(ArticleVersion.id == bindparam("version_id"))
)
_PRESENT_EVIDENCE = Spoken(
    select(_EVIDENCE).where(_EVIDENCE.c.annotation_id == bindparam("key")).order_by(_EVIDENCE.c.n)
)
_INSERT = Spoken(insert(_ANNOTATION))
_UPDATE = Spoken(update(_ANNOTATION).where(_ANNOTATION.c.id == bindparam("key")))
_INSERT_EVIDENCE = insert(_EVIDENCE)
_DELETE_EVIDENCE = delete(_EVIDENCE).where(_EVIDENCE.c.annotation_id == bindparam("key"))
_BEGIN = update(_ASSIGNMENT).where(_ASSIGNMENT.c.id == bindparam("key"))


@dataclass(frozen=True)
class Saved:
    """The stored claim after a save; `changed` is False when it was equal already."""

    annotation: Stored
    created: bool
    changed: bool


def store(place: Place, annotation_id: UUID, claim: Claim, *, if_version: int | None) -> Saved:
    """Create the claim, or replace it when `if_version` is its present version.

    Raises NotFound for somebody else's UUID, Invalid for a bad span, label or field, Stale (with the present state)
    or VersionRequired.
    """
    connection = current_connection()
    row = _gathered(connection, place, annotation_id, claim)
    present = _present(connection, row)
    if present is not None and present.assignment_id != place.assignment_id:
        raise NotFound
    if present is not None and present.deleted_at is None and present.claim == claim:
        return Saved(present, created=False, changed=False)
    if present is not None:
        require_version(present, if_version)
    if place.later is not None:
        place.later.require(claim, present.claim if present else claim)
        later_rounds.require_undecided(annotation_id)
    found = Found(row.slice, row.wanted_id, row.wanted_retired_at is not None, row.wanted_reasons or [])
    label_id = checked_label(place, claim, found, present)
    if place.state is AssignmentState.NEW:
        connection.execute(_BEGIN, {"key": place.assignment_id, "state": AssignmentState.IN_PROGRESS})
    stored = following(place, annotation_id, present, claim, label_id=label_id)
    if place.later is not None and present is not None:
        later_rounds.keep_first_vote(row, connection)
    _write(connection, present, stored)
    head = events.Head(row.last_seq, row.last_hash) if row.last_seq else events.Head()
    _record(connection, place, present, stored, head=head)
    return Saved(stored, created=present is None, changed=True)


def require_version(present: Stored, if_version: int | None) -> None:
    """Raise VersionRequired or Stale unless `if_version` is the present one."""
    if if_version is None:
        raise VersionRequired
    if if_version != present.version:
        raise Stale(
            f"This claim was changed meanwhile: version {present.version} is stored, yours was {if_version}.",
            {"current": present},
        )


def _gathered(connection: Connection, place: Place, annotation_id: UUID, claim: Claim) -> Any:
    inside = 0 <= claim.start <= claim.end <= place.length
    return _GATHER.first(
        connection,
        {
            "first": claim.start + 1 if inside else 1,
            "length": claim.end - claim.start if inside else 0,
            "project_id": place.project_id,
            "label": claim.label,
            "key": annotation_id,
            "chain": place.article_id,
            "version_id": place.version_id,
        },
    )


def _present(connection: Connection, row: Any) -> Stored | None:
    """What is stored already, or None."""
    if row.id is None:
        return None
    return stored_from(row, _PRESENT_EVIDENCE.rows(connection, {"key": row.id}) if row.has_evidence else ())


def stored_from(row: Any, evidence: Sequence[Any]) -> Stored:
    """The claim of an annotation's row, with the `label_key` of its label, and of the rows of its evidence."""
    return Stored(
        row.id,
        row.assignment_id,
        row.label_id,
        row.version,
        claim_from(row, row.label_key, evidence),
        row.guideline_version,
        row.created_at,
        row.updated_at,
        row.deleted_at,
        row.round,
    )


def following(place: Place, annotation_id: UUID, present: Stored | None, claim: Claim, *, label_id: str) -> Stored:
    """What is stored of `claim` after `present`."""
    moment = now()
    return Stored(
        annotation_id,
        place.assignment_id,
        label_id,
        present.version + 1 if present else 1,
        claim,
        place.guideline_version,
        present.created_at if present else moment,
        moment,
        round=later_rounds.ROUND if place.later is not None else 1,
    )


def changed_columns(stored: Stored) -> dict[str, Any]:
    """The columns that a change of the claim writes."""
    return columns_of(stored.claim, stored.label_id) | {
        "version": stored.version,
        "guideline_version": stored.guideline_version,
        "round": stored.round,
        "updated_at": stored.updated_at,
        "deleted_at": None,
    }


def new_columns(stored: Stored) -> dict[str, Any]:
    """The columns of a new claim."""
    identity = {"id": stored.id, "assignment_id": stored.assignment_id, "created_at": stored.created_at}
    return changed_columns(stored) | identity


def event_action(present: Stored | None) -> str:
    """What a save does, in the words of its event."""
    return "annotation.create" if present is None else "annotation.change"


def event_payload(place: Place, present: Stored | None, stored: Stored) -> dict[str, Any]:
    """What the event of a save says."""
    payload = {"version": stored.version, "assignment": place.assignment_id, "claim": as_payload(stored.claim)}
    if present is not None:
        payload["before"] = as_payload(present.claim)
    if stored.round > 1:
        payload["round"] = stored.round
    return payload


def _write(connection: Connection, present: Stored | None, stored: Stored) -> None:
    if present is None:
        try:
            _INSERT.run(connection, new_columns(stored))
        except IntegrityError as error:
            # The same new UUID sent to two articles at once: each holds the lock of its own, the key lets one in.
            if "pk_annotation" in str(error.orig):
                raise NotFound from error
            raise
    else:
        _UPDATE.run(connection, changed_columns(stored) | {"key": stored.id})
        if present.claim.evidence == stored.claim.evidence:
            return
        if present.claim.evidence:
            connection.execute(_DELETE_EVIDENCE, {"key": stored.id})
    if stored.claim.evidence:
        rows = [{"annotation_id": stored.id, **columns} for columns in evidence_columns(stored.claim)]
        connection.execute(_INSERT_EVIDENCE, rows)


def _record(connection: Connection, place: Place, present: Stored | None, stored: Stored, *, head: events.Head) -> None:
    events.record(
        event_action(present),
        str(stored.id),
        event_payload(place, present, stored),
        user_id=place.user_id,
        project_id=place.project_id,
        chain=place.article_id,
        head=head,
        connection=connection,
    )
