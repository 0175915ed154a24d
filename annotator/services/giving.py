"""Giving articles to people and taking them away: what a manager does by hand, and how it is stored in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, insert, select

from annotator.db import db, new_id, now
from annotator.errors import Conflict, NotFound
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    DismissedSuggestion,
    Project,
    User,
)
from annotator.permissions import OPEN
from annotator.services import events
from annotator.services.assignments import reviewers_of

BEGUN = "An adjudicator has begun with this article, so it gets no other reviewers."
REVEALED = "This article was revealed to its reviewers: somebody new would no longer be blind."
TOUCHED = "They have begun with this article. Return it to the pool instead: their work is kept."
MANY = 500


@dataclass(frozen=True)
class Gift:
    """One article for one person."""

    article_id: str
    version_id: str
    user_id: str
    kind: AssignmentKind = AssignmentKind.REVIEW


def lock_project(project: Project) -> None:
    """One dealing at a time; SQLite has one writer anyway.

    The weaker lock of an update that leaves the key alone: who saves a claim holds its article and refers to the
    project, and would otherwise wait for a dealing that waits for the article.
    """
    db.session.execute(select(Project.id).where(Project.id == project.id).with_for_update(key_share=True))


def lock_articles(article_ids: Iterable[str]) -> None:
    """Hold the articles, always in one order: their events form chains, and nobody may begin to adjudicate them now."""
    ids = sorted(article_ids)
    for start in range(0, len(ids), MANY):
        chunk = ids[start : start + MANY]
        db.session.execute(select(Article.id).where(Article.id.in_(chunk)).order_by(Article.id).with_for_update())


def store(project: Project, gifts: Sequence[Gift], *, by: User | None) -> None:
    """Write new assignments, with an event each. The caller holds the articles and knows that nobody has them yet."""
    if not gifts:
        return
    db.session.flush()
    moment = now()
    rows = [
        {
            "id": new_id(),
            "article_id": gift.article_id,
            "version_id": gift.version_id,
            "user_id": gift.user_id,
            "kind": gift.kind,
            "state": AssignmentState.NEW,
            "round": 1,
            "created_at": moment,
        }
        for gift in gifts
    ]
    db.session.execute(insert(Assignment), rows)
    entries = [
        events.Entry("assignment.create", gift.article_id, gift.article_id, _told(gift.user_id, gift.kind))
        for gift in gifts
    ]
    events.record_all(entries, user_id=by.id if by else None, project_id=project.id)


def give(project: Project, article_id: str, user_id: str, *, by: User | None) -> bool:
    """Give the article to a reviewer; False if they have it. Work that they had returned comes back with its marks.

    Raises NotFound for an article or person that is not in the project, Conflict when the person worked on the article
    in another way, or when nobody new may come to it any more.
    """
    version_id = _open_article(project, article_id)
    if user_id not in {each.id for each in reviewers_of(project)}:
        raise NotFound("There is no such reviewer in this project.")
    present = _present(article_id, user_id)
    if present is None:
        store(project, [Gift(article_id, version_id, user_id)], by=by)
        return True
    if present.kind is AssignmentKind.REVIEW:
        return False
    if present.kind is AssignmentKind.ADJUDICATION:
        raise Conflict("They adjudicate this article, so they cannot review it.")
    if present.kind is AssignmentKind.TRAINING:
        raise Conflict("They know the answers to this article from their training.")
    present.kind, present.returned_at, present.active_at = AssignmentKind.REVIEW, None, now()
    record(project, "assignment.give_back", present, by=by)
    return True


def take(project: Project, article_id: str, user_id: str, *, by: User | None) -> bool:
    """Take the article from a reviewer who has not touched it; False if they do not have it. Raises Conflict else."""
    _hold(project, article_id)
    present = _present(article_id, user_id)
    if present is None or present.kind is AssignmentKind.RETURNED:
        return False
    if present.kind is not AssignmentKind.REVIEW or not remove_untouched(project, present, by=by):
        raise Conflict(TOUCHED)
    return True


def send_back(project: Project, article_id: str, user_id: str, *, by: User | None) -> bool:
    """Return an open review to the pool; what was marked is kept. False if they do not have it or had returned it.

    Raises Conflict for one that is submitted: it counts until its reviewer reopens it.
    """
    _hold(project, article_id)
    present = _present(article_id, user_id)
    if present is None or present.kind is AssignmentKind.RETURNED:
        return False
    if present.kind is not AssignmentKind.REVIEW or present.state not in OPEN:
        raise Conflict("They have submitted this article, so it stays with them.")
    mark_returned(project, present, by=by, why="by hand")
    return True


def mark_returned(project: Project, review: Assignment, *, by: User | None, why: str) -> None:
    """The core of it: the review is none any more. The caller holds the article."""
    review.kind, review.returned_at = AssignmentKind.RETURNED, now()
    record(project, "assignment.return", review, by=by, why=why)


def remove_untouched(project: Project, assignment: Assignment, *, by: User | None) -> bool:
    """Delete an assignment that its person has not touched; False if they have. The caller holds the article."""
    if _is_touched(assignment):
        return False
    record(project, "assignment.remove", assignment, by=by)
    db.session.delete(assignment)
    db.session.flush()
    return True


def record(project: Project, action: str, assignment: Assignment, *, by: User | None, why: str = "") -> None:
    """Append what happened to an assignment to the article's chain."""
    payload = {"user": assignment.user_id, "assignment": assignment.id} | ({"why": why} if why else {})
    events.record(
        action,
        assignment.article_id,
        payload,
        user_id=by.id if by else None,
        project_id=project.id,
        chain=assignment.article_id,
    )
    db.session.flush()


def require_untaken(article_id: str) -> None:
    """Raise Conflict when an adjudicator has begun with the article, or when its reviewers see each other."""
    begun = select(Assignment.id).where(
        Assignment.article_id == article_id, Assignment.kind == AssignmentKind.ADJUDICATION
    )
    if db.session.scalar(begun):
        raise Conflict(BEGUN)
    if db.session.scalar(select(Article.revealed_at).where(Article.id == article_id)):
        raise Conflict(REVEALED)


def _open_article(project: Project, article_id: str) -> str:
    """The id of the article's present version, when it may get reviewers; the article is held."""
    _hold(project, article_id)
    require_untaken(article_id)
    return db.session.scalars(
        select(ArticleVersion.id)
        .join(Article, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.id == article_id)
    ).one()


def _hold(project: Project, article_id: str) -> None:
    lock_project(project)
    held = select(Article.id).where(
        Article.id == article_id, Article.project_id == project.id, Article.listed_at.is_not(None)
    )
    if db.session.scalar(held.with_for_update()) is None:
        raise NotFound("There is no such article in this project.")


def _present(article_id: str, user_id: str) -> Assignment | None:
    return db.session.scalar(
        select(Assignment)
        .where(
            Assignment.article_id == article_id,
            Assignment.user_id == user_id,
            Assignment.kind != AssignmentKind.SECOND_LOOK,
        )
        .execution_options(populate_existing=True)
    )


def _is_touched(review: Assignment) -> bool:
    """Whether the person has read, marked or put aside anything; a claim that was deleted again counts."""
    if review.state is not AssignmentState.NEW or review.read_until or review.active_seconds:
        return True
    left = [exists().where(table.assignment_id == review.id) for table in (Annotation, DismissedSuggestion)]
    return any(db.session.scalar(select(each)) for each in left)


def _told(user_id: str, kind: AssignmentKind) -> dict[str, str]:
    return {"user": user_id} if kind is AssignmentKind.REVIEW else {"user": user_id, "kind": kind.value}
