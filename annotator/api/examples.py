"""Examples of every operation for the OpenAPI document: the calls of examples.json, which work one after another."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

Call = dict[str, Any]
Document = dict[str, Any]

FILE = Path(__file__).with_name("examples.json")


@cache
def calls() -> tuple[Call, ...]:
    """Every call: its `operation`, `as` whom, `path`, `query` and `body` where it has them, `status` and `answer`."""
    return tuple(each for each in json.loads(FILE.read_text(encoding="utf-8")) if "operation" in each)


def of_bodies(operation: str) -> Document:
    """The examples of what an operation takes."""
    return _named((each, each["body"]) for each in calls() if each["operation"] == operation and "body" in each)


def of_answers(operation: str, status: int) -> Document:
    """The examples of what it answers with this status."""
    wanted = (each for each in calls() if (each["operation"], each["status"]) == (operation, status))
    return _named((each, each["answer"]) for each in wanted if "answer" in each)


def of_parameter(operation: str, place: str, name: str) -> Document:
    """An example of a parameter in the path or the query."""
    for each in calls():
        if each["operation"] == operation and name in each.get(place, {}):
            return {"example": each[place][name]}
    return {}


def _named(values: Iterable[tuple[Call, Any]]) -> Document:
    """The `examples` of a media type, of which each differs from the others in what it shows."""
    found: Document = {}
    for call, value in values:
        shows = call.get("shows", "An example")
        found.setdefault(shows.lower().replace(" ", "-"), {"summary": shows, "value": value})
    return {"examples": found} if found else {}
