"""The pages of webhooks: a manager's, and the administrator's list of places."""

from __future__ import annotations

import re

from flask import Flask

from annotator.services import webhook_delivery
from tests.support.people import OpenBrowser
from tests.support.receiver import receiving

SECRET = re.compile(r'id="new-secret" value="(whsec_[^"]+)"')


def test_a_place_is_allowed_and_a_webhook_added_tried_and_removed(
    app: Flask, idlib: str, open_browser: OpenBrowser
) -> None:
    kim, mia = open_browser("Kim"), open_browser("Mia")
    hooks = f"/projects/{idlib}/webhooks"
    with receiving() as receiver:
        form = {"url": f"{receiver.origin}/hook", "events": ["article.imported", "release.created"]}
        assert "not allowed here" in mia.post(hooks, form).text
        assert "private" in kim.post("/webhook-addresses", {"origin": receiver.origin}).text
        kim.post("/webhook-addresses", {"origin": receiver.origin, "private": "y"})
        assert receiver.origin in kim.get("/webhook-addresses").text
        added = mia.post(hooks, form)
        secrets = SECRET.findall(added.text)
        (one,) = re.findall(rf'href="({hooks}/\w+)"', mia.get(hooks).text)
        secrets += SECRET.findall(mia.post(f"{one}/secret").text)
        assert len(set(secrets)) == 2
        assert not any(secret in mia.get(path).text for secret in secrets for path in (hooks, one))
        assert mia.post(f"{one}/ping").status_code == 303
        assert "Waiting" in mia.get(one).text
        with app.app_context():
            webhook_delivery.deliver_due()
        assert "Delivered" in mia.get(one).text
        (again,) = re.findall(rf'action="({one}/messages/\w+/send)"', mia.get(one).text)
        assert mia.post(again).status_code == 303
        mia.post(f"{one}/pause")
        assert "It is paused" in mia.get(one).text
        assert mia.post(again).status_code == 409
        mia.post(f"{one}/resume")
        assert mia.post(f"{one}/elsewhere").status_code == 404
        assert mia.post(f"{one}/remove").status_code == 303
        assert mia.get(one).status_code == 404
        kim.post("/webhook-addresses/forbid", {"origin": receiver.origin})
        assert receiver.origin not in kim.get("/webhook-addresses").text.partition("<main")[2]


def test_only_administrators_find_the_list_of_places(idlib: str, open_browser: OpenBrowser) -> None:
    assert "/webhook-addresses" in open_browser("Kim").get("/").text
    mia = open_browser("Mia")
    assert "/webhook-addresses" not in mia.get("/").text
    assert mia.get("/webhook-addresses").status_code == 403
