"""What is next for one person, over all their projects. Five statements at most, however many projects there are.

A reviewer's part depends on nothing but their own assignments, so that nobody learns from it who has finished.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import case, exists, func, select

from annotator.db import db
from annotator.models import (
    MARKING,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Membership,
    Project,
    Role,
    User,
)
from annotator.permissions import Action, effective_roles, may
from annotator.services import next_steps, projects
from annotator.services.next_steps import Step
from annotator.services.openness import DONE
from annotator.services.present_work import is_present


@dataclass(frozen=True)
class Begun:
    """How far the person has come with the article that is next for them; `until` and `length` in code points."""

    heading: str
    until: int
    length: int
    seconds: int


@dataclass
class Overview:
    """A project, the person's roles in it, and their own work there. Articles are given by their ids."""

    project: Project
    roles: frozenset[Role]
    in_progress: int = 0
    new: int = 0
    done: int = 0
    next_review: str = ""
    begun: Begun | None = None
    to_adjudicate: list[str] = field(default_factory=list)
    next_step: Step | None = None
    """For who manages the project."""

    @property
    def to_review(self) -> int:
        """The articles that the person still has to submit."""
        return self.in_progress + self.new

    @property
    def reviews(self) -> int:
        """All articles that the person was given to review."""
        return self.to_review + self.done

    def may(self, action: Action) -> bool:
        """Whether the person may do `action` here."""
        return may(self.roles, action)


def of(user: User) -> list[Overview]:
    """The projects of `user` with what is next for them: those with work first, then by name."""
    given: dict[str, set[Role]] = defaultdict(set)
    query = select(Membership.project_id, Membership.role).where(Membership.user_id == user.id)
    for project_id, role in db.session.execute(query):
        given[project_id].add(role)
    overviews = [
        Overview(project, effective_roles(user, given[project.id]))
        for project in projects.list_for(user)
        if project.archived_at is None
    ]
    by_project = {overview.project.id: overview for overview in overviews}
    _add_reviews(user, by_project)
    _add_adjudications(user, {key: each for key, each in by_project.items() if each.may(Action.ADJUDICATE)})
    managed = [key for key, each in by_project.items() if each.may(Action.MANAGE)]
    for key, step in (next_steps.of(managed) if managed else {}).items():
        by_project[key].next_step = step
    return sorted(overviews, key=lambda overview: not (overview.next_review or overview.to_adjudicate))


def _add_reviews(user: User, overviews: dict[str, Overview]) -> None:
    query = (
        select(
            Article.project_id,
            Article.id,
            Assignment.state,
            Assignment.read_until,
            Assignment.active_seconds,
            ArticleVersion.length,
            case((ArticleVersion.title != "", ArticleVersion.title), else_=ArticleVersion.suggested_title),
        )
        .join(Assignment, Assignment.article_id == Article.id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .where(
            Assignment.user_id == user.id,
            Assignment.kind.in_(MARKING),
            is_present(),
            Article.project_id.in_(overviews),
            Article.listed_at.is_not(None),
        )
        .order_by(
            Assignment.kind != AssignmentKind.TRAINING,
            Assignment.state != AssignmentState.IN_PROGRESS,
            Article.position,
        )
    )
    for project_id, article_id, state, until, seconds, length, heading in db.session.execute(query):
        overview = overviews[project_id]
        if state in DONE:
            overview.done += 1
            continue
        overview.in_progress += state is AssignmentState.IN_PROGRESS
        overview.new += state is AssignmentState.NEW
        if not overview.next_review:
            overview.next_review = article_id
            overview.begun = Begun(heading, until, length, seconds) if until or seconds else None


def _add_adjudications(user: User, overviews: dict[str, Overview]) -> None:
    """Articles that all their reviewers have submitted, without those of others and those that the person reviewed."""
    if not overviews:
        return
    submitted = func.count(Assignment.id).filter(Assignment.state.in_(DONE))
    closed_to_user = exists().where(
        Assignment.article_id == Article.id,
        ((Assignment.kind != AssignmentKind.ADJUDICATION) & (Assignment.user_id == user.id))
        | (
            (Assignment.kind == AssignmentKind.ADJUDICATION)
            & ((Assignment.user_id != user.id) | Assignment.state.in_(DONE))
        ),
    )
    query = (
        select(Article.project_id, Article.id)
        .join(Project, Project.id == Article.project_id)
        .join(Assignment, (Assignment.article_id == Article.id) & (Assignment.kind == AssignmentKind.REVIEW))
        .where(Article.project_id.in_(overviews), Article.listed_at.is_not(None), ~closed_to_user.correlate(Article))
        .group_by(Article.project_id, Article.id, Article.position, Project.reviewers)
        .having(submitted >= Project.reviewers, submitted == func.count(Assignment.id))
        .order_by(Article.position)
    )
    for project_id, article_id in db.session.execute(query):
        overviews[project_id].to_adjudicate.append(article_id)
