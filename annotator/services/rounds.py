"""Second rounds: a question that the adjudicator sent back, what its reviewers are asked, and what they answered.

All reviewers of the article are asked, whoever marked something, so that nobody learns from the question who did. A
round is open from the decision that sends the question back until that decision is undone or replaced; what may be
changed meanwhile is told by services/later_rounds.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import selectinload

from annotator.db import db, now
from annotator.domain import text as texts
from annotator.domain.spans import Span, overlap
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    Decision,
    FirstVote,
    Label,
    Membership,
    Project,
    Role,
    SecondRound,
    SecondRoundAnswer,
    User,
)
from annotator.permissions import Action, require
from annotator.services import events, naming
from annotator.services.assignments import Work, find_work
from annotator.services.later_rounds import ROUND

if TYPE_CHECKING:
    from annotator.services.questions import QuestionView

LONGEST_NOTE = 2_000


@dataclass(frozen=True)
class Asked:
    """A question to a reviewer. `exact` is the passage that it is about."""

    decision_id: str
    question: UUID
    project: str
    article_id: str
    heading: str
    start: int
    end: int
    exact: str
    words: str
    asked_at: datetime
    note: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Answered:
    """What became of a question at one reviewer: without `answered_at` they have not answered yet."""

    user_id: str
    note: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Vote:
    """What somebody had marked at a moment: the label's name and the words."""

    label: str
    exact: str


@dataclass(frozen=True)
class ChangedVote:
    """A claim that its reviewer changed, deleted (no `present`) or made (no `first`) when they were not blind any more."""

    annotation_id: UUID
    user_id: str
    first: Vote | None
    present: Vote | None


@dataclass(frozen=True)
class RoundState:
    """A question that was sent back, for its adjudicator. It is `open` until it is decided."""

    decision_id: str
    question: UUID
    start: int
    end: int
    open: bool
    answers: list[Answered]
    votes: list[ChangedVote]

    @property
    def answered(self) -> int:
        """How many reviewers have answered."""
        return sum(each.answered_at is not None for each in self.answers)


def send_back(work: Work, view: QuestionView, decision: Decision) -> None:
    """Ask the reviewers of the article about the question that `decision` sends back. Undoing it is the end of it."""
    reviews = db.session.scalars(
        select(Assignment).where(Assignment.article_id == work.article.id, Assignment.kind == AssignmentKind.REVIEW)
    ).all()
    answers = [SecondRoundAnswer(assignment_id=review.id) for review in reviews]
    for review in reviews:
        review.round = ROUND
    db.session.add(
        SecondRound(
            decision_id=decision.id, article_id=work.article.id, start=view.start, end=view.end, answers=answers
        )
    )
    db.session.flush()
    _record(work, "round.ask", decision.id, {"question": str(view.id), "start": view.start, "end": view.end})


def answer(user: User, article_id: str, decision_id: str, note: str = "") -> SecondRoundAnswer:
    """The reviewer has looked again: their claims in the passage stand as they are now. To repeat it changes nothing.

    Raises NotFound to whoever was not asked, Conflict once the adjudicator has decided, and for another note.
    """
    if problem := texts.problem_with(note):
        raise Invalid.field("note", f"'note' {problem}")
    if len(note) > LONGEST_NOTE:
        raise Invalid.field("note", f"A note has at most {LONGEST_NOTE:,} characters; this one has {len(note):,}.")
    work, given = _asked(user, article_id, decision_id)
    if given.answered_at is not None:
        if given.note != note:
            raise Conflict("You have answered this question. Take the answer back to change it.")
        return given
    given.note, given.answered_at = note, now()
    _record(work, "round.answer", decision_id, {"note": note})
    return given


def take_back(user: User, article_id: str, decision_id: str) -> SecondRoundAnswer:
    """The reviewer wants to look once more; the note stays, to be sent again. To repeat it changes nothing."""
    work, given = _asked(user, article_id, decision_id)
    if given.answered_at is not None:
        given.answered_at = None
        _record(work, "round.take_back", decision_id, {})
    return given


def questions_to(user: User, *, project: Project | None = None, article_id: str | None = None) -> list[Asked]:
    """The open questions to `user`, the oldest first: one statement. Those of one article also when answered."""
    wanted: list[ColumnElement[bool]] = [Assignment.user_id == user.id, Decision.undone_at.is_(None)]
    if project is not None:
        wanted.append(Article.project_id == project.id)
    if article_id is not None:
        wanted.append(SecondRound.article_id == article_id)
    else:
        wanted.append(SecondRoundAnswer.answered_at.is_(None))
    reviews = select(Membership.user_id).where(
        Membership.project_id == Article.project_id, Membership.user_id == user.id, Membership.role == Role.REVIEWER
    )
    heading = func.coalesce(func.nullif(ArticleVersion.title, ""), ArticleVersion.suggested_title)
    exact = func.substr(ArticleVersion.text, SecondRound.start + 1, SecondRound.end - SecondRound.start)
    rows = db.session.execute(
        select(
            Decision.id,
            Decision.question,
            Project.slug,
            Article.id,
            heading,
            SecondRound.start,
            SecondRound.end,
            exact,
            Decision.justification,
            Decision.decided_at,
            SecondRoundAnswer.note,
            SecondRoundAnswer.answered_at,
        )
        .select_from(SecondRoundAnswer)
        .join(SecondRound, SecondRound.decision_id == SecondRoundAnswer.decision_id)
        .join(Decision, Decision.id == SecondRound.decision_id)
        .join(Assignment, Assignment.id == SecondRoundAnswer.assignment_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .join(Article, Article.id == SecondRound.article_id)
        .join(Project, Project.id == Article.project_id)
        .where(*wanted, reviews.exists())
        .order_by(Decision.decided_at, SecondRound.start, Decision.id)
    )
    return [Asked(*row) for row in rows]


def state_of(article_id: str) -> dict[UUID, RoundState]:
    """The last second round of each question of the article that was sent back: five statements, none without one."""
    rounds = db.session.execute(
        select(SecondRound, Decision)
        .join(Decision, Decision.id == SecondRound.decision_id)
        .where(SecondRound.article_id == article_id)
        .options(selectinload(SecondRound.answers))
        .order_by(Decision.decided_at, Decision.id)
    ).all()
    if not rounds:
        return {}
    reviews = select(Assignment.id, Assignment.user_id).where(Assignment.article_id == article_id)
    people = {assignment_id: user_id for assignment_id, user_id in db.session.execute(reviews)}  # noqa: C416 -- rows
    # In the order of their letters, in which they stand everywhere else.
    letters = naming.letters(article_id, list(people.values()))
    votes = _changed_votes(article_id)
    return {
        decision.question: RoundState(
            asked.decision_id,
            decision.question,
            asked.start,
            asked.end,
            decision.undone_at is None,
            sorted(
                (Answered(people[each.assignment_id], each.note, each.answered_at) for each in asked.answers),
                key=lambda given: letters[given.user_id],
            ),
            [vote for vote, places in votes if any(overlap(asked, place) for place in places)],
        )
        for asked, decision in rounds
    }


def _changed_votes(article_id: str) -> list[tuple[ChangedVote, list[Span]]]:
    """What was changed after the blind round, with the places where it lies and lay."""
    labels = {label.id: label.name for label in db.session.scalars(_labels_of(article_id))}
    first_words = func.substr(ArticleVersion.text, FirstVote.start + 1, FirstVote.end - FirstVote.start)
    rows = db.session.execute(
        select(Annotation, FirstVote, first_words, Assignment.user_id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .outerjoin(FirstVote, FirstVote.annotation_id == Annotation.id)
        .where(
            Assignment.article_id == article_id,
            Assignment.kind == AssignmentKind.REVIEW,
            Annotation.round >= ROUND,
        )
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    )
    found = []
    for annotation, kept, words, user_id in rows:
        first = Vote(labels[kept.label_id], words) if kept is not None else None
        gone = annotation.deleted_at is not None
        present = None if gone else Vote(labels[annotation.label_id], annotation.exact)
        if first is None and present is None:
            # Made and taken back in the same round: nothing was ever said.
            continue
        places = [Span(each.start, each.end) for each in (kept, None if gone else annotation) if each is not None]
        found.append((ChangedVote(annotation.id, user_id, first, present), places))
    return found


def _labels_of(article_id: str) -> Select[Label]:
    return select(Label).join(Article, Article.project_id == Label.project_id).where(Article.id == article_id)


def _asked(user: User, article_id: str, decision_id: str) -> tuple[Work, SecondRoundAnswer]:
    """The reviewer's work, locked, and their part of an open round. Raises NotFound or Conflict."""
    work = find_work(user, article_id)
    row = db.session.execute(
        select(SecondRoundAnswer, Decision.undone_at)
        .join(Decision, Decision.id == SecondRoundAnswer.decision_id)
        .where(SecondRoundAnswer.decision_id == decision_id, SecondRoundAnswer.assignment_id == work.assignment.id)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound
    require(work.roles, Action.REVIEW)
    given, undone_at = row
    if undone_at is not None:
        raise Conflict("The adjudicator went on with this question meanwhile, so no answer is needed any more.")
    return work, given


def _record(work: Work, action: str, decision_id: str, payload: dict[str, object]) -> None:
    events.record(
        action,
        decision_id,
        payload,
        user_id=work.assignment.user_id,
        project_id=work.project.id,
        chain=work.article.id,
    )
    db.session.flush()
