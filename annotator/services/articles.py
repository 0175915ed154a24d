"""Articles: who may read one, and which there are. How they are stored stands in article_storing.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import defer
from sqlalchemy.orm.attributes import set_committed_value

from annotator.db import db
from annotator.domain import text as texts
from annotator.errors import NotFound
from annotator.models import (
    Article,
    ArticleBlock,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    Project,
    User,
)
from annotator.permissions import Action, require
from annotator.services import projects
from annotator.services.article_storing import Added, add, known
from annotator.services.present_work import FIRST_OF_TWO, is_present
from annotator.services.projects import Access

__all__ = [
    "Added",
    "ArticleAccess",
    "Listed",
    "add",
    "blocks_of",
    "get_for",
    "held",
    "known",
    "load_blocks",
    "managed",
    "page_for",
    "present_of",
]

MANY = 500


@dataclass(frozen=True)
class ArticleAccess:
    """An article as one person may read it; `assignment` is theirs, if they have one."""

    access: Access
    article: Article
    version: ArticleVersion
    assignment: Assignment | None


def get_for(user: User, article_id: str, *, blocks: bool = False) -> ArticleAccess:
    """The article, if `user` may read it: it is assigned to them, or they read every article of the project.

    Raises NotFound otherwise; the same for an article that does not exist. Four statements, five with blocks.
    """
    row = db.session.execute(
        select(Article, ArticleVersion, Assignment)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .outerjoin(Assignment, (Assignment.article_id == Article.id) & (Assignment.user_id == user.id) & is_present())
        .where(Article.id == article_id, Article.listed_at.is_not(None))
        .order_by(FIRST_OF_TWO)
    ).first()
    if row is None:
        raise NotFound
    article, version = row[0], row[1]
    assignment: Assignment | None = row[2]
    access = projects.access_to(user, article.project_id)
    if assignment is None and not access.may(Action.READ_ALL):
        raise NotFound
    if assignment is not None and assignment.version_id != version.id:
        version = db.session.get_one(ArticleVersion, assignment.version_id)
    if blocks:
        load_blocks(version)
    return ArticleAccess(access, article, version, assignment)


def managed(user: User, article_id: str) -> ArticleAccess:
    """The article, for a manager of its project. Raises NotFound to strangers, Forbidden to the others."""
    found = get_for(user, article_id)
    require(found.access.roles, Action.IMPORT)
    return found


def held(project: Project, article_id: str) -> Article:
    """The listed article of the project, held for a change. Raises NotFound."""
    article = db.session.scalar(
        select(Article)
        .where(Article.id == article_id, Article.project_id == project.id, Article.listed_at.is_not(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if article is None:
        raise NotFound("There is no such article in this project.")
    return article


@dataclass(frozen=True)
class Listed:
    """An article in a list, with the person's own assignment, if they have one; the text is not loaded."""

    article: Article
    version: ArticleVersion
    assignment: Assignment | None


def page_for(user: User, access: Access, *, after: str | None = None, limit: int) -> list[Listed]:
    """The first `limit` articles of the project after the article `after` that `user` may read, in order.

    A reviewer's list holds the articles that are assigned to them and depends on nothing that others do.
    """
    query = (
        select(Article, ArticleVersion, Assignment)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .outerjoin(
            Assignment,
            (Assignment.article_id == Article.id)
            & (Assignment.user_id == user.id)
            & (Assignment.kind != AssignmentKind.SECOND_LOOK),
        )
        .where(Article.project_id == access.project.id, Article.listed_at.is_not(None))
        .options(defer(ArticleVersion.text))
        .order_by(Article.position)
        .limit(limit)
    )
    if not access.may(Action.READ_ALL):
        query = query.where(Assignment.id.is_not(None))
    if after is not None:
        place = select(Article.position).where(Article.id == after, Article.project_id == access.project.id)
        query = query.where(Article.position > place.scalar_subquery())
    return [Listed(article, version, assignment) for article, version, assignment in db.session.execute(query)]


def present_of(article_ids: Sequence[str]) -> dict[str, tuple[Article, ArticleVersion]]:
    """Each of the articles with its present version, without its text; a statement for every 500."""
    found: dict[str, tuple[Article, ArticleVersion]] = {}
    ids = list(dict.fromkeys(article_ids))
    for start in range(0, len(ids), MANY):
        rows = db.session.execute(
            select(Article, ArticleVersion)
            .join(
                ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version)
            )
            .where(Article.id.in_(ids[start : start + MANY]))
            .options(defer(ArticleVersion.text))
        )
        found |= {article.id: (article, version) for article, version in rows}
    return found


def load_blocks(version: ArticleVersion) -> None:
    """Fill `version.blocks` with one statement, which reads no text again."""
    blocks = db.session.scalars(
        select(ArticleBlock).where(ArticleBlock.version_id == version.id).order_by(ArticleBlock.position)
    )
    set_committed_value(version, "blocks", blocks.all())


def blocks_of(version: ArticleVersion) -> list[texts.Block]:
    """The loaded blocks of `version` in the domain's words."""
    return [texts.Block(block.kind, block.start, block.end, tuple(block.rejoined)) for block in version.blocks]
