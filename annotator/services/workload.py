"""What is before the people of a project: how much each reviewer has open, and which reviews lie longest.

For managers; reviewers are told nothing of it but their own part.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager

from annotator.db import db
from annotator.models import (
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    Membership,
    Project,
    Role,
    User,
)
from annotator.permissions import OPEN
from annotator.services import pool
from annotator.services.openness import DONE

PAGE = 50


@dataclass
class PersonLoad:
    """One reviewer: their reviews by state, what they can take, and since when their oldest open one lies."""

    user: User
    member: bool = False
    capacity: int | None = None
    qualified_at: datetime | None = None
    states: Counter[str] = field(default_factory=Counter)
    since: datetime | None = None

    @property
    def open(self) -> int:
        return sum(self.states[state] for state in OPEN)

    @property
    def done(self) -> int:
        return sum(self.states[state] for state in DONE)

    @property
    def room(self) -> int | None:
        """How many more open reviews they are given; None for no bound."""
        return None if self.capacity is None else max(0, self.capacity - self.open)


@dataclass(frozen=True)
class Waiting:
    """An open review, and when it was last touched."""

    review: Assignment
    since: datetime
    abandoned: bool


@dataclass(frozen=True)
class WaitingPage:
    """A page of open reviews; `total` of them there are, `number` is the page's, from 1."""

    rows: list[Waiting]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def people(project: Project) -> list[PersonLoad]:
    """Everybody who reviews here or has reviewed, by name: three statements."""
    found: dict[str, PersonLoad] = {}
    memberships = db.session.execute(
        select(User, Membership.capacity, Membership.qualified_at)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.project_id == project.id, Membership.role == Role.REVIEWER)
    )
    for user, capacity, qualified in memberships:
        found[user.id] = PersonLoad(user, member=True, capacity=capacity, qualified_at=qualified)
    reviews = db.session.execute(
        select(User, Assignment.state, func.count())
        .join(Assignment, Assignment.user_id == User.id)
        .join(Article, Article.id == Assignment.article_id)
        .where(_reviews(project))
        .group_by(User.id, Assignment.state)
    )
    for user, state, count in reviews:
        found.setdefault(user.id, PersonLoad(user)).states[state] = count
    oldest = db.session.execute(
        select(Assignment.user_id, func.min(pool.touched()))
        .join(Article, Article.id == Assignment.article_id)
        .where(_reviews(project), Assignment.state.in_(OPEN))
        .group_by(Assignment.user_id)
    )
    for user_id, since in oldest:
        found[user_id].since = since
    return sorted(found.values(), key=lambda each: (each.user.name, each.user.id))


def waiting(project: Project, *, reviewer: str = "", number: int = 1) -> WaitingPage:
    """A page of the open reviews, of one reviewer if so wished, those that lie longest first: two statements."""
    wanted = [_reviews(project), Assignment.state.in_(OPEN)]
    if reviewer:
        wanted.append(Assignment.user_id == reviewer)
    total = (
        db.session.scalar(
            select(func.count(Assignment.id)).join(Article, Article.id == Assignment.article_id).where(*wanted)
        )
        or 0
    )
    number = max(1, min(number, -(-total // PAGE)))
    since = pool.touched().label("since")
    rows = db.session.execute(
        select(Assignment, since)
        .join(Assignment.article)
        .join(Assignment.version)
        .join(Assignment.user)
        .where(*wanted)
        .options(
            contains_eager(Assignment.article),
            contains_eager(Assignment.version).defer(ArticleVersion.text),
            contains_eager(Assignment.user),
        )
        .order_by(since, Assignment.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    bound = pool.bound(project)
    return WaitingPage([Waiting(review, at, bound is not None and at < bound) for review, at in rows], total, number)


def _reviews(project: Project) -> ColumnElement[bool]:
    return (
        (Article.project_id == project.id) & Article.listed_at.is_not(None) & (Assignment.kind == AssignmentKind.REVIEW)
    )
