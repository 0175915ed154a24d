"""Submission: how complete a review is, to be done with it, and to take that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload, subqueryload

from annotator.db import db, now
from annotator.domain import text as texts
from annotator.domain.claims import missing
from annotator.domain.reading import percent
from annotator.domain.spans import Span
from annotator.domain.webhook_events import WebhookEvent
from annotator.errors import Conflict
from annotator.models import Annotation, Assignment, AssignmentKind, AssignmentState, EvidenceRule, User
from annotator.permissions import Action, require_open
from annotator.services import articles, corrected_claims, events, qualification, webhook_outbox
from annotator.services.assignments import Work, begin, find_work, require_marking, requirement_of, work_on
from annotator.services.claims import claim_of


@dataclass(frozen=True)
class Lacking:
    """A claim and what it still lacks ("a speaker", "a reason")."""

    annotation: Annotation
    missing: list[str]


@dataclass(frozen=True)
class Submission:
    """How complete a review is. `sentences` are those without a claim, as spans in code points."""

    assignment: Assignment
    evidence: EvidenceRule
    claims: int
    lacking: list[Lacking]
    sentences: list[Span]
    read: bool
    percent_read: int

    @property
    def refused(self) -> bool:
        """Whether the project requires what is lacking, so that it cannot be submitted."""
        return bool(self.lacking) and self.evidence is EvidenceRule.REQUIRED


def review_of(user: User, article_id: str) -> Submission:
    """How complete the review of `user` is; writes nothing."""
    return _submission(find_work(user, article_id, lock=False))


def submit(user: User, article_id: str, *, confirm: bool = False, read: bool = False) -> Submission:
    """The reviewer is done, and if `read` they say that they have read to the end. To repeat it changes nothing.

    Raises Conflict with details {"missing": [{"annotation", "exact", "missing"}]} when claims lack what the project
    requires, or what it warns about unless `confirm`, and with {"to_place": number} while claims wait for their place
    in a corrected text.
    """
    work = find_work(user, article_id)
    require_marking(work.assignment.kind)
    if work.assignment.state is AssignmentState.SUBMITTED:
        return _submission(work)
    require_open(Action.REVIEW, work.assignment.state)
    if waiting := corrected_claims.count(work.assignment.id):
        raise Conflict(_what_waits(waiting), {"to_place": waiting})
    if read:
        work = _mark_read(work, user)
    submission = _submission(work)
    if submission.lacking and work.project.evidence is not EvidenceRule.OFF and (submission.refused or not confirm):
        raise Conflict(_what_lacks(submission), {"missing": _as_details(submission.lacking)})
    work.assignment.state = AssignmentState.SUBMITTED
    work.assignment.submitted_at = now()
    _record(work, "assignment.submit", {"claims": submission.claims}, user)
    if work.assignment.kind is AssignmentKind.TRAINING:
        qualification.settle(user, work.project)
    if work.assignment.kind is AssignmentKind.REVIEW:
        webhook_outbox.announce(work.project.id, WebhookEvent.ASSIGNMENT_SUBMITTED, lambda: _told(work))
    return submission


def reopen(user: User, article_id: str) -> Assignment:
    """Take a submit back; possible until the adjudicator's first decision. To repeat it changes nothing."""
    work = find_work(user, article_id)
    require_marking(work.assignment.kind)
    if work.assignment.kind is AssignmentKind.TRAINING and work.assignment.state is AssignmentState.SUBMITTED:
        raise Conflict("You have seen the answers to this training article, so it can no longer be reopened.")
    if work.assignment.state is AssignmentState.LOCKED:
        raise Conflict("An adjudicator has begun to decide on this article, so it can no longer be reopened.")
    if work.article.revealed_at is not None:
        raise Conflict("This article was revealed to its reviewers. Change your claims as it is: nothing is to reopen.")
    if work.assignment.state is AssignmentState.SUBMITTED:
        work.assignment.state = AssignmentState.IN_PROGRESS
        work.assignment.submitted_at = None
        # It is not abandoned from the first moment on, however long ago it was submitted.
        work.assignment.active_at = now()
        _record(work, "assignment.reopen", {}, user)
    return work.assignment


def mark_read(user: User, article_id: str) -> Assignment:
    """Record that the reviewer has read to the end, also with no claim marked."""
    work = work_on(user, article_id)
    _mark_read(work, user)
    return work.assignment


def _submission(work: Work) -> Submission:
    claims = db.session.scalars(
        select(Annotation)
        .where(Annotation.assignment_id == work.assignment.id, Annotation.deleted_at.is_(None))
        .options(subqueryload(Annotation.evidence), selectinload(Annotation.label))
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    ).all()
    lacking = []
    if work.project.evidence is not EvidenceRule.OFF:
        for annotation in claims:
            what = missing(claim_of(annotation), requirement_of(annotation.label))
            if what:
                lacking.append(Lacking(annotation, what))
    articles.load_blocks(work.version)
    text = work.version.text
    story = [block_of for block_of in articles.blocks_of(work.version) if not block_of.furniture]
    sentences = texts.sentences(text, story, language=work.version.language or "en")
    return Submission(
        work.assignment,
        work.project.evidence,
        len(claims),
        lacking,
        _without_claim(sentences, [(claim.start, claim.end) for claim in claims]),
        work.assignment.read_to_end_at is not None,
        percent(work.assignment.read_until, work.version.length),
    )


def _without_claim(sentences: Sequence[Span], claims: Sequence[tuple[int, int]]) -> list[Span]:
    """The sentences that no claim touches; both lists are sorted by start."""
    free, reach, following = [], -1, 0
    for sentence in sentences:
        while following < len(claims) and claims[following][0] < sentence.end:
            reach = max(reach, claims[following][1])
            following += 1
        if reach <= sentence.start:
            free.append(sentence)
    return free


def _mark_read(work: Work, user: User) -> Work:
    """The work with the head of its chain after it."""
    if work.assignment.read_to_end_at is not None:
        return work
    work.assignment.read_to_end_at = now()
    work.assignment.read_until = work.version.length
    begin(work)
    return replace(work, head=_record(work, "assignment.read", {}, user))


def _told(work: Work) -> dict[str, object]:
    """What other programs are told of a submit: neither who it was nor what they found."""
    submitted = db.session.scalar(
        select(func.count()).where(
            Assignment.article_id == work.article.id,
            Assignment.kind == AssignmentKind.REVIEW,
            Assignment.state == AssignmentState.SUBMITTED,
        )
    )
    return {
        "article": work.article.id,
        "external_id": work.article.external_id,
        "submitted": submitted,
        "reviewers": work.project.reviewers,
    }


def _what_waits(count: int) -> str:
    which = "One claim" if count == 1 else f"{count} claims"
    return f"{which} of the text before it was corrected must be given a place, or dropped, before you submit."


def _what_lacks(submission: Submission) -> str:
    count = len(submission.lacking)
    which = "One claim still lacks" if count == 1 else f"{count} claims still lack"
    way_out = "Add it" if submission.refused else "Add it, or submit all the same"
    return f"{which} what the label must carry. {way_out}."


def _as_details(lacking: Sequence[Lacking]) -> list[dict[str, object]]:
    return [
        {"annotation": str(each.annotation.id), "exact": each.annotation.exact, "missing": each.missing}
        for each in lacking
    ]


def _record(work: Work, action: str, payload: dict[str, object], user: User) -> events.Head:
    head = events.record(
        action,
        work.assignment.id,
        payload,
        user_id=user.id,
        project_id=work.project.id,
        chain=work.article.id,
        head=work.head,
    )
    db.session.flush()
    return head
