"""Which paragraphs of articles stand in other articles that are no copies of them, for who may read both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from annotator.db import db
from annotator.models import Article, ArticleVersion, Assignment, CopyMember, CopyState, SharedPassage, User
from annotator.permissions import Action
from annotator.services.present_work import is_present
from annotator.services.projects import Access

ON_A_PAGE = 20
LONGEST = 1_500
"""Characters of a paragraph that are shown in the list."""


@dataclass(frozen=True)
class Place:
    """A paragraph, [start, end) of a version of an article."""

    article_id: str
    version: int
    start: int
    end: int
    heading: str
    publisher: str
    agency: str
    published: date | None


@dataclass(frozen=True)
class Elsewhere:
    """A paragraph of an article, and where it stands too, in the order of the project."""

    start: int
    end: int
    places: list[Place]


@dataclass(frozen=True)
class Copy:
    """An article with the same text as another, and what is said of that; its place has no span."""

    place: Place
    state: CopyState


@dataclass(frozen=True)
class Beside:
    """What of an article stands in others: all of it, or paragraphs; in the order of the project."""

    copies: list[Copy]
    paragraphs: list[Elsewhere]


@dataclass(frozen=True)
class Group:
    """A paragraph of several stories: its beginning as the first has it, and all its places."""

    id: str
    text: str
    places: list[Place]


_NO_PLACE = literal(0)
_PLACE: tuple[Any, ...] = (
    Article.id,
    ArticleVersion.number,
    SharedPassage.start,
    SharedPassage.end,
    func.coalesce(func.nullif(ArticleVersion.title, ""), ArticleVersion.suggested_title),
    ArticleVersion.publisher,
    ArticleVersion.agency,
    ArticleVersion.published,
)


def beside(user: User, access: Access, article_id: str, version_id: str) -> Beside:
    """The copies of an article, and its paragraphs that stand elsewhere, as far as `user` may read those: one statement.

    A reviewer reads the articles that are assigned to them; what they see depends on nothing that others mark.
    """
    mine = aliased(SharedPassage)
    paragraphs = (
        select(
            Article.position,
            mine.start.label("our_start"),
            mine.end.label("our_end"),
            cast(null(), String).label("state"),
            *_PLACE,
        )
        .select_from(mine)
        .join(SharedPassage, SharedPassage.group_id == mine.group_id)
        .join(ArticleVersion, ArticleVersion.id == SharedPassage.version_id)
        .join(Article, (Article.id == ArticleVersion.article_id) & (Article.version == ArticleVersion.number))
        .where(mine.version_id == version_id, Article.id != article_id, Article.id.not_in(_copies_of(article_id)))
    )
    copies = (
        select(
            Article.position,
            _NO_PLACE,
            _NO_PLACE,
            cast(CopyMember.state, String),
            *_PLACE[:2],
            _NO_PLACE,
            _NO_PLACE,
            *_PLACE[4:],
        )
        .select_from(CopyMember)
        .join(Article, Article.id == CopyMember.article_id)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(
            CopyMember.group_id.in_(_group_of(article_id)),
            CopyMember.state != CopyState.REJECTED,
            Article.id != article_id,
        )
    )
    if not access.may(Action.READ_ALL):
        own = select(Assignment.article_id).where(Assignment.user_id == user.id, is_present())
        paragraphs, copies = (query.where(Article.id.in_(own)) for query in (paragraphs, copies))
    same: list[Copy] = []
    found: dict[tuple[int, int], list[Place]] = {}
    both = union_all(paragraphs, copies).subquery()
    for _, start, end, state, *place in db.session.execute(
        select(both).order_by(both.c.our_start, both.c.position, both.c.start)
    ):
        if state is None:
            found.setdefault((start, end), []).append(Place(*place))
        else:
            same.append(Copy(Place(*place), CopyState(state)))
    return Beside(same, [Elsewhere(start, end, places) for (start, end), places in found.items()])


def groups_in(project_id: str, *, offset: int = 0, limit: int = ON_A_PAGE) -> list[Group]:
    """Paragraphs of several stories of the project, in the order of their first articles: two statements."""
    listed = _present(select(SharedPassage.group_id)).where(SharedPassage.project_id == project_id)
    of_copies = (CopyMember.article_id == Article.id) & (CopyMember.state != CopyState.REJECTED)
    stories: ColumnElement[int] = func.count(func.coalesce(CopyMember.group_id, Article.id).distinct())
    wanted = db.session.scalars(
        listed.outerjoin(CopyMember, of_copies)
        .group_by(SharedPassage.group_id)
        .having(stories > 1)
        .order_by(func.min(Article.position), SharedPassage.group_id)
        .limit(limit)
        .offset(offset)
    ).all()
    return _with_places(wanted) if wanted else []


def _with_places(group_ids: Sequence[str]) -> list[Group]:
    text = func.substr(ArticleVersion.text, SharedPassage.start + 1, SharedPassage.end - SharedPassage.start)
    rows = db.session.execute(
        _present(select(SharedPassage.group_id, text, *_PLACE))
        .where(SharedPassage.group_id.in_(group_ids))
        .order_by(Article.position, SharedPassage.start)
    )
    texts: dict[str, str] = {}
    places: dict[str, list[Place]] = {group_id: [] for group_id in group_ids}
    for group_id, words, *place in rows:
        texts.setdefault(group_id, words[:LONGEST])
        places[group_id].append(Place(*place))
    return [Group(group_id, texts[group_id], found) for group_id, found in places.items() if found]


def _present(query: Select[Any]) -> Select[Any]:
    """Paragraphs of the present versions."""
    return (
        query.select_from(SharedPassage)
        .join(ArticleVersion, ArticleVersion.id == SharedPassage.version_id)
        .join(Article, (Article.id == ArticleVersion.article_id) & (Article.version == ArticleVersion.number))
    )


def _copies_of(article_id: str) -> Select[str]:
    return select(CopyMember.article_id).where(
        CopyMember.group_id.in_(_group_of(article_id)), CopyMember.state != CopyState.REJECTED
    )


def _group_of(article_id: str) -> Select[str]:
    return select(CopyMember.group_id).where(
        CopyMember.article_id == article_id, CopyMember.state != CopyState.REJECTED
    )
