"""Every route of the app as addresses of one world, so that a person's whole day can be recorded.

What tests/support/routes.py says of a route is used: a new route is walked as soon as it has its row there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for
from werkzeug.test import TestResponse

from tests.support.people import Browser
from tests.support.routes import ROUTES

# They end the session that is being recorded, or change what signs its person in.
LEAVING = frozenset({"account.sign_out", "account.end_sessions", "account.end_session", "account.password"})

Answer = tuple[int, list[tuple[str, str]], str]


@dataclass(frozen=True)
class Step:
    """One request of the walk."""

    endpoint: str
    method: str
    path: str
    sends: Mapping[str, Any]


def steps(app: Flask, worlds: Iterable[Mapping[str, str]]) -> list[Step]:
    """Every method of every route, with the values of each of the worlds that make another address of it."""
    found: dict[tuple[str, str], Step] = {}
    with app.test_request_context():
        for world in worlds:
            for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
                row = ROUTES[rule.endpoint]
                path = url_for(rule.endpoint, **filled(row.values, world))
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"} if _matters(rule.endpoint) else ()):
                    step = Step(rule.endpoint, method, path, filled(row.sends, world))
                    found.setdefault((method, path), step)
    return list(found.values())


def looks(all_steps: Iterable[Step]) -> Iterator[Step]:
    """Those that only look."""
    return (step for step in all_steps if step.method == "GET")


def attempts(all_steps: Iterable[Step]) -> Iterator[Step]:
    """Those that would change something."""
    return (step for step in all_steps if step.method != "GET")


def take(browser: Browser, step: Step) -> TestResponse:
    """Do what the step says, as a page or a script of the browser would."""
    if step.method == "GET":
        return browser.get(step.path)
    if step.path.startswith("/api/"):
        return browser.request(step.method, step.path, json=step.sends, headers={"If-Match": '"1"'})
    return browser.post(step.path, dict(step.sends))


def recorded(answer: TestResponse) -> Answer:
    """All of an answer that reaches the person."""
    with answer:
        return answer.status_code, sorted(answer.headers.items()), answer.text


def filled(value: Any, world: Mapping[str, str]) -> Any:
    """What a row says, with the names of the world in it."""
    if isinstance(value, dict):
        return {name: filled(inner, world) for name, inner in value.items()}
    return value.format(**world) if isinstance(value, str) else value


def _matters(endpoint: str) -> bool:
    return endpoint not in LEAVING and endpoint != "static"
