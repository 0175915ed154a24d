"""What all layers share: whose dataset it is, whose work belongs to it, and how values leave the database.

A query ends in the columns of its layer's key, by which it is ordered and paged. Values leave as text, numbers, booleans
or None (not given), so that every format can write them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.sql.elements import ColumnElement

from annotator.formats.records import Value
from annotator.models import Article, Assignment, AssignmentKind, AssignmentState
from annotator.services import naming
from annotator.services.naming import Veil

Query = Select[*tuple[Any, ...]]
Page = Sequence[SqlRow[*tuple[Any, ...]]]
Row = tuple[Value, ...]

CHAIN = " → "
"""What joins the relay of a speaker in one cell."""


MOST_CHARACTERS = 4_000_000
"""How much text of articles is held at a time; a single longer article is held alone."""


@dataclass(frozen=True)
class Scope:
    """Whose dataset it is. `names` is what people are called, by id.

    `shown` is the ids of the articles whose reviews may be shown, as a query, or None for all. `release` is the version
    that is being frozen; with `settled` articles that are not finished are left out. With `hides_names` reviewers of
    unfinished articles are letters.
    """

    project_id: str
    slug: str
    labels: tuple[str, ...]
    names: Mapping[str, str | None]
    shown: Query | None
    release: str | None = None
    settled: bool = False
    hides_names: bool = False

    def veil(self, connection: Connection, article_ids: Collection[str]) -> Veil:
        """The veil over those of the articles whose adjudication is not finished, if names are hidden."""
        return naming.letters_in(article_ids, connection) if self.hides_names else naming.NO_VEIL


@dataclass(frozen=True)
class Table:
    """The columns of a layer and its rows, each as long as the columns.

    Values are text, numbers, booleans or None (not given). The rows can be read once; close them if you do not read to
    the end, since they hold a read transaction.
    """

    columns: Sequence[str]
    rows: Iterator[Row]


@dataclass(frozen=True)
class Layer:
    """How one layer is read: its columns, a query ending in `key`, and what makes rows of a page of its results."""

    columns: Callable[[Scope], Sequence[str]]
    query: Callable[[Scope], Query]
    key: tuple[Any, ...]
    build: Callable[[Connection, Page, Scope], Iterable[Row]]


def reviewed(scope: Scope) -> ColumnElement[bool]:
    """Reviewers' work that may be shown."""
    review = Assignment.kind == AssignmentKind.REVIEW
    if scope.shown is None:
        return review
    # It speaks of all assignments, whatever the query around it is about.
    return and_(review, Assignment.article_id.in_(scope.shown.correlate(None)))


def finished() -> ColumnElement[bool]:
    """The work of an adjudicator who has finished the article."""
    return and_(Assignment.kind == AssignmentKind.ADJUDICATION, Assignment.state == AssignmentState.SUBMITTED)


def finished_articles(project_id: str) -> Query:
    """The ids of the listed articles whose adjudication is finished, as a query to look into."""
    return (
        select(Assignment.article_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(Article.project_id == project_id, Article.listed_at.is_not(None), finished())
    )


def adjudicated_versions(project_id: str) -> Query:
    """The ids of the versions of their texts that the gold sets of these articles stand on, as a query to look into."""
    return finished_articles(project_id).with_only_columns(Assignment.version_id)


def in_project(query: Query, scope: Scope) -> Query:
    """`query`, which joins Article, for the listed articles of the project."""
    return query.where(Article.project_id == scope.project_id, Article.listed_at.is_not(None))
