"""Who is asking: by the session of a browser, by the token of a program, or nobody.

Sessions are rows of our own, so they can be listed and ended at once; the cookie holds a random id of which only the
SHA-256 is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Response, g, request
from flask import session as form_session
from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.util import identity_key

from annotator.db import current_connection, db, glimpse, now, transaction
from annotator.domain.scopes import Scope
from annotator.domain.text import sha256
from annotator.errors import Busy, NotSignedIn
from annotator.models import ApiToken, Project, Session, User
from annotator.security.settings import settings
from annotator.spoken import Spoken

# How exactly it is known when a session or token was last used; each notice costs a write.
SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Token:
    """The API token that a request came with; with a project (its id and short name) it is good for that one alone."""

    name: str
    scopes: frozenset[Scope]
    expires_at: datetime | None
    project_id: str | None = None
    project: str | None = None


@dataclass(frozen=True)
class Person:
    """Whoever is asking, in plain values: enough for a save, which would spend a tenth of its time on the object."""

    id: str
    name: str
    columns: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Identity:
    """Who is asking: by a session, by a token, or nobody; `refusal` says why a token was not accepted."""

    person: Person | None = None
    session_hash: str = ""
    token: Token | None = None
    refusal: str = ""


def signed_in_user() -> User | None:
    """Whoever is asking, or None; looked up once for each request, when it is first needed."""
    person = identity().person
    if person is None:
        return None
    if "user" not in g:
        g.user = _user(person)
    found: User = g.user
    return found


def current_user() -> User:
    """Whoever is asking. Raises NotSignedIn."""
    current_person()
    return cast(User, signed_in_user())


def current_person() -> Person:
    """The same in plain values."""
    found = identity()
    if found.person is None:
        raise NotSignedIn(found.refusal) if found.refusal else NotSignedIn
    return found.person


def is_signed_in() -> bool:
    """Whether anybody known is asking."""
    return identity().person is not None


def _user(person: Person) -> User:
    """The person as the session knows them; what was read of them need not be read again."""
    known: User | None = db.session.identity_map.get(identity_key(User, person.id))
    if known is not None:
        return known
    user = User(**person.columns)
    make_transient_to_detached(user)
    db.session.add(user)
    return user


def ask_for_nobody() -> None:
    """From here on nobody is asking: for the page that says that the database does not answer."""
    g.identity = Identity()


def current_token() -> Token | None:
    """The token that the request came with; None for a browser's session and for nobody."""
    return identity().token


def current_session() -> str:
    """The stored hash of this browser's session, or "" for nobody and for programs."""
    return identity().session_hash


def start_session(response: Response, token: str) -> None:
    """Give the browser its session; what it knew from before, its CSRF token included, is forgotten."""
    lifetime = timedelta(hours=settings().session_hours)
    _forget()
    response.set_cookie(cookie_name(), token, max_age=lifetime, secure=settings().secure, httponly=True, samesite="Lax")


def end_session(response: Response) -> None:
    """Take the session from the browser."""
    _forget()
    response.delete_cookie(cookie_name(), secure=settings().secure, httponly=True, samesite="Lax")


def _forget() -> None:
    form_session.clear()
    g.pop("csrf_token", None)
    g.pop("identity", None)
    g.pop("user", None)


def identity() -> Identity:
    """Looked up once for each request, when it is first needed."""
    if "identity" not in g:
        token = bearer()
        g.identity = _by_session() if token is None else _by_token(token)
    found: Identity = g.identity
    return found


def bearer() -> str | None:
    """The token that a program sent. Pages take none: a stolen token must not be able to change a password."""
    if not request.path.startswith("/api/"):
        return None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _by_session() -> Identity:
    cookie = request.cookies.get(cookie_name())
    if not cookie:
        return Identity()
    moment = now()
    given = {
        "hash": sha256(cookie),
        "moment": moment,
        "idle_since": moment - timedelta(hours=settings().session_idle_hours),
    }
    with glimpse() as connection:
        found = _ASK_SESSION.first(connection, given)
    if found is not None and moment - found.last_seen_at > SEEN_EVERY:
        # Who only reads must not be refused because others write: the next request notes it.
        with suppress(Busy), transaction():
            connection = current_connection()
            found = connection.execute(_SESSION.with_for_update(of=_SESSIONS), given).first()
            if found is not None:
                connection.execute(_SEEN, given)
    return Identity(_person(found), found.id_hash) if found else Identity()


def _by_token(given_token: str) -> Identity:
    moment = now()
    given = {"hash": sha256(given_token), "moment": moment}
    with glimpse() as connection:
        found = _ASK_TOKEN.first(connection, given)
    if found is not None and (found.last_used_at is None or moment - found.last_used_at > SEEN_EVERY):
        with suppress(Busy), transaction():
            connection = current_connection()
            found = connection.execute(_TOKEN.with_for_update(of=_TOKENS), given).first()
            if found is not None:
                connection.execute(_USED, given)
    if found is None:
        return Identity(refusal="This token is not known, or it was revoked or has expired. Make one in your account.")
    scopes = frozenset(map(Scope, found.scopes.split()))
    token = Token(found.token_name, scopes, found.expires_at, found.project_id, found.slug)
    return Identity(_person(found), token=token)


def _person(found: Sequence[Any]) -> Person:
    columns = dict(zip(_COLUMNS, found, strict=False))
    return Person(columns["id"], columns["name"], columns)


# Asked by every request, so they are built once (to build one takes longer than to run it), and what nobody reads of
# a session or a token is not loaded. The columns of the person come first.
_USERS, _SESSIONS, _TOKENS = (cast(Table, model.__table__) for model in (User, Session, ApiToken))
_COLUMNS = tuple(_USERS.columns.keys())
_SESSION = (
    select(*_USERS.columns, _SESSIONS.c.id_hash, _SESSIONS.c.last_seen_at)
    .join_from(_SESSIONS, _USERS)
    .where(
        _SESSIONS.c.id_hash == bindparam("hash"),
        _SESSIONS.c.expires_at > bindparam("moment"),
        _SESSIONS.c.last_seen_at > bindparam("idle_since"),
        _USERS.c.disabled_at.is_(None),
    )
)
_TOKEN = (
    select(
        *_USERS.columns,
        _TOKENS.c.name.label("token_name"),
        _TOKENS.c.scopes,
        _TOKENS.c.expires_at,
        _TOKENS.c.last_used_at,
        _TOKENS.c.project_id,
        Project.slug,
    )
    .join_from(_TOKENS, _USERS)
    .outerjoin(Project, Project.id == _TOKENS.c.project_id)
    .where(
        _TOKENS.c.token_hash == bindparam("hash"),
        _TOKENS.c.revoked_at.is_(None),
        _TOKENS.c.expires_at.is_(None) | (_TOKENS.c.expires_at > bindparam("moment")),
        _USERS.c.disabled_at.is_(None),
    )
)
_ASK_SESSION, _ASK_TOKEN = Spoken(_SESSION), Spoken(_TOKEN)
_SEEN = update(_SESSIONS).where(_SESSIONS.c.id_hash == bindparam("hash")).values(last_seen_at=bindparam("moment"))
_USED = update(_TOKENS).where(_TOKENS.c.token_hash == bindparam("hash")).values(last_used_at=bindparam("moment"))


def cookie_name() -> str:
    """The cookie that holds a browser's session; over https no other host can set it."""
    return "__Host-annotator_session" if settings().secure else "annotator_session"
