"""The gate of every request: what may come in, and the headers of what goes out.

Flask's signed cookie carries nothing but the CSRF token and messages for the next page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest, RequestURITooLarge
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from annotator.config import Config
from annotator.domain.text import problem_with
from annotator.errors import FieldProblem, Invalid, Misconfigured
from annotator.security.identity import bearer, is_signed_in, signed_in_user
from annotator.security.settings import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from itsdangerous import URLSafeTimedSerializer

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST_QUERY = 8_192
MEGABYTE = 1_000_000
# A pasted article is a form field; Werkzeug's own limit of half a megabyte is too small for it.
LARGEST_FORM = 25 * MEGABYTE
# Who has not signed in has nothing larger to send than a sign-in form.
LARGEST_FROM_STRANGERS = MEGABYTE

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

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

csrf = CSRFProtect()


class FormCookie(SecureCookieSessionInterface):
    """Flask's signed cookie; its signer is made once, and programs, which send no cookie, are not asked for it."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs the cookie."""
        self._signer = self._signer or super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie carries."""
        return super().open_session(app, request) if "HTTP_COOKIE" in request.environ else self.session_class()


def init_app(app: Flask, config: Config) -> None:
    """Install the gate. Raises Misconfigured without a secret key."""
    if not config.secret_key:
        raise Misconfigured(f"There is no secret key in {config.instance}. Run 'annotator init', which makes one.")
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-annotator_form" if config.secure else "annotator_form",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        # It would demand a Referer, which our own Referrer-Policy keeps browsers from sending.
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=config.upload_megabytes * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=2_000,
    )
    csrf.init_app(app)
    app.before_request(_refuse_malformed)
    app.before_request(_refuse_forged)
    app.before_request(_refuse_unstorable)
    app.after_request(_forbid_storing)
    app.context_processor(lambda: {"current_user": signed_in_user()})
    app.session_interface = FormCookie()
    app.wsgi_app = _with_headers(app.wsgi_app, secure=config.secure)  # type: ignore[method-assign, assignment]
    if config.proxies:
        hops = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


# What may come in


def _refuse_malformed() -> None:
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
    allowed = {name.strip().lower() for name in settings().allowed_hosts.split(",") if name.strip()}
    own = urlsplit(settings().base_url).hostname
    name = re.sub(r":\d+$", "", host).strip("[]").lower()
    return name in LOCAL_HOSTS | allowed | ({own} if own else set())


class SentTooLate(BadRequest):
    """The token is not that of this sign-in; whoever wrote for an hour and was signed out meanwhile comes here."""

    description = (
        "You were signed out, or signed in anew, after this page was opened; or the browser keeps no cookies. "
        "Open the page again, signed in, and repeat it."
    )


def _refuse_forged() -> None:
    """Two layers: the browser's own word on where the request comes from, then our token."""
    if request.method in SAFE_METHODS:
        return
    if bearer() is not None:
        return
    if not is_signed_in():
        request.max_content_length = LARGEST_FROM_STRANGERS
    if not _comes_from_here():
        raise BadRequest("This was sent from another site, so nothing was changed. Open the page here and repeat it.")
    try:
        csrf.protect()
    except CSRFError as error:
        raise SentTooLate from error


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
    if request.mimetype not in FORMS:
        return
    sent = [(name, name + text) for name, text in request.form.items(multi=True)]
    sent += [(name, name + (upload.filename or "")) for name, upload in request.files.items(multi=True)]
    problems = [FieldProblem(name, problem) for name, text in sent if (problem := problem_with(text))]
    if problems:
        raise Invalid(f"Field {problems[0].field!r}: {problems[0].message}", problems)


# What goes out


def _with_headers(app: WSGIApplication, *, secure: bool) -> WSGIApplication:
    """`app` with our headers on every answer that has none of that name.

    They are added to the finished list: as headers of a response they would be checked and copied four times.
    """
    always = HEADERS | ({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if secure else {})
    added = [(name.lower(), (name, words)) for name, words in always.items()]

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *fault: Any) -> Callable[[bytes], object]:
            given = {name.lower() for name, _ in headers}
            return start_response(status, headers + [pair for name, pair in added if name not in given], *fault)

        return app(environ, start)

    return answer


def _forbid_storing(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code < 400:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
