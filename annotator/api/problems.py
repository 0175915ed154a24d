"""RFC 9457 problem documents: what went wrong, for programs and for people."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Blueprint, Response, make_response
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError

from annotator.db import db, in_domain_words
from annotator.downloads import ClientLeft, unread
from annotator.errors import (
    AnnotatorError,
    Busy,
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
    ScopeMissing,
    Stale,
    TooManyAttempts,
    Unavailable,
    VersionRequired,
)
from annotator.formats.records import CannotWrite
from annotator.security import signed_in_user

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger(__name__)


class Malformed(AnnotatorError):
    """The body is not JSON, or a header cannot be read."""


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of problem: the last part of its `type`, its title, its status and when it is met."""

    key: str
    title: str
    status: int
    meaning: str


KINDS: dict[type[AnnotatorError], Kind] = {
    Malformed: Kind("malformed", "Malformed request", 400, "The body is not JSON, or a header cannot be read."),
    NotSignedIn: Kind("not-signed-in", "Not signed in", 401, "There is no token and no session, or it is not good."),
    ScopeMissing: Kind("scope-missing", "Token not good for this", 403, "The token lacks a scope that this needs."),
    Forbidden: Kind("forbidden", "Not allowed", 403, "You belong to the project, but lack the role."),
    NotFound: Kind("not-found", "Not found", 404, "It does not exist, or you may not know whether it does."),
    Stale: Kind("stale", "Changed meanwhile", 412, "It was changed; 'current' is what is stored now."),
    Conflict: Kind("conflict", "Not possible now", 409, "The present state of things does not allow it."),
    Invalid: Kind("invalid", "Invalid content", 422, "It cannot be stored; 'errors' names each field."),
    VersionRequired: Kind("version-required", "Version required", 428, "A change names its version in If-Match."),
    TooManyAttempts: Kind("too-many-attempts", "Too many attempts", 429, "Wait for as long as Retry-After says."),
    Busy: Kind("busy", "Others are writing", 503, "Nothing was stored. Repeat it after as long as Retry-After says."),
    Unavailable: Kind(
        "unavailable", "Database away", 503, "The database does not answer. Repeat it, as Retry-After says."
    ),
}
"""In the order of the look-up: the first class that an error is an instance of decides."""

FORGED = Kind("forged", "Not from here", 400, "A browser's change carries its CSRF token in X-CSRFToken.")

WEB_KINDS: dict[int, Kind] = {
    400: KINDS[Malformed],
    404: KINDS[NotFound],
    405: Kind("method-not-allowed", "Method not allowed", 405, "This method is not possible here; see Allow."),
    413: Kind("too-large", "Too large", 413, "The body is larger than what is taken here. Send less at once."),
    415: Kind("not-json", "Not JSON", 415, "Send the body as JSON, with 'Content-Type: application/json'."),
    500: Kind("fault", "Fault of the server", 500, "Something failed here and was recorded. Nothing was stored."),
}
"""What is no error of ours, by its status."""

_RESERVED = frozenset({"type", "title", "status", "detail", "errors"})
_KEPT_HEADERS = frozenset({"Allow", "Retry-After", "WWW-Authenticate"})


def register(blueprint: Blueprint) -> None:
    """Answer with problem documents for whatever goes wrong in the views of `blueprint`."""
    blueprint.register_error_handler(AnnotatorError, of_error)
    blueprint.register_error_handler(HTTPException, of_http)
    blueprint.register_error_handler(SQLAlchemyError, of_database)
    blueprint.register_error_handler(CannotWrite, of_format)
    blueprint.register_error_handler(ClientLeft, unread)
    blueprint.register_error_handler(Exception, of_bug)


def of_error(error: AnnotatorError) -> Response:
    """The answer to an error of ours."""
    kind = kind_of(error)
    members: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(error, Invalid) and error.problems:
        members["errors"] = _listed(error.problems)
    if isinstance(error, Conflict):
        members |= {name: value for name, value in error.details.items() if name not in _RESERVED}
    if isinstance(error, Stale) and isinstance(error.details.get("current"), Mapping):
        # Of an article the version is that of its text; what its details are changed by is their edition.
        headers["ETag"] = f'"{error.details.get("edition", error.details["current"]["version"])}"'
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = 'Bearer realm="annotator"'
    if isinstance(error, ScopeMissing):
        headers["WWW-Authenticate"] = f'Bearer realm="annotator", error="insufficient_scope", scope="{error.scope}"'
    if isinstance(error, (TooManyAttempts, Busy, Unavailable)):
        headers["Retry-After"] = str(error.seconds)
    return _answer(uri_of(kind), kind.title, kind.status, str(error), members=members, headers=headers)


def of_http(error: HTTPException) -> Response:
    """The answer to an error of the web: no such route, method, media type; a body too large."""
    if error.code is None or error.code < 400:
        return make_response(error.get_response())  # A redirect, which is an answer already.
    if isinstance(error.__cause__, CSRFError):
        return _of_forgery()
    headers = {name: value for name, value in error.get_headers() if name in _KEPT_HEADERS}
    kind = WEB_KINDS.get(error.code)
    if kind is None:
        return _answer("about:blank", error.name, error.code, error.description or error.name, headers=headers)
    # Our own gate says in its 400 what it refused; the sentences of the rest speak to programmers.
    detail = {400: error.description or kind.meaning, 404: str(NotFound())}.get(error.code, kind.meaning)
    return _answer(uri_of(kind), kind.title, kind.status, detail, headers=headers)


def of_database(error: SQLAlchemyError) -> Response:
    """The answer to a trouble of the database: one that passes by itself, or a fault."""
    known = in_domain_words(error)
    if known is None:
        return of_bug(error)
    _log.warning("the database: %s", type(error.__cause__ or error).__name__)
    db.session.rollback()
    return of_error(known)


def of_format(error: CannotWrite) -> Response:
    """The answer to a dataset that the chosen format has no room for."""
    return of_error(Conflict(str(error)))


def of_bug(error: Exception) -> Response:
    """The answer to a fault of ours, which tells nothing of its inside."""
    _log.exception("The API failed", exc_info=error)
    return of_http(InternalServerError())


def kind_of(error: AnnotatorError) -> Kind:
    """What kind of problem `error` is."""
    for known, kind in KINDS.items():
        if isinstance(error, known):
            return kind
    return Kind("refused", "Refused", 400, "It was refused.")


def uri_of(kind: Kind) -> str:
    """The `type` of a kind of problem, which leads to its description."""
    return f"/api/problems/{kind.key}"


def every_kind() -> list[Kind]:
    """All kinds, by status."""
    return sorted({*KINDS.values(), *WEB_KINDS.values(), FORGED}, key=lambda kind: (kind.status, kind.key))


def _of_forgery() -> Response:
    """Nobody asked for a change, or a browser that is signed in did not prove that it was our page."""
    if signed_in_user() is None:
        return of_error(NotSignedIn("Send a token: 'Authorization: Bearer TOKEN'. You make one in your account."))
    return _answer(uri_of(FORGED), FORGED.title, FORGED.status, FORGED.meaning)


def _listed(problems: Sequence[FieldProblem]) -> list[dict[str, str]]:
    return [{"field": problem.field, "message": problem.message} for problem in problems]


def _answer(
    uri: str,
    title: str,
    status: int,
    detail: str,
    *,
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    document = {"type": uri, "title": title, "status": status, "detail": detail, **(members or {})}
    body = orjson.dumps(document, default=str)
    return Response(body, status, headers, mimetype=MEDIA_TYPE)
