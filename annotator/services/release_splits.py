"""Train, dev and test: the sides of a release's articles, with the copies of one text on one side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, select

from annotator.domain.publication import SPLITS, Split
from annotator.models import Article, ArticleVersion, Project
from annotator.services.datasets.layers import Row, finished_articles

COLUMNS = ("article_id", "split", "copy_group")

_AT_ONCE = 200


def sides(connection: Connection, project: Project, split: Split) -> tuple[list[Row], dict[str, Any]]:
    """A row for each finished article, and what the manifest tells of them.

    A group of copies is named by the first article of the project that is in it, finished or not, so that neither new
    articles nor articles finished later move it. Only a new article that is a copy of two groups makes them one.
    """
    # Numpy is needed by nothing else that a server does when it starts.
    from annotator.matching.copies import copy_groups

    first_copy = copy_groups(_texts(connection, project))
    query = finished_articles(project.id).order_by(Article.position)
    finished = [article_id for article_id in connection.scalars(query) if article_id in first_copy]
    rows: list[Row] = [(each, split.side_of(first_copy[each]), first_copy[each]) for each in finished]
    articles = Counter(side for _, side, _ in rows)
    sizes = Counter(group for *_, group in rows)
    return rows, {
        "seed": split.seed,
        "shares": str(split),
        "articles": {side: articles[side] for side in SPLITS},
        "copies": {
            "groups": sum(1 for size in sizes.values() if size > 1),
            "articles": sum(size for size in sizes.values() if size > 1),
        },
    }


def _texts(connection: Connection, project: Project) -> Iterator[tuple[str, str]]:
    """All listed articles in their order, each in its present version."""
    query = (
        select(Article.id, ArticleVersion.text, Article.position)
        .join(ArticleVersion, and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == Article.version))
        .where(Article.project_id == project.id, Article.listed_at.is_not(None))
        .order_by(Article.position)
        .limit(_AT_ONCE)
    )
    found = connection.execute(query).all()
    while found:
        yield from ((article_id, text) for article_id, text, _ in found)
        found = connection.execute(query.where(Article.position > found[-1].position)).all()
