"""Settling questions: decisions, the gold claims they make, and undoing them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from annotator.db import db, now
from annotator.domain.claims import Claim
from annotator.domain.decisions import Reason
from annotator.domain.questions import Kind
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import Annotation, Assignment, Decision, GoldSource, LinkDecision, Outcome, User
from annotator.services import events, link_decisions, rounds
from annotator.services.adjudication_phase import take_on
from annotator.services.annotations import remove, store_gold
from annotator.services.assignments import Work
from annotator.services.questions import QuestionView, to_adjudicate, views_of


@dataclass(frozen=True)
class Answer:
    """What the adjudicator says to a question.

    `annotation` is the version that is taken (accept) or that an edit started from, `version` its state as
    it was looked at; `claim` is what an edit makes of it. `reasons` say why, `justification` says it in words. `replaces` names the standing decision that this one is to
    replace.
    """

    outcome: Outcome
    annotation: UUID | None = None
    version: int | None = None
    claim: Claim | None = None
    justification: str = ""
    as_of: date | None = None
    replaces: str | None = None
    reasons: Sequence[Reason] = ()


def decide(user: User, article_id: str, question: UUID | None, answer: Answer) -> Decision:
    """Settle `question`, or record a claim that nobody marked when it is None. Returns the standing decision.

    The first decision of an article makes `user` its adjudicator and locks the reviews. Raises NotFound for an
    unknown question, Invalid for an answer that does not fit its outcome, Conflict (details: the standing decision)
    when the question is decided already and `answer.replaces` does not name that decision.
    """
    work = take_on(user, article_id, question)
    return settle(work, _view(article_id, question), answer)


def settle(work: Work, view: QuestionView | None, answer: Answer, *, rule: str = "") -> Decision:
    """The core of `decide`; `view` is None for a claim that nobody marked, `rule` names what decided if no person did."""
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
        reasons=[reason.value for reason in dict.fromkeys(answer.reasons)],
        rule=rule,
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
    if view is not None and decision.outcome is Outcome.SEND_BACK:
        rounds.send_back(work, view, decision)
    return decision


def undo(user: User, decision_id: str) -> Decision:
    """Take a decision back; its question is open again. To repeat it changes nothing."""
    work = take_on(user, article_of(decision_id))
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
    work = take_on(user, article_id)
    return [
        settle(work, view, Answer(Outcome.ACCEPT, annotation=view.suggested)) for view in _agreed(article_id, among)
    ]


def accept_agreed_links(user: User, article_id: str, *, among: Collection[UUID] | None = None) -> list[LinkDecision]:
    """The same for the open questions about links on which all who could link agree; before the claims."""
    agreed = link_decisions.agreed(link_decisions.asked_of(user, article_id))
    chosen = {view.id: None for view in agreed if among is None or view.id in among}
    if not chosen:
        return []
    link_decisions.lock({article_id, *(view.article_id for view in agreed)})
    return link_decisions.accept(user, take_on(user, article_id), chosen)


def _agreed(article_id: str, among: Collection[UUID] | None) -> list[QuestionView]:
    return [
        view
        for view in views_of(article_id)
        if view.kind is Kind.AGREED and view.decision is None and (among is None or view.id in among)
    ]


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
    if answer.annotation is not None and answer.version not in {None, members[answer.annotation].version}:
        raise Conflict("Its reviewer has changed this claim since you looked. Look at it again, then decide.")
    if answer.outcome is Outcome.ACCEPT:
        if answer.annotation is None:
            raise Invalid.field("annotation", "Name the annotation that is accepted.")
        return members[answer.annotation].claim
    if answer.claim is None:
        raise Invalid.field("claim", "An edit needs the claim as it shall stand.")
    return answer.claim


def _take_back(work: Work, decision: Decision) -> None:
    decision.undone_at = now()
    if decision.gold is not None and decision.gold.deleted_at is None:
        # What was decided on its links was about this claim: it is asked anew of the one that takes its place.
        link_decisions.reopen_at(work, decision.gold.id)
        remove(work, decision.gold)
    _record(work, "decision.undo", decision, {})


def _record(work: Work, action: str, decision: Decision, more: dict[str, object]) -> None:
    payload = {
        "question": str(decision.question),
        "outcome": decision.outcome,
        "gold": decision.gold.id if decision.gold else None,
        "justification": decision.justification,
        **({"reasons": decision.reasons} if decision.reasons else {}),
        **({"rule": decision.rule} if decision.rule else {}),
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
