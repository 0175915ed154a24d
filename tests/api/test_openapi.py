"""GET /api/v1/openapi.json and the page that shows it"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from annotator.api.routes import OPERATIONS
from annotator.domain.scopes import Scope
from tests.support.program import Office

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
PUBLIC = {"/api/v1/openapi.json"}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    """The document, as anybody gets it."""
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.json


def described(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}


def routed(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.rule not in PUBLIC
        for method in (rule.methods or set()) & METHODS
    }


def test_every_route_is_described_and_nothing_else(app: Flask, document: dict[str, Any]) -> None:
    assert described(document) == routed(app)


def test_a_route_without_a_description_is_noticed(app: Flask, document: dict[str, Any]) -> None:
    app.url_map.add(Rule("/api/v1/hidden", endpoint="hidden", methods=["POST"]))
    assert routed(app) - described(document) == {("POST", "/api/v1/hidden")}


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert {"title", "version"} <= set(document["info"])
    seen: set[str] = set()
    for path, methods in document["paths"].items():
        assert path.startswith("/")
        for operation in methods.values():
            assert operation["operationId"] not in seen
            seen.add(operation["operationId"])
            assert operation["summary"].endswith(".")
            assert set(operation) <= {
                "operationId", "summary", "description", "tags", "security", "parameters", "requestBody", "responses",
            }  # fmt: skip
            assert operation["security"] == [{"token": [operation["security"][0]["token"][0]]}, {"session": []}]
            assert operation["security"][0]["token"][0] in set(Scope)
            named = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
            assert all(each["required"] for each in operation.get("parameters", []) if each["in"] == "path")
            assert operation["responses"]
            assert all(re.fullmatch("[1-5][0-9]{2}", status) for status in operation["responses"])
            assert all(response["description"] for response in operation["responses"].values())


def test_every_schema_is_a_json_schema_and_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        jsonschema_rs.meta.validate(schema | {"$schema": "https://json-schema.org/draft/2020-12/schema"})
    references = set(re.findall(r"'\$ref': '([^']+)'", str(document)))
    assert references
    assert references <= {f"#/components/schemas/{name}" for name in schemas}


def test_no_two_schemas_have_the_same_name(document: dict[str, Any]) -> None:
    """Those that do are called by their modules, which no program should have to know."""
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


def test_answers_are_as_described(app: Flask, document: dict[str, Any]) -> None:
    from tests.support.program import Office

    office = Office(app)
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire", speaker={"name": "Ministry"})
    office.submit(article)
    office.jo.post(
        f"/articles/{article}/decisions",
        {"question": str(annotation), "outcome": "accept", "annotation": str(annotation), "justification": "So."},
    )
    for path, template in (
        ("/me", "/me"),
        ("/projects", "/projects"),
        ("/projects/truce", "/projects/{slug}"),
        ("/projects/truce/articles", "/projects/{slug}/articles"),
        (f"/articles/{article}", "/articles/{article_id}"),
        (f"/articles/{article}/annotations", "/articles/{article_id}/annotations"),
        (f"/articles/{article}/questions", "/articles/{article_id}/questions"),
        (f"/annotations/{annotation}", "/annotations/{annotation_id}"),
        ("/projects/truce/links", "/projects/{slug}/links"),
    ):
        answer = office.jo.get(path)
        assert answer.status_code == 200, answer.text
        response = document["paths"][f"/api/v1{template}"]["get"]["responses"]["200"]
        schema = response["content"]["application/json"]["schema"] | {"components": document["components"]}
        jsonschema_rs.validate(schema, answer.json)
        told = {**answer.json, "surprise": 1}
        assert not jsonschema_rs.is_valid(schema, told)


def test_a_problem_leads_to_its_description(client: FlaskClient) -> None:
    problem = client.get("/api/v1/me").json["type"]
    answer = client.get(problem)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/api/docs#problem-not-signed-in")
    assert 'id="problem-not-signed-in"' in client.get("/api/docs").text
    assert client.get("/api/problems/none").status_code == 404


def test_the_page_tells_every_operation_and_schema(client: FlaskClient, document: dict[str, Any]) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    for operation in OPERATIONS:
        assert f'id="{operation.endpoint.rpartition(".")[2]}"' in page.text
    for name in document["components"]["schemas"]:
        assert f'id="schema-{name}"' in page.text
    for fragment in re.findall(r'href="#([^"]+)"', page.text):
        assert f'id="{fragment}"' in page.text


def test_no_operation_takes_a_parameter_that_it_does_not_know(app: Flask) -> None:
    """Asked of every operation as a stranger: what the query says is read before anything is looked up."""
    office = Office(app)
    missing = {"slug": "none", "opaque": "2" * 16, "uuid": str(UUID(int=1)), "": "1.0.0"}
    for operation in OPERATIONS:
        path = re.sub(r"<(?:(\w+):)?\w+>", lambda part: missing[part[1] or ""], operation.rule)
        answer = office.sam.client.open(
            f"{path}?unheard=1", method=operation.method, headers=office.sam.headers, json={}
        )
        assert (answer.status_code, "unheard" in answer.text) == (422, True), (operation, answer.text)


def test_a_cursor_that_was_not_given_out_is_refused_even_where_there_is_nothing_to_list(app: Flask) -> None:
    office = Office(app)
    lists = [each for each in OPERATIONS if each.takes.query and "cursor" in each.takes.query.model_fields]
    assert len(lists) > 5
    for operation in (each for each in lists if "<article_id>" not in each.rule):
        path = operation.rule.replace("<slug:slug>", "truce")
        for cursor in ("none", "e30", "bnVsbA", "W10"):
            answer = office.mia.client.get(f"{path}?cursor={cursor}", headers=office.mia.headers)
            if answer.status_code != 404:
                assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "cursor"), operation.rule
