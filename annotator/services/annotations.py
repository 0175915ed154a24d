"""Saving, deleting and reading claims; how a save is stored stands in `saving`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, subqueryload

from annotator.db import db, now
from annotator.domain.claims import Claim
from annotator.errors import Conflict, NotFound
from annotator.models import Annotation, Assignment, AssignmentKind, User
from annotator.permissions import Action
from annotator.services import articles, events, later_rounds, openness, saving, saving_many
from annotator.services.articles import ArticleAccess
from annotator.services.assignments import Work, place_for, place_of, work_on
from annotator.services.claims import as_payload, claim_of, stored_of
from annotator.services.present_work import marks_alone
from annotator.services.saving import Saved
from annotator.services.saving_many import Sent


def put(user: User | str, article_id: str, annotation_id: UUID, claim: Claim, *, if_version: int | None) -> Saved:
    """Create the claim, or replace it when `if_version` is its present version. Of `user` the id is enough.

    Raises NotFound for somebody else's UUID or article, Invalid for a bad span, label or field, Conflict when the
    assignment is closed, Stale (with the present state) or VersionRequired.
    """
    return saving.store(place_for(user, article_id), annotation_id, claim, if_version=if_version)


def put_all(user: User, article_id: str, sent: Sequence[Sent]) -> list[Saved]:
    """Create or replace many claims of one article, all or nothing; see `saving_many.store_all`."""
    return saving_many.store_all(place_for(user, article_id), sent)


def store_gold(work: Work, claim: Claim) -> Annotation:
    """A new gold claim of the adjudication `work`."""
    annotation_id = uuid4()
    saving.store(place_of(work), annotation_id, claim, if_version=None)
    return db.session.scalars(_full().where(Annotation.id == annotation_id)).one()


def delete(user: User, annotation_id: UUID, *, if_version: int | None) -> Annotation:
    """Delete the claim: it stays as a tombstone, and a put with the tombstone's version brings it back.

    To delete a deleted one changes nothing.
    """
    work = work_on(user, article_of(user, annotation_id), later=True)
    annotation = db.session.scalars(_full().where(Annotation.id == annotation_id)).one()
    if annotation.assignment_id != work.assignment.id:
        raise Conflict("This claim belongs to your first review of the article, which is closed.")
    if annotation.deleted_at is not None:
        return annotation
    saving.require_version(stored_of(annotation), if_version)
    if work.later is not None:
        work.later.require(annotation)
        later_rounds.require_undecided(annotation.id)
        later_rounds.keep_first_vote(annotation)
        annotation.round = later_rounds.ROUND
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
    payload: dict[str, object] = {"version": annotation.version, "before": as_payload(claim_of(annotation))}
    if work.later is not None:
        payload["round"] = annotation.round
    _record(work, "annotation.delete", annotation, payload)
    return annotation


def get_for(user: User, annotation_id: UUID) -> Annotation:
    """One live claim with label, evidence and its reviewer, if `user` may see it. Raises NotFound otherwise."""
    annotation = _live(annotation_id)
    if annotation.assignment.user_id != user.id:
        _seen(user, annotation)
    return annotation


def get_with_article(user: User, annotation_id: UUID) -> tuple[Annotation, ArticleAccess]:
    """The same with its article. Raises NotFound for a claim that `user` may not see."""
    annotation = _live(annotation_id)
    if annotation.assignment.user_id == user.id:
        return annotation, articles.get_for(user, annotation.assignment.article_id)
    return annotation, _seen(user, annotation)


def _live(annotation_id: UUID) -> Annotation:
    annotation = db.session.scalar(
        _full()
        .join(Annotation.assignment)
        .join(Assignment.user)
        .options(contains_eager(Annotation.assignment).contains_eager(Assignment.user))
        .where(Annotation.id == annotation_id, Annotation.deleted_at.is_(None))
    )
    if annotation is None:
        raise NotFound
    return annotation


def _seen(user: User, annotation: Annotation) -> ArticleAccess:
    """The article of somebody else's claim. Raises NotFound if `user` may not see the claim."""
    if marks_alone(annotation.assignment):
        raise NotFound
    found = articles.get_for(user, annotation.assignment.article_id)
    if not openness.sees_others(found):
        raise NotFound
    if annotation.assignment.kind is AssignmentKind.ADJUDICATION and not found.access.may(Action.READ_ALL):
        raise NotFound
    return found


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
        .where(Assignment.article_id == article_id, Annotation.deleted_at.is_(None))
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    )
    if found.assignment is not None and marks_alone(found.assignment):
        return db.session.scalars(query.where(Assignment.id == found.assignment.id)).all()
    query = query.where(Assignment.kind == AssignmentKind.REVIEW)
    if not openness.sees_others(found):
        query = query.where(Assignment.user_id == user.id)
    if found.assignment is not None:
        query = query.where(Assignment.version_id == found.version.id)
    return db.session.scalars(query).all()


def own(assignment_id: str) -> Sequence[Annotation]:
    """The live claims of one assignment by position, with label and evidence: two statements."""
    return db.session.scalars(
        _full()
        .where(Annotation.assignment_id == assignment_id, Annotation.deleted_at.is_(None))
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    ).all()


def _full() -> Select[Annotation]:
    # A subquery loads the evidence of any number of claims at once; selectinload asks anew for every 500.
    return (
        select(Annotation)
        .join(Annotation.label)
        .options(contains_eager(Annotation.label), subqueryload(Annotation.evidence))
    )


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
