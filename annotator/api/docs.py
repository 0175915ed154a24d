"""The API's description: the OpenAPI document, and the page on which people read it."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from annotator.api import openapi, problems
from annotator.errors import NotFound

docs = Blueprint("api_docs", __name__, url_prefix="/api")
problems.register(docs)


@docs.get("/v1/openapi.json")
def document() -> Response:
    """Give the OpenAPI document, to anybody."""
    return Response(orjson.dumps(openapi.document()), mimetype="application/json")


@docs.get("/docs")
def page() -> str:
    """Show the same document to people."""
    return render_template("api/docs.html", api=openapi.document(), problems=problems.every_kind(), in_json=_in_json)


@docs.get("/problems/<key>")
def problem(key: str) -> Redirect:
    """Lead from the `type` of a problem document to its description."""
    if key not in {kind.key for kind in problems.every_kind()}:
        raise NotFound
    return redirect(url_for("api_docs.page", _anchor=f"problem-{key}"))


def _in_json(value: Any) -> str:
    """An example as people read it; a file of text as it is."""
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
