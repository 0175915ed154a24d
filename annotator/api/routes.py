"""How a route of the API is declared: one decorator that the URL map and the OpenAPI document are both made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from inspect import signature
from typing import Any

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel

from annotator.api import problems, reading
from annotator.api.schemas.base import Query
from annotator.db import transaction
from annotator.domain.scopes import Scope
from annotator.errors import Conflict
from annotator.permissions import require_scope, scope_of
from annotator.security import current_person, current_token, current_user
from annotator.services import token_limits

api = Blueprint("api", __name__, url_prefix="/api/v1")
problems.register(api)

LARGEST_BODY = 4 * 1024 * 1024
"""In bytes; articles may be as large as an upload."""

View = Callable[..., Response]


@dataclass(frozen=True)
class Stream:
    """An answer that is a file; `media_types` are what it may be."""

    media_types: tuple[str, ...]


Answer = type[BaseModel] | tuple[type[BaseModel], ...] | Stream | None
"""A schema, one of several schemas, a file, or nothing."""


@dataclass(frozen=True)
class Taking:
    """What an operation reads besides its path. `version` is If-Match; `large` allows bodies the size of an upload."""

    bodies: tuple[type[BaseModel], ...] = ()
    optional: bool = False
    query: type[Query] | None = None
    version: bool = False
    large: bool = False


NOTHING = Taking()


@dataclass(frozen=True)
class Giving:
    """What an operation answers with each good status, and the statuses of its refusals.

    `version` says that the answer carries an ETag.
    """

    answers: Mapping[int, Answer]
    refusals: tuple[int, ...] = field(default=(404,))
    version: bool = False


@dataclass(frozen=True)
class Operation:
    """One method of one path, as the OpenAPI document tells it; `noun` is the module that it stands in."""

    method: str
    rule: str
    endpoint: str
    summary: str
    noun: str
    scope: Scope
    takes: Taking
    gives: Giving


OPERATIONS: list[Operation] = []
"""Every operation of the API, in the order of declaration."""


def route(method: str, rule: str, *, takes: Taking = NOTHING, gives: Giving) -> Callable[[View], View]:
    """Make the function an operation of the API.

    It is called with `user` (or, where plain values of theirs are enough, `person`), the parts of the path, and, where it
    takes them, `body`, `query` and `if_version`. Who is asking is settled first and the request is read next, so that the
    view only begins when both are good. A parameter that the operation does not know is refused everywhere: it would be a
    wish that nobody heard.
    """

    def declare(view: View) -> View:
        summary = (view.__doc__ or "").strip()
        scope = scope_of(view.__name__, method)
        plainly = "person" in signature(view).parameters

        @wraps(view)
        def answer(**path: Any) -> Response:
            given: dict[str, Any] = {"person": current_person()} if plainly else {"user": current_user()}
            given |= path
            token = current_token()
            if token is not None:
                require_scope(token.scopes, scope)
                if token.project_id is not None:
                    token_limits.require_inside(token.project_id, view.__name__, path)
            query = reading.query_of(request, takes.query or Query)
            if takes.query is not None:
                given["query"] = query
            if takes.version:
                given["if_version"] = reading.if_match(request)
            if takes.bodies:
                most = _most_bytes(large=takes.large)
                given["body"] = reading.body_of(request, *takes.bodies, most=most, optional=takes.optional)
            return view(**given)

        api.add_url_rule(rule, view.__name__, answer, methods=[method])
        noun = view.__module__.rpartition(".")[2]
        path, endpoint = f"{api.url_prefix}{rule}", f"{api.name}.{view.__name__}"
        OPERATIONS.append(Operation(method, path, endpoint, summary, noun, scope, takes, gives))
        return answer

    return declare


@contextmanager
def saving(present: Callable[[Any], Any] | None = None) -> Iterator[None]:
    """One write transaction. What a conflict carries is made JSON by `present` while it can still be read.

    The rollback forgets everything that was loaded, so afterwards it would be too late.
    """
    with transaction():
        try:
            yield
        except Conflict as conflict:
            if present is not None:
                conflict.details = {name: present(value) for name, value in conflict.details.items()}
            raise


def _most_bytes(*, large: bool) -> int:
    whole: int | None = current_app.config.get("MAX_CONTENT_LENGTH")
    if large:
        return whole or LARGEST_BODY
    return min(whole, LARGEST_BODY) if whole else LARGEST_BODY
