"""The people of a project and their roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from annotator.db import db
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import Membership, Project, Role, User
from annotator.services import events

MOST_REVIEWS = 10_000


@dataclass
class Member:
    """A person with their roles in a project, in the order reviewer, adjudicator, manager.

    `capacity` and `qualified_at` are those of the reviewer.
    """

    user: User
    roles: list[Role]
    capacity: int | None = None
    qualified_at: datetime | None = None


def of(project: Project) -> list[Member]:
    """The members of `project` by name."""
    rows = db.session.execute(
        select(User, Membership)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.project_id == project.id)
        .order_by(User.name, User.id)
    )
    members: dict[str, Member] = {}
    for user, membership in rows:
        member = members.setdefault(user.id, Member(user, []))
        member.roles.append(membership.role)
        if membership.role is Role.REVIEWER:
            member.capacity, member.qualified_at = membership.capacity, membership.qualified_at
    for member in members.values():
        member.roles.sort(key=list(Role).index)
    return list(members.values())


def has(project: Project, role: Role) -> bool:
    """Whether anybody has `role` in `project`."""
    query = select(Membership.user_id).where(Membership.project_id == project.id, Membership.role == role)
    return db.session.scalar(query.limit(1)) is not None


def remove(project: Project, user_id: str, role: Role, *, by: User | None = None) -> User:
    """Take a role away; the person's work stays. Raises Conflict for the project's last manager."""
    membership = db.session.get(Membership, (project.id, user_id, role))
    if membership is None:
        raise NotFound("This person does not have that role here.")
    if role is Role.MANAGER and _managers(project) == 1:
        raise Conflict("This is the project's only manager. Give somebody else that role first.")
    db.session.delete(membership)
    payload = {"user": user_id, "role": role}
    events.record("member.remove", user_id, payload, user_id=by.id if by else None, project_id=project.id)
    db.session.flush()
    return db.session.get_one(User, user_id)


def set_capacity(project: Project, user_id: str, capacity: int | None, *, by: User | None = None) -> bool:
    """How many open reviews the reviewer is given at most, None for any number; False if it was so."""
    membership = db.session.get(Membership, (project.id, user_id, Role.REVIEWER))
    if membership is None:
        raise NotFound("There is no such reviewer in this project.")
    if capacity is not None and not 0 <= capacity <= MOST_REVIEWS:
        raise Invalid.field("capacity", f"Choose 0 to {MOST_REVIEWS:,} open reviews, or leave it empty.")
    if membership.capacity == capacity:
        return False
    payload = {"user": user_id, "before": membership.capacity, "after": capacity}
    membership.capacity = capacity
    events.record("member.capacity", user_id, payload, user_id=by.id if by else None, project_id=project.id)
    db.session.flush()
    return True


def _managers(project: Project) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(Membership.project_id == project.id, Membership.role == Role.MANAGER)
        )
        or 0
    )
