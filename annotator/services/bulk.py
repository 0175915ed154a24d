"""Many rows at once: one statement for all, with the driver's own values.

An import is a hot path. SQLAlchemy's insert() looks at each value of each row, which for the blocks of an article takes
longer than to store them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Dialect, Table

Rows = Sequence[tuple[Any, ...]]

TOGETHER = 20
"""Rows of one statement on SQLite; more gain nothing."""


def insert_rows(connection: Connection, table: Table, columns: tuple[str, ...], rows: Rows) -> None:
    """Store the `rows`, whose values stand in the order of `columns` and are such as `stored` gives."""
    if not rows:
        return
    dialect = connection.dialect
    if dialect.name == "postgresql":
        # As arrays they are one message; psycopg would send and await each row by itself.
        connection.exec_driver_sql(_from_arrays(table, columns, dialect), tuple(map(list, zip(*rows, strict=True))))
    else:
        # Rows of one statement share what SQLite does for each: to look for a word among those allowed it opens a table.
        whole = len(rows) - len(rows) % TOGETHER
        if whole:
            together = [
                tuple(chain.from_iterable(rows[first : first + TOGETHER])) for first in range(0, whole, TOGETHER)
            ]
            connection.exec_driver_sql(_from_values(table, columns, dialect, TOGETHER), together)
        if rest := list(rows[whole:]):
            connection.exec_driver_sql(_from_values(table, columns, dialect, 1), rest)


def insert_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store rows that all name the same columns, with values of the kinds that models have."""
    if not rows:
        return
    columns = tuple(rows[0])
    changes = [_change(connection, table, column) for column in columns]
    insert_rows(
        connection,
        table,
        columns,
        [
            tuple(
                [
                    change(row[column]) if change else row[column]
                    for column, change in zip(columns, changes, strict=True)
                ]
            )
            for row in rows
        ],
    )


def stored(connection: Connection, table: Table, column: str, value: object) -> Any:
    """The value as the driver takes it for that column; needed for moments, days and JSON, not for text and numbers."""
    change = _change(connection, table, column)
    return change(value) if change else value


def _change(connection: Connection, table: Table, column: str) -> Any:
    chosen: Any = table.c[column].type.dialect_impl(connection.dialect)
    return chosen.bind_processor(connection.dialect)


def renew_statistics(connection: Connection, tables: Iterable[str]) -> None:
    """Let PostgreSQL look at what many new rows made of the tables of these names.

    By itself it does so a minute later; until then it plans for tables that are empty, and a page takes seconds.
    """
    if connection.dialect.name == "postgresql":
        quote = connection.dialect.identifier_preparer.quote
        for table in tables:
            connection.exec_driver_sql(f"ANALYZE {quote(table)}")


@cache
def _from_values(table: Table, columns: tuple[str, ...], dialect: Dialect, rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"{_into(table, columns, dialect)} VALUES {', '.join([row] * rows)}"


@cache
def _from_arrays(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    arrays = ", ".join(f"%s::{table.c[column].type.compile(dialect)}[]" for column in columns)
    return " ".join((_into(table, columns, dialect), "SELECT * FROM unnest(", arrays, ")"))


def _into(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    quote = dialect.identifier_preparer.quote
    return f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, columns))})"
