"""What can go wrong becomes an HTTP status here, once, and a page with the way out."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError

from annotator import errors, security
from annotator.db import db, in_domain_words
from annotator.downloads import ClientLeft, unread
from annotator.formats.records import CannotWrite

logger = logging.getLogger(__name__)

# The first class that an error is an instance of counts.
STATUSES: tuple[tuple[type[errors.AnnotatorError], int], ...] = (
    (errors.NotFound, 404),
    (errors.Forbidden, 403),
    (errors.NotSignedIn, 401),
    (errors.Invalid, 422),
    (errors.Stale, 412),
    (errors.Conflict, 409),
    (errors.VersionRequired, 428),
    (errors.TooManyAttempts, 429),
    (errors.Busy, 503),
    (errors.Unavailable, 503),
)
TITLES = {
    400: "This request cannot be understood",
    401: "You are not signed in",
    403: "You may not do this",
    404: "There is no such page",
    405: "This address does not work that way",
    409: "This is not possible now",
    412: "It was changed meanwhile",
    413: "This is too large",
    414: "The address is too long",
    422: "Something in it cannot be stored",
    428: "The version is missing",
    429: "Too many attempts",
    500: "Something broke",
    503: "This is not possible just now",
}
# Werkzeug's own sentences speak to programmers.
DETAILS = {
    404: "Nothing here has this address, or it is not open to you.",
    405: "The page was asked for in a way that it does not know. Follow a link or press a button of the tool instead.",
    413: "What was sent is larger than this installation takes.",
}


def register(app: Flask) -> None:
    """Install the pages for domain errors, HTTP errors and our own mistakes."""
    app.register_error_handler(errors.AnnotatorError, domain_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(SQLAlchemyError, database_error)
    app.register_error_handler(CannotWrite, refused_format)
    app.register_error_handler(ClientLeft, unread)


def status_of(error: errors.AnnotatorError) -> int:
    """The HTTP status of a domain error."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def domain_error(error: errors.AnnotatorError) -> Response:
    """The page of a domain error; who is not signed in is led to the sign-in and back."""
    status = status_of(error)
    if status == 401 and _is_visit():
        return make_response(redirect(url_for("sign_in.show", next=request.full_path.removesuffix("?"))))
    response = page(status, str(error))
    if isinstance(error, (errors.TooManyAttempts, errors.Busy, errors.Unavailable)):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def refused_format(error: CannotWrite) -> Response:
    """The page of a dataset that the chosen format has no room for."""
    return domain_error(errors.Conflict(str(error)))


def database_error(error: SQLAlchemyError) -> Response:
    """The page of a trouble of the database that passes by itself; every other is a fault of ours."""
    known = in_domain_words(error)
    if known is None:
        raise error
    logger.warning("the database: %s", type(error.__cause__ or error).__name__)
    db.session.rollback()
    if isinstance(known, errors.Unavailable):
        # The page would ask who is asking, and wait for the same database again.
        security.ask_for_nobody()
    return domain_error(known)


def http_error(error: HTTPException) -> Response:
    """The page of an HTTP error; Allow and the like are kept. Redirects pass."""
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    if isinstance(error, InternalServerError):
        db.session.rollback()
    late = isinstance(error, security.SentTooLate)
    detail = DETAILS.get(status, error.description or "")
    most = request.max_content_length
    if status == 413 and most and (request.content_length or 0) > most:
        detail += f" At once it takes {most // 1_000_000:,} MB"
        detail += " from who is not signed in." if most == security.LARGEST_FROM_STRANGERS else "."
    response = page(
        status,
        detail,
        title="This page is out of date" if late else "",
        written=_written() if late else (),
        sent_from=_sent_from() if late else "",
    )
    for name, words in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = words
    return response


def page(status: int, detail: str, *, title: str = "", written: Sequence[str] = (), sent_from: str = "") -> Response:
    """The page for `status`, with what would be lost. It must appear even when the database does not answer."""
    title = title or TITLES.get(status, "This did not work")
    try:
        html = render_template(
            "errors/error.html", status=status, title=title, detail=detail, written=written, sent_from=sent_from
        )
    except Exception:
        logger.exception("the page of an error could not be made")
        return make_response(f"{title}. {detail}\n", status, {"Content-Type": "text/plain; charset=utf-8"})
    return make_response(html, status)


def _sent_from() -> str:
    """The path of the form that was sent, as far as can be told: most are sent to their own page. Else the start page."""
    adapter = current_app.create_url_adapter(request)
    own = adapter is not None and adapter.test(method="GET")
    return request.full_path.removesuffix("?") if own else url_for("home.index")


def _written() -> list[str]:
    """What a person wrote into the form that was sent: whatever has several words, and is no password.

    Every field of a password is called one (tests/test_security.py).
    """
    sent = request.form.items(multi=True)
    return [words for name, words in sent if len(words.split()) > 1 and "password" not in name]


def _is_visit() -> bool:
    """Whether a person went to a page, as opposed to a script fetching a part of one."""
    return request.method in {"GET", "HEAD"} and request.headers.get("Sec-Fetch-Dest", "document") == "document"
