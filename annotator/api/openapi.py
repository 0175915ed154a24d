"""The OpenAPI 3.1 document, made of the declared operations and their schemas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from annotator.api import examples, problems
from annotator.api.routes import OPERATIONS, Answer, Operation, Stream
from annotator.api.schemas.base import Schema, Text
from annotator.domain.scopes import SCOPES

REFERENCE = "#/components/schemas/{model}"
Document = dict[str, Any]
Names = dict[tuple[type[BaseModel], JsonSchemaMode], str]

_PART = re.compile(r"<(?:(\w+):)?(\w+)>")
_PARTS: dict[str, Document] = {
    "opaque": {"type": "string", "pattern": "^[2-9a-hjkmnp-z]{16}$"},
    "slug": {"type": "string", "pattern": "^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"},
    "uuid": {"type": "string", "format": "uuid"},
}
_ETAG = {"ETag": {"description": "The version.", "schema": {"type": "string", "examples": ['"3"']}}}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The version that is changed, in quotes. Needed to change or delete what exists.",
    "schema": {"type": "string", "examples": ['"3"']},
}
_SCOPES = "Each operation names the scope that it needs. " + " ".join(
    f"'{scope}': may {words}." for scope, words in SCOPES.items()
)
_MEANINGS = {200: "Done.", 201: "Made.", 204: "Done; there is nothing to say."}
# Every operation may answer these, whatever it is.
_ALWAYS = (401, 403, 422)
_OF_BODIES = (400, 413, 415)


class FieldProblemOut(Schema):
    """One thing that is wrong with one field."""

    field: Text
    message: Text


class Problem(BaseModel):
    """What went wrong (RFC 9457). More members may follow, such as `current` of a changed claim."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblemOut] | None = None


@cache
def document() -> Document:
    """The whole document. It depends on nothing but the code."""
    references, definitions = models_json_schema(_models(), ref_template=REFERENCE)
    names: Names = {(model, side): references[model, side]["$ref"].rpartition("/")[2] for model, side in _models()}
    paths: dict[str, Document] = {}
    for operation in sorted(OPERATIONS, key=lambda each: (each.rule, each.method)):
        path = _PART.sub(r"{\2}", operation.rule)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "annotator",
            "version": "1",
            "description": (
                "Articles, the claims that reviewers mark in them, and the decisions of adjudicators. "
                "Offsets are half-open ranges [start, end) that count Unicode code points of the article's text, and "
                "exact == text[start:end]. Times are RFC 3339 in UTC. null means that a field is not given."
            ),
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": f"A token of your account. {_SCOPES}"},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "annotator_session",
                    "description": "The browser's own sign-in; changes carry its CSRF token in X-CSRFToken.",
                },
            },
        },
    }


def _operation(operation: Operation, names: Names) -> Document:
    summary, _, description = operation.summary.partition("\n\n")
    takes = operation.takes
    name = operation.endpoint.rpartition(".")[2]
    found: Document = {
        "operationId": name,
        "summary": " ".join(summary.split()),
        "tags": [operation.noun],
        "security": [{"token": [operation.scope]}, {"session": []}],
        "responses": _responses(operation, names, name),
    }
    if description:
        found["description"] = " ".join(description.split())
    parameters = [*_path_parameters(operation.rule), *([_IF_MATCH] if takes.version else [])]
    if takes.query is not None:
        parameters += _query_parameters(takes.query)
    if parameters:
        found["parameters"] = [each | examples.of_parameter(name, each["in"], each["name"]) for each in parameters]
    if takes.bodies:
        schema = _one_of(_reference(names[body, "validation"]) for body in takes.bodies)
        body = {"schema": schema} | examples.of_bodies(name)
        found["requestBody"] = {"required": not takes.optional, "content": {"application/json": body}}
    return found


def _path_parameters(rule: str) -> list[Document]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _PARTS.get(converter, {"type": "string"})}
        for converter, name in _PART.findall(rule)
    ]


def _query_parameters(query: type[BaseModel]) -> list[Document]:
    schema = query.model_json_schema()
    needed = schema.get("required", [])
    parameters = []
    for name, each in schema["properties"].items():
        told = {"description": each.pop("description")} if "description" in each else {}
        each.pop("title", None)
        parameters.append({"name": name, "in": "query", "required": name in needed, **told, "schema": each})
    return parameters


def _responses(operation: Operation, names: Names, name: str) -> Document:
    gives = operation.gives
    responses: Document = {}
    for status, answer in gives.answers.items():
        response: Document = {"description": _MEANINGS[status]}
        responses[str(status)] = response
        shown = examples.of_answers(name, status)
        if isinstance(answer, Stream):
            response["content"] = {kind: {"schema": {"type": "string"}} for kind in answer.media_types}
            response["content"].get("text/csv", {}).update(shown)
        elif answer is not None:
            schema = _one_of(_reference(names[each, "serialization"]) for each in _schemas(answer))
            response["content"] = {"application/json": {"schema": schema} | shown}
        if gives.version:
            response["headers"] = _ETAG
    refusals = {*gives.refusals, *_ALWAYS, *(_OF_BODIES if operation.takes.bodies else ())}
    refusals |= {400} if operation.takes.version else set()
    refusals |= {503} if operation.method != "GET" else set()
    meanings = {kind.status: kind.meaning for kind in problems.every_kind()}
    for status in sorted(refusals):
        content = {problems.MEDIA_TYPE: {"schema": _reference("Problem")}}
        responses[str(status)] = {"description": meanings[status], "content": content}
    return responses


def _reference(name: str) -> Document:
    return {"$ref": REFERENCE.format(model=name)}


def _one_of(schemas: Iterable[Document]) -> Document:
    several = list(schemas)
    return several[0] if len(several) == 1 else {"oneOf": several}


def _schemas(answer: Answer) -> tuple[type[BaseModel], ...]:
    """The schemas that an answer may have; a file and nothing have none."""
    if answer is None or isinstance(answer, Stream):
        return ()
    return answer if isinstance(answer, tuple) else (answer,)


def _models() -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    """Every schema that an operation names, with the side that it is on."""
    found: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
    for operation in OPERATIONS:
        found |= dict.fromkeys((body, "validation") for body in operation.takes.bodies)
        found |= dict.fromkeys(_answered(operation.gives.answers.values()))
    return list(found)


def _answered(answers: Iterable[Answer]) -> Iterable[tuple[type[BaseModel], JsonSchemaMode]]:
    return [(schema, "serialization") for answer in answers for schema in _schemas(answer)]
