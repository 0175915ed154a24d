"""Answers in JSON, and lists in parts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from flask import Response
from pydantic import BaseModel

from annotator.api.schemas.base import Entry, Listing, PageQuery
from annotator.domain.text import problem_with
from annotator.errors import Invalid

Row = TypeVar("Row")
Key = tuple[Any, ...]


def answer(document: BaseModel, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Response:
    """`document` as JSON."""
    return Response(document.model_dump_json(), status, headers, mimetype="application/json")


def etag(version: int) -> dict[str, str]:
    """The header that names a version."""
    return {"ETag": f'"{version}"'}


def listing(items: list[Entry], following: str | None) -> Listing[Entry]:
    """A part of a list."""
    return Listing(items=items, next=following)


def part_of(rows: Sequence[Row], query: PageQuery, key: Callable[[Row], Key]) -> tuple[Sequence[Row], str | None]:
    """The rows after the cursor, at most `limit`, and the cursor of the next part. `rows` are in the order of `key`.

    The cursor is the key of the last row, not its number: what was added or removed meanwhile moves nothing.
    """
    after = read_cursor(query.cursor, len(key(rows[0])) if rows else None) if query.cursor else None
    try:
        rest = rows if after is None else [row for row in rows if _plain(key(row)) > after]
    except TypeError:
        raise _bad_cursor() from None
    part = rest[: query.limit]
    more = len(rest) > len(part)
    return part, write_cursor(key(part[-1])) if more else None


def write_cursor(key: Key) -> str:
    """`key` as an opaque word."""
    return base64.urlsafe_b64encode(orjson.dumps(_plain(key))).decode().rstrip("=")


def read_cursor(cursor: str, length: int | None) -> list[Any]:
    """The key of a cursor, of so many parts if that is known. Raises Invalid for what was none of ours."""
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise _bad_cursor() from None
    if not isinstance(key, list) or not key or len(key) != (length or len(key)) or problem_with("".join(map(str, key))):
        raise _bad_cursor()
    return key


def _plain(key: Key) -> list[Any]:
    """UUIDs as text: so they survive JSON and still compare in one order."""
    return [part if isinstance(part, (int, str)) else str(part) for part in key]


def _bad_cursor() -> Invalid:
    return Invalid.field("cursor", "This cursor is not one that was given out. Begin again without it.")
