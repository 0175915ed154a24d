"""Qualification: how far the reviewers of a project are with their training, and who has passed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from annotator.db import db, now
from annotator.domain.comparison import Marked, compare, mean_score
from annotator.errors import NotFound
from annotator.models import (
    Annotation,
    Article,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Membership,
    Project,
    Role,
    User,
)
from annotator.services import annotations as claims_service
from annotator.services import events, giving
from annotator.services.claims import as_payload, claim_of
from annotator.services.openness import DONE
from annotator.services.training import claims_where, lessons_of, marked


@dataclass
class Trainee:
    """A reviewer of a project and how far their training is: `scores` of what they submitted, of `lessons` articles."""

    user: User
    qualified_at: datetime | None
    lessons: int = 0
    scores: list[float] = field(default_factory=list)

    @property
    def mean(self) -> float | None:
        return mean_score(self.scores)

    @property
    def done(self) -> bool:
        """Whether they submitted every training article that they were given."""
        return bool(self.lessons) and len(self.scores) == self.lessons


def settle(user: User, project: Project) -> bool:
    """Qualify the trainee if every training article is submitted and the mean score reaches the mark."""
    membership = _membership(project, user.id)
    if project.pass_mark is None or membership.qualified_at is not None:
        return False
    trainee = next(each for each in trainees(project, user_id=user.id))
    if not trainee.done or trainee.mean is None or trainee.mean < project.pass_mark:
        return False
    _qualify(project, membership, how="training", score=trainee.mean, by=None)
    return True


def let_pass(project: Project, user_id: str, *, by: User) -> bool:
    """Qualify somebody whatever their score, as a manager's act; False if they were."""
    membership = _membership(project, user_id)
    if membership.qualified_at is not None:
        return False
    _qualify(project, membership, how="by hand", score=None, by=by)
    return True


def qualify_present(project: Project, *, by: User | None) -> None:
    """When training is asked for from now on: who has submitted a review here is not asked to train."""
    experienced = (
        select(Assignment.user_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(
            Article.project_id == project.id,
            Assignment.kind == AssignmentKind.REVIEW,
            Assignment.state.in_(DONE),
        )
    )
    present = db.session.scalars(
        select(Membership).where(
            Membership.project_id == project.id,
            Membership.role == Role.REVIEWER,
            Membership.qualified_at.is_(None),
            Membership.user_id.in_(experienced),
        )
    ).all()
    for membership in present:
        _qualify(project, membership, how="had reviewed before", score=None, by=by)


def another_try(project: Project, user_id: str, *, by: User) -> int:
    """Open the submitted training articles of a person again, without their claims; how many.

    The claims stay in the history as deleted ones, and the scores in the record of what happened.
    """
    _membership(project, user_id)
    giving.lock_project(project)
    lessons = [each for each in lessons_of(project, user_id=user_id) if each.state in DONE]
    giving.lock_articles(lesson.article_id for lesson in lessons)
    scores = _scores(lessons)
    for lesson in lessons:
        deleted = []
        for claim in claims_service.own(lesson.id):
            before = as_payload(claim_of(claim))
            claim.version += 1
            claim.deleted_at = claim.updated_at = now()
            told = {"version": claim.version, "before": before}
            deleted.append(events.Entry("annotation.delete", str(claim.id), lesson.article_id, told))
        events.record_all(deleted, user_id=by.id, project_id=project.id)
        lesson.state, lesson.submitted_at, lesson.read_to_end_at = AssignmentState.NEW, None, None
        lesson.read_until, lesson.active_at = 0, now()
        giving.record(project, "training.retry", lesson, by=by, why=f"score {scores[lesson.id]:.2f}")
    return len(lessons)


def trainees(project: Project, *, user_id: str | None = None) -> list[Trainee]:
    """The reviewers of the project, or the one, with what they did in training: four statements."""
    query = (
        select(User, Membership.qualified_at)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.project_id == project.id, Membership.role == Role.REVIEWER)
        .order_by(User.name, User.id)
    )
    rows = db.session.execute(query if user_id is None else query.where(User.id == user_id)).all()
    found = {user.id: Trainee(user, qualified) for user, qualified in rows}
    lessons = [each for each in lessons_of(project, user_id=user_id) if each.user_id in found]
    scores = _scores([lesson for lesson in lessons if lesson.state in DONE])
    for lesson in lessons:
        found[lesson.user_id].lessons += 1
        if lesson.id in scores:
            found[lesson.user_id].scores.append(scores[lesson.id])
    return list(found.values())


def _qualify(project: Project, membership: Membership, *, how: str, score: float | None, by: User | None) -> None:
    membership.qualified_at = now()
    payload = {"user": membership.user_id, "how": how} | ({"score": round(score, 4)} if score is not None else {})
    events.record("member.qualify", membership.user_id, payload, user_id=by.id if by else None, project_id=project.id)
    db.session.flush()


def _membership(project: Project, user_id: str) -> Membership:
    found = db.session.get(Membership, (project.id, user_id, Role.REVIEWER))
    if found is None:
        raise NotFound("There is no such reviewer in this project.")
    return found


def _scores(lessons: Iterable[Assignment]) -> dict[str, float]:
    """The score of each submitted training assignment, by its id: two statements."""
    ids = {lesson.id: lesson.article_id for lesson in lessons}
    own: defaultdict[str, list[Marked]] = defaultdict(list)
    for claim in claims_where(Annotation.assignment_id.in_(ids)):
        own[claim.assignment_id].append(marked(claim))
    known: defaultdict[str, list[Marked]] = defaultdict(list)
    gold = claims_where(Assignment.article_id.in_(set(ids.values())), Assignment.kind == AssignmentKind.ADJUDICATION)
    for claim in gold:
        known[claim.assignment.article_id].append(marked(claim))
    return {each: compare(own[each], known[article_id]).score for each, article_id in ids.items()}
