"""Datasets: the layers of a project as tables, read in one moment of time and streamed page by page.

Each module beside this one is a layer: its columns in the order in which they are exported, and its query. Memory does not grow with the dataset, and
the number of statements of a page does not depend on what is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, func, select, union

from annotator.db import db, one_moment
from annotator.domain.publication import People, pseudonym
from annotator.errors import Invalid
from annotator.formats.records import DatasetRecord, DocumentRecord, Export, LabelRecord
from annotator.models import (
    Annotation,
    Article,
    Assignment,
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
from annotator.services.datasets.documents import documents_layer, read_documents
from annotator.services.datasets.evidence import evidence_layer
from annotator.services.datasets.layers import Layer, Query, Row, Scope, Table, finished_articles
from annotator.services.datasets.links import links_layer
from annotator.services.datasets.texts import texts_layer

__all__ = [
    "LAYERS",
    "RELEASED",
    "Table",
    "all_tables",
    "count",
    "export",
    "is_large",
    "layer_called",
    "names_of",
    "open_settled_table",
    "open_table",
    "people_of",
    "read_documents",
    "table",
]

PAGE = 1_000

LARGE = 10_000
"""Articles and claims of a project whose files are made beside the requests; see errands.py."""

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

RELEASED: dict[str, Layer] = {**LAYERS, "texts": texts_layer}
"""What a release holds of them, and more."""

UNDERNEATH: dict[str, Layer] = {"documents": documents_layer}
"""What documents are made from, beside the layers."""


def table(
    project: Project, layer: str, *, viewer: User | None = None, people: People = People.NAMES, page: int = PAGE
) -> Table:
    """The layer of `project`, in a total order that does not change. Nothing is read before the first row is taken.

    With a `viewer` the reviewers' work on an article is left out until all of its reviewers have submitted, as
    everywhere on the web; the command line, which has no viewer, exports all of it. Gold and decisions are those of
    finished articles. Raises Invalid for an unknown layer and, while reading, Conflict for a claim whose quote is not
    what the text says.
    """
    chosen, scope = layer_called(layer), _scope_of(viewer, project, people)
    return Table(chosen.columns(scope), _rows_of_one_moment(db.engine, chosen, scope, page))


def export(
    project: Project,
    layer: str,
    *,
    viewer: User | None = None,
    people: People = People.NAMES,
    base_url: str = "",
    page: int = PAGE,
) -> Export:
    """The layer of `project` for a format to read, as rows or as documents; what is in it is as `table` has it.

    Nothing is read before the first row or document is taken. `base_url` is that of `DatasetRecord`.
    """
    scope, engine = _scope_of(viewer, project, people), db.engine
    dataset = DatasetRecord(project.slug, project.name, layer, _labels(project), base_url=base_url)

    def documents() -> Generator[DocumentRecord]:
        with one_moment(engine) as connection:

            def open_table(name: str) -> Table:
                chosen = (LAYERS | UNDERNEATH)[name]
                return Table(chosen.columns(scope), _rows(connection, chosen, scope, page))

            yield from read_documents(layer, open_table, connection)

    chosen = layer_called(layer)
    return Export(dataset, chosen.columns(scope), lambda: _rows_of_one_moment(engine, chosen, scope, page), documents)


def count(project: Project, layer: str, *, viewer: User | None = None, documents: bool = False) -> int:
    """About how many rows the layer has for `viewer`, or how many documents: for a bar that shows how far one is."""
    chosen = UNDERNEATH["documents"] if documents else layer_called(layer)
    query = chosen.query(_scope_of(viewer, project, People.NONE))
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def is_large(project: Project) -> bool:
    """Whether files of the project take longer to make than somebody likes to look at a page that does not come."""
    articles = select(func.count()).select_from(Article).where(Article.project_id == project.id)
    claims = (
        select(func.count())
        .select_from(Annotation)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(Article.project_id == project.id)
    )
    return bool(db.session.scalar(select(articles.scalar_subquery() + claims.scalar_subquery() > LARGE)))


def layer_called(name: str) -> Layer:
    """The layer of that name. Raises Invalid."""
    chosen = LAYERS.get(name)
    if chosen is None:
        raise Invalid.field("layer", f"There is no layer '{name}'. Choose of {', '.join(LAYERS)}.")
    return chosen


@contextmanager
def all_tables(
    project: Project, *, release: str, people: People = People.NAMES, page: int = PAGE
) -> Iterator[AllTables]:
    """Every layer of what is settled, in one moment of time, for the release of that version; read each before the next.

    Settled is what belongs to finished articles. Behind the layers comes which documents there are, under the name
    "documents", which is no layer of its own.
    """
    scope = _settled(project, people, release)
    with one_moment(db.engine) as connection:
        tables = (
            (name, Table(layer.columns(scope), _rows(connection, layer, scope, page)))
            for name, layer in (RELEASED | UNDERNEATH).items()
        )
        yield AllTables(connection, tables)


@dataclass(frozen=True)
class AllTables:
    """The layers by name, and the connection on which everything else of the same moment can be read."""

    connection: Connection
    tables: Iterator[tuple[str, Table]]


@contextmanager
def open_settled_table(project: Project, layer: str, *, people: People = People.NAMES) -> Iterator[Table]:
    """One layer of what a release would hold if it were made now, as `open_table` gives it."""
    chosen, scope = layer_called(layer), _settled(project, people)
    with closing(_rows_of_one_moment(db.engine, chosen, scope, PAGE)) as rows:
        yield Table(chosen.columns(scope), rows)


@contextmanager
def open_table(
    project: Project, layer: str, *, viewer: User | None = None, people: People = People.NAMES
) -> Iterator[Table]:
    """The same, closed at the end of the block."""
    found = table(project, layer, viewer=viewer, people=people)
    with closing(found.rows):  # type: ignore[type-var]  # a generator, which has close()
        yield found


def _rows_of_one_moment(engine: Engine, layer: Layer, scope: Scope, page: int) -> Generator[Row]:
    with one_moment(engine) as connection:
        yield from _rows(connection, layer, scope, page)


def _rows(connection: Connection, layer: Layer, scope: Scope, page: int) -> Iterator[Row]:
    """One SELECT for the whole layer, taken from the database a page at a time.

    A SELECT for each page would sort all rows for each page: no index has the order of claims over several tables.
    """
    query = layer.query(scope).order_by(*layer.key).execution_options(yield_per=page)
    with closing(connection.execute(query)) as found:
        for part in found.partitions():
            yield from layer.build(connection, part, scope)


def _scope_of(viewer: User | None, project: Project, people: People) -> Scope:
    """What `viewer` may be shown; the command line, which has none, is shown everything."""
    if viewer is None:
        return _scope(project, people, shown=None)
    # Where nobody is named there are no letters either.
    hides_names = people is not People.NONE and naming.hides_names(projects.access_to(viewer, project.id))
    return replace(_scope(project, people, shown=openness.opened_to(viewer, project)), hides_names=hides_names)


def _settled(project: Project, people: People, release: str | None = None) -> Scope:
    scope = _scope(project, people, shown=finished_articles(project.id), release=release)
    return replace(scope, settled=True)


def _scope(project: Project, people: People, *, shown: Query | None, release: str | None = None) -> Scope:
    return Scope(
        project_id=project.id,
        slug=project.slug,
        labels=tuple(label.key for label in projects.labels_of(project)),
        names=names_of(project, people),
        shown=shown,
        release=release,
    )


def _labels(project: Project) -> list[LabelRecord]:
    return [
        LabelRecord(label.key, label.name, label.definition, label.tone, label.retired_at is not None)
        for label in projects.labels_of(project)
    ]


def people_of(project: Project) -> Sequence[User]:
    """Everybody whose work may be in the dataset, former members too."""
    involved = union(
        select(Membership.user_id).where(Membership.project_id == project.id),
        select(Assignment.user_id).join(Article).where(Article.project_id == project.id),
        select(Link.user_id).where(Link.project_id == project.id),
    )
    return db.session.scalars(select(User).where(User.id.in_(involved))).all()


def names_of(project: Project, people: People) -> dict[str, str | None]:
    """What people are called in exports, by id: nothing, a pseudonym, or their name, with the first letters of their id
    where two share it.

    Addresses are never exported, and the key of the pseudonyms never leaves the database.
    """
    found = people_of(project)
    if people is People.NONE:
        return dict.fromkeys((user.id for user in found), None)
    if people is People.PSEUDONYMS:
        key = db.session.scalars(select(Project.pseudonym_key).where(Project.id == project.id)).one()
        return {user.id: pseudonym(key, user.id) for user in found}
    count = Counter(user.name for user in found)
    return {user.id: user.name if count[user.name] == 1 else f"{user.name} ({user.id[:6]})" for user in found}
