"""Assignments: who works on which article, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import defer

from annotator.db import current_connection, db
from annotator.domain.claims import Requirement, Stance
from annotator.errors import Conflict, NotFound
from annotator.models import (
    MARKING,
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
from annotator.permissions import OPEN, Action, require, require_open
from annotator.services import articles, events, later_rounds, projects
from annotator.services.later_rounds import LaterRound
from annotator.services.present_work import FIRST_OF_TWO, is_present
from annotator.spoken import Spoken

RETURNED = "This article went back to the pool, so it can no longer be changed here. Your marks are kept."


@dataclass(frozen=True)
class Work:
    """One person's assignment with all that a change of it needs. The version's text is not loaded.

    `later` is the round after the blind one that a claim is changed in, if it is not the blind one.
    """

    project: Project
    article: Article
    version: ArticleVersion
    assignment: Assignment
    head: events.Head
    guideline_version: int | None
    roles: frozenset[Role]
    later: LaterRound | None = None


@dataclass(frozen=True)
class Place:
    """The assignment that a claim is stored in, open and locked: what `Work` is, in plain values."""

    assignment_id: str
    kind: AssignmentKind
    state: AssignmentState
    user_id: str
    project_id: str
    article_id: str
    version_id: str
    length: int
    guideline_version: int | None
    later: LaterRound | None = None


def work_on(
    user: User, article_id: str, action: Action = Action.REVIEW, *, lock: bool = True, later: bool = False
) -> Work:
    """The assignment of `user` on the article, for a change. Three statements; `lock` holds the article's row.

    With `later` a closed review is given too, while a later round than the blind one is open in it: one more.

    Raises NotFound if the article is not assigned to them, Forbidden without the role, Conflict when it is closed.
    """
    work = find_work(user, article_id, lock=lock)
    if action is Action.ADJUDICATE:
        if work.assignment.kind is not AssignmentKind.ADJUDICATION:
            raise NotFound
    else:
        require_marking(work.assignment.kind)
    require(work.roles, action)
    opened = later_round(work.assignment) if later else None
    if opened is not None:
        return replace(work, later=opened)
    require_open(action, work.assignment.state)
    return work


def find_work(user: User, article_id: str, *, lock: bool = True) -> Work:
    """The same whatever its kind and state, for a member of the project. Raises NotFound to others."""
    query = _LOCKED if lock else _UNLOCKED
    row = db.session.execute(query, {"article_id": article_id, "user_id": user.id}).first()
    if row is None:
        raise NotFound
    assignment, article, version, project, guideline_version, *held = row
    given = _roles_among(held)
    head = events.head_of(article.id)
    return Work(project, article, version, assignment, head, guideline_version, given)


def require_marking(kind: AssignmentKind) -> None:
    """Raise Conflict for a review that went back to the pool, NotFound for what is no work of a reviewer at all."""
    if kind is AssignmentKind.RETURNED:
        raise Conflict(RETURNED)
    if kind not in MARKING:
        raise NotFound


def place_for(user: User | str, article_id: str) -> Place:
    """The review of `user` (or of who has this id) on the article, a training or an open second look, locked for a save:
    `work_on` in one statement.

    Raises NotFound if the article is not assigned to them, Forbidden without the role, Conflict when it is closed.
    """
    # The transaction has forgotten the person; their key is known without reading them again.
    user_id = user if isinstance(user, str) else cast(tuple[str], inspect(user).identity)[0]
    given = {"article_id": article_id, "user_id": user_id}
    row = _LOCKED_PLACE.first(current_connection(), given)
    if row is None:
        raise NotFound
    assignment_id, kind, state, project_id, version_id, length, guideline_version, *held = row
    roles = _roles_among(held)
    require_marking(kind)
    require(roles, Action.REVIEW)
    later = _later_round(kind, state, assignment_id, article_id)
    if later is None:
        require_open(Action.REVIEW, state)
    return Place(
        assignment_id,
        kind,
        state,
        user_id,
        project_id,
        article_id,
        version_id,
        length,
        guideline_version,
        later,
    )


def place_of(work: Work) -> Place:
    """The same for work that is at hand as objects."""
    return Place(
        work.assignment.id,
        work.assignment.kind,
        work.assignment.state,
        work.assignment.user_id,
        work.project.id,
        work.article.id,
        work.version.id,
        work.version.length,
        work.guideline_version,
    )


def _later_round(
    kind: AssignmentKind, state: AssignmentState, assignment_id: str, article_id: str
) -> LaterRound | None:
    """The later round that is open in a closed review. Work in its blind round, the hot path, asks nothing."""
    if state in OPEN or kind is not AssignmentKind.REVIEW:
        return None
    return later_rounds.opened(assignment_id, article_id, state)


def later_round(assignment: Assignment) -> LaterRound | None:
    """The later round than the blind one in which this closed review may be changed, if there is one."""
    return _later_round(assignment.kind, assignment.state, assignment.id, assignment.article_id)


def _query_of_work(*columns: Any) -> Select[Any]:
    """`columns` of one person's assignment on a listed article, given `article_id` and `user_id` when it is executed.

    Behind them stand the version of the guideline in force and, for each role in the order of Role, whether the
    person holds it. Queries that stand in modules are built once: to build this one takes longer than to run it.
    """
    guideline = (
        select(Guideline.version)
        .where(Guideline.project_id == Article.project_id)
        .order_by(Guideline.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    roles = [
        select(Membership.role)
        .where(
            Membership.project_id == Article.project_id,
            Membership.user_id == bindparam("user_id"),
            Membership.role == role,
        )
        .exists()
        for role in Role
    ]
    return (
        select(*columns, guideline.label("guideline_version"), *roles)
        .select_from(Assignment)
        .join(Article, Article.id == Assignment.article_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .join(Project, Project.id == Article.project_id)
        .where(
            Article.id == bindparam("article_id"),
            Article.listed_at.is_not(None),
            Assignment.user_id == bindparam("user_id"),
            is_present(),
        )
        .order_by(FIRST_OF_TWO)
    )


def _locked(query: Select[Any]) -> Select[Any]:
    """`_query_of_work` that holds the article for a change.

    PostgreSQL: one writer for each article, since its events form one chain. The assignment is locked with it, because
    a statement that had to wait reads anew only the rows that it locks. SQLite has one writer anyway.
    """
    return query.with_for_update(of=[Article, Assignment])


def _roles_among(held: Sequence[bool]) -> frozenset[Role]:
    """The roles of the last columns of `_query_of_work`. Raises NotFound if there is none."""
    given = frozenset(role for role, holds in zip(Role, held, strict=True) if holds)
    if not given:
        raise NotFound
    return given


_UNLOCKED = _query_of_work(Assignment, Article, ArticleVersion, Project).options(defer(ArticleVersion.text))
_LOCKED = _locked(_UNLOCKED)
_LOCKED_PLACE = Spoken(
    _locked(
        _query_of_work(
            Assignment.id,
            Assignment.kind,
            Assignment.state,
            Article.project_id,
            ArticleVersion.id.label("version_id"),
            ArticleVersion.length,
        )
    )
)


def begin(work: Work) -> None:
    """The first change turns a new assignment into one in progress."""
    if work.assignment.state is AssignmentState.NEW:
        work.assignment.state = AssignmentState.IN_PROGRESS


def requirement_of(label: Label) -> Requirement:
    """What `label` must carry, in the domain's words."""
    stances = frozenset(Stance(stance) for stance in label.stances)
    return Requirement(speaker=label.needs_speaker, reason=label.needs_reason, stances=stances)


def require_adjudicator(user: User, article_id: str) -> articles.ArticleAccess:
    """The article, if `user` adjudicates in its project and never reviewed it."""
    found = articles.get_for(user, article_id, blocks=True)
    require(found.access.roles, Action.ADJUDICATE)
    if found.assignment is not None and found.assignment.kind is not AssignmentKind.ADJUDICATION:
        raise Conflict("You reviewed this article, so somebody else must adjudicate it.")
    return found


def reviewers_of(project: Project) -> Sequence[User]:
    """The people who can be given reviews, by name; disabled people cannot."""
    role = projects.members_with(project, Role.REVIEWER)
    return [user for user in role if user.disabled_at is None]
