"""The layer of texts, of releases only: a row for each text that its claims are about, by which it is known again."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, or_, select

from annotator.models import Article, ArticleVersion, Assignment
from annotator.services.datasets.layers import Layer, Page, Query, Row, Scope, finished_articles, in_project

TEXTS = ("article_id", "version", "sha256", "length", "file")
TEXT_KEY = (Article.position, ArticleVersion.number)


def _text_query(scope: Scope) -> Query:
    """The present versions of finished articles, and those that somebody worked on."""
    settled = finished_articles(scope.project_id)
    worked_on = select(Assignment.version_id).where(Assignment.article_id.in_(settled))
    query = (
        select(ArticleVersion.article_id, ArticleVersion.sha256, ArticleVersion.length, *TEXT_KEY)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(Article.id.in_(settled), or_(ArticleVersion.number == Article.version, ArticleVersion.id.in_(worked_on)))
    )
    return in_project(query, scope)


def _text_rows(_connection: Connection, page: Page, _scope: Scope) -> Iterator[Row]:
    for article_id, sha256, length, _position, number in page:
        yield (article_id, number, sha256, length, f"texts/{article_id}-v{number}.txt")


texts_layer = Layer(lambda _: TEXTS, _text_query, TEXT_KEY, _text_rows)
