"""When an article opens: until then nothing that a person is sent depends on what others did."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from annotator.db import db
from annotator.models import Article, Assignment, AssignmentKind, AssignmentState, Project, User
from annotator.permissions import OPEN, Action
from annotator.services.articles import ArticleAccess
from annotator.services.present_work import marks_alone
from annotator.services.projects import Access

DONE = (AssignmentState.SUBMITTED, AssignmentState.LOCKED)


def is_open(article_id: str, reviewers: int) -> bool:
    """Whether the project's number of reviewers, and everybody who was given the article, have submitted it.

    All of them the same version of its text: work on different ones is never set against each other.
    """
    total, done, versions = db.session.execute(
        select(
            func.count(Assignment.id),
            func.count(Assignment.id).filter(Assignment.state.in_(DONE)),
            func.count(Assignment.version_id.distinct()),
        ).where(Assignment.article_id == article_id, Assignment.kind == AssignmentKind.REVIEW)
    ).one()
    return bool(done >= reviewers and done == total and versions == 1)


def opened(project: Project) -> Select[str]:
    """The ids of the project's articles for which `is_open` holds, as a query to look into."""
    done = func.count(Assignment.id).filter(Assignment.state.in_(DONE))
    return (
        select(Assignment.article_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(Article.project_id == project.id, Assignment.kind == AssignmentKind.REVIEW)
        .group_by(Assignment.article_id)
        .having(
            done >= project.reviewers,
            done == func.count(Assignment.id),
            func.count(Assignment.version_id.distinct()) == 1,
        )
    )


def reviewed_version(article_id: str) -> str | None:
    """The id of the version that the reviews of an open article are of; None where nobody reviews it."""
    return db.session.scalar(
        select(Assignment.version_id)
        .where(Assignment.article_id == article_id, Assignment.kind == AssignmentKind.REVIEW)
        .order_by(Assignment.created_at, Assignment.id)
        .limit(1)
    )


def opened_to(viewer: User, project: Project) -> Select[str]:
    """Those of them whose reviews `viewer` may see: none that they can still reopen as its blind reviewer."""
    found = opened(project)
    if not project.blind:
        return found
    own = aliased(Assignment)
    mine = select(own.article_id).where(
        own.user_id == viewer.id, own.kind == AssignmentKind.REVIEW, own.state != AssignmentState.LOCKED
    )
    return found.where(Assignment.article_id.not_in(mine))


def sees_revealed(found: ArticleAccess) -> bool:
    """Whether the person is a reviewer of the article to whom it was revealed what the others marked.

    While somebody whom it was given afterwards is still at work, nobody is shown anything: they are blind, too.
    """
    own = found.assignment
    if found.article.revealed_at is None or own is None or own.kind is not AssignmentKind.REVIEW:
        return False
    return own.state in DONE and is_open(found.article.id, found.access.project.reviewers)


def sees_others(found: ArticleAccess) -> bool:
    """Whether the person whose access this is may see what the other reviewers of the article did."""
    own = found.assignment
    if marks_alone(own):
        return False
    if own is not None and own.kind is AssignmentKind.REVIEW:
        if own.state not in DONE:
            return False
        return not found.access.project.blind or sees_revealed(found)
    if not found.access.may(Action.READ_ALL):
        return False
    return is_open(found.article.id, found.access.project.reviewers)


def seen_by(user: User, access: Access, article: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The same for a whole list, in one query: whether `user` may see what others did in the article of each row."""
    project = access.project
    mine = select(Assignment.article_id).where(Assignment.user_id == user.id).correlate(None)
    reviewed = mine.where(Assignment.kind == AssignmentKind.REVIEW)
    looking_again = and_(Assignment.kind == AssignmentKind.SECOND_LOOK, Assignment.state.in_(OPEN))
    alone = mine.where(
        or_(Assignment.kind.in_([AssignmentKind.TRAINING, AssignmentKind.RETURNED]), looking_again),
    )
    after_own: ColumnElement[bool] = article.in_(reviewed.where(Assignment.state.in_(DONE)))
    if project.blind:
        revealed = select(Article.id).where(Article.project_id == project.id, Article.revealed_at.is_not(None))
        after_own = and_(after_own, article.in_(revealed.correlate(None)), article.in_(opened(project).correlate(None)))
    seen: ColumnElement[bool] = after_own
    if access.may(Action.READ_ALL):
        seen = or_(after_own, and_(article.not_in(reviewed), article.in_(opened(project).correlate(None))))
    return and_(article.not_in(alone), seen)
