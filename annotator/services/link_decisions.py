"""Settling the questions about links: decisions, the gold links they make, and undoing them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from annotator.db import db, now
from annotator.domain.claims import Aspect, Relation
from annotator.domain.decisions import Reason
from annotator.domain.link_questions import LinkKind
from annotator.domain.text import problem_with
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import (
    Annotation,
    Article,
    Assignment,
    AssignmentKind,
    Ended,
    Link,
    LinkDecision,
    LinkOutcome,
    User,
)
from annotator.permissions import OPEN
from annotator.services import events, link_questions, links, questions
from annotator.services.adjudication_phase import take_on
from annotator.services.assignments import Work
from annotator.services.link_questions import LinkQuestion, LinkState, LinkVote
from annotator.services.links import Proposal


@dataclass(frozen=True)
class LinkAnswer:
    """What the adjudicator says to a question about a link.

    `link` is the reviewer's link that is taken (accept). An edit says what holds between the claims; `outgoing` says
    whether it goes from the claim in the article that is looked at, None leaves that to the times that the claims are
    about. `replaces` names the standing decision that this one is to replace.
    """

    outcome: LinkOutcome
    link: str | None = None
    relation: Relation | None = None
    aspect: Aspect | None = None
    note: str = ""
    outgoing: bool | None = None
    justification: str = ""
    reasons: Sequence[Reason] = ()
    replaces: str | None = None


def asked_of(user: User, article_id: str) -> list[LinkQuestion]:
    """The questions about links of the article. Raises as `questions.to_adjudicate`."""
    project = questions.to_adjudicate(user, article_id).access.project
    return link_questions.of(user, project, article_id, questions.asking(article_id))


def decide(user: User, article_id: str, question: UUID, answer: LinkAnswer) -> LinkDecision:
    """Settle the question, at either of its articles. Returns the standing decision.

    Raises NotFound for an unknown question, Invalid for an answer that does not fit its outcome and for a contradiction
    between claims about different times, Conflict while it waits, when it was dropped, and when it is decided already
    (details: the standing decision) and `answer.replaces` does not name that decision.
    """
    view = _named(asked_of(user, article_id), question)
    # Both articles, always in the same order: whoever decides it at the other one waits here, and then finds it decided.
    lock({article_id, view.article_id})
    work = take_on(user, article_id)
    return settle(user, work, _named(asked_of(user, article_id), question), answer)


def settle(user: User, work: Work, view: LinkQuestion, answer: LinkAnswer, *, rule: str = "") -> LinkDecision:
    """The core of `decide`; `rule` names what decided if no person did. Both articles are locked."""
    replaced = _replaced(view, answer)
    if view.ends is None:
        raise Conflict(view.why or "This question cannot be decided yet.")
    wanted, taken = _wanted(view, answer)
    if replaced is not None:
        _end(work, replaced, Ended.REPLACED)
    link = links.create(user, work.project.slug, wanted).link if wanted is not None else None
    near, far = view.ends
    decision = LinkDecision(
        assignment_id=work.assignment.id,
        user_id=work.assignment.user_id,
        question_a=view.pair[0],
        question_b=view.pair[1],
        kind=view.kind,
        outcome=answer.outcome,
        a_id=wanted.a if wanted else near.id,
        b_id=wanted.b if wanted else far.id,
        link_id=link.id if link else None,
        taken_id=taken.id if taken else None,
        sources=[vote.id for vote in view.votes],
        justification=answer.justification,
        reasons=[reason.value for reason in dict.fromkeys(answer.reasons)],
        rule=rule,
        replaces_id=replaced.id if replaced else None,
    )
    db.session.add(decision)
    db.session.flush()
    _record(work, "link_decision.make", decision)
    return decision


def undo(user: User, decision_id: str) -> LinkDecision:
    """Take a decision back; its gold link goes, and the question is open again. To repeat it changes nothing."""
    decision = db.session.get(LinkDecision, decision_id)
    if decision is None:
        raise NotFound
    work = take_on(user, _place_of(user, decision))
    db.session.refresh(decision, with_for_update=True)
    if decision.undone_at is None:
        _end(work, decision, Ended.UNDONE)
    return decision


def accept(user: User, work: Work, chosen: Mapping[UUID, str | None], *, rule: str = "") -> list[LinkDecision]:
    """Accept open questions, each with the reviewer's link that is named, else the first. All articles are locked.

    What cannot be taken (any more) is left open.
    """
    found = link_questions.of(user, work.project, work.article.id, questions.asking(work.article.id))
    made = []
    for view in found:
        if not view.is_open or view.id not in chosen:
            continue
        taken = chosen[view.id] or view.votes[0].id
        vote = next((each for each in view.votes if each.id == taken), None)
        if vote is not None and not view.refuses(vote):
            made.append(settle(user, work, view, LinkAnswer(LinkOutcome.ACCEPT, link=vote.id), rule=rule))
    return made


def agreed(found: Sequence[LinkQuestion]) -> list[LinkQuestion]:
    """Those that are open and on which all who could link agree, unless their claims are about different times."""
    return [view for view in found if view.is_open and view.kind is LinkKind.AGREED and not view.refuses(view.votes[0])]


def reopen_at(work: Work, gold: UUID) -> None:
    """End the decisions on links of a gold claim that goes away: their questions are asked again."""
    standing = db.session.scalars(
        select(LinkDecision)
        .where(or_(LinkDecision.a_id == gold, LinkDecision.b_id == gold), LinkDecision.undone_at.is_(None))
        .with_for_update()
    ).all()
    for decision in standing:
        _end(work, decision, Ended.CLAIM)


def articles_of(decision: LinkDecision) -> tuple[str, str]:
    """The articles of the two gold claims."""
    found = dict(
        db.session.execute(
            select(Annotation.id, Assignment.article_id)
            .join(Assignment, Assignment.id == Annotation.assignment_id)
            .where(Annotation.id.in_([decision.a_id, decision.b_id]))
        ).all()
    )
    return found[decision.a_id], found[decision.b_id]


def names_of(found: Sequence[LinkQuestion]) -> dict[str, str]:
    """Who made the decisions that are shown, by id: one statement where there are any."""
    people = {each.user_id for view in found for each in (view.decision, view.lapsed) if each is not None}
    if not people:
        return {}
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(people))).all())


def name_of(decision: LinkDecision) -> str:
    """Who made it."""
    return db.session.scalars(select(User.name).where(User.id == decision.user_id)).one()


def _place_of(user: User, decision: LinkDecision) -> str:
    """The article, of the two, in which `user` may still change it; else the one in which it was decided.

    Raises NotFound to whoever has nothing to do with its project.
    """
    ours = db.session.execute(
        select(Assignment.article_id, Assignment.state).where(
            Assignment.article_id.in_(articles_of(decision)),
            Assignment.user_id == user.id,
            Assignment.kind == AssignmentKind.ADJUDICATION,
        )
    ).all()
    still = [article_id for article_id, state in ours if state in OPEN]
    if still:
        return still[0]
    place = db.session.scalar(select(Assignment.article_id).where(Assignment.id == decision.assignment_id))
    if place is None:
        raise NotFound
    return place


def _named(found: Sequence[LinkQuestion], question: UUID) -> LinkQuestion:
    for view in found:
        if view.id == question:
            return view
    raise NotFound("There is no such question about a link on this article. Load the page again.")


def _replaced(view: LinkQuestion, answer: LinkAnswer) -> LinkDecision | None:
    standing = view.decision
    if standing is None:
        if answer.replaces is not None:
            raise Conflict("The decision to replace does not stand any more. Load the page again.")
        if view.state is LinkState.DECIDED:
            raise Conflict("The two gold claims are linked already, on the compare page. Delete that link there first.")
        return None
    if answer.replaces != standing.id:
        raise Conflict("This question is decided already. Undo or replace that decision.", {"decision": standing})
    return standing


def _wanted(view: LinkQuestion, answer: LinkAnswer) -> tuple[Proposal | None, LinkVote | None]:
    """The gold link that `answer` makes, and the reviewer's link that it takes or starts from."""
    assert view.ends is not None  # noqa: S101 -- who calls has looked
    for name, text in (("note", answer.note), ("justification", answer.justification)):
        if problem := problem_with(text):
            raise Invalid.field(name, problem)
    if answer.outcome is LinkOutcome.NO_LINK:
        return None, None
    vote = next((each for each in view.votes if each.id == answer.link), None)
    if vote is None and (answer.link is not None or answer.outcome is LinkOutcome.ACCEPT):
        raise Invalid.field("link", "Name the reviewer's link that is taken, one of this question.")
    near, far = view.ends
    if answer.outcome is LinkOutcome.ACCEPT and vote is not None:
        ends = (near.id, far.id) if vote.outgoing else (far.id, near.id)
        return Proposal(*ends, vote.relation, vote.aspect, vote.note), vote
    if answer.relation is None:
        raise Invalid.field("relation", "An edit needs the relation that holds between the two claims.")
    outgoing = not view.later_far if answer.outgoing is None else answer.outgoing
    ends = (near.id, far.id) if outgoing else (far.id, near.id)
    return Proposal(*ends, answer.relation, answer.aspect, answer.note), vote


def _end(work: Work, decision: LinkDecision, how: Ended) -> None:
    decision.undone_at, decision.ended = now(), how
    link = db.session.get(Link, decision.link_id) if decision.link_id else None
    if link is not None and link.deleted_at is None:
        links.withdraw(link, by=work.assignment.user_id, chain=work.article.id)
    _record(work, "link_decision.undo", decision, {"ended": how})


def lock(article_ids: Collection[str]) -> None:
    """Hold these articles, in one order: two who hold the same ones never wait for each other."""
    db.session.execute(select(Article.id).where(Article.id.in_(article_ids)).order_by(Article.id).with_for_update())


def _record(work: Work, action: str, decision: LinkDecision, more: dict[str, object] | None = None) -> None:
    payload = {
        "question": str(link_questions.id_of((decision.question_a, decision.question_b))),
        "outcome": decision.outcome,
        "a": str(decision.a_id),
        "b": str(decision.b_id),
        "link": decision.link_id,
        "justification": decision.justification,
        **({"reasons": decision.reasons} if decision.reasons else {}),
        **({"rule": decision.rule} if decision.rule else {}),
        **(more or {"sources": decision.sources}),
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
