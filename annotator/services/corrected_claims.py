"""The claims of a review that goes on to a corrected text: carried over where that is certain, else for their reviewer.

Nothing is attached to other words by itself. A claim that is not certain is set aside: it is deleted, as in an undo, with
a note of where it stood and where it might stand now. Its reviewer puts it in a place, which brings it back with all that
it says, or drops it, which leaves it deleted. Every step is an event of the claim, so its history tells all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import contains_eager, subqueryload

from annotator.db import db, now
from annotator.domain import carrying, selectors
from annotator.domain.carrying import Carrying
from annotator.domain.claims import Doubt
from annotator.domain.spans import Span
from annotator.errors import Invalid, NotFound
from annotator.models import (
    Annotation,
    ArticleVersion,
    Assignment,
    AssignmentState,
    ClaimToPlace,
    DismissedSuggestion,
    Label,
    Project,
    User,
)
from annotator.services import annotations as claims
from annotator.services import events, saving
from annotator.services.assignments import find_work, place_for
from annotator.services.claims import as_payload, claim_of
from annotator.services.saving import Saved

SHOWN = 80
"""So much of what stands around a claim is shown to its reviewer."""

_WAITS = (Annotation.deleted_at.is_not(None), Annotation.version == ClaimToPlace.version)


@dataclass(frozen=True)
class Waiting:
    """A claim that waits for its place: what it says, its words and what stood around them, and what is proposed."""

    annotation: Annotation
    label: Label
    before: selectors.Quote
    number: int
    doubt: Doubt | None
    proposal: Span | None
    quote: selectors.Quote | None


def go_on(project: Project, review: Assignment, version: ArticleVersion, *, by: User | None) -> None:
    """Take an open or submitted review to another version of its article's text. The caller holds the article."""
    old = db.session.get_one(ArticleVersion, review.version_id)
    live = claims.own(review.id)
    found = _carried(old, version, [Span(claim.start, claim.end) for claim in live])
    # Of claims that waited for an earlier correction and were brought back otherwise, as by an undo, a note is left.
    _forget(*(claim.id for claim in live))
    entries: list[events.Entry] = []
    for claim, each in zip(live, found, strict=True):
        before = as_payload(claim_of(claim))
        claim.version += 1
        claim.updated_at = now()
        told = {"version": claim.version, "before": before, "corrected": [old.number, version.number]}
        if each.place is None:
            claim.deleted_at = claim.updated_at
            db.session.add(_to_place(claim, old, each))
            entries.append(events.Entry("annotation.delete", str(claim.id), review.article_id, told))
            continue
        claim.start, claim.end = each.place
        told |= {"assignment": review.id, "claim": as_payload(claim_of(claim))}
        entries.append(events.Entry("annotation.change", str(claim.id), review.article_id, told))
    _propose_again(review, version)
    _carry_dismissed(review, old, version)
    if review.state is AssignmentState.SUBMITTED:
        review.state, review.submitted_at, review.active_at = AssignmentState.IN_PROGRESS, None, now()
    review.version_id, review.read_until, review.read_to_end_at = version.id, 0, None
    aside = sum(not each.certain for each in found)
    entries.append(
        events.Entry(
            "assignment.correct",
            review.article_id,
            review.article_id,
            {
                "user": review.user_id,
                "assignment": review.id,
                "corrected": [old.number, version.number],
                "carried": len(live) - aside,
                "to_place": aside,
            },
        )
    )
    db.session.flush()
    events.record_all(entries, user_id=by.id if by else None, project_id=project.id)


def waiting_of(assignment: Assignment) -> list[Waiting]:
    """The claims of the person's work that wait for their place, as they stood: three statements."""
    rows = db.session.execute(
        select(Annotation, ClaimToPlace, ArticleVersion)
        .join(ClaimToPlace, ClaimToPlace.annotation_id == Annotation.id)
        .join(ArticleVersion, ArticleVersion.id == ClaimToPlace.version_id)
        .join(Annotation.label)
        .where(Annotation.assignment_id == assignment.id, *_WAITS)
        .options(contains_eager(Annotation.label), subqueryload(Annotation.evidence))
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    ).all()
    if not rows:
        return []
    present = db.session.get_one(ArticleVersion, assignment.version_id)
    return [_waiting(annotation, wait, old, present) for annotation, wait, old in rows]


def count(assignment_id: str) -> int:
    """How many claims of the work wait for their place."""
    query = (
        select(func.count(Annotation.id))
        .join(ClaimToPlace, ClaimToPlace.annotation_id == Annotation.id)
        .where(Annotation.assignment_id == assignment_id, *_WAITS)
    )
    return db.session.scalar(query) or 0


def place(user: User, article_id: str, annotation_id: UUID, span: Span) -> Saved:
    """Bring a claim back at this passage of the corrected text, with all that it says.

    Raises NotFound if it is no claim of theirs that waits, Invalid for a span outside the text, Conflict when the
    review is closed.
    """
    held = place_for(user, article_id)
    annotation = _found(held.assignment_id, annotation_id)
    text = db.session.scalars(select(ArticleVersion.text).where(ArticleVersion.id == held.version_id)).one()
    if not 0 <= span.start < span.end <= len(text):
        raise Invalid.field("end", f"The passage does not lie inside the text, which has {len(text)} characters.")
    claim = replace(claim_of(annotation), start=span.start, end=span.end, exact=text[span.start : span.end])
    saved = saving.store(held, annotation_id, claim, if_version=annotation.version)
    _forget(annotation_id)
    return saved


def drop(user: User, article_id: str, annotation_id: UUID) -> None:
    """The claim does not stand in the corrected text: it stays deleted. Raises as `place`."""
    held = place_for(user, article_id)
    annotation = _found(held.assignment_id, annotation_id)
    _forget(annotation_id)
    work = find_work(user, article_id)
    events.record(
        "claim.drop",
        str(annotation.id),
        {"version": annotation.version},
        user_id=user.id,
        project_id=work.project.id,
        chain=article_id,
    )
    db.session.flush()


def _carried(old: ArticleVersion, new: ArticleVersion, spans: Sequence[Span]) -> list[Carrying]:
    return carrying.carry(old.text, new.text, spans, language=new.language or "en")


def _to_place(claim: Annotation, old: ArticleVersion, found: Carrying) -> ClaimToPlace:
    wait = ClaimToPlace(annotation_id=claim.id, version_id=old.id, version=claim.version)
    _propose(wait, found)
    return wait


def _propose(wait: ClaimToPlace, found: Carrying) -> None:
    proposal = found.proposal
    wait.start, wait.end = (None, None) if proposal is None else proposal.place
    wait.doubt = None if proposal is None else proposal.doubt


def _propose_again(review: Assignment, version: ArticleVersion) -> None:
    """What waited already waits on, with proposals for the text that it is about now; none of it is certain."""
    rows = db.session.execute(
        select(Annotation, ClaimToPlace, ArticleVersion)
        .join(ClaimToPlace, ClaimToPlace.annotation_id == Annotation.id)
        .join(ArticleVersion, ArticleVersion.id == ClaimToPlace.version_id)
        .where(Annotation.assignment_id == review.id, *_WAITS)
    ).all()
    for annotation, wait, old in rows:
        found = _carried(old, version, [Span(annotation.start, annotation.end)])[0]
        if found.place is None:
            _propose(wait, found)
        else:
            wait.start, wait.end, wait.doubt = found.place.start, found.place.end, Doubt.SURROUNDINGS


def _carry_dismissed(review: Assignment, old: ArticleVersion, version: ArticleVersion) -> None:
    """Passages that were put aside stay so where they are certain to be the same; the others may be suggested again."""
    mine = DismissedSuggestion.assignment_id == review.id
    spans = [
        Span(*row) for row in db.session.execute(select(DismissedSuggestion.start, DismissedSuggestion.end).where(mine))
    ]
    if not spans:
        return
    db.session.execute(delete(DismissedSuggestion).where(mine).execution_options(synchronize_session=False))
    places = {each.place for each in _carried(old, version, spans) if each.place is not None}
    db.session.add_all(
        DismissedSuggestion(assignment_id=review.id, start=start, end=end) for start, end in sorted(places)
    )


def _waiting(annotation: Annotation, wait: ClaimToPlace, old: ArticleVersion, present: ArticleVersion) -> Waiting:
    proposal = None if wait.start is None or wait.end is None else Span(wait.start, wait.end)
    return Waiting(
        annotation,
        annotation.label,
        selectors.quote(old.text, Span(annotation.start, annotation.end), context=SHOWN),
        old.number,
        wait.doubt,
        proposal,
        None if proposal is None else selectors.quote(present.text, proposal, context=SHOWN),
    )


def _found(assignment_id: str, annotation_id: UUID) -> Annotation:
    annotation = db.session.scalar(
        select(Annotation)
        .join(ClaimToPlace, ClaimToPlace.annotation_id == Annotation.id)
        .join(Annotation.label)
        .where(Annotation.id == annotation_id, Annotation.assignment_id == assignment_id, *_WAITS)
        .options(contains_eager(Annotation.label), subqueryload(Annotation.evidence))
        .execution_options(populate_existing=True)
    )
    if annotation is None:
        raise NotFound("This claim does not wait for a place any more.")
    return annotation


def _forget(*annotation_ids: UUID) -> None:
    db.session.execute(
        delete(ClaimToPlace)
        .where(ClaimToPlace.annotation_id.in_(annotation_ids))
        .execution_options(synchronize_session=False)
    )
