"""Agreement article by article: the figures of each, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import load_only

from annotator.db import db
from annotator.errors import Invalid
from annotator.models import Article, ArticleVersion, Project, User
from annotator.services import agreement_store as store

if TYPE_CHECKING:
    from annotator.agreement.by_article import ArticleFigures

PAGE = 50
MOST_OPEN = "open"
ORDERS = {
    MOST_OPEN: "Most to decide",
    "found": "Fewest claims in common",
    "u-alpha": "Lowest uα",
    "opened": "Latest opened",
}


@dataclass(frozen=True)
class Titled:
    """An article's figures under its title."""

    title: str
    figures: ArticleFigures


@dataclass(frozen=True)
class Found:
    """A page of the articles: `number` of `pages`, from 1."""

    rows: list[Titled]
    total: int
    number: int
    pages: int


def page(project: Project, viewer: User, order: str, number: int = 1) -> Found:
    """A page of the articles that count for `viewer`: a handful of statements. Raises Invalid for another order."""
    from annotator.agreement import by_article

    if order not in ORDERS:
        raise Invalid.field("sort", f"'{order}' is not possible. Choose one of {', '.join(ORDERS)}.")
    found, sums = store.sums(project, viewer)
    columns = by_article.columns(sums)
    ranked = columns.ranked(order)
    pages = max(1, -(-len(ranked) // PAGE))
    number = min(max(number, 1), pages)
    chosen = ranked[PAGE * (number - 1) : PAGE * number]
    return Found(titled(columns.figures(chosen, list(found.articles))), len(ranked), number, pages)


def titled(figures: Sequence[ArticleFigures]) -> list[Titled]:
    """The figures under their titles: one statement."""
    query = (
        select(ArticleVersion)
        .join(Article, (Article.id == ArticleVersion.article_id) & (Article.version == ArticleVersion.number))
        .where(Article.id.in_([each.article for each in figures]))
        .options(load_only(ArticleVersion.article_id, ArticleVersion.title, ArticleVersion.suggested_title))
    )
    titles = {version.article_id: version.heading for version in db.session.scalars(query)}
    return [Titled(titles.get(each.article) or "Untitled", each) for each in figures]
