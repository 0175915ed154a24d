"""Webhooks by API."""

from __future__ import annotations

from collections.abc import Callable

from annotator.services import webhook_delivery
from tests.support.program import Office
from tests.support.receiver import Receiver, receiving, subscribed

HOOKS = "/projects/truce/webhooks"


def test_a_webhook_is_added_changed_tried_and_removed(office: Office, refused: Callable[..., dict]) -> None:
    mia = office.mia
    with receiving() as receiver:
        problem = refused(mia.post(HOOKS, {"url": f"{receiver.origin}/a"}), 422, "url")
        assert "administrator" in problem["detail"]
        _, first_secret = subscribed(office.desk, receiver)
        made = mia.post(HOOKS, {"url": f"{receiver.origin}/a", "events": ["release.created"]})
        assert made.status_code == 201
        here = made.headers["Location"].removeprefix("/api/v1")
        secret = made.json["secret"]
        for text in (mia.get(HOOKS).text, mia.get(here).text):
            assert not any(each in text for each in (secret, first_secret))
        assert [each["author"] for each in mia.get(HOOKS).json["items"]] == ["Mia", "Mia"]
        renewed = mia.post(f"{here}/secret").json["secret"]
        assert renewed != secret
        changed = mia.call("PATCH", here, {"url": f"{receiver.origin}/b", "events": ["article.imported"]})
        assert (changed.json["url"], changed.json["events"]) == (f"{receiver.origin}/b", ["article.imported"])
        refused(mia.call("PATCH", here, {"url": "https://elsewhere.example.org"}), 422, "url")
        refused(mia.call("PATCH", here, {"state": "disabled"}), 422, "state")
        _tried(office, here, receiver)
        assert mia.call("PATCH", here, {"state": "paused"}).json["state"] == "paused"
        refused(mia.post(f"{here}/ping"), 409)
        assert mia.delete(here).status_code == 204
        refused(mia.get(here), 404)


def _tried(office: Office, here: str, receiver: Receiver) -> None:
    message = office.mia.post(f"{here}/ping").json
    assert (message["event"], message["state"]) == ("webhook.ping", "pending")
    with office.app.app_context():
        webhook_delivery.deliver_due()
    (sent,) = office.mia.get(f"{here}/messages").json["items"]
    assert (sent["id"], sent["state"], sent["status"], sent["next_attempt_at"]) == (
        message["id"],
        "delivered",
        204,
        None,
    )
    assert office.mia.post(f"{here}/messages/{sent['id']}/send").json["state"] == "pending"
    with office.app.app_context():
        webhook_delivery.deliver_due()
    assert receiver.ids() == [message["id"]] * 2
