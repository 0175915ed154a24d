"""P2: nothing is overwritten silently. A save may be repeated, and of two changes of one version exactly one wins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from itertools import combinations
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from annotator.db import db
from annotator.models import Annotation, EvidenceItem
from annotator.services import saving
from tests.support.program import Program, path_of
from tests.support.saves import problems_with
from tests.support.servers import serving
from tests.support.writers import Acknowledged, Connection, Reply, at_once

pytestmark = pytest.mark.soak

REPEATS = 16


@pytest.fixture
def connect(installation, token_of) -> Iterator:
    """Opens connections, in turn to two server processes on one database: connect(["ada", "ben"])."""
    with serving(installation, 2) as addresses, ExitStack() as at_the_end:

        def open_all(names: Sequence[str]) -> list[Connection]:
            made = [Connection(addresses[n % 2], token_of(name)) for n, name in enumerate(names)]
            for connection in made:
                at_the_end.enter_context(closing(connection))
            return made

        yield open_all


def put_at_once(requests: Sequence[partial[Reply]]) -> list[Reply]:
    """The answers to requests that are sent at the same moment, in the order in which they came."""
    replies: list[Reply] = []
    at_once([lambda request=request: replies.append(request()) for request in requests])  # type: ignore[misc]
    return replies


def test_two_servers_agree_on_what_both_are_sent_at_once(app, desk, connect, make_writers, rounds) -> None:
    """In turn, since the servers take longer to begin than to answer."""
    a_save_repeated_by_sixteen_is_one_claim(app, desk, connect, make_writers, rounds(12, 1_000))
    of_changes_of_one_version_exactly_one_wins(app, desk, connect, make_writers, rounds(12, 500))
    one_uuid_sent_to_two_articles_is_a_claim_of_one(app, desk, connect, make_writers, rounds(12, 500))


def a_save_repeated_by_sixteen_is_one_claim(app, desk, connect, make_writers, keys: int) -> None:
    article = desk.article(external_id="repeated")
    (writer,) = make_writers(article, 1)
    connections = connect(["ben"] * REPEATS)
    acknowledged = []
    for number in range(keys):
        annotation, body = uuid4(), writer.body(number)
        replies = put_at_once([partial(each.put, article, annotation, body) for each in connections])
        assert Counter(reply.status for reply in replies) == {201: 1, 200: REPEATS - 1}
        assert {(reply.version, reply.document["version"]) for reply in replies} == {(1, 1)}
        acknowledged.append(Acknowledged(annotation, 1, body))
    with app.app_context():
        assert db.session.scalar(select(func.count(Annotation.id))) == keys
        assert db.session.scalar(select(func.count()).select_from(EvidenceItem)) == 2 * keys
    assert problems_with(app, acknowledged) == []


def of_changes_of_one_version_exactly_one_wins(app, desk, connect, make_writers, times: int) -> None:
    article = desk.article(external_id="changed")
    (writer,) = make_writers(article, 1)
    connections = connect(["ben"] * 4)
    annotation = uuid4()
    bodies = iter(writer.body(number) for number in range(1_000_000))
    acknowledged = [Acknowledged(annotation, 1, next(bodies))]
    assert connections[0].put(article, annotation, acknowledged[0].body).status == 201
    for version in range(1, times + 1):
        sent = [next(bodies) for _ in connections]
        requests = [
            partial(each.put, article, annotation, body, version=version)
            for each, body in zip(connections, sent, strict=True)
        ]
        replies = put_at_once(requests)
        assert Counter(reply.status for reply in replies) == {200: 1, 412: len(connections) - 1}
        (won,) = [reply for reply in replies if reply.status == 200]
        refused = [reply for reply in replies if reply.status == 412]
        # Whoever lost is told what is stored now.
        assert {reply.version for reply in replies} == {version + 1}
        assert [reply.document["current"]["note"] for reply in refused] == [won.document["note"]] * len(refused)
        acknowledged.append(Acknowledged(annotation, version + 1, {**sent[0], "note": won.document["note"]}))
    assert problems_with(app, acknowledged) == []


def one_uuid_sent_to_two_articles_is_a_claim_of_one(app, desk, connect, make_writers, times: int) -> None:
    """Each article has a lock of its own, so only the database's key stands between them."""
    articles = [desk.article(external_id=name) for name in ("one", "two")]
    (writer,) = make_writers(articles[0], 1)
    connections = connect(["ben", "ben"])
    for number in range(times):
        annotation, body = uuid4(), writer.body(number)
        requests = [
            partial(each.put, article, annotation, body) for each, article in zip(connections, articles, strict=True)
        ]
        replies = put_at_once(requests)
        assert sorted(reply.status for reply in replies) == [201, 404], [reply.text for reply in replies]
    assert problems_with(app, []) == []


# Two clients, step by step


class Client:
    """Reads a claim, and later writes what it has read, changed."""

    def __init__(self, program: Program, article: str, annotation: UUID, name: str) -> None:
        self.program, self.article, self.annotation, self.name = program, article, annotation, name
        self.seen: Any = {}
        self.written = 0

    def read(self) -> None:
        self.seen = self.program.get(f"/annotations/{self.annotation}").json

    def write(self) -> tuple[int, str, str]:
        """The status, the note that was seen and the note that was sent."""
        self.written += 1
        note = f"{self.name} {self.written}"
        sent = {name: self.seen[name] for name in ("start", "end", "exact", "label")} | {"note": note}
        path = path_of(self.article, self.annotation)
        answer = self.program.put(path, sent, version=self.seen["version"])
        return answer.status_code, self.seen["note"], note


def interleavings(length: int) -> Iterator[list[int]]:
    """Every order of the steps of two clients with `length` steps each, as the number of whose turn it is."""
    for first in combinations(range(2 * length), length):
        yield [0 if turn in first else 1 for turn in range(2 * length)]


def silent_overwrites(desk, turns: Sequence[int]) -> list[str]:
    """What was overwritten by somebody who had not seen it, or refused to somebody who had."""
    article = desk.article(external_id=str(uuid4()))
    annotation = desk.mark("ada", article, "complete ceasefire", note="first")
    program = Program(desk.app, desk.ids["ada"])
    clients = [Client(program, article, annotation, name) for name in ("left", "right")]
    steps = [iter([client.read, client.write] * 2) for client in clients]
    present, problems = "first", []
    for turn in turns:
        done = next(steps[turn])()
        if done is None:
            continue
        status, seen, sent = done
        if status != (200 if seen == present else 412):
            problems.append(f"{turns}: {sent!r} after {seen!r} over {present!r} was answered with {status}")
        if status == 200:
            present = sent
    with desk.app.app_context():
        assert db.session.get_one(Annotation, annotation).note == present
    return problems


def test_no_order_of_reads_and_writes_overwrites_what_was_not_seen(desk) -> None:
    orders = list(interleavings(4))
    assert len(orders) == 70
    assert [problem for order in orders for problem in silent_overwrites(desk, order)] == []


def test_without_the_version_check_the_same_orders_find_an_overwrite(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault."""
    monkeypatch.setattr(saving, "require_version", lambda *_: None)
    assert silent_overwrites(desk, [0, 1, 0, 1, 0, 1, 0, 1])
