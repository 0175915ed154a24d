"""The history of a claim: who changed what, when, out of the events of its article."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, defer, selectinload

from annotator.db import db
from annotator.domain.claim_changes import Change, differences, same
from annotator.errors import NotFound
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    Event,
    Guideline,
    Project,
    User,
)
from annotator.services import annotations as claims
from annotator.services import gold_history, naming, projects
from annotator.services.gold_history import GoldHistory

DELETE = "annotation.delete"

Found = tuple[Annotation, Article, ArticleVersion, Project]


@dataclass(frozen=True)
class Step:
    """One event: the claim was made, changed, deleted or brought back.

    `state` is the claim after it (before it for a delete), as plain values. `again` is the earlier version that says
    the same: a step back, by undo or by hand. `guideline` is the version that was in force.
    In a `later` round its reviewer was not blind any more.
    """

    version: int
    at: datetime
    by: User | None
    deleted: bool
    brought_back: bool
    state: dict[str, Any]
    changes: list[Change]
    again: int | None
    guideline: int | None
    later: bool


@dataclass(frozen=True)
class History:
    """A claim with its steps, oldest first; `guideline` is the version in force now."""

    annotation: Annotation
    article: Article
    version: ArticleVersion
    project: Project
    steps: list[Step]
    guideline: int | None
    own: bool


def of(user: User, annotation_id: UUID) -> History:
    """The history of a claim that `user` may see: one's own also when it is deleted. Raises NotFound otherwise."""
    found = _owned(user, annotation_id)
    if found is None:
        claims.get_for(user, annotation_id)
        found = _find(annotation_id)
    if found is None:
        raise NotFound
    annotation, article, version, project = found
    own = annotation.assignment.user_id == user.id
    written = db.session.execute(
        select(Guideline.version, Guideline.created_at)
        .where(Guideline.project_id == project.id)
        .order_by(Guideline.version)
    ).all()
    events = db.session.execute(
        select(Event, User)
        .outerjoin(User, User.id == Event.user_id)
        .where(Event.subject == str(annotation_id), Event.chain == article.id, Event.action.startswith("annotation."))
        .order_by(Event.seq)
    ).all()
    steps: list[Step] = []
    for event, person in events:
        in_force = [number for number, since in written if since <= event.at]
        steps.append(_step(event, person, steps, in_force[-1] if in_force else None))
    return History(annotation, article, version, project, steps, written[-1][0] if written else None, own)


def gold_of(user: User, found: History) -> GoldHistory | None:
    """Where the gold claim of that history comes from, with the reviewers as `user` may know them."""
    article_id = found.article.id
    gold = db.session.scalars(
        select(Annotation)
        .where(Annotation.id == found.annotation.id)
        .options(selectinload(Annotation.label), selectinload(Annotation.evidence))
        .execution_options(populate_existing=True)
    ).one()
    return gold_history.of(gold, article_id, naming.veil_for(user, article_id))


def owned(user: User, annotation_id: UUID) -> Annotation | None:
    """The claim with its assignment, deleted or not, if `user` made it and is still in its project."""
    found = _owned(user, annotation_id)
    return found[0] if found else None


def with_all() -> Select[Annotation]:
    """Claims with label, evidence and who made them."""
    return (
        select(Annotation)
        .join(Annotation.assignment)
        .join(Assignment.user)
        .options(
            contains_eager(Annotation.assignment).contains_eager(Assignment.user),
            selectinload(Annotation.label),
            selectinload(Annotation.evidence),
        )
        .execution_options(populate_existing=True)
    )


def _find(annotation_id: UUID) -> Found | None:
    row = db.session.execute(
        select(Annotation, Article, ArticleVersion, Project)
        .join(Annotation.assignment)
        .join(Article, Article.id == Assignment.article_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .join(Project, Project.id == Article.project_id)
        .where(Annotation.id == annotation_id)
        .options(contains_eager(Annotation.assignment), defer(ArticleVersion.text))
    ).first()
    return (row[0], row[1], row[2], row[3]) if row else None


def _owned(user: User, annotation_id: UUID) -> Found | None:
    found = _find(annotation_id)
    if found is None or found[0].assignment.user_id != user.id:
        return None
    projects.access_to(user, found[3].id)
    return found


def _step(event: Event, by: User | None, earlier: Sequence[Step], guideline: int | None) -> Step:
    payload = json.loads(event.payload)
    deleted = event.action == DELETE
    brought_back = bool(earlier) and earlier[-1].deleted and not deleted
    state = payload["before"] if deleted else payload["claim"]
    before = payload.get("before")
    changes = [] if deleted or before is None else differences(before, state)
    again = None
    if changes:
        again = next((step.version for step in reversed(earlier) if not step.deleted and same(step.state, state)), None)
    return Step(
        payload["version"],
        event.at,
        by,
        deleted,
        brought_back,
        state,
        changes,
        again,
        guideline,
        payload.get("round", 1) > 1,
    )
