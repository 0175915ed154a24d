"""Below /api every refusal is a problem document, also before a route or a view is reached."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from annotator.security import LARGEST_FROM_STRANGERS, LONGEST_QUERY

PATHS = ("/api", "/api/", "/api/docs", "/api/problems/none", "/api/v1/openapi.json", "/api/v1/me", "/api/v1/nothing")


@pytest.mark.parametrize("host", ["evil.example", "", "a b", "localhost:99999999"])
def test_another_host(client: FlaskClient, refused: Callable[..., dict], host: str) -> None:
    for path in PATHS:
        answer = client.get(path, headers={"Host": host})
        refused(answer, 404 if answer.status_code == 404 else 400)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_any_method_anywhere(client: FlaskClient, method: str) -> None:
    for path in PATHS:
        expect_an_answer_or_a_problem(client, path, method)


def expect_an_answer_or_a_problem(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open(path, method=method)
    if answer.status_code < 400:
        assert method in {"GET", "HEAD"}
        return
    assert answer.mimetype == "application/problem+json"
    if method == "HEAD":
        assert answer.data == b""
    if answer.status_code == 405:
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/openapi.json", "/api/docs"])
def test_options_tells_what_is_allowed(client: FlaskClient, path: str) -> None:
    answer = client.options(path)
    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/openapi.json", "/api/docs"])
def test_addresses_that_cannot_be_read(client: FlaskClient, refused: Callable[..., dict], path: str) -> None:
    assert client.get(f"{path}?x={'y' * LONGEST_QUERY}").status_code == 414
    assert client.get(f"{path}?x={'y' * LONGEST_QUERY}").mimetype == "application/problem+json"
    refused(client.get(f"{path}?x=%00"), 400)


def test_bodies_that_are_too_large_or_no_json(client: FlaskClient, refused: Callable[..., dict]) -> None:
    form = "application/x-www-form-urlencoded"
    large = b"x" * (LARGEST_FROM_STRANGERS + 1)
    refused(client.post("/api/v1/projects", data=large, content_type=form), 413)
    refused(client.post("/api/v1/projects", data=b"x=1", content_type=form), 401)
    refused(client.post("/api/v1/projects", data=b"x", headers={"Authorization": "Bearer x"}), 401)


def test_pages_beside_it_stay_pages(client: FlaskClient) -> None:
    """The positive control: what is not below /api is answered to people."""
    assert client.get("/apiary").mimetype == "text/html"
    assert client.get("/sign-in", headers={"Host": "evil.example"}).mimetype == "text/html"
