"""Training and qualification: articles whose answers are known, which new reviewers do before all others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, defer

from annotator.db import db, now
from annotator.domain.comparison import Comparison, Marked, compare, mean_score
from annotator.errors import Conflict, NotFound
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Decision,
    Label,
    Membership,
    Project,
    Role,
    User,
)
from annotator.services import annotations as claims_service
from annotator.services import articles, events, giving
from annotator.services.articles import ArticleAccess
from annotator.services.claims import as_payload, claim_of
from annotator.services.giving import Gift
from annotator.services.openness import DONE

NO_ANSWERS = "The answers to this article are not known yet: its adjudication must be finished."


@dataclass(frozen=True)
class Feedback:
    """What a trainee marked in one article against the known answers; claims and justifications by their ids."""

    found: ArticleAccess
    comparison: Comparison
    claims: dict[str, Annotation]
    justifications: dict[str, str]


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


def mark(project: Project, article_id: str, *, on: bool, by: User | None = None) -> bool:
    """Make the article a training article, or an ordinary one again; False if it was so.

    Raises Conflict while its adjudication is not finished. Taken back, it stays with those who have begun with it.
    """
    giving.lock_project(project)
    article = db.session.scalar(
        select(Article)
        .where(Article.id == article_id, Article.project_id == project.id, Article.listed_at.is_not(None))
        .with_for_update()
    )
    if article is None:
        raise NotFound
    if article.training is on:
        return False
    if on and article_id not in set(db.session.scalars(_answered(project))):
        raise Conflict(NO_ANSWERS)
    article.training = on
    db.session.flush()
    events.record(
        "article.training",
        article_id,
        {"training": on},
        user_id=by.id if by else None,
        project_id=project.id,
        chain=article_id,
    )
    if not on:
        for lesson in _lessons(project, article_id=article_id):
            if lesson.state is AssignmentState.NEW:
                giving.remove_untouched(project, lesson, by=by)
    db.session.flush()
    return True


def hand_out(project: Project, *, by: User | None = None) -> int:
    """Give everybody who has to qualify the training articles that they do not know; how many that were."""
    if project.pass_mark is None:
        return 0
    candidates = db.session.scalars(
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.project_id == project.id,
            Membership.role == Role.REVIEWER,
            Membership.qualified_at.is_(None),
            User.disabled_at.is_(None),
        )
        .order_by(Membership.user_id)
    ).all()
    lessons = db.session.execute(
        select(Article.id, Assignment.version_id)  # The answers stand on this version of the text.
        .join(Assignment, Assignment.article_id == Article.id)
        .where(
            Article.project_id == project.id,
            Article.training,
            Assignment.kind == AssignmentKind.ADJUDICATION,
            Assignment.state == AssignmentState.SUBMITTED,
        )
        .order_by(Article.position)
    ).all()
    giving.lock_articles(article_id for article_id, _ in lessons)
    known = set(
        db.session.execute(
            select(Assignment.article_id, Assignment.user_id)
            .join(Article, Article.id == Assignment.article_id)
            .where(Article.project_id == project.id, Article.training)
        ).all()
    )
    gifts = [
        Gift(article_id, version_id, user_id, AssignmentKind.TRAINING)
        for user_id in candidates
        for article_id, version_id in lessons
        if (article_id, user_id) not in known
    ]
    giving.store(project, gifts, by=by)
    return len(gifts)


def feedback(user: User, article_id: str) -> Feedback:
    """What `user` marked in their training article against the answers.

    Raises NotFound where they have no such training, Conflict before they submitted it.
    """
    found = articles.get_for(user, article_id)
    if found.assignment is None or found.assignment.kind is not AssignmentKind.TRAINING:
        raise NotFound
    if found.assignment.state not in DONE:
        raise Conflict("The answers are shown when you have submitted this article.")
    own = _claims(Annotation.assignment_id == found.assignment.id)
    known = _claims(Assignment.article_id == article_id, Assignment.kind == AssignmentKind.ADJUDICATION)
    reasons = db.session.execute(
        select(Decision.gold_id, Decision.justification).where(
            Decision.gold_id.in_([claim.id for claim in known]), Decision.undone_at.is_(None)
        )
    )
    return Feedback(
        found,
        compare(map(_marked, own), map(_marked, known)),
        {str(claim.id): claim for claim in (*own, *known)},
        {str(gold_id): words for gold_id, words in reasons},
    )


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
    lessons = [each for each in _lessons(project, user_id=user_id) if each.state in DONE]
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
    lessons = [each for each in _lessons(project, user_id=user_id) if each.user_id in found]
    scores = _scores([lesson for lesson in lessons if lesson.state in DONE])
    for lesson in lessons:
        found[lesson.user_id].lessons += 1
        if lesson.id in scores:
            found[lesson.user_id].scores.append(scores[lesson.id])
    return list(found.values())


def articles_of(project: Project) -> Sequence[tuple[Article, ArticleVersion]]:
    """The training articles of the project in its order, without their texts."""
    rows = db.session.execute(
        select(Article, ArticleVersion)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.project_id == project.id, Article.training)
        .options(defer(ArticleVersion.text))
        .order_by(Article.position)
    )
    return [(article, version) for article, version in rows]


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


def _answered(project: Project) -> Select[str]:
    return (
        select(Assignment.article_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(
            Article.project_id == project.id,
            Assignment.kind == AssignmentKind.ADJUDICATION,
            Assignment.state == AssignmentState.SUBMITTED,
        )
    )


def _lessons(project: Project, *, user_id: str | None = None, article_id: str | None = None) -> Sequence[Assignment]:
    query = (
        select(Assignment)
        .join(Article, Article.id == Assignment.article_id)
        .where(Article.project_id == project.id, Assignment.kind == AssignmentKind.TRAINING)
        .order_by(Article.position, Assignment.id)
    )
    if user_id is not None:
        query = query.where(Assignment.user_id == user_id)
    if article_id is not None:
        query = query.where(Assignment.article_id == article_id)
    return db.session.scalars(query).all()


def _scores(lessons: Iterable[Assignment]) -> dict[str, float]:
    """The score of each submitted training assignment, by its id: two statements."""
    ids = {lesson.id: lesson.article_id for lesson in lessons}
    own: defaultdict[str, list[Marked]] = defaultdict(list)
    for claim in _claims(Annotation.assignment_id.in_(ids)):
        own[claim.assignment_id].append(_marked(claim))
    known: defaultdict[str, list[Marked]] = defaultdict(list)
    gold = _claims(Assignment.article_id.in_(set(ids.values())), Assignment.kind == AssignmentKind.ADJUDICATION)
    for claim in gold:
        known[claim.assignment.article_id].append(_marked(claim))
    return {each: compare(own[each], known[article_id]).score for each, article_id in ids.items()}


def _claims(*wanted: ColumnElement[bool]) -> Sequence[Annotation]:
    return db.session.scalars(
        select(Annotation)
        .join(Annotation.assignment)
        .join(Annotation.label)
        .where(*wanted, Annotation.deleted_at.is_(None))
        .options(contains_eager(Annotation.assignment), contains_eager(Annotation.label))
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    ).all()


def _marked(claim: Annotation) -> Marked:
    label: Label = claim.label
    return Marked(str(claim.id), claim.start, claim.end, label.key)
