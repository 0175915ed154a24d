"""Between the parts of the file and the columns of the database, which have the same names."""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import Connection, Select
from sqlalchemy import Row as SqlRow

from annotator.formats.part_records import Part

Query = Select[*tuple[Any, ...]]
Row = SqlRow[*tuple[Any, ...]]
Made = TypeVar("Made", bound=Part)


def made(part: type[Made], row: Any, **more: Any) -> Made:
    """The part from the columns that have the names of its fields, and `more`."""
    given = {name: _plain(getattr(row, name)) for name in part.model_fields if name not in more and name != "type"}
    return part(**given, **more)


def columns(part: Part, *names: str) -> dict[str, Any]:
    """The columns that have the names of these fields of the part."""
    return {name: getattr(part, name) for name in names}


def rows_by(connection: Connection, query: Query, column: str) -> defaultdict[str, list[Row]]:
    """The rows by what stands in `column`, each in the order of the query."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in connection.execute(query):
        found[getattr(row, column)].append(row)
    return found


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
