"""The floor of an import: the rows that it stored, put into another database of the same schema by the driver alone.

Run as `python -m benchmarks.load.bare_insert SLUG FROM_URL [TO_URL]`. It reads no file, checks nothing and looks for nothing that
is there already; it commits as often as an import does. Without TO_URL it only takes the rows out.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from typing import Any

import psycopg

BATCH = 200
THESE = "article.project_id = (SELECT id FROM project WHERE slug = '{slug}') AND article.position BETWEEN {first} AND {last}"
OF_VERSION = "JOIN article_version ON article_version.id = version_id JOIN article ON article.id = article_id"
SOURCES = {
    "article": "",
    "article_version": "JOIN article ON article.id = article_id",
    "article_block": OF_VERSION,
    "event": "JOIN article ON article.id = chain",
    "search_entry": OF_VERSION,
}
PASSAGES = """
SELECT (CAST(search_entry.number AS BIGINT) << 24) + article_block.position,
  substr(article_version.text, article_block.start + 1, article_block."end" - article_block.start)
FROM article_block JOIN search_entry USING (version_id)
"""

Batch = tuple[dict[str, Any], list[tuple[int, str]]]
"""What goes into each table, as the driver gives and takes it; and the passages for the full-text index by their places."""


def main(slug: str, source: str, target: str = "") -> None:
    """Take the rows out, and put them in if there is a `target`."""
    taken_out = list((_of_sqlite if source.startswith("sqlite") else _of_postgresql)(slug, source))
    if target:
        (_into_sqlite if target.startswith("sqlite") else _into_postgresql)(taken_out, target)


def _of_sqlite(slug: str, url: str) -> Iterator[Batch]:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    (articles,) = connection.execute("SELECT max(position) FROM article").fetchone()
    for these in _batches(slug, articles):
        rows = {
            table: connection.execute(f"SELECT {table}.* FROM {table} {joined} WHERE {these}").fetchall()
            for table, joined in SOURCES.items()
        }
        yield rows, connection.execute(f"{PASSAGES} {OF_VERSION} WHERE {these}").fetchall()


def _into_sqlite(batches: list[Batch], url: str) -> None:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    for tables, passages in batches:
        connection.execute("BEGIN IMMEDIATE")
        for table, rows in tables.items():
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        connection.executemany("INSERT INTO search_block (rowid, words) VALUES (?, ?)", passages)
        connection.execute("COMMIT")


def _of_postgresql(slug: str, url: str) -> Iterator[Batch]:
    with (
        psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:")) as connection,
        connection.cursor() as cursor,
    ):
        (articles,) = cursor.execute("SELECT max(position) FROM article").fetchone() or (0,)
        for these in _batches(slug, articles):
            tables = {}
            for table, joined in SOURCES.items():
                with cursor.copy(f"COPY (SELECT {table}.* FROM {table} {joined} WHERE {these}) TO STDOUT") as copy:
                    tables[table] = b"".join(copy)
            yield tables, cursor.execute(f"{PASSAGES} {OF_VERSION} WHERE {these}").fetchall()


def _into_postgresql(batches: list[Batch], url: str) -> None:
    with (
        psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:")) as connection,
        connection.cursor() as cursor,
    ):
        # The projects and people that the rows belong to are not there.
        cursor.execute("SET session_replication_role = replica")
        for tables, passages in batches:
            for table, lines in tables.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(lines)
            cursor.execute(
                "INSERT INTO search_block (place, words) SELECT place, to_tsvector('simple', passage) "
                "FROM unnest(%s::bigint[], %s::text[]) AS given (place, passage)",
                [list(column) for column in zip(*passages, strict=True)],
            )
            connection.commit()


def _batches(slug: str, articles: int) -> Iterator[str]:
    for first in range(1, articles + 1, BATCH):
        yield THESE.format(slug=slug, first=first, last=first + BATCH - 1)


# Without arguments it does nothing: what its start takes is no part of the floor.
if __name__ == "__main__" and len(sys.argv) > 1:
    main(*sys.argv[1:])
