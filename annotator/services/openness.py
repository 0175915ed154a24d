"""When an article opens: until then nothing that a person is sent depends on what others did."""

from __future__ import annotations

from sqlalchemy import func, select

from annotator.db import db
from annotator.models import Assignment, AssignmentKind, AssignmentState
from annotator.permissions import Action
from annotator.services.articles import ArticleAccess

DONE = (AssignmentState.SUBMITTED, AssignmentState.LOCKED)


def is_open(article_id: str, reviewers: int) -> bool:
    """Whether the project's number of reviewers, and everybody who was given the article, have submitted it."""
    total, done = db.session.execute(
        select(
            func.count(Assignment.id),
            func.count(Assignment.id).filter(Assignment.state.in_(DONE)),
        ).where(Assignment.article_id == article_id, Assignment.kind == AssignmentKind.REVIEW)
    ).one()
    return bool(done >= reviewers and done == total)


def sees_others(found: ArticleAccess) -> bool:
    """Whether the person whose access this is may see what the other reviewers of the article did."""
    own = found.assignment
    if own is not None and own.kind is AssignmentKind.REVIEW:
        return not found.access.project.blind and own.state in DONE
    if not found.access.may(Action.READ_ALL):
        return False
    return is_open(found.article.id, found.access.project.reviewers)
