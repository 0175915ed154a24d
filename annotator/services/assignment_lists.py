"""The assignments of a person or a project in the order in which they are shown, and which comes next."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, select
from sqlalchemy.orm import contains_eager

from annotator.db import db
from annotator.models import (
    MARKING,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Project,
    User,
)
from annotator.permissions import OPEN
from annotator.services.present_work import is_present


def next_for(user: User, project: Project) -> Assignment | None:
    """The article that `user` should do next: one in progress, else the first new one, training before all others.

    It depends on nothing but their own assignments, so that nobody learns from it who has finished.
    """
    open_ones = (
        select(Assignment)
        .join(Assignment.article)
        .where(
            Article.project_id == project.id,
            Article.listed_at.is_not(None),
            Assignment.user_id == user.id,
            Assignment.kind.in_(MARKING),
            Assignment.state.in_(OPEN),
        )
        .order_by(Assignment.kind != AssignmentKind.TRAINING, Assignment.state == AssignmentState.NEW, Article.position)
        .limit(1)
    )
    return db.session.scalar(open_ones)


def own_list(user: User, project: Project) -> Sequence[Assignment]:
    """The work of `user` in the project, by article, with article and version (without its text).

    That is their reviews, training first, second looks while they are open, and last what went back to the pool.
    """
    return db.session.scalars(
        select(Assignment)
        .join(Assignment.article)
        .join(Assignment.version)
        .where(
            Article.project_id == project.id,
            Article.listed_at.is_not(None),
            Assignment.user_id == user.id,
            Assignment.kind != AssignmentKind.ADJUDICATION,
            is_present(),
        )
        .options(contains_eager(Assignment.article), contains_eager(Assignment.version).defer(ArticleVersion.text))
        .order_by(
            case({AssignmentKind.TRAINING: 0, AssignmentKind.RETURNED: 2}, value=Assignment.kind, else_=1),
            Article.position,
            Assignment.kind,
        )
    ).all()


def of_project(project: Project) -> Sequence[Assignment]:
    """All assignments of the project, by article, with article, version (without its text) and person."""
    return db.session.scalars(
        select(Assignment)
        .join(Assignment.article)
        .join(Assignment.version)
        .join(Assignment.user)
        .where(Article.project_id == project.id, Article.listed_at.is_not(None))
        .options(
            contains_eager(Assignment.article),
            contains_eager(Assignment.version).defer(ArticleVersion.text),
            contains_eager(Assignment.user),
        )
        .order_by(Article.position, Assignment.kind.desc(), User.name, User.id)
    ).all()
