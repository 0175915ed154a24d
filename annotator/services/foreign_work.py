"""A reviewer's present work on articles, for claims that somebody else brings in for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from annotator.db import db
from annotator.errors import Conflict
from annotator.models import Article, ArticleVersion, Assignment, AssignmentKind, AssignmentState, User
from annotator.permissions import OPEN
from annotator.services.giving import BEGUN, MANY, REVEALED

_OTHER_KINDS = {
    AssignmentKind.ADJUDICATION: "They adjudicate this article, so they cannot review it.",
    AssignmentKind.TRAINING: "It is a training article of theirs, whose claims count for nothing.",
    AssignmentKind.RETURNED: "They gave this article back to the pool. Give it to them again first.",
}
_CLOSED = {
    AssignmentState.SUBMITTED: "They have submitted this article. They can reopen it.",
    AssignmentState.LOCKED: "They have submitted this article, and it is being adjudicated.",
}


def of(user: User, article_ids: Sequence[str]) -> dict[str, Assignment]:
    """The work of `user` on those articles, by article, second looks aside: at most one on each."""
    found: dict[str, Assignment] = {}
    for start in range(0, len(article_ids), MANY):
        rows = db.session.scalars(
            select(Assignment)
            .where(
                Assignment.user_id == user.id,
                Assignment.article_id.in_(article_ids[start : start + MANY]),
                Assignment.kind != AssignmentKind.SECOND_LOOK,
            )
            .execution_options(populate_existing=True)
        )
        found |= {work.article_id: work for work in rows}
    return found


def require_room(user: User, article_ids: Sequence[str]) -> None:
    """Raise Conflict unless `user` reviews all those articles, openly, or may still be given them."""
    works = of(user, article_ids)
    for work in works.values():
        problem = closed(work)
        if problem is not None:
            raise Conflict(f"“{_heading(work.article_id)}”: {problem}")
    others = [article_id for article_id in article_ids if article_id not in works]
    for start in range(0, len(others), MANY):
        begun = exists().where(Assignment.article_id == Article.id, Assignment.kind == AssignmentKind.ADJUDICATION)
        row = db.session.execute(
            select(Article.id, Article.revealed_at)
            .where(Article.id.in_(others[start : start + MANY]), or_(begun, Article.revealed_at.is_not(None)))
            .limit(1)
        ).first()
        if row is not None:
            raise Conflict(f"“{_heading(row.id)}”: {REVEALED if row.revealed_at else BEGUN}")


def _heading(article_id: str) -> str:
    """What to call the article."""
    title, suggested = db.session.execute(
        select(ArticleVersion.title, ArticleVersion.suggested_title)
        .join(Article, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.id == article_id)
    ).one()
    return str(title or suggested)


def closed(work: Assignment | None, version_id: str = "") -> str | None:
    """Why nothing can be added to that work, in a sentence; None if it is an open review, or there is none yet.

    `version_id` is that of the text in which the places of claims are known, if it matters.
    """
    if work is None:
        return None
    if work.kind is not AssignmentKind.REVIEW:
        return _OTHER_KINDS[work.kind]
    if work.state not in OPEN:
        return _CLOSED[work.state]
    return "They review another version of its text." if version_id not in {"", work.version_id} else None
