"""Settling questions: decisions, the gold claims they make, undoing them, and closing an article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from annotator.db import db, now
from annotator.domain.claims import Claim
from annotator.domain.questions import Kind
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import (
    Annotation,
    Article,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Decision,
    GoldSource,
    Outcome,
    User,
)
from annotator.services import events
from annotator.services.annotations import remove, store_gold
from annotator.services.assignments import Work, find_work
from annotator.services.claims import claim_of
from annotator.services.questions import QuestionView, require_open_article, to_adjudicate, views_of

FINISHED = "The adjudication of this article is finished. Reopen it to change a decision."


@dataclass(frozen=True)
class Answer:
    """What the adjudicator says to a question.

    `annotation` is the version that is taken (accept) or that an edit started from; `claim` is what an edit makes of
    it. `replaces` names the standing decision that this one is to replace.
    """

    outcome: Outcome
    annotation: UUID | None = None
    claim: Claim | None = None
    justification: str = ""
    as_of: date | None = None
    replaces: str | None = None


def decide(user: User, article_id: str, question: UUID | None, answer: Answer) -> Decision:
    """Settle `question`, or record a claim that nobody marked when it is None. Returns the standing decision.

    The first decision of an article makes `user` its adjudicator and locks the reviews. Raises NotFound for an
    unknown question, Invalid for an answer that does not fit its outcome, Conflict (details: the standing decision)
    when the question is decided already and `answer.replaces` does not name that decision.
    """
    work = _take_on(user, article_id)
    return _settle(work, _view(article_id, question), answer)


def undo(user: User, decision_id: str) -> Decision:
    """Take a decision back; its question is open again. To repeat it changes nothing."""
    work = _take_on(user, article_of(decision_id))
    decision = db.session.scalars(
        select(Decision)
        .where(Decision.id == decision_id)
        .options(
            selectinload(Decision.gold).options(selectinload(Annotation.label), selectinload(Annotation.evidence)),
            selectinload(Decision.sources),
        )
    ).one()
    if decision.undone_at is None:
        _take_back(work, decision)
    return decision


def article_of(decision_id: str) -> str:
    """The id of the article that the decision belongs to, whoever asks. Raises NotFound if there is no such decision."""
    article_id = db.session.scalar(
        select(Assignment.article_id)
        .join(Decision, Decision.assignment_id == Assignment.id)
        .where(Decision.id == decision_id)
    )
    if article_id is None:
        raise NotFound
    return article_id


def accept_agreed(user: User, article_id: str, *, among: Collection[UUID] | None = None) -> list[Decision]:
    """Accept every open question on which all reviewers agree in everything; the adjudicator has looked at them.

    `among` are the questions that were looked at: others that agree are left open.
    """
    to_adjudicate(user, article_id)
    if not _agreed(article_id, among):
        return []
    work = _take_on(user, article_id)
    return [
        _settle(work, view, Answer(Outcome.ACCEPT, annotation=view.suggested)) for view in _agreed(article_id, among)
    ]


def finish(user: User, article_id: str) -> Assignment:
    """Close the adjudication: its gold is exported from now on. To repeat it changes nothing.

    Raises Conflict (details: the questions) while one is open.
    """
    to_adjudicate(user, article_id)
    standing = _adjudication(article_id)
    if standing is not None and standing.user_id == user.id and standing.state is AssignmentState.SUBMITTED:
        return standing
    work = _take_on(user, article_id)
    waiting = [str(view.id) for view in views_of(article_id) if view.is_open]
    if waiting:
        count = "One question is" if len(waiting) == 1 else f"{len(waiting)} questions are"
        raise Conflict(f"{count} still open. Decide them, then finish.", {"open": waiting})
    work.assignment.state = AssignmentState.SUBMITTED
    work.assignment.submitted_at = now()
    _record_work(work, "adjudication.finish")
    return work.assignment


def reopen(user: User, article_id: str) -> Assignment:
    """Take a finish back, by the adjudicator who finished it."""
    to_adjudicate(user, article_id)
    standing = _adjudication(article_id)
    if standing is None or standing.user_id != user.id:
        raise NotFound
    if standing.state is AssignmentState.SUBMITTED:
        work = find_work(user, article_id)
        work.assignment.state = AssignmentState.IN_PROGRESS
        work.assignment.submitted_at = None
        _record_work(work, "adjudication.reopen")
    return standing


def progress(views: Sequence[QuestionView]) -> Counter[str]:
    """How many questions there are of each kind that are still open, and under "decided" how many are settled."""
    counts: Counter[str] = Counter()
    for view in views:
        counts[str(view.kind) if view.is_open else "decided"] += 1
    return counts


def _agreed(article_id: str, among: Collection[UUID] | None) -> list[QuestionView]:
    return [
        view
        for view in views_of(article_id)
        if view.kind is Kind.AGREED and view.decision is None and (among is None or view.id in among)
    ]


def _settle(work: Work, view: QuestionView | None, answer: Answer) -> Decision:
    """The core of `decide`; `view` is None for a claim that nobody marked."""
    replaced = _replaced(view, answer)
    claim = _claim(view, answer)
    if replaced is not None:
        _take_back(work, replaced)
    gold = store_gold(work, claim) if claim is not None else None
    decision = Decision(
        assignment_id=work.assignment.id,
        user_id=work.assignment.user_id,
        question=view.id if view else gold.id if gold else uuid4(),
        kind=view.kind if view else Kind.SOME,
        outcome=answer.outcome,
        gold=gold,
        justification=answer.justification,
        as_of=answer.as_of,
        replaces_id=replaced.id if replaced else None,
        sources=[
            GoldSource(annotation_id=each.id, version=each.version, chosen=each.id == answer.annotation)
            for each in (view.versions if view else [])
        ],
    )
    db.session.add(decision)
    db.session.flush()
    _record(work, "decision.make", decision, {"sources": [str(each.annotation_id) for each in decision.sources]})
    return decision


def _take_on(user: User, article_id: str) -> Work:
    """The adjudication of the article by `user`, open and locked; the first call makes it and locks the reviews."""
    found = to_adjudicate(user, article_id)
    # Two adjudicators at the same moment: the second waits here, and then finds the article taken.
    article = db.session.scalars(select(Article).where(Article.id == article_id).with_for_update()).one()
    standing = _adjudication(article_id)
    if standing is not None and standing.user_id != user.id:
        raise Conflict("Another adjudicator has taken this article.")
    if standing is not None and standing.state is AssignmentState.SUBMITTED:
        raise Conflict(FINISHED)
    if standing is None:
        # A reviewer may have reopened the article while this waited for the lock.
        require_open_article(article_id, found.access.project.reviewers)
        _begin(user, article)
    return find_work(user, article_id)


def _begin(user: User, article: Article) -> None:
    version_id = db.session.scalars(
        select(Assignment.version_id).where(Assignment.article_id == article.id).limit(1)
    ).one()
    db.session.add(
        Assignment(
            article_id=article.id,
            version_id=version_id,
            user_id=user.id,
            kind=AssignmentKind.ADJUDICATION,
            state=AssignmentState.IN_PROGRESS,
        )
    )
    db.session.execute(
        update(Assignment)
        .where(Assignment.article_id == article.id, Assignment.kind == AssignmentKind.REVIEW)
        .values(state=AssignmentState.LOCKED)
    )
    db.session.flush()
    events.record(
        "adjudication.begin",
        article.id,
        {},
        user_id=user.id,
        project_id=article.project_id,
        chain=article.id,
    )
    db.session.flush()


def _adjudication(article_id: str) -> Assignment | None:
    return db.session.scalar(
        select(Assignment)
        .where(Assignment.article_id == article_id, Assignment.kind == AssignmentKind.ADJUDICATION)
        .execution_options(populate_existing=True)
    )


def _view(article_id: str, question: UUID | None) -> QuestionView | None:
    if question is None:
        return None
    for view in views_of(article_id):
        if view.id == question:
            return view
    raise NotFound("There is no such question on this article. It may have been regrouped: load the page again.")


def _replaced(view: QuestionView | None, answer: Answer) -> Decision | None:
    standing = view.decision if view else None
    if standing is None:
        if answer.replaces is not None:
            raise Conflict("The decision to replace does not stand any more. Load the page again.")
        return None
    if answer.replaces != standing.id:
        raise Conflict("This question is decided already. Undo or replace that decision.", {"decision": standing})
    return standing


def _claim(view: QuestionView | None, answer: Answer) -> Claim | None:
    """The gold claim that `answer` makes, or None when it makes none."""
    if answer.outcome is Outcome.SEND_BACK and not answer.justification.strip():
        raise Invalid.field("justification", "Say what the reviewers are asked.")
    if answer.outcome in {Outcome.NOTHING_HERE, Outcome.SEND_BACK}:
        if view is None:
            raise Invalid.field("question", f"'{answer.outcome}' answers a question: name it.")
        return None
    members = {each.id: each for each in view.versions} if view else {}
    if answer.annotation is not None and answer.annotation not in members:
        raise Invalid.field("annotation", "This annotation does not belong to the question.")
    if answer.outcome is Outcome.ACCEPT:
        if answer.annotation is None:
            raise Invalid.field("annotation", "Name the annotation that is accepted.")
        return claim_of(members[answer.annotation])
    if answer.claim is None:
        raise Invalid.field("claim", "An edit needs the claim as it shall stand.")
    return answer.claim


def _take_back(work: Work, decision: Decision) -> None:
    decision.undone_at = now()
    if decision.gold is not None and decision.gold.deleted_at is None:
        remove(work, decision.gold)
    _record(work, "decision.undo", decision, {})


def _record(work: Work, action: str, decision: Decision, more: dict[str, object]) -> None:
    payload = {
        "question": str(decision.question),
        "outcome": decision.outcome,
        "gold": decision.gold.id if decision.gold else None,
        "justification": decision.justification,
        **more,
    }
    events.record(
        action,
        decision.id,
        payload,
        user_id=work.assignment.user_id,
        project_id=work.project.id,
        chain=work.article.id,
    )
    db.session.flush()


def _record_work(work: Work, action: str) -> None:
    events.record(
        action,
        work.assignment.id,
        {},
        user_id=work.assignment.user_id,
        project_id=work.project.id,
        chain=work.article.id,
    )
    db.session.flush()
