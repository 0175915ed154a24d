"""The record of what happened: chained, checked, and refused to whoever would change it."""

from __future__ import annotations

import json
import random
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from annotator.db import db, transaction
from annotator.models import Event
from annotator.services import events

CHAINS = (events.INSTALLATION, "article000000001", "article000000002")


@pytest.fixture(autouse=True)
def in_context(app):
    with app.app_context():
        yield


def record(count: int = 5, chain: str = events.INSTALLATION) -> None:
    for number in range(count):
        with transaction():
            events.record(
                "claim.put", f"subject {number}", {"number": number, "note": "é – 🙂"}, user_id=None, chain=chain
            )


def let_change(engine: str) -> None:
    """Take the triggers away, as somebody who owns the file could."""
    for name in ("event_update", "event_delete"):
        db.session.execute(text(f"DROP TRIGGER {name}" + (" ON event" if engine == "postgresql" else "")))


def test_events_follow_each_other_in_chains_of_their_own():
    for chain in CHAINS:
        record(3, chain)
    assert list(events.check()) == []
    for chain in CHAINS:
        assert events.head_of(chain).seq == 3
    assert events.head_of("article000000009") == events.Head()


def test_a_head_in_hand_spares_the_look_up():
    with transaction():
        head = events.record("a.b", "s", {}, user_id=None, chain=CHAINS[1])
        head = events.record("a.c", "s", {}, user_id=None, chain=CHAINS[1], head=head)
    assert head == events.head_of(CHAINS[1])
    assert list(events.check()) == []


@pytest.mark.parametrize("statement", [update(Event).values(action="x.y"), delete(Event)])
def test_the_database_refuses_to_change_or_delete_events(statement):
    record(2)
    with pytest.raises(DatabaseError, match="events are never"), transaction():
        db.session.execute(statement)
    assert list(events.check()) == []


FORGERIES = {
    "payload": lambda row: {"payload": row.payload.replace("1", "7") + " "},
    "action": lambda _: {"action": "claim.delete"},
    "subject": lambda row: {"subject": row.subject + "!"},
    "seq": lambda row: {"seq": row.seq + 100},
    "hash": lambda _: {"hash": "0" * 64},
    "previous_hash": lambda _: {"previous_hash": "f" * 64},
    "chain": lambda _: {"chain": "article000000009"},
    "at": lambda row: {"at": row.at.replace(year=row.at.year - 1)},
}


def test_every_forged_removed_or_inserted_event_is_found(rounds, database_engine):
    """P5: random mutations of what the owner of the file could change; the last event removed is the known limit."""
    for chain in CHAINS:
        record(6, chain)
    rows = db.session.execute(select(Event.__table__)).all()
    random_ = random.Random(5)
    for _ in range(rounds(60, 1_000)):
        row = random_.choice(rows)
        kind = random_.choice([*FORGERIES, "remove", "insert"])
        if kind == "remove" and row.seq == 6:
            continue
        db.session.rollback()
        db.session.connection(execution_options={"writes": True})
        let_change(database_engine)
        if kind == "remove":
            db.session.execute(delete(Event).where(Event.id == row.id))
        elif kind == "insert":
            forged = {**row._mapping, "id": "forged0000000000", "seq": row.seq + 50}
            db.session.execute(insert(Event).values(**forged))
        else:
            db.session.execute(update(Event).where(Event.id == row.id).values(**FORGERIES[kind](row)))
        db.session.expire_all()
        assert list(events.check()), (kind, row.seq)
        db.session.rollback()
    assert list(events.check()) == []


def test_a_forgery_with_a_fitting_hash_breaks_the_next_link(database_engine):
    record(3)
    with transaction():
        let_change(database_engine)
        second = db.session.scalars(select(Event).where(Event.seq == 2)).one()
        second.payload = '{"number":2}'
        second.hash = events.hash_of(second)
    assert [finding.seq for finding in events.check()] == [3]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), json_values))
def test_the_same_facts_give_the_same_characters(payload):
    shuffled = dict(reversed(list(payload.items())))
    assert events.canonical(payload) == events.canonical(shuffled)
    assert json.loads(events.canonical(payload)) == payload


def test_writers_at_the_same_moment_make_one_chain(app):
    """The installation's chain has no row to lock: without its lock PostgreSQL would give one number twice."""
    failures = []

    def run() -> None:
        try:
            with app.app_context():
                record(5)
        except DatabaseError as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert events.head_of(events.INSTALLATION).seq == 40
    assert list(events.check()) == []
