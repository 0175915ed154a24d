"""The reveal: an act by which the reviewers of an article see what the others marked, before anything is decided.

It is on record with name and time, and cannot be taken back: nobody can be made blind again. What reviewers change
afterwards is of a later round (services/later_rounds.py), and agreement counts what they had first.
"""

from __future__ import annotations

from sqlalchemy import select, update

from annotator.db import db, now
from annotator.errors import AnnotatorError, Conflict
from annotator.models import Article, Assignment, AssignmentKind, Event, User
from annotator.permissions import Action, require
from annotator.services import articles, events
from annotator.services.articles import ArticleAccess
from annotator.services.later_rounds import ROUND
from annotator.services.openness import is_open


def reveal(user: User, article_id: str) -> Article:
    """Show the reviewers of the article each other's claims. To repeat it changes nothing.

    Raises NotFound and Forbidden as usual, Conflict to one of its reviewers, in a project without discussion, before
    all have submitted and after the first decision.
    """
    article = _lock(to_reveal(user, article_id))
    if article.revealed_at is not None:
        return article
    # Another may have begun to adjudicate, or a reviewer may have reopened it, while this waited for the lock.
    to_reveal(user, article_id)
    article.revealed_at = now()
    db.session.execute(
        update(Assignment)
        .where(Assignment.article_id == article.id, Assignment.kind == AssignmentKind.REVIEW)
        .values(round=ROUND)
    )
    db.session.flush()
    events.record("article.reveal", article.id, {}, user_id=user.id, project_id=article.project_id, chain=article.id)
    db.session.flush()
    return article


def to_reveal(user: User, article_id: str) -> ArticleAccess:
    """The article, if `user` may reveal it now or it is revealed already. Raises as `reveal`."""
    found = articles.get_for(user, article_id)
    require(found.access.roles, Action.REVEAL)
    if found.assignment is not None and found.assignment.kind is not AssignmentKind.ADJUDICATION:
        raise Conflict("This article was given to you as a reviewer, so somebody else must reveal it.")
    project = found.access.project
    if not project.discussion:
        raise Conflict("This project does not reveal articles: a manager can allow it in the settings.")
    if not is_open(article_id, project.reviewers):
        raise Conflict("This article cannot be revealed yet: its reviewers have not all submitted it.")
    begun = select(Assignment.id).where(
        Assignment.article_id == article_id, Assignment.kind == AssignmentKind.ADJUDICATION
    )
    if found.article.revealed_at is None and db.session.scalar(begun) is not None:
        raise Conflict(
            "The adjudication of this article has begun. To ask its reviewers again, send single questions back."
        )
    return found


def may_reveal(user: User, found: ArticleAccess) -> bool:
    """Whether a page may offer it to `user`; a project that does not reveal asks the database nothing."""
    if not found.access.project.discussion or found.article.revealed_at is not None:
        return False
    try:
        to_reveal(user, found.article.id)
    except AnnotatorError:
        return False
    return True


def by_whom(article: Article) -> str:
    """The name of who revealed the article: one statement, none for an article that was not revealed."""
    if article.revealed_at is None:
        return ""
    query = (
        select(User.name)
        .join(Event, Event.user_id == User.id)
        .where(Event.chain == article.id, Event.action == "article.reveal")
    )
    return db.session.scalar(query) or ""


def _lock(found: ArticleAccess) -> Article:
    query = select(Article).where(Article.id == found.article.id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
