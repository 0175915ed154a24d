"""What a database holds, in a form that two states of it can be compared by: its schema, and every row."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, inspect, text

Rows = dict[str, list[dict[str, Any]]]


def schema_of(engine: Engine) -> dict[str, object]:
    """Everything about tables that can be compared: columns, keys, indexes, checks, triggers."""
    inspector = inspect(engine)
    found: dict[str, object] = {}
    for table in sorted(inspector.get_table_names()):
        if table != "alembic_version":
            found[table] = (
                [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)],
                sorted(inspector.get_foreign_keys(table), key=str),
                sorted((_index_in_words(index) for index in inspector.get_indexes(table)), key=str),
                sorted(inspector.get_unique_constraints(table), key=str),
                sorted(inspector.get_check_constraints(table), key=str),
            )
    found["triggers"] = triggers_of(engine)
    return found


def _index_in_words(index: Any) -> dict[str, str]:
    """Its options hold expressions, which equal nothing but themselves."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return {name: str(value) for name, value in {**index, "dialect_options": options}.items()}


def triggers_of(engine: Engine) -> list[str]:
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    postgresql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    with engine.connect() as connection:
        return list(connection.scalars(text(sqlite if engine.dialect.name == "sqlite" else postgresql)))


FTS5_STRUCTURE = 10
"""The row of SQLite's full-text index that says of which pieces it consists."""


def rows_of(engine: Engine) -> Rows:
    """Every row of every table, as it is stored."""
    tables = set(inspect(engine).get_table_names()) - {"alembic_version"}
    with engine.connect() as connection:
        found = {
            name: [dict(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()]
            for name in sorted(tables)
        }
    for row in found.get("search_block_data", []):
        if row["id"] == FTS5_STRUCTURE:
            # It begins with a number that grows whenever a setting of the index is changed, back or forth.
            row["block"] = row["block"][4:]
    return found


def shared(before: Rows, after: Rows) -> Rows:
    """What of the earlier state could be in the later one: its tables and columns that are there as well."""
    found = {}
    for name in before.keys() & after.keys():
        columns = {*after[name][0]} if after[name] else set()
        found[name] = [{each: value for each, value in row.items() if each in columns} for row in before[name]]
    return found


def differing(before: Rows, after: Rows) -> dict[str, str]:
    """Tables whose rows are not the same, in all columns of the earlier state: how many differ on either side."""
    found = {}
    for name, rows in before.items():
        columns = sorted(rows[0]) if rows else []
        one, other = _hashes(rows, columns), _hashes(after[name], columns)
        if one != other:
            found[name] = f"{(one - other).total()} rows only before, {(other - one).total()} only after"
    return found


def _hashes(rows: Iterable[dict[str, Any]], columns: Iterable[str]) -> Counter[str]:
    wanted = tuple(columns)
    return Counter(hashlib.sha256(repr([row[each] for each in wanted]).encode()).hexdigest() for row in rows)
