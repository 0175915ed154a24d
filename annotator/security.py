"""The gate of every request: what may come in, who is asking, and the headers of what goes out.

Sessions are rows of our own, so they can be listed and ended at once; the cookie holds a random id of which only the
SHA-256 is stored. Flask's signed cookie carries nothing but the CSRF token and messages for the next page.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, has_request_context, request
from flask import session as form_session
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import Table, bindparam, select, update
from werkzeug.exceptions import BadRequest, RequestURITooLarge
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from annotator.config import Config
from annotator.db import db, now, transaction
from annotator.domain.text import problem_with, sha256
from annotator.errors import Busy, FieldProblem, Forbidden, Invalid, Misconfigured, NotSignedIn
from annotator.models import ApiToken, Session, User

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST_QUERY = 8_192
MEGABYTE = 1_000_000
# A pasted article is a form field; Werkzeug's own limit of half a megabyte is too small for it.
LARGEST_FORM = 25 * MEGABYTE
# Who has not signed in has nothing larger to send than a sign-in form.
LARGEST_FROM_STRANGERS = MEGABYTE
# How exactly it is known when a session or token was last used; each notice costs a write.
SEEN_EVERY = timedelta(minutes=10)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
UNUSED_FEATURES = (
    "accelerometer autoplay browsing-topics camera display-capture geolocation gyroscope hid local-fonts "
    "magnetometer microphone midi payment publickey-credentials-get screen-wake-lock serial usb xr-spatial-tracking"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES.split()),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

csrf = CSRFProtect()


@dataclass(frozen=True)
class Token:
    """The API token that a request came with."""

    name: str
    scope: str
    expires_at: datetime | None


@dataclass(frozen=True)
class Identity:
    """Who is asking: by a session, by a token, or nobody; `refusal` says why a token was not accepted."""

    user: User | None = None
    session_hash: str = ""
    token: Token | None = None
    refusal: str = ""


def init_app(app: Flask, settings: Config) -> None:
    """Install the gate. Raises Misconfigured without a secret key."""
    if not settings.secret_key:
        raise Misconfigured(f"There is no secret key in {settings.instance}. Run 'annotator init', which makes one.")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-annotator_form" if settings.secure else "annotator_form",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        # It would demand a Referer, which our own Referrer-Policy keeps browsers from sending.
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=settings.upload_megabytes * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=2_000,
    )
    csrf.init_app(app)
    app.before_request(_refuse_malformed)
    app.before_request(_refuse_forged)
    app.before_request(_refuse_unstorable)
    app.after_request(_add_headers)
    app.context_processor(lambda: {"current_user": signed_in_user()})
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


# Who is asking


def signed_in_user() -> User | None:
    """Whoever is asking, or None; looked up once for each request, when it is first needed."""
    return _identity().user


def current_user() -> User:
    """Whoever is asking. Raises NotSignedIn."""
    identity = _identity()
    if identity.user is None:
        raise NotSignedIn(identity.refusal) if identity.refusal else NotSignedIn
    return identity.user


def current_session() -> str:
    """The stored hash of this browser's session, or "" for nobody and for programs."""
    return _identity().session_hash


def base_url() -> str:
    """The address of this installation, without a slash at its end; that of the request where none is configured."""
    configured = _settings().base_url
    if configured:
        return configured.rstrip("/")
    return request.host_url.rstrip("/") if has_request_context() else "http://127.0.0.1:5000"


def start_session(response: Response, token: str) -> None:
    """Give the browser its session; what it knew from before, its CSRF token included, is forgotten."""
    settings = _settings()
    lifetime = timedelta(hours=settings.session_hours)
    _forget()
    response.set_cookie(_cookie_name(), token, max_age=lifetime, secure=settings.secure, httponly=True, samesite="Lax")


def end_session(response: Response) -> None:
    """Take the session from the browser."""
    _forget()
    response.delete_cookie(_cookie_name(), secure=_settings().secure, httponly=True, samesite="Lax")


def _forget() -> None:
    form_session.clear()
    g.pop("csrf_token", None)
    g.pop("identity", None)


def _identity() -> Identity:
    if "identity" not in g:
        bearer = _bearer()
        g.identity = _by_session() if bearer is None else _by_token(bearer)
        g.via_token = g.identity.token
    found: Identity = g.identity
    return found


def _bearer() -> str | None:
    """The token that a program sent. Pages take none: a stolen token must not be able to change a password."""
    if not request.path.startswith("/api/"):
        return None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _by_session() -> Identity:
    cookie = request.cookies.get(_cookie_name())
    if not cookie:
        return Identity()
    moment = now()
    given = {
        "hash": sha256(cookie),
        "moment": moment,
        "idle_since": moment - timedelta(hours=_settings().session_idle_hours),
    }
    found = db.session.execute(_SESSION, given).first()
    if found is not None and moment - found.last_seen_at > SEEN_EVERY:
        # Who only reads must not be refused because others write: the next request notes it.
        with suppress(Busy), transaction():
            found = db.session.execute(_SESSION.with_for_update(of=Session), given).first()
            if found is not None:
                db.session.execute(_SEEN, given)
    return Identity(found.User, found.id_hash) if found else Identity()


def _by_token(bearer: str) -> Identity:
    moment = now()
    given = {"hash": sha256(bearer), "moment": moment}
    found = db.session.execute(_TOKEN, given).first()
    if found is not None and (found.last_used_at is None or moment - found.last_used_at > SEEN_EVERY):
        with suppress(Busy), transaction():
            found = db.session.execute(_TOKEN.with_for_update(of=ApiToken), given).first()
            if found is not None:
                db.session.execute(_USED, given)
    if found is None:
        return Identity(refusal="This token is not known, or it was revoked or has expired. Make one in your account.")
    return Identity(found.User, token=Token(found.name, found.scope, found.expires_at))


# Asked by every request, so they are built once (to build one takes longer than to run it), and what nobody reads of
# a session or a token is not loaded.
_SESSION = (
    select(User, Session.id_hash, Session.last_seen_at)
    .join(Session.user)
    .where(
        Session.id_hash == bindparam("hash"),
        Session.expires_at > bindparam("moment"),
        Session.last_seen_at > bindparam("idle_since"),
        User.disabled_at.is_(None),
    )
)
_TOKEN = (
    select(User, ApiToken.name, ApiToken.scope, ApiToken.expires_at, ApiToken.last_used_at)
    .join(ApiToken.user)
    .where(
        ApiToken.token_hash == bindparam("hash"),
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at.is_(None) | (ApiToken.expires_at > bindparam("moment")),
        User.disabled_at.is_(None),
    )
)
_SESSIONS, _TOKENS = cast(Table, Session.__table__), cast(Table, ApiToken.__table__)
_SEEN = update(_SESSIONS).where(_SESSIONS.c.id_hash == bindparam("hash")).values(last_seen_at=bindparam("moment"))
_USED = update(_TOKENS).where(_TOKENS.c.token_hash == bindparam("hash")).values(last_used_at=bindparam("moment"))


# What may come in


def _refuse_malformed() -> None:
    g.via_token = None
    if not _host_is_ours(request.environ.get("HTTP_HOST", "")):
        raise BadRequest(
            "This address is not one of this installation's. Its administrator can add it: base_url or allowed_hosts."
        )
    if len(request.query_string) > LONGEST_QUERY:
        raise RequestURITooLarge("The address is too long. Shorten what stands after the question mark.")
    if "\0" in request.path or any("\0" in name + value for name, value in request.args.items(multi=True)):
        raise BadRequest("The address contains a NUL character. Remove %00 from it.")


def _host_is_ours(host: str) -> bool:
    # Werkzeug's own list of trusted hosts knows no IPv6 addresses; its check of the characters is used here.
    if not host_is_trusted(host):
        return False
    settings = _settings()
    allowed = {name.strip().lower() for name in settings.allowed_hosts.split(",") if name.strip()}
    own = urlsplit(settings.base_url).hostname
    name = re.sub(r":\d+$", "", host).strip("[]").lower()
    return name in LOCAL_HOSTS | allowed | ({own} if own else set())


def _refuse_forged() -> None:
    """Two layers: the browser's own word on where the request comes from, then our token."""
    if request.method in SAFE_METHODS:
        return
    if _bearer() is not None:
        token = _identity().token
        if token is not None and token.scope == "read":
            raise Forbidden("This token may only read. Make one with the scope 'write' in your account.")
        return
    if signed_in_user() is None:
        request.max_content_length = LARGEST_FROM_STRANGERS
    if not _comes_from_here():
        raise BadRequest("This was sent from another site, so nothing was changed. Open the page here and repeat it.")
    try:
        csrf.protect()
    except CSRFError as error:
        raise BadRequest("The page was open too long, or the browser keeps no cookies. Load it again.") from error


def _comes_from_here() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    return origin == "null" or origin.partition("://")[2] == request.host


def _refuse_unstorable() -> None:
    """Neither database can hold NUL or half of a surrogate pair; no person types them."""
    if request.method in SAFE_METHODS:
        return
    sent = [(name, name + text) for name, text in request.form.items(multi=True)]
    sent += [(name, name + (upload.filename or "")) for name, upload in request.files.items(multi=True)]
    problems = [FieldProblem(name, problem) for name, text in sent if (problem := problem_with(text))]
    if problems:
        raise Invalid(f"Field {problems[0].field!r}: {problems[0].message}", problems)


# What goes out


def _add_headers(response: Response) -> Response:
    # One look at what is there: `setdefault` would search the whole list for each of them.
    given = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 -- iterating yields pairs
    for name, words in HEADERS.items():
        if name.lower() not in given:
            response.headers.add(name, words)
    if _settings().secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint == "static" and response.status_code < 400:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _cookie_name() -> str:
    return "__Host-annotator_session" if _settings().secure else "annotator_session"


def _settings() -> Config:
    settings: Config = current_app.extensions["annotator"]
    return settings
