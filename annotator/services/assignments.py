"""Assignments: who works on which article, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, defer

from annotator.db import db
from annotator.domain.claims import Requirement, Stance
from annotator.errors import Conflict, NotFound
from annotator.models import (
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Guideline,
    Label,
    Membership,
    Project,
    Role,
    User,
)
from annotator.permissions import Action, require, require_open
from annotator.services import articles, events, projects


@dataclass(frozen=True)
class Work:
    """One person's assignment with all that a change of it needs. The version's text is not loaded."""

    project: Project
    article: Article
    version: ArticleVersion
    assignment: Assignment
    head: events.Head
    guideline_version: int | None
    roles: frozenset[Role]


def work_on(user: User, article_id: str, action: Action = Action.REVIEW, *, lock: bool = True) -> Work:
    """The assignment of `user` on the article, for a change. Three statements; `lock` holds the article's row.

    Raises NotFound if the article is not assigned to them, Forbidden without the role, Conflict when it is closed.
    """
    work = find_work(user, article_id, lock=lock)
    wanted = AssignmentKind.ADJUDICATION if action is Action.ADJUDICATE else AssignmentKind.REVIEW
    if work.assignment.kind is not wanted:
        raise NotFound
    require(work.roles, action)
    require_open(action, work.assignment.state)
    return work


def find_work(user: User, article_id: str, *, lock: bool = True) -> Work:
    """The same whatever its kind and state, for a member of the project. Raises NotFound to others."""
    roles = {
        role: select(Membership.role)
        .where(Membership.project_id == Article.project_id, Membership.user_id == user.id, Membership.role == role)
        .exists()
        for role in Role
    }
    guideline = (
        select(Guideline.version)
        .where(Guideline.project_id == Article.project_id)
        .order_by(Guideline.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(Assignment, Article, ArticleVersion, Project, guideline, *roles.values())
        .join(Article, Article.id == Assignment.article_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .join(Project, Project.id == Article.project_id)
        .where(Article.id == article_id, Article.listed_at.is_not(None), Assignment.user_id == user.id)
        .options(defer(ArticleVersion.text))
    )
    if lock:
        # PostgreSQL: one writer for each article, since its events form one chain. The assignment is locked with it,
        # because a statement that had to wait reads anew only the rows that it locks. SQLite has one writer anyway.
        query = query.with_for_update(of=[Article, Assignment])
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound
    assignment, article, version, project, guideline_version, *held = row
    given = frozenset(role for role, holds in zip(roles, held, strict=True) if holds)
    if not given:
        raise NotFound
    head = events.head_of(article.id)
    return Work(project, article, version, assignment, head, guideline_version, given)


def begin(work: Work) -> None:
    """The first change turns a new assignment into one in progress."""
    if work.assignment.state is AssignmentState.NEW:
        work.assignment.state = AssignmentState.IN_PROGRESS


def next_for(user: User, project: Project) -> Assignment | None:
    """The article that `user` should do next: one in progress, else the first new one.

    It depends on nothing but their own assignments, so that nobody learns from it who has finished.
    """
    open_ones = (
        select(Assignment)
        .join(Assignment.article)
        .where(
            Article.project_id == project.id,
            Article.listed_at.is_not(None),
            Assignment.user_id == user.id,
            Assignment.kind == AssignmentKind.REVIEW,
            Assignment.state.in_([AssignmentState.IN_PROGRESS, AssignmentState.NEW]),
        )
        .order_by(Assignment.state == AssignmentState.NEW, Article.position)
        .limit(1)
    )
    return db.session.scalar(open_ones)


def own_list(user: User, project: Project) -> Sequence[Assignment]:
    """All reviews of `user` in the project, by article, with article and version (without its text)."""
    return db.session.scalars(
        select(Assignment)
        .join(Assignment.article)
        .join(Assignment.version)
        .where(
            Article.project_id == project.id,
            Article.listed_at.is_not(None),
            Assignment.user_id == user.id,
            Assignment.kind == AssignmentKind.REVIEW,
        )
        .options(contains_eager(Assignment.article), contains_eager(Assignment.version).defer(ArticleVersion.text))
        .order_by(Article.position)
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


def requirement_of(label: Label) -> Requirement:
    """What `label` must carry, in the domain's words."""
    stances = frozenset(Stance(stance) for stance in label.stances)
    return Requirement(speaker=label.needs_speaker, reason=label.needs_reason, stances=stances)


def require_adjudicator(user: User, article_id: str) -> articles.ArticleAccess:
    """The article, if `user` adjudicates in its project and never reviewed it."""
    found = articles.get_for(user, article_id, blocks=True)
    require(found.access.roles, Action.ADJUDICATE)
    if found.assignment is not None and found.assignment.kind is AssignmentKind.REVIEW:
        raise Conflict("You reviewed this article, so somebody else must adjudicate it.")
    return found


def reviewers_of(project: Project) -> Sequence[User]:
    """The people who can be given reviews, by name; disabled people cannot."""
    role = projects.members_with(project, Role.REVIEWER)
    return [user for user in role if user.disabled_at is None]
