"""Storing many claims of one review at once, all or nothing: the way of programs that bring their work with them.

A claim is stored as `saving` stores it, by the same rules and with the same events. Only the questions to the database
differ: each is asked once for all claims, so that a thousand need about as many statements as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Row, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from annotator.db import current_connection
from annotator.domain.claims import Claim
from annotator.errors import Conflict, FieldProblem, Invalid, NotFound, Stale, VersionRequired
from annotator.models import Annotation, ArticleVersion, Assignment, AssignmentState, EvidenceItem, Label
from annotator.services import events, saving
from annotator.services.assignments import Place
from annotator.services.claim_rules import Found, Nameable, checked_label, nameable
from annotator.services.claims import Stored, evidence_columns
from annotator.services.saving import Saved

MOST = 1_000
TAKEN = "This UUID is another claim's. Make a new one."

_ANNOTATION = cast(Table, Annotation.__table__)
_ASSIGNMENT = cast(Table, Assignment.__table__)
_EVIDENCE = cast(Table, EvidenceItem.__table__)
_LABEL = cast(Table, Label.__table__)

_TEXT = select(ArticleVersion.text).where(ArticleVersion.id == bindparam("version_id"))
_LABELS = select(_LABEL).where(_LABEL.c.project_id == bindparam("project_id"))
_PRESENT = (
    select(_ANNOTATION, _LABEL.c.key.label("label_key"))
    .join(_LABEL, _LABEL.c.id == _ANNOTATION.c.label_id)
    .where(_ANNOTATION.c.id.in_(bindparam("ids", expanding=True)))
)
_PRESENT_EVIDENCE = (
    select(_EVIDENCE)
    .where(_EVIDENCE.c.annotation_id.in_(bindparam("ids", expanding=True)))
    .order_by(_EVIDENCE.c.annotation_id, _EVIDENCE.c.n)
)
_INSERT = insert(_ANNOTATION)
_UPDATE = update(_ANNOTATION).where(_ANNOTATION.c.id == bindparam("key"))
_INSERT_EVIDENCE = insert(_EVIDENCE)
_DELETE_EVIDENCE = delete(_EVIDENCE).where(_EVIDENCE.c.annotation_id.in_(bindparam("ids", expanding=True)))
_BEGIN = update(_ASSIGNMENT).where(_ASSIGNMENT.c.id == bindparam("key"))


@dataclass(frozen=True)
class Sent:
    """A claim under the UUID that its maker gave it; `if_version` is the version that it replaces."""

    id: UUID
    claim: Claim
    if_version: int | None = None


@dataclass(frozen=True)
class _Known:
    """What the database holds for all of the claims; `labels` by key, `present` by UUID."""

    text: str
    labels: Mapping[str, Row[Any]]
    present: Mapping[UUID, Stored]
    may_name: Nameable


def store_all(place: Place, sent: Sequence[Sent]) -> list[Saved]:
    """Create or replace the claims, in order; what is equal to what is stored stays as it is.

    Raises Invalid with whatever is wrong with any of them, each under "annotations.N.field"; Stale with "current",
    the present states of those that were changed meanwhile; Conflict where the round that is open does not reach.
    """
    _refuse_repeated(sent)
    if place.later is not None:
        return _one_by_one(place, sent)
    connection = current_connection()
    known = _gathered(connection, place, sent)
    problems: list[FieldProblem] = []
    stale: list[Stored] = []
    saved: list[Saved] = []
    for n, each in enumerate(sent):
        try:
            saved.append(_following(place, each, known))
        except Stale as error:
            stale.append(error.details["current"])
        except (Invalid, NotFound, VersionRequired) as error:
            problems += _placed(n, error)
    if problems:
        raise Invalid(f"{_number(len(sent))}: {problems[0].message}", problems)
    if stale:
        raise Stale(f"{len(stale)} of {_number(len(sent))} changed meanwhile.", {"current": stale})
    _write(connection, place, known, [each.annotation for each in saved if each.changed])
    return saved


def _refuse_repeated(sent: Sequence[Sent]) -> None:
    seen: set[UUID] = set()
    problems = []
    for n, each in enumerate(sent):
        if each.id in seen:
            problems.append(FieldProblem(f"annotations.{n}.id", "This UUID is given more than once."))
        seen.add(each.id)
    if problems:
        raise Invalid(problems[0].message, problems)


def _one_by_one(place: Place, sent: Sequence[Sent]) -> list[Saved]:
    """In a later round every claim has to be asked for; that is a passage or one article's last words, never many."""
    saved = []
    for n, each in enumerate(sent):
        try:
            saved.append(saving.store(place, each.id, each.claim, if_version=each.if_version))
        except Stale as error:
            raise Stale(str(error), {"current": [error.details["current"]]}) from error
        except Conflict as error:
            raise Conflict(f"annotations.{n}: {error}") from error
        except (Invalid, NotFound, VersionRequired) as error:
            problems = _placed(n, error)
            raise Invalid(problems[0].message, problems) from error
    return saved


def _placed(n: int, error: Invalid | NotFound | VersionRequired) -> list[FieldProblem]:
    """What is wrong with the claim at `n`, counted from 0."""
    if isinstance(error, NotFound):
        return [FieldProblem(f"annotations.{n}.id", TAKEN)]
    if isinstance(error, VersionRequired):
        return [FieldProblem(f"annotations.{n}.version", "This claim exists: give its version to change it.")]
    return [FieldProblem(f"annotations.{n}.{problem.field}", problem.message) for problem in error.problems]


def _number(count: int) -> str:
    return f"{count:,} claim{'' if count == 1 else 's'}"


def _gathered(connection: Connection, place: Place, sent: Sequence[Sent]) -> _Known:
    ids = [each.id for each in sent]
    rows = connection.execute(_PRESENT, {"ids": ids}).all()
    evidence: dict[UUID, list[Row[Any]]] = {}
    if rows:
        for row in connection.execute(_PRESENT_EVIDENCE, {"ids": ids}):
            evidence.setdefault(row.annotation_id, []).append(row)
    may_name = nameable(place, [each.claim for each in sent])
    return _Known(
        text=connection.execute(_TEXT, {"version_id": place.version_id}).scalar_one(),
        labels={row.key: row for row in connection.execute(_LABELS, {"project_id": place.project_id})},
        present={row.id: saving.stored_from(row, evidence.get(row.id, ())) for row in rows},
        # A claim may point at another of the same call: all of them will be there, or none.
        may_name=Nameable(may_name.claims | set(ids), may_name.lengths),
    )


def _following(place: Place, each: Sent, known: _Known) -> Saved:
    """What becomes of one claim; nothing is written yet."""
    present = known.present.get(each.id)
    if present is not None and present.assignment_id != place.assignment_id:
        raise NotFound
    if present is not None and present.deleted_at is None and present.claim == each.claim:
        return Saved(present, created=False, changed=False)
    if present is not None:
        saving.require_version(present, each.if_version)
    label = known.labels.get(each.claim.label)
    inside = 0 <= each.claim.start <= each.claim.end <= place.length
    found = Found(
        known.text[each.claim.start : each.claim.end] if inside else "",
        label.id if label else None,
        label is not None and label.retired_at is not None,
        label.reasons or [] if label else [],
    )
    label_id = checked_label(place, each.claim, found, present, may_name=known.may_name)
    stored = saving.following(place, each.id, present, each.claim, label_id=label_id)
    return Saved(stored, created=present is None, changed=True)


def _write(connection: Connection, place: Place, known: _Known, changed: Sequence[Stored]) -> None:
    if not changed:
        return
    if place.state is AssignmentState.NEW:
        connection.execute(_BEGIN, {"key": place.assignment_id, "state": AssignmentState.IN_PROGRESS})
    new = [stored for stored in changed if stored.id not in known.present]
    replaced = [stored for stored in changed if stored.id in known.present]
    if new:
        _insert(connection, new)
    if replaced:
        connection.execute(_UPDATE, [saving.changed_columns(stored) | {"key": stored.id} for stored in replaced])
        connection.execute(_DELETE_EVIDENCE, {"ids": [stored.id for stored in replaced]})
    # After all claims, for evidence may point at any of them.
    evidence = [{"annotation_id": stored.id, **row} for stored in changed for row in evidence_columns(stored.claim)]
    if evidence:
        connection.execute(_INSERT_EVIDENCE, evidence)
    entries = []
    for stored in changed:
        present = known.present.get(stored.id)
        payload = saving.event_payload(place, present, stored)
        entries.append(events.Entry(saving.event_action(present), str(stored.id), place.article_id, payload))
    events.record_all(entries, user_id=place.user_id, project_id=place.project_id)


def _insert(connection: Connection, new: Sequence[Stored]) -> None:
    try:
        connection.execute(_INSERT, [saving.new_columns(stored) for stored in new])
    except IntegrityError as error:
        # As in `saving`: the same new UUID came to another article at the same moment.
        if "pk_annotation" in str(error.orig):
            raise Invalid.field("annotations", f"One of the UUIDs was taken at this moment. {TAKEN}") from error
        raise
