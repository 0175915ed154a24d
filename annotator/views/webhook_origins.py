"""Where webhooks may lead: the list that administrators keep."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.errors import Invalid
from annotator.forms.webhooks import OriginForm
from annotator.models import User
from annotator.services import webhook_origins

pages = Blueprint("webhook_origins", __name__, url_prefix="/webhook-addresses")


@pages.get("")
def index() -> str:
    """All allowed places, and a form for another one."""
    _administrator()
    return _page(OriginForm(formdata=None))


@pages.post("")
def allow() -> Response:
    """Allow a place."""
    user, form = _administrator(), OriginForm()
    if form.validate():
        try:
            with transaction():
                allowed = webhook_origins.allow(form.origin.data or "", private=form.private.data, by=user)
            flash(f"Webhooks may lead to {allowed.origin}.", "success")
            return redirect(url_for(".index"), 303)
        except Invalid as error:
            form.refuse(error)
    return make_response(_page(form), 422)


@pages.post("/forbid")
def forbid() -> Response:
    """Take a place off the list."""
    user = _administrator()
    with transaction():
        forbidden = webhook_origins.forbid(request.form.get("origin", ""), by=user)
    flash(f"Webhooks may no longer lead to {forbidden.origin}.", "success")
    return redirect(url_for(".index"), 303)


def _administrator() -> User:
    user = security.current_user()
    webhook_origins.require_administrator(user)
    return user


def _page(form: OriginForm) -> str:
    return render_template("webhooks/origins.html", origins=webhook_origins.everything(), form=form)
