"""Documents: articles with their text and the claims of one layer, for the formats that need more than rows.

They are put together from the tables of the layers, of the present state or of a release, so whatever holds for those
(what may be shown, who is named, that quotes are what the text says) holds here. Articles and claims come in the order
of their places and are read side by side; evidence and links have another order and wait in a file meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, or_, select, tuple_

from annotator.domain.text import Block
from annotator.formats.records import DocumentRecord, Value
from annotator.models import Article, ArticleBlock, ArticleVersion, Assignment, AssignmentKind, LinkLayer
from annotator.services.datasets.layers import (
    MOST_CHARACTERS,
    Layer,
    Page,
    Query,
    Row,
    Scope,
    Table,
    finished,
    in_project,
    reviewed,
)
from annotator.services.datasets.row_records import Fields, claim_of, day_of, link_of
from annotator.services.plain_values import day

DOCUMENTS = (
    "layer", "article_id", "external_id", "article_group", "version", "sha256", "title", "byline", "agency", "publisher",
    "url", "published", "language", "length",
)  # fmt: skip
DOCUMENT_KEY = (Article.position, ArticleVersion.number, Assignment.kind)

MOST_ARTICLES = 200

Open = Callable[[str], Table]


def _document_query(scope: Scope) -> Query:
    """The article versions on which work is shown, claims or not: where nobody marked anything is a finding, too."""
    query = (
        select(
            Article.id,
            Article.external_id,
            Article.group,
            ArticleVersion.sha256,
            ArticleVersion.title,
            ArticleVersion.byline,
            ArticleVersion.agency,
            ArticleVersion.publisher,
            ArticleVersion.url,
            ArticleVersion.published,
            ArticleVersion.language,
            ArticleVersion.length,
            *DOCUMENT_KEY,
        )
        .select_from(Assignment)
        .join(Article, Article.id == Assignment.article_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .where(or_(reviewed(scope), finished()))
        .distinct()
    )
    return in_project(query, scope)


def _document_rows(_connection: Connection, page: Page, _scope: Scope) -> Iterator[Row]:
    for row in page:
        yield (
            LinkLayer.GOLD.value if row.kind is AssignmentKind.ADJUDICATION else LinkLayer.ANNOTATIONS.value,
            row.id,
            row.external_id,
            row.group,
            row.number,
            row.sha256,
            row.title,
            row.byline,
            row.agency,
            row.publisher,
            row.url,
            day(row.published),
            row.language,
            row.length,
        )


documents_layer = Layer(lambda _: DOCUMENTS, _document_query, DOCUMENT_KEY, _document_rows)
"""No layer that is exported: which documents there are, so that a release remembers it."""


def read_documents(layer: str, open_table: Open, connection: Connection) -> Generator[DocumentRecord]:
    """The documents of `layer` ("gold" or "annotations"), in the order of the articles; texts are read on `connection`.

    `open_table` gives the tables by name, "documents" among them. Raises Conflict for a claim whose quote is not what
    the text says.
    """
    with closing(_Shelf()) as shelf:
        shelf.put("evidence", (each for each in _fields(open_table("evidence")) if each["layer"] == layer), "claim_id")
        shelf.put("links", (each for each in _fields(open_table("links")) if each["layer"] == layer), "a_claim_id")
        claims = _Ahead(_fields(open_table(layer)), "article_id")
        article, found = "", list[Fields]()
        for batch in _batches(each for each in _fields(open_table("documents")) if each["layer"] == layer):
            texts = _texts(connection, batch)
            for facts in batch:
                if facts["article_id"] != article:
                    article = facts["article_id"]
                    found = list(claims.of(article))
                own = [row for row in found if row["article_version"] == facts["version"]]
                yield _document(facts, texts[article, facts["version"]], own, shelf)


def _document(facts: Fields, text: _Text, rows: Sequence[Fields], shelf: _Shelf) -> DocumentRecord:
    return DocumentRecord(
        id=facts["article_id"],
        text=text.text,
        blocks=text.blocks,
        sha256=facts["sha256"],
        version=facts["version"],
        external_id=facts["external_id"],
        group=facts["article_group"],
        title=facts["title"],
        byline=facts["byline"],
        agency=facts["agency"],
        publisher=facts["publisher"],
        url=facts["url"],
        published=day_of(facts["published"]),
        language=facts["language"],
        claims=[claim_of(row, text.text, shelf.of("evidence", row["claim_id"])) for row in rows],
        links=[link_of(link) for row in rows for link in shelf.of("links", row["claim_id"])],
    )


def _fields(table: Table) -> Iterator[Fields]:
    columns = tuple(table.columns)
    for row in table.rows:
        yield dict(zip(columns, row, strict=True))


class _Ahead:
    """Rows in an order, read as far as they belong to what is asked for."""

    def __init__(self, rows: Iterator[Fields], column: str) -> None:
        self._rows, self._column = rows, column
        self._next = next(rows, None)

    def of(self, value: Value) -> Iterator[Fields]:
        """The next rows with this value in the column."""
        while self._next is not None and self._next[self._column] == value:
            yield self._next
            self._next = next(self._rows, None)


class _Shelf:
    """Rows that are asked for in another order than they came in, in a file that goes when it is closed."""

    def __init__(self) -> None:
        # Without a name SQLite makes a file of its own, and begins to use it when there is much.
        self._file = sqlite3.connect("", isolation_level=None)
        self._kept: set[str] = set()

    def put(self, kind: str, rows: Iterable[Fields], column: str) -> None:
        """Keep `rows`, to be asked for by what stands in `column`."""
        self._file.execute("BEGIN")
        self._file.execute(f"CREATE TABLE {kind} (owner TEXT, n INTEGER PRIMARY KEY, row BLOB)")
        kept = self._file.executemany(
            f"INSERT INTO {kind} (owner, row) VALUES (?, ?)",  # noqa: S608 -- a word of this module
            ((row[column], orjson.dumps(row)) for row in rows),
        )
        self._file.execute(f"CREATE INDEX {kind}_owner ON {kind} (owner)")
        self._file.execute("COMMIT")
        if kept.rowcount > 0:
            self._kept.add(kind)

    def of(self, kind: str, owner: str) -> Iterator[Fields]:
        """The rows of this owner, in the order in which they came."""
        if kind not in self._kept:
            return
        query = f"SELECT row FROM {kind} WHERE owner = ? ORDER BY n"  # noqa: S608 -- a word of this module
        for (row,) in self._file.execute(query, (owner,)):
            yield orjson.loads(row)

    def close(self) -> None:
        """Remove everything."""
        self._file.close()


@dataclass(frozen=True)
class _Text:
    """The text of an article version with its blocks."""

    text: str
    blocks: Sequence[Block]


def _batches(rows: Iterable[Fields]) -> Iterator[list[Fields]]:
    """The rows in parts whose texts can be held at a time."""
    batch: list[Fields] = []
    characters = 0
    for row in rows:
        if batch and (len(batch) >= MOST_ARTICLES or characters + row["length"] > MOST_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(row)
        characters += row["length"]
    if batch:
        yield batch


def _texts(connection: Connection, batch: Sequence[Fields]) -> Mapping[tuple[str, int], _Text]:
    """The texts of these documents by article and version: two statements."""
    wanted = tuple_(ArticleVersion.article_id, ArticleVersion.number).in_(
        [(facts["article_id"], facts["version"]) for facts in batch]
    )
    blocks: dict[str, list[Block]] = {}
    query = (
        select(ArticleBlock.version_id, ArticleBlock.kind, ArticleBlock.start, ArticleBlock.end, ArticleBlock.rejoined)
        .join(ArticleVersion, ArticleVersion.id == ArticleBlock.version_id)
        .where(wanted)
        .order_by(ArticleBlock.version_id, ArticleBlock.position)
    )
    for version_id, kind, start, end, rejoined in connection.execute(query):
        blocks.setdefault(version_id, []).append(Block(kind, start, end, tuple(rejoined)))
    texts = select(ArticleVersion.id, ArticleVersion.article_id, ArticleVersion.number, ArticleVersion.text)
    return {
        (article_id, number): _Text(text, blocks.get(version_id, ()))
        for version_id, article_id, number, text in connection.execute(texts.where(wanted))
    }
