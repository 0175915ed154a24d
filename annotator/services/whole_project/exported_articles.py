"""The articles of a project as lines of the file: some at a time, each with its versions and the work on it."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from annotator.formats.project_records import ArticleLine, BlockPart, OriginalPart, SuggestionPart, VersionPart
from annotator.formats.work_records import CopyPart
from annotator.models import (
    Annotation,
    Article,
    ArticleBlock,
    ArticleOriginal,
    ArticleVersion,
    Assignment,
    CopyMember,
    ImportedSuggestion,
    Project,
)
from annotator.services.whole_project.exported_work import Work
from annotator.services.whole_project.parts import Query, Row, made, rows_by

MOST_ARTICLES = 100
MOST_CHARACTERS = 4_000_000
MOST_CLAIMS = 5_000
"""How much is held at a time; a single article with more is held alone."""


def article_lines(
    connection: Connection, project: Project, keys: dict[str, str], shown: Query | None
) -> Iterator[ArticleLine]:
    """A line for each article, in their order. `keys` are those of the labels by id; see `Work` for `shown`."""
    for batch in _batches(connection, project):
        yield from _articles(connection, batch, keys, shown)


def _batches(connection: Connection, project: Project) -> Iterator[list[Row]]:
    """The articles of the project in parts that can be held at a time."""
    length = (
        select(func.coalesce(func.sum(ArticleVersion.length), 0) + func.coalesce(func.sum(_bytes()), 0))
        .outerjoin(ArticleOriginal, ArticleOriginal.version_id == ArticleVersion.id)
        .where(ArticleVersion.article_id == Article.id)
        .scalar_subquery()
    )
    claims = (
        select(func.count(Annotation.id))
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .where(Assignment.article_id == Article.id)
        .scalar_subquery()
    )
    listed = (
        select(Article.__table__, length.label("characters"), claims.label("claims"))
        .where(Article.project_id == project.id, Article.listed_at.is_not(None))
        .order_by(Article.position)
        .limit(MOST_ARTICLES)
    )
    found = connection.execute(listed).all()
    while found:
        batch: list[Row] = []
        characters = claim_count = 0
        for row in found:
            characters, claim_count = characters + row.characters, claim_count + row.claims
            if batch and (characters > MOST_CHARACTERS or claim_count > MOST_CLAIMS):
                yield batch
                batch, characters, claim_count = [], row.characters, row.claims
            batch.append(row)
        yield batch
        found = connection.execute(listed.where(Article.position > found[-1].position)).all()


def _bytes() -> Any:
    return func.length(ArticleOriginal.content)


def _articles(
    connection: Connection, batch: Sequence[Row], keys: dict[str, str], shown: Query | None
) -> Iterator[ArticleLine]:
    ids = [row.id for row in batch]
    versions, numbers = _versions(connection, ids)
    work = Work(connection, ids, keys=keys, numbers=numbers, shown=shown)
    copies = rows_by(
        connection,
        select(CopyMember.__table__).where(CopyMember.article_id.in_(ids)).order_by(CopyMember.group_id),
        "article_id",
    )
    for row in batch:
        yield made(
            ArticleLine,
            row,
            versions=versions[row.id],
            assignments=work.assignments[row.id],
            decisions=work.decisions[row.id],
            posts=work.posts[row.id],
            copies=[made(CopyPart, each, copy_group=each.group_id, person=each.user_id) for each in copies[row.id]],
        )


def _versions(connection: Connection, ids: Sequence[str]) -> tuple[defaultdict[str, list[VersionPart]], dict[str, int]]:
    """The versions of each article, and the number of each version by its id."""
    mine = select(ArticleVersion.id).where(ArticleVersion.article_id.in_(ids))
    blocks = rows_by(
        connection,
        select(ArticleBlock.__table__)
        .where(ArticleBlock.version_id.in_(mine))
        .order_by(ArticleBlock.version_id, ArticleBlock.position),
        "version_id",
    )
    originals = {
        row.version_id: made(OriginalPart, row, content=base64.b64encode(row.content).decode())
        for row in connection.execute(select(ArticleOriginal.__table__).where(ArticleOriginal.version_id.in_(mine)))
    }
    suggested = rows_by(
        connection,
        select(ImportedSuggestion.__table__)
        .where(ImportedSuggestion.version_id.in_(mine))
        .order_by(ImportedSuggestion.start, ImportedSuggestion.end),
        "version_id",
    )
    found: defaultdict[str, list[VersionPart]] = defaultdict(list)
    numbers = {}
    query = select(ArticleVersion.__table__).where(ArticleVersion.article_id.in_(ids)).order_by(ArticleVersion.number)
    for row in connection.execute(query):
        numbers[row.id] = row.number
        part = made(
            VersionPart,
            row,
            blocks=[made(BlockPart, block) for block in blocks[row.id]],
            original=originals.get(row.id),
            suggestions=[made(SuggestionPart, each) for each in suggested[row.id]],
        )
        found[row.article_id].append(part)
    return found, numbers
