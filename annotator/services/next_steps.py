"""What a project waits for from its manager: one statement, however many projects there are."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import case, exists, select

from annotator.db import db
from annotator.models import (
    Article,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Membership,
    Project,
    Release,
    Role,
)


class Step(StrEnum):
    """What comes next, in the order of a project's life; `WATCH`: others are at work."""

    IMPORT = "import"
    ADD_PEOPLE = "add_people"
    GIVE_OUT = "give_out"
    WATCH = "watch"
    RELEASE = "release"


def of(projects: Iterable[str]) -> dict[str, Step]:
    """The next step of each of the projects with these ids. Each question ends at the first row that answers it."""
    articles = exists().where(Article.project_id == Project.id, Article.listed_at.is_not(None))
    review = (Assignment.article_id == Article.id) & (Assignment.kind == AssignmentKind.REVIEW)
    adjudicated = (
        exists()
        .where(
            Assignment.article_id == Article.id,
            Assignment.kind == AssignmentKind.ADJUDICATION,
            Assignment.state == AssignmentState.SUBMITTED,
        )
        .correlate(Article)
    )
    reviewers = exists().where(Membership.project_id == Project.id, Membership.role == Role.REVIEWER)
    step = case(
        (~articles, Step.IMPORT.value),
        (~articles.where(review), case((reviewers, Step.GIVE_OUT.value), else_=Step.ADD_PEOPLE.value)),
        (articles.where(~adjudicated), Step.WATCH.value),
        (exists().where(Release.project_id == Project.id), Step.WATCH.value),
        else_=Step.RELEASE.value,
    )
    query = select(Project.id, step).where(Project.id.in_(projects))
    return {project: Step(said) for project, said in db.session.execute(query)}
