"""Saving and reading claims. Saving is a hot path: it speaks at most ten statements, whatever the article holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, subqueryload
from sqlalchemy.orm.attributes import set_committed_value

from annotator.db import db, now
from annotator.domain.claims import Claim
from annotator.errors import NotFound, Stale, VersionRequired
from annotator.models import (
    Annotation,
    Assignment,
    AssignmentKind,
    Event,
    EvidenceItem,
    Label,
    User,
)
from annotator.permissions import Action
from annotator.services import articles, events, openness
from annotator.services.assignments import Work, begin, work_on
from annotator.services.claim_rules import checked_label
from annotator.services.claims import as_payload, claim_of, evidence_rows, fill


@dataclass(frozen=True)
class Saved:
    """The stored annotation after a save; `changed` is False when it was equal already."""

    annotation: Annotation
    created: bool
    changed: bool


def put(user: User, article_id: str, annotation_id: UUID, claim: Claim, *, if_version: int | None) -> Saved:
    """Create the claim, or replace it when `if_version` is its present version.

    Raises NotFound for somebody else's UUID or article, Invalid for a bad span, label or field, Conflict when the
    assignment is closed, Stale (with the present state) or VersionRequired.
    """
    return store(work_on(user, article_id), annotation_id, claim, if_version=if_version)


def store(work: Work, annotation_id: UUID, claim: Claim, *, if_version: int | None) -> Saved:
    """The core of `put`, for reviewers' and gold claims alike; `work` is open and locked."""
    present = db.session.scalar(_full().where(Annotation.id == annotation_id))
    if present is not None and present.assignment_id != work.assignment.id:
        raise NotFound
    if present is not None and present.deleted_at is None and claim_of(present) == claim:
        return Saved(present, created=False, changed=False)
    if present is not None:
        _require_version(present, if_version)
    label = checked_label(work, claim, present)
    begin(work)
    annotation = present or Annotation(id=annotation_id, assignment_id=work.assignment.id, version=0, evidence=[])
    before = as_payload(claim_of(present)) if present is not None else None
    _write(annotation, claim, label, work)
    payload = {"version": annotation.version, "assignment": work.assignment.id, "claim": as_payload(claim)}
    action = "annotation.create" if present is None else "annotation.change"
    if before is not None:
        payload["before"] = before
    _record(work, action, annotation, payload)
    return Saved(annotation, created=present is None, changed=True)


def delete(user: User, annotation_id: UUID, *, if_version: int | None) -> Annotation:
    """Delete the claim: it stays as a tombstone, and a put with the tombstone's version brings it back.

    To delete a deleted one changes nothing.
    """
    work = work_on(user, article_of(user, annotation_id))
    annotation = db.session.scalars(_full().where(Annotation.id == annotation_id)).one()
    if annotation.deleted_at is not None:
        return annotation
    _require_version(annotation, if_version)
    return remove(work, annotation)


def article_of(user: User, annotation_id: UUID) -> str:
    """The id of the article in which `user` made the claim, deleted or not. Raises NotFound if they did not."""
    found = db.session.scalar(
        select(Assignment.article_id)
        .join(Annotation, Annotation.assignment_id == Assignment.id)
        .where(Annotation.id == annotation_id, Assignment.user_id == user.id)
    )
    if found is None:
        raise NotFound
    return found


def remove(work: Work, annotation: Annotation) -> Annotation:
    """The core of `delete`."""
    annotation.version += 1
    annotation.deleted_at = annotation.updated_at = now()
    payload = {"version": annotation.version, "before": as_payload(claim_of(annotation))}
    _record(work, "annotation.delete", annotation, payload)
    return annotation


def get_for(user: User, annotation_id: UUID) -> Annotation:
    """One live claim with label, evidence and its reviewer, if `user` may see it. Raises NotFound otherwise."""
    annotation = db.session.scalar(
        _full()
        .join(Annotation.assignment)
        .join(Assignment.user)
        .options(contains_eager(Annotation.assignment).contains_eager(Assignment.user))
        .where(Annotation.id == annotation_id, Annotation.deleted_at.is_(None))
    )
    if annotation is None:
        raise NotFound
    if annotation.assignment.user_id == user.id:
        return annotation
    found = articles.get_for(user, annotation.assignment.article_id)
    if not openness.sees_others(found):
        raise NotFound
    if annotation.assignment.kind is AssignmentKind.ADJUDICATION and not found.access.may(Action.READ_ALL):
        raise NotFound
    return annotation


def list_for(user: User, article_id: str) -> Sequence[Annotation]:
    """The live reviewers' claims of the article that `user` may see, with label, evidence and reviewer.

    One's own; everybody's for an adjudicator or manager once all reviewers have submitted; in an open project
    everybody's after one's own submit.
    """
    found = articles.get_for(user, article_id)
    query = (
        _full()
        .join(Annotation.assignment)
        .join(Assignment.user)
        .options(contains_eager(Annotation.assignment).contains_eager(Assignment.user))
        .where(
            Assignment.article_id == article_id,
            Assignment.kind == AssignmentKind.REVIEW,
            Annotation.deleted_at.is_(None),
        )
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    )
    if not openness.sees_others(found):
        query = query.where(Assignment.user_id == user.id)
    return db.session.scalars(query).all()


def own(assignment_id: str) -> Sequence[Annotation]:
    """The live claims of one assignment by position, with label and evidence: two statements."""
    return db.session.scalars(
        _full()
        .where(Annotation.assignment_id == assignment_id, Annotation.deleted_at.is_(None))
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    ).all()


def history(user: User, annotation_id: UUID) -> Sequence[Event]:
    """What happened to a claim of `user`, oldest first. Raises NotFound for another person's claim."""
    owner = db.session.scalar(
        select(Assignment.user_id)
        .join(Annotation, Annotation.assignment_id == Assignment.id)
        .where(Annotation.id == annotation_id)
    )
    if owner != user.id:
        raise NotFound
    return db.session.scalars(select(Event).where(Event.subject == str(annotation_id)).order_by(Event.seq)).all()


def _full() -> Select[Annotation]:
    # A subquery loads the evidence of any number of claims at once; selectinload asks anew for every 500.
    return (
        select(Annotation)
        .join(Annotation.label)
        .options(contains_eager(Annotation.label), subqueryload(Annotation.evidence))
    )


def _require_version(present: Annotation, if_version: int | None) -> None:
    if if_version is None:
        raise VersionRequired
    if if_version != present.version:
        raise Stale(
            f"This claim was changed meanwhile: version {present.version} is stored, yours was {if_version}.",
            {"current": present},
        )


def _write(annotation: Annotation, claim: Claim, label: Label, work: Work) -> None:
    evidence_changed = not annotation.version or claim_of(annotation).evidence != claim.evidence
    fill(annotation, claim, label.id)
    annotation.label = label
    annotation.version += 1
    annotation.guideline_version = work.guideline_version
    annotation.updated_at = now()
    if annotation.version == 1:
        annotation.created_at = annotation.updated_at
    annotation.deleted_at = None
    if evidence_changed:
        _replace_evidence(annotation, claim)
    db.session.add(annotation)
    try:
        db.session.flush()
    except IntegrityError as error:
        # The same new UUID sent to two articles at once: each holds the lock of its own, the key lets one in.
        if "pk_annotation" in str(error.orig):
            raise NotFound from error
        raise


def _replace_evidence(annotation: Annotation, claim: Claim) -> None:
    """One DELETE and one INSERT, however many items: the ORM would update them row by row."""
    if annotation.evidence:
        db.session.execute(delete_rows(EvidenceItem).where(EvidenceItem.annotation_id == annotation.id))
        for row in annotation.evidence:
            db.session.expunge(row)
        set_committed_value(annotation, "evidence", [])
    annotation.evidence = evidence_rows(claim)


def _record(work: Work, action: str, annotation: Annotation, payload: dict[str, object]) -> None:
    head = None if work.assignment.kind is AssignmentKind.ADJUDICATION else work.head
    events.record(
        action,
        str(annotation.id),
        payload,
        user_id=work.assignment.user_id,
        project_id=work.project.id,
        chain=work.article.id,
        head=head,
    )
    db.session.flush()
