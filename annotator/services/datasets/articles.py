"""The layer of articles: a row for each article, without its text.

With the gold set it is the version that the gold stands on, and otherwise the present one.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, and_, select

from annotator.models import Article, ArticleVersion
from annotator.services.datasets.layers import Layer, Page, Query, Row, Scope, adjudicated_versions, in_project
from annotator.services.plain_values import day, moment

ARTICLES = (
    "article_id", "external_id", "article_group", "version", "sha256", "title", "byline", "agency", "publisher", "url",
    "published", "language", "length", "words", "source_file", "imported_at",
)  # fmt: skip
ARTICLE_KEY = (Article.position,)


def _article_query(scope: Scope) -> Query:
    query = select(
        Article.id,
        Article.external_id,
        Article.group,
        ArticleVersion.number,
        ArticleVersion.sha256,
        ArticleVersion.title,
        ArticleVersion.byline,
        ArticleVersion.agency,
        ArticleVersion.publisher,
        ArticleVersion.url,
        ArticleVersion.published,
        ArticleVersion.language,
        ArticleVersion.length,
        ArticleVersion.words,
        ArticleVersion.source_file,
        Article.listed_at,
        *ARTICLE_KEY,
    )
    if not scope.settled:
        present = and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == Article.version)
        return in_project(query.join(ArticleVersion, present), scope)
    query = in_project(query.join(ArticleVersion, ArticleVersion.article_id == Article.id), scope)
    return query.where(ArticleVersion.id.in_(adjudicated_versions(scope.project_id)))


def _article_rows(_connection: Connection, page: Page, _scope: Scope) -> Iterator[Row]:
    for row in page:
        *texts, published, language, length, words, source_file, listed_at, _position = row
        yield (*texts, day(published), language, length, words, source_file, moment(listed_at))


articles_layer = Layer(lambda _: ARTICLES, _article_query, ARTICLE_KEY, _article_rows)
