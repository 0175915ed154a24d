"""The strict base of all schemas and the kinds of value that several of them share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from annotator.domain.text import problem_with
from annotator.formats.fields import is_web_address

LARGEST = 2_147_483_647
"""The largest offset that both databases can hold."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Schema(BaseModel):
    """A JSON object of exactly these fields, of exactly these types. null means "not given"."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True, defer_build=True)


def _storable(text: str) -> str:
    problem = problem_with(text)
    if problem is not None:
        raise PydanticCustomError("text", "{problem}", {"problem": problem})
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("text", "This must not be empty.")
    return text


def _web_address(text: str) -> str:
    if text and not is_web_address(text):
        raise PydanticCustomError("text", "This is not a web address (http://… or https://…).")
    return text


def _iso_date(value: object) -> object:
    """Only YYYY-MM-DD: pydantic would take a number of seconds in quotes as well."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if _DATE.fullmatch(value) else _no_date()
    except ValueError:
        return _no_date()


def _no_date() -> date:
    raise PydanticCustomError("text", "This is not a date (YYYY-MM-DD).")


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


Text = Annotated[str, AfterValidator(_storable)]
"""Any text that both databases can store."""

Named = Annotated[str, AfterValidator(_storable), AfterValidator(_not_blank)]
"""Text with at least one visible character."""

WebAddress = Annotated[
    str,
    Field(max_length=2_000),
    AfterValidator(_storable),
    AfterValidator(_web_address),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "uri", "maxLength": 2_000}, {"type": "string", "const": ""}]}
    ),
]
"""An http or https address, or nothing."""

Day = Annotated[date, BeforeValidator(_iso_date), WithJsonSchema({"type": "string", "format": "date"})]
"""A calendar day, YYYY-MM-DD."""

Moment = Annotated[
    datetime, PlainSerializer(_moment, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""A time in RFC 3339, UTC."""

Offset = Annotated[int, Field(ge=0, le=LARGEST)]
"""A place in a text: how many Unicode code points stand before it."""


def spoken(kind: type[StrEnum], aliases: dict[str, StrEnum] | None = None) -> BeforeValidator:
    """Take the values of `kind` as people write them: "named person" and "named-person" for named_person."""
    return BeforeValidator(_folding(kind, aliases or {}))


def _folding(kind: type[StrEnum], aliases: dict[str, StrEnum]) -> Callable[[Any], Any]:
    def fold(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        folded = value.strip().casefold().replace(" ", "_").replace("-", "_")
        if folded in aliases:
            return aliases[folded].value
        return folded if folded in set(kind) else value

    return fold


class Query(BaseModel):
    """The parameters behind the question mark."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class PageQuery(Query):
    """Which part of a list: at most `limit` entries after `cursor`, which is the `next` of the part before."""

    limit: Annotated[int, Field(ge=1, le=1_000, description="The most entries to give.")] = 100
    cursor: Annotated[Text, Field(max_length=500)] | None = Field(
        default=None, description="The `next` of the part before; without it the list begins."
    )


Entry = TypeVar("Entry", bound=Schema)


class Listing(Schema, Generic[Entry]):
    """A part of a list; `next` is the cursor of the part after it, null at the end."""

    items: list[Entry]
    next: str | None
