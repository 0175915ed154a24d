"""What claims have in common with the other claims of their assignment: the article, its text, and who works on it.

A hundred claims may be of one article. So these facts do not travel with each of them, and the database joins no tables
and cuts no text for each: they are read once for a page of claims.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, String, cast, func, select
from sqlalchemy import Row as SqlRow

from annotator.models import Article, ArticleBlock, ArticleVersion, Assignment
from annotator.services.datasets.layers import MOST_CHARACTERS, Page, Row, Scope
from annotator.services.plain_values import day, plain

Claim = SqlRow[*tuple[Any, ...]]

_FACTS = (
    select(
        Assignment.id,
        Assignment.version_id,
        Assignment.user_id,
        plain(Assignment.state),
        ArticleVersion.length,
        Article.position,
        Article.group,
        Article.id.label("article_id"),
        Article.external_id,
        ArticleVersion.number,
        ArticleVersion.sha256,
        ArticleVersion.title,
        ArticleVersion.publisher,
        ArticleVersion.agency,
        ArticleVersion.url,
        plain(ArticleVersion.published),
    )
    .join(Article, Article.id == Assignment.article_id)
    .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
)


@dataclass(frozen=True, slots=True)
class Work:
    """An assignment: `head` is the cells with which the row of each of its claims begins, `text` that of its version.

    `person` is what who works on it is called; `starts` is where the blocks of the text begin, in their order.
    """

    article_id: str
    group: str
    person: str | None
    state: str
    head: Row
    text: str
    starts: Sequence[int]

    def block_at(self, start: int) -> int | None:
        """The block in which a claim begins, counted from 1."""
        return bisect_right(self.starts, start) or None


def with_works(
    connection: Connection, page: Page, scope: Scope, *, position: int
) -> Iterator[tuple[Sequence[Claim], Mapping[str, Work]]]:
    """The claims of the page in parts, with their works by the id of the assignment, which is their first column.

    The page is in the order of articles, whose place is in the column `position`. It is one part, and three statements,
    unless the texts are longer together than MOST_CHARACTERS.
    """
    found = connection.execute(_FACTS.where(Assignment.id.in_({claim[0] for claim in page}))).all()
    for claims in _parts(page, _lengths(found), position):
        at = {claim[position] for claim in claims}
        yield claims, _works(connection, [facts for facts in found if facts.position in at], scope)


def _lengths(found: Page) -> Mapping[int, int]:
    """How many characters the texts of each article have together, by its position."""
    lengths: defaultdict[int, int] = defaultdict(int)
    for at, _version_id, length in {(facts.position, facts.version_id, facts.length) for facts in found}:
        lengths[at] += length
    return lengths


def _parts(page: Page, lengths: Mapping[int, int], position: int) -> Iterator[list[Claim]]:
    """The claims in parts whose texts can be held at a time; those of an article stay together."""
    part: list[Claim] = []
    characters = 0
    for at, claims in groupby(page, key=itemgetter(position)):
        if part and characters + lengths[at] > MOST_CHARACTERS:
            yield part
            part, characters = [], 0
        part += claims
        characters += lengths[at]
    if part:
        yield part


def _works(connection: Connection, found: Page, scope: Scope) -> Mapping[str, Work]:
    """The works of these facts by their ids."""
    versions = {facts.version_id for facts in found}
    query = select(ArticleVersion.id, ArticleVersion.text).where(ArticleVersion.id.in_(versions))
    texts = {version_id: text for version_id, text in connection.execute(query).all()}  # noqa: C416 -- dict() would take its keys
    blocks = _blocks(connection, versions)
    veil = scope.veil(connection, {facts.article_id for facts in found})
    works = {}
    for facts in found:
        id_, version_id, user_id, state, _length, _position, group, *head, published = facts
        works[id_] = Work(
            head[0],
            group,
            veil.called(head[0], user_id, scope.names[user_id]),
            state,
            (scope.slug, scope.release, *head, day(published)),
            texts[version_id],
            blocks.get(version_id, ()),
        )
    return works


def _blocks(connection: Connection, versions: Collection[str]) -> Mapping[str, Sequence[int]]:
    """Where the blocks of each of these versions begin. A row for each block would take four times as long."""
    starts = func.aggregate_strings(cast(ArticleBlock.start, String), ",")
    query = select(ArticleBlock.version_id, starts).group_by(ArticleBlock.version_id)
    found = connection.execute(query.where(ArticleBlock.version_id.in_(versions))).all()
    return {version_id: sorted(map(int, joined.split(","))) for version_id, joined in found}
