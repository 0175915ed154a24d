"""The webhooks of a project: adding one, what was sent to it, pausing and removing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.errors import Conflict, Invalid, NotFound
from annotator.forms.webhooks import WebhookForm
from annotator.models import User, Webhook
from annotator.permissions import Action
from annotator.services import projects, webhooks
from annotator.services.projects import Access

pages = Blueprint("webhooks", __name__, url_prefix="/projects/<slug>/webhooks")

Act = Callable[[Webhook, User], Any]

ACTS: dict[str, tuple[Act, str]] = {
    "pause": (lambda webhook, user: webhooks.pause(webhook, by=user), "Nothing is sent to it any more."),
    "resume": (lambda webhook, user: webhooks.resume(webhook, by=user), "It is sent to again."),
    "ping": (lambda webhook, _: webhooks.ping(webhook), "A test message is on its way. Load the page again to see it."),
}
"""What a button of the page does, and what is said afterwards."""


@pages.get("")
def index(slug: str) -> str:
    """All webhooks, and a form for another one."""
    access = projects.get_for(security.current_user(), slug, Action.MANAGE)
    return _index(access, WebhookForm(formdata=None))


@pages.post("")
def add(slug: str) -> Response:
    """Add a webhook; the answer shows its secret, and nothing will show it again."""
    user, form = security.current_user(), WebhookForm()
    access = projects.get_for(user, slug, Action.MANAGE)
    if form.validate():
        try:
            with transaction():
                project = projects.get_for(user, slug, Action.MANAGE).project
                webhook, secret = webhooks.add(project, form.url.data or "", form.events.data or (), by=user)
            return make_response(_one(projects.get_for(user, slug, Action.MANAGE), webhook.id, secret=secret))
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.refuse(Invalid.field("url", str(error)))
        access = projects.get_for(user, slug, Action.MANAGE)
    return make_response(_index(access, form), 422)


@pages.get("/<webhook_id>")
def show(slug: str, webhook_id: str) -> str:
    """One webhook with its last messages."""
    return _one(projects.get_for(security.current_user(), slug, Action.MANAGE), webhook_id)


@pages.post("/<webhook_id>/secret")
def renew(slug: str, webhook_id: str) -> str:
    """Make another secret, which is shown this once."""
    user = security.current_user()
    with transaction():
        project = projects.get_for(user, slug, Action.MANAGE).project
        secret = webhooks.renew(webhooks.get(project, webhook_id), by=user)
    return _one(projects.get_for(user, slug, Action.MANAGE), webhook_id, secret=secret, renewed=True)


@pages.post("/<webhook_id>/remove")
def remove(slug: str, webhook_id: str) -> Response:
    """Remove a webhook with what waits for it."""
    user = security.current_user()
    with transaction():
        project = projects.get_for(user, slug, Action.MANAGE).project
        webhook = webhooks.get(project, webhook_id)
        webhooks.remove(webhook, by=user)
    flash(f"The webhook to {webhook.url} is removed.", "success")
    return redirect(url_for(".index", slug=slug), 303)


@pages.post("/<webhook_id>/<act>")
def act_on(slug: str, webhook_id: str, act: str) -> Response:
    """Pause, resume or try a webhook."""
    user = security.current_user()
    project = projects.get_for(user, slug, Action.MANAGE).project
    if act not in ACTS:
        raise NotFound
    do, words = ACTS[act]
    with transaction():
        do(webhooks.get(project, webhook_id), user)
    flash(words, "success")
    return redirect(url_for(".show", slug=slug, webhook_id=webhook_id), 303)


@pages.post("/<webhook_id>/messages/<message_id>/send")
def send_again(slug: str, webhook_id: str, message_id: str) -> Response:
    """Send a message once more."""
    project = projects.get_for(security.current_user(), slug, Action.MANAGE).project
    with transaction():
        webhooks.send_again(webhooks.get(project, webhook_id), message_id)
    flash("The message is sent again. Load the page again to see what became of it.", "success")
    return redirect(url_for(".show", slug=slug, webhook_id=webhook_id), 303)


def _index(access: Access, form: WebhookForm) -> str:
    return render_template(
        "webhooks/index.html",
        project=access.project,
        access=access,
        webhooks=webhooks.of_project(access.project),
        form=form,
    )


def _one(access: Access, webhook_id: str, *, secret: str = "", renewed: bool = False) -> str:
    webhook = webhooks.get(access.project, webhook_id)
    return render_template(
        "webhooks/show.html",
        project=access.project,
        access=access,
        webhook=webhook,
        messages=webhooks.deliveries(webhook),
        secret=secret,
        renewed=renewed,
    )
