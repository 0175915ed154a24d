"""People who call the API with programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.program import Office


@pytest.fixture
def office(app: Flask) -> Office:
    """A blind project with two reviewers, an adjudicator, a manager and a stranger, each with a program."""
    return Office(app)


@pytest.fixture
def refused() -> Callable[..., dict]:
    """Check that an answer is a problem document with this status; returns it."""

    def check(answer: TestResponse, status: int, field: str | None = None) -> dict:
        assert answer.status_code == status, answer.text
        assert answer.mimetype == "application/problem+json"
        problem = answer.json
        assert problem["status"] == status
        assert problem["title"]
        assert problem["detail"]
        assert problem["type"].startswith("/api/problems/")
        if field is not None:
            assert field in [each["field"] for each in problem["errors"]]
            assert all(each["message"] for each in problem["errors"])
        return problem

    return check
