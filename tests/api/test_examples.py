"""The examples in the API's description: of every operation, as its schemas say, and what a real project answers."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from annotator.api import examples, openapi
from annotator.api.routes import OPERATIONS
from tests.support.examples import Replay, steps

Document = dict[str, Any]


def shown(document: Document) -> Iterator[tuple[str, Document, Any]]:
    """Every example of the document: where it stands, its schema, and what it shows."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            taken = [("body", operation["requestBody"])] if "requestBody" in operation else []
            for name, told in [*taken, *operation["responses"].items()]:
                for content in told.get("content", {}).values():
                    for example in content.get("examples", {}).values():
                        yield f"{place} {name}", content["schema"], example["value"]
            for parameter in operation.get("parameters", []):
                if "example" in parameter:
                    yield f"{place} {parameter['name']}", parameter["schema"], parameter["example"]


def wrong(document: Document) -> list[str]:
    """Where an example is not what its schema says."""
    components = {"components": document["components"]}
    return [place for place, schema, value in shown(document) if not jsonschema_rs.is_valid(schema | components, value)]


def lacking() -> set[str]:
    """The operations that take or answer something without an example; a file that is no text has none."""
    found = set()
    for operation in OPERATIONS:
        name = operation.endpoint.rpartition(".")[2]
        if operation.takes.bodies and not operation.takes.optional and not examples.of_bodies(name):
            found.add(name)
        if name != "download_package" and set(operation.gives.answers.values()) != {None}:
            found |= set() if any(examples.of_answers(name, status) for status in operation.gives.answers) else {name}
    return found | {each.endpoint.rpartition(".")[2] for each in OPERATIONS} - {
        each["operation"] for each in examples.calls()
    }


def test_every_operation_has_examples_that_are_as_its_schemas_say() -> None:
    assert lacking() == set()
    document = openapi.document()
    assert len(list(shown(document))) > 2 * len(OPERATIONS)
    assert wrong(document) == []


@pytest.mark.parametrize(
    "place", ["put /api/v1/articles/{article_id}/annotations/{annotation_id} body", "get /api/v1/me 200"]
)
def test_an_example_with_a_wrong_field_is_caught(place: str) -> None:
    document = copy.deepcopy(openapi.document())
    next(value for where, _, value in shown(document) if where == place)["labl"] = "sourced"
    assert wrong(document) == [place]


def test_the_examples_are_what_a_project_answers(app: Flask) -> None:
    """`python -m tests.support.examples` writes them anew after a change that is meant."""
    for example, real in Replay(app).answers(steps()):
        assert example == real


def test_an_example_that_is_not_so_any_more_is_caught(app: Flask) -> None:
    old = copy.deepcopy(steps()[:3])
    project = old[2]["answer"]
    del project["blind"]
    project["colour"] = "blue"
    stale = [example["operation"] for example, real in Replay(app).answers(old) if example != real]
    assert stale == ["create_project"]
