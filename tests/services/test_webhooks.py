"""Webhooks: what is told, when, to whom, and how a receiver knows that it is true. The receiver is a real one."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from annotator.db import db, now, transaction
from annotator.domain.web_origins import NoAddress, Target, refusal, target_of
from annotator.domain.webhook_events import ATTEMPTS, DELAYS, EVENTS, WebhookEvent, delay_after
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import DeliveryState, Event, Webhook, WebhookDelivery, WebhookState
from annotator.services import (
    freezing,
    submission,
    webhook_delivery,
    webhook_origins,
    webhook_outbox,
    webhook_sending,
    webhooks,
)
from tests.support.desk import STORY, Desk
from tests.support.receiver import HANGS, Message, Receiver, hurry, receiving, subscribed
from tests.support.servers import installation_on, serving

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
COMMAND = Path(sys.executable).with_name("annotator")


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def deliver(app: Flask) -> list[webhook_outbox.Outcome]:
    with app.app_context():
        return webhook_delivery.deliver_due()


def stored(app: Flask) -> list[WebhookDelivery]:
    with app.app_context():
        return list(db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.created_at)))


def state_of(app: Flask, webhook_id: str) -> WebhookState:
    with app.app_context():
        return db.session.get_one(Webhook, webhook_id).state


# What is told


def test_each_event_is_told_once_with_ids_and_counts_alone(app: Flask, desk: Desk, receiver: Receiver) -> None:
    subscribed(desk, receiver)
    article = desk.article(external_id="wire-1", title="A secret title")
    for name in ("ada", "ben"):
        desk.mark(name, article, "complete ceasefire", note="A secret note")
        desk.submit(name, article)
    _adjudicate(desk, article)
    with app.app_context(), freezing.gathered(desk.project(), "1.0.0", files={}) as found, transaction():
        freezing.store(desk.project(), found)
    deliver(app)
    told = [(message.event, message.json["data"]) for message in receiver.received]
    of_article = {"project": "truce", "article": article, "external_id": "wire-1"}
    assert [event for event, _ in told] == [
        "article.imported",
        "assignment.submitted",
        "assignment.submitted",
        "article.adjudicated",
        "release.created",
    ]
    assert told[0][1] == {"project": "truce", "import": None, "articles": 1}
    assert [facts for event, facts in told[1:3]] == [of_article | {"submitted": n, "reviewers": 2} for n in (1, 2)]
    assert told[3][1] == of_article
    assert (told[4][1]["version"], told[4][1]["gold_claims"]) == ("1.0.0", 1)
    everything = "".join(str(message) for message in receiver.received)
    assert not any(word in everything for word in ("secret", "ceasefire", "Ada", "Ben", "sourced"))
    assert deliver(app) == []


def _adjudicate(desk: Desk, article: str) -> None:
    from annotator.models import Outcome
    from annotator.services import adjudication, adjudication_phase, questions
    from annotator.services.adjudication import Answer

    def settle() -> None:
        jo = desk.user("jo")
        for view in questions.questions(jo, article):
            taken = Answer(Outcome.ACCEPT, annotation=view.versions[0].id, justification="So.")
            adjudication.decide(jo, article, view.id, taken)
        adjudication_phase.finish(jo, article)

    desk.write(settle)


def test_only_what_was_asked_for_is_told_and_nothing_while_it_is_paused(
    app: Flask, desk: Desk, receiver: Receiver
) -> None:
    webhook_id, _ = subscribed(desk, receiver, "assignment.submitted")
    articles = [desk.article(f"{STORY} {n}") for n in range(2)]
    desk.submit("ada", articles[0])
    desk.write(lambda: webhooks.pause(webhooks.get(desk.project(), webhook_id)))
    desk.submit("ben", articles[0])
    assert deliver(app) == []
    desk.write(lambda: webhooks.resume(webhooks.get(desk.project(), webhook_id)))
    desk.submit("ada", articles[1])
    deliver(app)
    assert [message.json["data"]["article"] for message in receiver.received] == articles


def rolled_back(app: Flask, desk: Desk, receiver: Receiver) -> list[Message]:
    """What the receiver is told of a submit that was rolled back, and of one that was committed."""
    subscribed(desk, receiver, "assignment.submitted")
    article = desk.article()

    def submit_and_fail() -> None:
        submission.submit(desk.user("ada"), article, confirm=True)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.write(submit_and_fail)
    deliver(app)
    before = list(receiver.received)
    desk.submit("ada", article)
    deliver(app)
    assert len(receiver.received) == len(before) + 1
    return before


def test_what_was_rolled_back_is_never_told(app: Flask, desk: Desk, receiver: Receiver) -> None:
    assert rolled_back(app, desk, receiver) == []


def test_a_message_that_goes_out_before_the_commit_is_noticed(
    app: Flask, desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault."""

    def early(_project: str, event: WebhookEvent, facts: Callable[[], Any]) -> None:
        body = json.dumps({"type": event, "data": facts()}).encode()
        webhook_sending.post(target_of(receiver.origin), body, {"webhook-id": "early"}, private=True)

    monkeypatch.setattr(webhook_outbox, "announce", early)
    assert rolled_back(app, desk, receiver) != []


# How it is known to be true


def receivers_code() -> Callable[[str, dict[str, str], bytes], bool]:
    """What docs/webhooks.md tells receivers to write."""
    (code,) = [block.split("```")[0] for block in PAGE.split("```python\n")[1:] if "def verified" in block]
    names: dict[str, Any] = {}
    exec(code, names)
    return names["verified"]


def test_a_receiver_knows_by_the_documented_code_who_sent_it(app: Flask, desk: Desk, receiver: Receiver) -> None:
    webhook_id, secret = subscribed(desk, receiver)
    verified = receivers_code()
    desk.article()
    deliver(app)
    (message,) = receiver.received
    assert verified(secret, message.headers, message.body)
    assert not verified("whsec_" + "A" * 44, message.headers, message.body)
    assert not verified(secret, message.headers, message.body + b" ")
    assert not verified(secret, message.headers | {"webhook-id": "another"}, message.body)
    assert not verified(secret, message.headers | {"webhook-timestamp": "1674087231"}, message.body)
    renewed = desk.write(lambda: webhooks.renew(webhooks.get(desk.project(), webhook_id)))
    desk.article(f"{STORY} Again.")
    deliver(app)
    assert [verified(each, receiver.received[1].headers, receiver.received[1].body) for each in (secret, renewed)] == [
        True,
        True,
    ]
    desk.write(lambda: db.session.execute(update(Webhook).values(previous_until=now() - timedelta(seconds=1))))
    desk.article(f"{STORY} Once more.")
    deliver(app)
    last = receiver.received[2]
    assert [verified(each, last.headers, last.body) for each in (secret, renewed)] == [False, True]


def test_a_secret_stands_in_no_event(app: Flask, desk: Desk, receiver: Receiver) -> None:
    webhook_id, secret = subscribed(desk, receiver)
    renewed = desk.write(lambda: webhooks.renew(webhooks.get(desk.project(), webhook_id)))
    desk.write(lambda: webhooks.remove(webhooks.get(desk.project(), webhook_id)))
    with app.app_context():
        found = db.session.scalars(select(Event).where(Event.subject == webhook_id).order_by(Event.seq)).all()
    assert [event.action for event in found] == ["webhook.add", "webhook.renew", "webhook.remove"]
    assert not any(each in event.payload for event in found for each in (secret, renewed))


# Sending again


def test_what_is_not_taken_is_sent_again_with_the_same_id(
    app: Flask, desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_sending, "WHOLE_SECONDS", 0.2)
    subscribed(desk, receiver)
    receiver.answers.extend([500, HANGS, 302])
    receiver.headers["Location"] = f"{receiver.origin}/elsewhere"
    desk.article()
    problems = []
    for _ in range(3):
        problems += [outcome.problem for outcome in deliver(app)]
        assert deliver(app) == []
        hurry(app)
    assert problems[0] == "The receiver answered 500."
    assert "did not answer within" in problems[1]
    assert problems[2] == "The receiver answered 302."
    assert [outcome.status for outcome in deliver(app)] == [204]
    assert {message.path for message in receiver.received} == {"/hook"}
    assert len(set(receiver.ids())) == 1
    assert len(receiver.received) == 4
    (delivery,) = stored(app)
    assert (delivery.state, delivery.attempts, delivery.status) == (DeliveryState.DELIVERED, 4, 204)


def test_attempts_end_and_with_them_the_webhook(app: Flask, desk: Desk, receiver: Receiver) -> None:
    webhook_id, _ = subscribed(desk, receiver, "assignment.submitted")
    article = desk.article()
    desk.submit("ada", article)
    receiver.answers.extend([503] * ATTEMPTS)
    desk.write(lambda: db.session.execute(update(Webhook).values(failures=4)))
    for _ in range(ATTEMPTS):
        deliver(app)
        hurry(app)
    (delivery,) = stored(app)
    assert (delivery.state, delivery.attempts, len(receiver.received)) == (DeliveryState.FAILED, ATTEMPTS, ATTEMPTS)
    assert state_of(app, webhook_id) is WebhookState.DISABLED
    with pytest.raises(Conflict, match="Resume it"):
        desk.write(lambda: webhooks.send_again(webhooks.get(desk.project(), webhook_id), delivery.id))
    desk.write(lambda: webhooks.resume(webhooks.get(desk.project(), webhook_id)))
    desk.write(lambda: webhooks.send_again(webhooks.get(desk.project(), webhook_id), delivery.id))
    assert [outcome.taken for outcome in deliver(app)] == [True]
    assert set(receiver.ids()) == {delivery.id}


def test_a_receiver_that_is_gone_is_asked_no_more(app: Flask, desk: Desk, receiver: Receiver) -> None:
    webhook_id, _ = subscribed(desk, receiver)
    desk.article()
    receiver.answers.append(410)
    deliver(app)
    assert state_of(app, webhook_id) is WebhookState.DISABLED


def test_delays_grow_to_eight_attempts_within_a_day() -> None:
    longest = sum((delay_after(n, 1.0) or timedelta() for n in range(1, ATTEMPTS + 1)), timedelta())
    assert (ATTEMPTS, delay_after(ATTEMPTS, 0.5)) == (8, None)
    assert list(DELAYS) == sorted(DELAYS)
    assert timedelta(hours=18) < longest < timedelta(days=1, hours=6)
    assert set(EVENTS) == set(WebhookEvent)


# Where it may lead


ELSEWHERE = (
    "https://hooks.example.org.evil.example/x",
    "https://hooks.example.org:8443/x",
    "https://hooks.example.org@evil.example/",
    "http://hooks.example.org/x",
    "https://hooks.example.org/a b",
    "https://hooks.example.org\\@evil.example/",
    "https://hooks.example.org/\r\nX: 1",
    "ftp://hooks.example.org/",
    "//hooks.example.org/",
    "https://[::1",
    "https://hooks.example.org:99999/",
    "https://127.0.0.1/",
)


def test_an_address_that_is_not_on_the_list_is_refused(desk: Desk) -> None:
    desk.write(lambda: webhook_origins.allow("https://hooks.example.org/any/path"))
    for url in ELSEWHERE:
        with pytest.raises(Invalid):
            desk.write(lambda url=url: webhooks.add(desk.project(), url, ["release.created"]))  # type: ignore[misc]
    assert desk.write(lambda: webhooks.add(desk.project(), "https://HOOKS.example.org/x", ["release.created"]))


def test_a_private_place_is_only_allowed_as_one(app: Flask) -> None:
    for origin in ("http://127.0.0.1:8000", "https://localhost", "https://10.0.0.7", "https://[::1]"):
        with app.app_context():
            with pytest.raises(Invalid), transaction():
                webhook_origins.allow(origin)
            with transaction():
                assert webhook_origins.allow(origin, private=True).origin == origin


@pytest.mark.parametrize(
    ("address", "private", "good"),
    [
        ("93.184.216.34", False, True),
        ("10.1.2.3", False, False),
        ("10.1.2.3", True, True),
        ("127.0.0.1", False, False),
        ("100.64.0.1", False, False),
        ("169.254.169.254", True, False),
        ("0.0.0.0", True, False),
        ("224.0.0.1", True, False),
        ("::1", False, False),
        ("fe80::1", True, False),
        ("fd00::1", False, False),
        ("::ffff:10.0.0.1", False, False),
        ("::ffff:169.254.169.254", True, False),
        ("64:ff9b::a00:1", False, False),
        ("2002:a00:1::", False, False),
        ("2606:2800:220:1::1", False, True),
    ],
)
def test_which_machines_are_called(address: str, private: bool, good: bool) -> None:
    assert (refusal([ip_address(address)], private=private) == "") is good
    assert refusal([ip_address("93.184.216.34"), ip_address(address)], private=private) == refusal(
        [ip_address(address)], private=private
    )


def test_an_origin_taken_off_the_list_is_not_called_any_more(app: Flask, desk: Desk, receiver: Receiver) -> None:
    subscribed(desk, receiver)
    desk.article()
    desk.write(lambda: webhook_origins.forbid(receiver.origin))
    (outcome,) = deliver(app)
    assert "not allowed here" in outcome.problem
    assert receiver.received == []


class Names:
    """The system's look-up of names, which gives other numbers each time."""

    def __init__(self, *numbers: str) -> None:
        self.numbers = list(numbers)

    def __call__(self, _host: str, port: int, **_: Any) -> list[Any]:
        return [(2, 1, 6, "", (self.numbers.pop(0), port))]


def test_a_name_that_leads_to_a_private_number_is_not_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Target("http", "hooks.example.org", receiver.port, "/")
    monkeypatch.setattr(socket, "getaddrinfo", Names("127.0.0.1"))
    assert "private network" in webhook_sending.post(target, b"{}", {}, private=False).problem
    assert receiver.received == []


def test_the_number_that_was_checked_is_the_one_that_is_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere on a second look-up: there is none, though the name stands in the request."""
    target = Target("http", "hooks.example.org", receiver.port, "/?a=1")
    names = Names("127.0.0.1", "203.0.113.1")
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, *rest, **more: (names if host == target.host else real)(host, port, *rest, **more),
    )
    assert webhook_sending.post(target, b"{}", {"webhook-id": "x"}, private=True).status == 204
    assert [(each.path, each.headers["host"]) for each in receiver.received] == [("/?a=1", target.authority)]
    assert names.numbers == ["203.0.113.1"]


def test_an_address_must_be_one() -> None:
    for words in ("", "https://", "https://ex ample.org", "https://exämple.org", "https://a" + "b" * 2_000):
        with pytest.raises(NoAddress):
            target_of(words)


# Several who send


def sent_at_once(app: Flask, desk: Desk, receiver: Receiver) -> Counter[str]:
    """How often each of nine messages arrives while two send them at the same time."""
    for number in range(3):
        subscribed(desk, receiver, "article.imported", path=f"/{number}")
    for number in range(3):
        desk.article(f"{STORY} {number}")
    receiver.answers.extend([HANGS] * 2)
    senders = [threading.Thread(target=deliver, args=(app,)) for _ in range(2)]
    senders[0].start()
    receiver.arrived.acquire()
    senders[1].start()
    receiver.arrived.acquire()
    receiver.go_on.set()
    for sender in senders:
        sender.join()
    return Counter(receiver.ids())


def test_two_who_send_never_send_one_message_both(app: Flask, desk: Desk, receiver: Receiver) -> None:
    found = sent_at_once(app, desk, receiver)
    assert (len(found), set(found.values())) == (9, {1})
    assert {delivery.state for delivery in stored(app)} == {DeliveryState.DELIVERED}


def test_without_a_lease_one_message_would_be_sent_twice(
    app: Flask, desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault."""
    monkeypatch.setattr(webhook_outbox, "LEASE", timedelta())
    assert max(sent_at_once(app, desk, receiver).values()) > 1


def test_what_a_killed_process_was_sending_is_sent_by_the_next(
    app: Flask, desk: Desk, receiver: Receiver, database_url: str, tmp_path: Path
) -> None:
    subscribed(desk, receiver)
    desk.article()
    receiver.answers.append(HANGS)
    installation = installation_on(database_url, tmp_path / "served", COMMAND)
    sending = installation.start("webhook", "deliver").process
    receiver.arrived.acquire()
    assert deliver(app) == []
    sending.kill()
    sending.wait()
    hurry(app)
    assert [outcome.taken for outcome in deliver(app)] == [True]
    assert len(receiver.received) == 2
    assert len(set(receiver.ids())) == 1


def test_a_server_sends_by_itself(
    app: Flask, desk: Desk, receiver: Receiver, database_url: str, tmp_path: Path
) -> None:
    subscribed(desk, receiver)
    with serving(installation_on(database_url, tmp_path / "served", COMMAND), 1):
        desk.article()
        receiver.arrived.acquire()
    assert [message.event for message in receiver.received] == ["article.imported"]


def test_webhooks_of_other_projects_are_not_found(app: Flask, desk: Desk, receiver: Receiver) -> None:
    webhook_id, _ = subscribed(desk, receiver)
    with app.app_context(), pytest.raises(NotFound):
        webhooks.get(desk.project(), "2" * 16)
    desk.write(lambda: webhooks.ping(webhooks.get(desk.project(), webhook_id)))
    deliver(app)
    assert [message.event for message in receiver.received] == ["webhook.ping"]
    desk.write(lambda: webhooks.remove(webhooks.get(desk.project(), webhook_id)))
    desk.article()
    assert (deliver(app), stored(app)) == ([], [])
