"""Datasets: the layers of a project as tables, read in one moment of time and streamed page by page.

Each module beside this one is a layer: its columns in the order in which they are exported, and its query. Memory does not grow with the dataset, and
the number of statements of a page does not depend on what is in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, select, tuple_, union

from annotator.db import db, one_moment
from annotator.errors import Invalid
from annotator.models import (
    Article,
    Assignment,
    Label,
    Link,
    Membership,
    Project,
    User,
)
from annotator.services import naming, openness, projects
from annotator.services.datasets.articles import articles_layer
from annotator.services.datasets.claims import annotations_layer, gold_layer
from annotator.services.datasets.decisions import decisions_layer
from annotator.services.datasets.dissent import dissent_layer
from annotator.services.datasets.evidence import evidence_layer
from annotator.services.datasets.layers import Layer, Query, Row, Scope
from annotator.services.datasets.links import links_layer

PAGE = 1_000

LAYERS: dict[str, Layer] = {
    "gold": gold_layer,
    "annotations": annotations_layer,
    "evidence": evidence_layer,
    "links": links_layer,
    "articles": articles_layer,
    "decisions": decisions_layer,
    "dissent": dissent_layer,
}
"""The layers by the names of the command line and the API."""


@dataclass(frozen=True)
class Table:
    """The columns of a layer and its rows, each as long as the columns.

    Values are text, numbers, booleans or None (not given). The rows can be read once; close them if you do not read to
    the end, since they hold a read transaction.
    """

    columns: Sequence[str]
    rows: Iterator[Row]


def table(project: Project, layer: str, *, viewer: User | None = None, page: int = PAGE) -> Table:
    """The layer of `project`, in a total order that does not change. Nothing is read before the first row is taken.

    With a `viewer` the reviewers' work on an article is left out until all of its reviewers have submitted, as
    everywhere on the web; the command line, which has no viewer, exports all of it. Gold and decisions are those of
    finished articles. Raises Invalid for an unknown layer and, while reading, Conflict for a claim whose quote is not
    what the text says.
    """
    chosen = layer_called(layer)
    scope = _scope(project, shown=openness.opened_to(viewer, project) if viewer else None)
    if viewer is not None:
        scope = replace(scope, hides_names=naming.hides_names(projects.access_to(viewer, project.id)))
    return Table(chosen.columns(scope), _rows_of_one_moment(db.engine, chosen, scope, page))


def layer_called(name: str) -> Layer:
    """The layer of that name. Raises Invalid."""
    chosen = LAYERS.get(name)
    if chosen is None:
        raise Invalid.field("layer", f"There is no layer '{name}'. Choose of {', '.join(LAYERS)}.")
    return chosen


@contextmanager
def all_tables(project: Project, *, release: str, shown: Query, page: int = PAGE) -> Iterator[AllTables]:
    """Every layer of `project` in one moment of time, for the release of that version; read each before the next.

    Reviewers' work is that on the articles of `shown`, a query for their ids.
    """
    scope = _scope(project, shown=shown, release=release)
    with one_moment(db.engine) as connection:
        tables = (
            (name, Table(layer.columns(scope), _rows(connection, layer, scope, page))) for name, layer in LAYERS.items()
        )
        yield AllTables(connection, tables)


@dataclass(frozen=True)
class AllTables:
    """The layers by name, and the connection on which everything else of the same moment can be read."""

    connection: Connection
    tables: Iterator[tuple[str, Table]]


@contextmanager
def open_table(project: Project, layer: str, *, viewer: User | None = None) -> Iterator[Table]:
    """The same, closed at the end of the block."""
    found = table(project, layer, viewer=viewer)
    with closing(found.rows):  # type: ignore[type-var]  # a generator, which has close()
        yield found


def _rows_of_one_moment(engine: Engine, layer: Layer, scope: Scope, page: int) -> Iterator[Row]:
    with one_moment(engine) as connection:
        yield from _rows(connection, layer, scope, page)


def _rows(connection: Connection, layer: Layer, scope: Scope, page: int) -> Iterator[Row]:
    query = layer.query(scope).order_by(*layer.key).limit(page)
    found = connection.execute(query).all()
    while found:
        yield from layer.build(connection, found, scope)
        if len(found) < page:
            return
        found = connection.execute(_after(query, layer, tuple(found[-1][-len(layer.key) :]))).all()


def _after(query: Query, layer: Layer, last: tuple[object, ...]) -> Query:
    """The page that follows the row with the key `last`."""
    return query.where(tuple_(*layer.key) > last)


def _scope(project: Project, *, shown: Query | None, release: str | None = None) -> Scope:
    return Scope(
        project_id=project.id,
        slug=project.slug,
        labels=tuple(_label_keys(project)),
        names=_names(project),
        shown=shown,
        release=release,
    )


def _label_keys(project: Project) -> Sequence[str]:
    query = select(Label.key).where(Label.project_id == project.id).order_by(Label.position, Label.key)
    return db.session.scalars(query).all()


def _names(project: Project) -> dict[str, str]:
    """What people are called in exports, by id: their name, with the first letters of their id where two share it.

    Addresses are never exported.
    """
    involved = union(
        select(Membership.user_id).where(Membership.project_id == project.id),
        select(Assignment.user_id).join(Article).where(Article.project_id == project.id),
        select(Link.user_id).where(Link.project_id == project.id),
    )
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(involved))).all()
    names = [name for _, name in rows]
    return {user_id: name if names.count(name) == 1 else f"{name} ({user_id[:6]})" for user_id, name in rows}
