"""The HTTP API, version 1: a request becomes one service call and its result JSON or a file.

Each operation is declared once, with its schemas, in the module of its noun; the OpenAPI document is made of that.
"""

# No `from __future__ import annotations` here: it would hide the module of that name.

from typing import Any

from flask import Flask, abort, request

from annotator.api import (
    adjudication,
    agreement,
    annotations,
    articles,
    assignments,
    copies,
    counterparts,
    discussion,
    export,
    link_questions,
    links,
    me,
    problems,
    projects,
    releases,
    rounds,
    search,
    versions,
    webhooks,
)
from annotator.api.converters import CONVERTERS
from annotator.api.docs import docs
from annotator.api.routes import api

ROOT = "/api"
NOUNS = (
    me,
    projects,
    articles,
    versions,
    annotations,
    assignments,
    export,
    releases,
    links,
    counterparts,
    adjudication,
    link_questions,
    rounds,
    discussion,
    agreement,
    webhooks,
    copies,
    search,
)
"""The modules that declare operations; to import them is what declares."""


def register(app: Flask) -> None:
    """Install the API and its description."""
    app.url_map.converters |= CONVERTERS
    app.register_blueprint(api)
    app.register_blueprint(docs)
    # Earlier than any before_request: the first refusal decides who answers, and without a route no blueprint would.
    app.url_value_preprocessor(_refuse_unrouted)


def _refuse_unrouted(_endpoint: str | None, _parts: dict[str, Any] | None) -> None:
    """Answer programs in their own form where there is no route."""
    error = request.routing_exception
    if error is not None and (request.path == ROOT or request.path.startswith(f"{ROOT}/")):
        abort(problems.of_http(error))
