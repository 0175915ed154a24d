"""Webhooks of a project: adding, changing and removing them, and what was sent to them."""

from __future__ import annotations

from flask import Response, url_for

from annotator.api.answers import answer, listing, part_of
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.base import Listing, PageQuery
from annotator.api.schemas.webhooks import MessageOut, WebhookChanges, WebhookIn, WebhookMade, WebhookOut
from annotator.domain.webhook_events import WebhookEvent
from annotator.errors import Invalid
from annotator.models import User, Webhook, WebhookState
from annotator.permissions import Action
from annotator.services import projects, webhooks

ALL = "/projects/<slug:slug>/webhooks"
ONE = f"{ALL}/<opaque:webhook_id>"


@route("GET", ALL, takes=Taking(query=PageQuery), gives=Giving({200: Listing[WebhookOut]}, (403, 404, 422)))
def list_webhooks(user: User, slug: str, query: PageQuery) -> Response:
    """List the webhooks of a project, as its manager, in the order in which they were added."""
    found = webhooks.of_project(projects.get_for(user, slug, Action.MANAGE).project)
    part, following = part_of(found, query, lambda webhook: (webhook.created_at.isoformat(), webhook.id))
    return answer(listing([WebhookOut.of(webhook) for webhook in part], following))


@route("POST", ALL, takes=Taking((WebhookIn,)), gives=Giving({201: WebhookMade}, (403, 404, 409, 422)))
def add_webhook(user: User, slug: str, body: WebhookIn) -> Response:
    """Add a webhook, as the project's manager. The answer holds its secret, which is shown this once.

    An administrator of the installation must have allowed the place that `url` leads to.
    """
    with saving():
        project = projects.get_for(user, slug, Action.MANAGE).project
        webhook, secret = webhooks.add(project, body.url, body.events or tuple(WebhookEvent), by=user)
    there = {"Location": url_for("api.show_webhook", slug=slug, webhook_id=webhook.id)}
    return answer(WebhookMade.made(webhook, secret), 201, headers=there)


@route("GET", ONE, gives=Giving({200: WebhookOut}, (403, 404)))
def show_webhook(user: User, slug: str, webhook_id: str) -> Response:
    """Show a webhook, without its secret."""
    return answer(WebhookOut.of(_webhook(user, slug, webhook_id)))


@route("PATCH", ONE, takes=Taking((WebhookChanges,)), gives=Giving({200: WebhookOut}, (403, 404, 422)))
def change_webhook(user: User, slug: str, webhook_id: str, body: WebhookChanges) -> Response:
    """Change where a webhook leads or what it is told, pause or resume it; what is not given stays."""
    if body.state is WebhookState.DISABLED:
        raise Invalid.field("state", "A webhook is disabled by its failures. Choose active or paused.")
    with saving():
        webhook = _webhook(user, slug, webhook_id)
        webhooks.change(webhook, url=body.url, wanted=body.events, by=user)
        if body.state is not None:
            act = webhooks.resume if body.state is WebhookState.ACTIVE else webhooks.pause
            act(webhook, by=user)
    return answer(WebhookOut.of(webhook))


@route("DELETE", ONE, gives=Giving({204: None}, (403, 404)))
def remove_webhook(user: User, slug: str, webhook_id: str) -> Response:
    """Remove a webhook with all that waits to be sent to it."""
    with saving():
        webhooks.remove(_webhook(user, slug, webhook_id), by=user)
    return Response(status=204)


@route("POST", f"{ONE}/secret", gives=Giving({201: WebhookMade}, (403, 404)))
def renew_webhook_secret(user: User, slug: str, webhook_id: str) -> Response:
    """Give a webhook a new secret, which is shown this once. The one of before signs beside it for 24 hours."""
    with saving():
        webhook = _webhook(user, slug, webhook_id)
        secret = webhooks.renew(webhook, by=user)
    return answer(WebhookMade.made(webhook, secret), 201)


@route("POST", f"{ONE}/ping", gives=Giving({201: MessageOut}, (403, 404, 409)))
def test_webhook(user: User, slug: str, webhook_id: str) -> Response:
    """Send a test message, `webhook.ping`, in a moment."""
    with saving():
        written = webhooks.ping(_webhook(user, slug, webhook_id))
    return answer(MessageOut.of(written), 201)


@route(
    "GET", f"{ONE}/messages", takes=Taking(query=PageQuery), gives=Giving({200: Listing[MessageOut]}, (403, 404, 422))
)
def list_messages(user: User, slug: str, webhook_id: str, query: PageQuery) -> Response:
    """List the last 100 messages to a webhook, the oldest of them first."""
    found = webhooks.deliveries(_webhook(user, slug, webhook_id))[::-1]
    part, following = part_of(found, query, lambda delivery: (delivery.created_at.isoformat(), delivery.id))
    return answer(listing([MessageOut.of(delivery) for delivery in part], following))


@route("POST", f"{ONE}/messages/<opaque:message_id>/send", gives=Giving({200: MessageOut}, (403, 404, 409)))
def send_message_again(user: User, slug: str, webhook_id: str, message_id: str) -> Response:
    """Send a message once more in a moment, with the id that it had."""
    with saving():
        delivery = webhooks.send_again(_webhook(user, slug, webhook_id), message_id)
    return answer(MessageOut.of(delivery))


def _webhook(user: User, slug: str, webhook_id: str) -> Webhook:
    return webhooks.get(projects.get_for(user, slug, Action.MANAGE).project, webhook_id)
