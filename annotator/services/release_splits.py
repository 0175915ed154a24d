"""Train, dev and test: the sides of a release's articles, with the copies of one text on one side."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection

from annotator.domain.publication import SPLITS, Split
from annotator.models import Article, Project
from annotator.services import copy_finding
from annotator.services.datasets.layers import Row, finished_articles

COLUMNS = ("article_id", "split", "copy_group")


def sides(connection: Connection, project: Project, split: Split) -> tuple[list[Row], dict[str, Any]]:
    """A row for each finished article, and what the manifest tells of them.

    A group of copies is named by the first article of the project that is in it, finished or not, so that neither new
    articles nor articles finished later move it. Only a new article that is a copy of two groups makes them one. What a
    person confirmed or rejected stands before what the texts say.
    """
    first_copy = copy_finding.first_copies(connection, project.id)
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
