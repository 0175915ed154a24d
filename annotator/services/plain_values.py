"""Values as the driver reads them: to make objects of all that a query finds may take longer than the query."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, type_coerce


def plain(column: Any) -> Any:
    """The column as the driver reads it, for `word`, `identity`, `day` and `moment`: to make objects of all of it takes longer."""
    return type_coerce(column, String()).label(column.key)


def word(value: object) -> str | None:
    """A stored word or an id as text."""
    return None if value is None else str(value)


def identity(value: UUID | str) -> str:
    """A UUID as text, of a `plain` column. SQLite keeps its 32 digits without hyphens."""
    if isinstance(value, str):
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
    return str(value)


def day(value: date | str | None) -> str | None:
    """YYYY-MM-DD, which is how SQLite keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def moment(value: datetime | str | None) -> str | None:
    """RFC 3339 in UTC. SQLite keeps "2026-11-23 09:30:00.000000", in UTC."""
    if isinstance(value, str):
        return f"{value[:10]}T{value[11:]}Z"
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
