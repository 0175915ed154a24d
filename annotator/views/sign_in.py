"""Signing in, by password or by a one-time link."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for

from annotator import security
from annotator.db import transaction
from annotator.errors import Invalid
from annotator.forms.base import EmptyForm
from annotator.forms.sign_in import SignInForm
from annotator.models import User
from annotator.services import sign_in

pages = Blueprint("sign_in", __name__)
logger = logging.getLogger(__name__)


@pages.get("/sign-in")
def show() -> str | Response:
    """The form; who is signed in already goes on."""
    if security.signed_in_user() is not None:
        return make_response(redirect(_safe(request.args.get("next", ""))))
    return render_template("sign_in/show.html", form=SignInForm(formdata=None, next=request.args.get("next", "")))


@pages.post("/sign-in")
def by_password() -> str | Response:
    """Sign in with address and password."""
    form = SignInForm()
    if not form.validate():
        return make_response(render_template("sign_in/show.html", form=form), 422)
    address, email = request.remote_addr or "", form.email.data or ""
    with transaction():
        sign_in.count_attempt(address, email)
    try:
        user = sign_in.by_password(email, form.password.data or "")
    except Invalid as error:
        logger.warning("a sign-in by password from %s was refused", address)
        form.refuse(error)
        return make_response(render_template("sign_in/show.html", form=form), 422)
    with transaction():
        secret = _begin(user, "password")
    return _arrive(secret, _safe(form.next.data or ""))


@pages.get("/sign-in/<token>")
def link(token: str) -> str:
    """A button: mail scanners open links too, and looking must not use one up."""
    return render_template("sign_in/link.html", token=token, form=EmptyForm())


@pages.post("/sign-in/<token>")
def by_link(token: str) -> Response:
    """Use up the link."""
    with transaction():
        sign_in.count_attempt(request.remote_addr or "")
    with transaction():
        user = sign_in.use_link(token)
        secret = _begin(user, "link")
    response = _arrive(secret, url_for("home.index"))
    if user.password_hash is None:
        flash("You are signed in.", "no-password")
    return response


def _begin(user: User, how: str) -> str:
    """A new session; the one that this browser had ends with it."""
    hours = current_app.extensions["annotator"].session_hours
    previous = security.signed_in_user()
    if previous is not None:
        sign_in.sign_out(previous, security.current_session())
    return sign_in.begin(
        user, how=how, hours=hours, address=request.remote_addr or "", user_agent=request.user_agent.string
    )


def _arrive(secret: str, target: str) -> Response:
    response = make_response(redirect(target, 303))
    security.start_session(response, secret)
    return response


def _safe(target: str) -> str:
    """Where to go: `target` if it is a path of this installation, else the start page."""
    # Browsers read a backslash as a slash, so two of either lead to another host.
    if target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable():
        return target
    return url_for("home.index")
