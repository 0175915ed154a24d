"""Webhooks from the command line."""

from __future__ import annotations

from flask import Flask

from annotator.db import db
from annotator.models import Webhook
from tests.support.receiver import receiving


def test_a_webhook_from_the_first_command_to_the_last(run, listed, app: Flask) -> None:
    run("project", "add", "truce", "--name", "Truce")
    with receiving() as receiver:
        refused = run("webhook", "add", "truce", f"{receiver.origin}/hook", status=1)
        assert "not allowed here" in refused.stderr
        assert "private" in run("webhook", "allow", receiver.origin, status=1).stderr
        run("webhook", "allow", f"{receiver.origin}/any", "--private")
        secret = run("webhook", "add", "truce", f"{receiver.origin}/hook", "--event", "release.created").stdout.strip()
        (made,) = listed("webhook", "list", "truce")
        assert (made["url"], made["events"], made["state"]) == (
            f"{receiver.origin}/hook",
            ["release.created"],
            "active",
        )
        with app.app_context():
            assert db.session.scalars(db.select(Webhook.secret)).one() == secret
        assert secret not in run("webhook", "list", "truce").stdout
        assert "Sent 0 of 0" in run("webhook", "deliver").stderr
        (place,) = listed("webhook", "allowed")
        assert (place["origin"], place["private"]) == (receiver.origin, True)
        run("webhook", "forbid", receiver.origin)
        run("webhook", "forbid", receiver.origin, status=1)
        run("webhook", "remove", "truce", made["id"])
        run("webhook", "remove", "truce", made["id"], status=1)
        assert (listed("webhook", "list", "truce"), listed("webhook", "allowed"), receiver.received) == ([], [], [])
    run("webhook", "add", "truce", "https://hooks.example.org", "--event", "everything", status=2)
