"""The pool: reviews that nobody has touched for longer than the project allows go back to it, with the work kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.sql.elements import ColumnElement

from annotator.db import db, now
from annotator.models import Annotation, Article, Assignment, AssignmentKind, Project, User
from annotator.permissions import OPEN
from annotator.services import giving


def touched() -> ColumnElement[datetime]:
    """When an assignment was last changed or read: a claim of it, a report of reading, or that it was given."""
    changed = (
        select(func.max(Annotation.updated_at))
        .where(Annotation.assignment_id == Assignment.id)
        .correlate(Assignment)
        .scalar_subquery()
    )
    # The greater of two is a function of another name, and another idea of NULL, in each database.
    read = func.coalesce(Assignment.active_at, Assignment.created_at)
    marked = func.coalesce(changed, Assignment.created_at)
    return case((read > marked, read), else_=marked)


def abandoned(project: Project) -> Sequence[str]:
    """The ids of the open reviews that were not touched for longer than the project allows; one statement."""
    since = bound(project)
    if since is None:
        return []
    return db.session.scalars(
        select(Assignment.id)
        .join(Article, Article.id == Assignment.article_id)
        .where(
            Article.project_id == project.id,
            Article.listed_at.is_not(None),
            Assignment.kind == AssignmentKind.REVIEW,
            Assignment.state.in_(OPEN),
            # What was given since is not looked into: most reviews are younger than the bound.
            Assignment.created_at < since,
            touched() < since,
        )
        .order_by(Assignment.article_id, Assignment.id)
    ).all()


def return_abandoned(project: Project, *, by: User | None = None) -> int:
    """Return them all to the pool; how many there were."""
    giving.lock_project(project)
    found = abandoned(project)
    if not found:
        return 0
    giving.lock_articles(db.session.scalars(select(Assignment.article_id).where(Assignment.id.in_(found))))
    # Somebody may have gone on with theirs while this waited for their article.
    still = set(abandoned(project))
    reviews = db.session.scalars(
        select(Assignment)
        .where(Assignment.id.in_(found))
        .order_by(Assignment.article_id, Assignment.id)
        .execution_options(populate_existing=True)
    ).all()
    gone = [review for review in reviews if review.id in still]
    for review in gone:
        giving.mark_returned(project, review, by=by, why=f"untouched for {project.return_after_days} days")
    return len(gone)


def bound(project: Project) -> datetime | None:
    """What was not touched since then is abandoned; None where the project lets reviews lie."""
    if project.return_after_days is None:
        return None
    return now() - timedelta(days=project.return_after_days)
