"""Webhooks: `annotator webhook …`."""

from __future__ import annotations

import click

from annotator.cli.base import Noun, as_json, show, some_of, written
from annotator.db import transaction
from annotator.domain.webhook_events import EVENTS, WebhookEvent
from annotator.services import projects, webhook_delivery, webhook_origins, webhooks

webhook = Noun("webhook", help="Programs that are told what happens in a project.")


@webhook.command("add")
@click.argument("slug")
@click.argument("url")
@some_of("--event", "wanted", EVENTS, "What it is told")
def add(slug: str, url: str, wanted: tuple[str, ...]) -> None:
    """Tell the program at URL what happens in the project SLUG. Prints its secret, which is shown this once."""
    with transaction():
        made, secret = webhooks.add(projects.by_slug(slug), url, wanted or tuple(WebhookEvent))
    click.echo(f"Added the webhook {made.id}. Its secret:", err=True)
    click.echo(secret)


@webhook.command("list")
@click.argument("slug")
@as_json
def list_webhooks(slug: str, *, as_json: bool) -> None:
    """List the webhooks of the project SLUG, without the secrets."""
    rows = [
        {
            "id": each.id,
            "url": each.url,
            "events": each.events,
            "state": each.state.value,
            "created_at": written(each.created_at),
        }
        for each in webhooks.of_project(projects.by_slug(slug))
    ]
    show(rows, as_json=as_json)


@webhook.command("remove")
@click.argument("slug")
@click.argument("webhook_id", metavar="ID")
def remove(slug: str, webhook_id: str) -> None:
    """Remove the webhook ID of the project SLUG. What waits to be sent goes with it; 'webhook list' shows the ids."""
    with transaction():
        found = webhooks.get(projects.by_slug(slug), webhook_id)
        webhooks.remove(found)
    click.echo(f"Removed the webhook to {found.url}.", err=True)


@webhook.command("deliver")
def deliver() -> None:
    """Send everything that is due now. 'annotator serve' does so by itself; other servers need a timer for this."""
    sent = webhook_delivery.deliver_due()
    webhook_delivery.tidy()
    taken = sum(outcome.taken for outcome in sent)
    refused = f"; {len(sent) - taken} not taken, which are tried again later" if taken < len(sent) else ""
    click.echo(f"Sent {taken:,} of {len(sent):,} messages{refused}.", err=True)


@webhook.command("allow")
@click.argument("origin")
@click.option("--private", is_flag=True, help="It is this machine, or one of a private network.")
def allow(origin: str, *, private: bool) -> None:
    """Allow webhooks to ORIGIN, such as https://hooks.example.org. Nothing else is ever called."""
    with transaction():
        allowed = webhook_origins.allow(origin, private=private)
    click.echo(f"Webhooks may lead to {allowed.origin}.", err=True)


@webhook.command("forbid")
@click.argument("origin")
def forbid(origin: str) -> None:
    """Take ORIGIN off the list. What is on its way to it is not sent any more."""
    with transaction():
        forbidden = webhook_origins.forbid(origin)
    click.echo(f"Webhooks may no longer lead to {forbidden.origin}.", err=True)


@webhook.command("allowed")
@as_json
def list_allowed(*, as_json: bool) -> None:
    """List where webhooks may lead."""
    rows = [
        {"origin": each.origin, "private": each.private, "created_at": written(each.created_at)}
        for each in webhook_origins.everything()
    ]
    show(rows, as_json=as_json)
