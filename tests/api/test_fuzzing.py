"""Requests made from the OpenAPI document by schemathesis, good and bad, as everybody: no fault, no answer that the
document does not tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask, Response
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from annotator.api import openapi
from annotator.db import db
from annotator.models import User
from tests.support.program import Office, Program

ROLES = ("nobody", "sam", "ada", "jo", "mia", "kim")
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def everybody(app: Flask) -> tuple[dict[str, Program], dict[str, str]]:
    """A program of each role, and what stands for the parts of the paths: what exists."""
    office = Office(app)
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    office.submit(article)
    made = office.jo.post(
        f"/articles/{article}/decisions",
        {"question": str(annotation), "outcome": "accept", "annotation": str(annotation), "justification": "So."},
    ).json
    blind = office.article(text="Another story was told.", group="other")
    office.mia.post("/projects/truce/releases", {"version": "1.0.0"})
    with app.app_context():
        db.session.add(User(email="kim@example.org", name="Kim", is_admin=True))
        db.session.commit()
        kim = db.session.scalars(db.select(User.id).where(User.name == "Kim")).one()
    programs = {name: getattr(office, name) for name in ROLES[:-1]} | {"kim": Program(app, kim)}
    known = {
        "slug": "truce",
        "article_id": blind,
        "annotation_id": str(annotation),
        "question": str(annotation),
        "decision_id": made["id"],
        "version": "1.0.0",
    }
    return programs, known


def send(case: schemathesis.Case, program: Program) -> int:
    """Send the case as the person of `program`; its status. Raises FailureGroup for an answer that must not be."""
    headers = {**dict(case.headers or {}), **program.headers}
    if not program.headers:
        headers.pop("Authorization", None)
    answer = case.call(headers=headers, app=program.client.application)
    case.validate_response(answer, checks=CHECKS)
    return int(answer.status_code)


def fuzz(programs: dict[str, Program], known: dict[str, str], *, examples: int, only: str = "") -> Counter[int]:
    """Try every operation, or `only` one, `examples` times as each of `programs`; how often each status came."""
    schema = schemathesis.openapi.from_dict(openapi.document())
    schema.config.update(base_url="http://localhost")
    tried: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        if only and operation.label != only:
            continue

        @seed(7)
        @settings(
            max_examples=examples, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy())
        def try_it(case: schemathesis.Case) -> None:
            # A made-up id is rarely one that exists, so what exists is asked for.
            case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
            tried.update(send(case, program) for program in programs.values())

        try_it()
    return tried


def test_no_made_up_request_is_answered_otherwise_than_described(
    everybody: tuple[dict[str, Program], dict[str, str]], rounds: Callable[[int, int], int]
) -> None:
    programs, known = everybody
    examples = rounds(2, 50)
    tried = fuzz(programs, known, examples=examples)
    assert tried.total() >= rounds(400, 10_000)
    assert {200, 401, 403, 404, 422} <= set(tried)


@pytest.mark.parametrize("fault", ["it fails", "a field is missing", "another status", "another type"])
def test_a_planted_fault_is_caught(
    app: Flask, everybody: tuple[dict[str, Program], dict[str, str]], fault: str
) -> None:
    programs, known = everybody

    def planted(**_: Any) -> Response:
        if fault == "it fails":
            raise ZeroDivisionError
        body, status, kind = {
            "a field is missing": ("{}", 200, "application/json"),
            "another status": ('{"type": "x", "title": "x", "status": 418, "detail": "x"}', 418, "application/json"),
            "another type": ("hello", 200, "text/plain"),
        }[fault]
        return Response(body, status, mimetype=kind)

    app.view_functions["api.show_me"] = planted
    with pytest.raises(FailureGroup):
        fuzz({"ada": programs["ada"]}, known, examples=1, only="GET /api/v1/me")
