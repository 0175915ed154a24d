"""Requests made from the OpenAPI document by schemathesis, good and bad: none may make the server fail."""

from __future__ import annotations

from collections.abc import Callable

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings

from annotator.api import openapi
from tests.support.program import Office, Program

KNOWN = {"slug": "truce"}


def test_no_made_up_request_makes_the_server_fail(app: Flask, rounds: Callable[[int, int], int]) -> None:
    office = Office(app)
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    known = KNOWN | {"article_id": article, "annotation_id": str(annotation)}
    schema = schemathesis.openapi.from_dict(openapi.document())
    schema.config.update(base_url="http://localhost")
    tried: list[int] = []

    for found in schema.get_all_operations():
        operation = found.ok()

        @seed(7)
        @settings(
            max_examples=rounds(15, 500),
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def try_it(case: schemathesis.Case) -> None:
            # A made-up id is rarely one that exists, so what exists is asked for.
            case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
            tried.extend(send(case, program) for program in (office.ada, office.jo, office.mia))

        try_it()
    assert len(tried) > 500
    assert {200, 404, 422} <= set(tried)


def send(case: schemathesis.Case, program: Program) -> int:
    """Send the case as the person of `program`; its status."""
    answer = case.call(headers=program.headers, app=program.client.application)
    assert answer.status_code < 500, answer.text
    return int(answer.status_code)
