"""The record of what happened: append-only, one hash chain for each article."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, func, insert, select

from annotator.db import current_connection, db, new_id, new_ids, now
from annotator.models import Event
from annotator.services.bulk import insert_rows, stored
from annotator.spoken import Spoken

INSTALLATION = ""
INSTALLATION_LOCK = 0x616E6E6F
FIRST = "0" * 64
MANY = 500

_HASHED = ("previous_hash", "id", "chain", "seq", "at", "user_id", "project_id", "action", "subject", "payload")
"""What the hash of an event is made of, in this order."""

# Built once: what the module's own dumps() builds anew for each event.
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
_FACTS = json.JSONEncoder(ensure_ascii=False)

# Built once: an event is a part of every save, and to build a statement takes longer than to run it.
_INSERT = Spoken(insert(cast(Table, Event.__table__)))
_LAST = select(Event.seq, Event.hash).where(Event.chain == bindparam("chain")).order_by(Event.seq.desc()).limit(1)


@dataclass(frozen=True)
class Head:
    """The last event of a chain: its number (0 before the first) and its hash."""

    seq: int = 0
    hash: str = FIRST


_BEFORE = Head()


@dataclass(frozen=True)
class Finding:
    """A place where a chain does not hold together."""

    chain: str
    seq: int
    problem: str


def head_of(chain: str) -> Head:
    """The last event of `chain`. Writers hold the chain's lock (the article row) when they call it."""
    last = current_connection().execute(_LAST, {"chain": chain}).first()
    return Head(last.seq, last.hash) if last else Head()


def record(
    action: str,
    subject: str,
    payload: Mapping[str, Any],
    *,
    user_id: str | None,
    project_id: str | None = None,
    chain: str = INSTALLATION,
    head: Head | None = None,
    connection: Connection | None = None,
) -> Head:
    """Append one event and return the new head.

    `action` is "noun.verb"; `payload` is what is needed to say later what was and what is. `head` spares the look-up
    when the caller has it, `connection` is that of a caller who speaks in rows.
    """
    if chain == INSTALLATION:
        _lock_installation()
    previous = head or head_of(chain)
    values: dict[str, Any] = {
        "id": new_id(),
        "chain": chain,
        "seq": previous.seq + 1,
        "at": now(),
        "user_id": user_id,
        "project_id": project_id,
        "action": action,
        "subject": subject,
        "payload": canonical(payload),
        "previous_hash": previous.hash,
    }
    values["hash"] = _hash(values)
    if connection is None:
        # What the event speaks of must stand before it, since the database checks its references at once.
        db.session.flush()
        connection = current_connection()
    _INSERT.run(connection, values)
    return Head(previous.seq + 1, values["hash"])


@dataclass(frozen=True)
class Entry:
    """One of many events that are recorded together: what it is about, the chain it belongs to, and what it says."""

    action: str
    subject: str
    chain: str
    payload: Mapping[str, Any]


def record_all(entries: Sequence[Entry], *, user_id: str | None, project_id: str) -> None:
    """Append many events, in order, with two statements for every 500 chains. Their writer holds the chains' locks."""
    heads = _heads_of(sorted({entry.chain for entry in entries}))
    _append(entries, heads, user_id=user_id, project_id=project_id)


def record_firsts(entries: Sequence[Entry], *, user_id: str | None, project_id: str) -> None:
    """The same for chains that begin here, as those of new articles do: nothing is looked up."""
    _append(entries, {}, user_id=user_id, project_id=project_id)


def _append(entries: Sequence[Entry], heads: dict[str, Head], *, user_id: str | None, project_id: str) -> None:
    if not entries:
        return
    db.session.flush()
    connection, table = current_connection(), _table()
    at = now()
    moment, stored_at = _moment(at), stored(connection, table, "at", at)
    rows = []
    for entry, event_id in zip(entries, new_ids(len(entries)), strict=True):
        previous = heads.get(entry.chain, _BEFORE)
        seq, payload = previous.seq + 1, canonical(entry.payload)
        facts = (
            previous.hash, event_id, entry.chain, seq, moment, user_id, project_id, entry.action, entry.subject, payload,
        )  # fmt: skip
        digest = _digest(facts)
        heads[entry.chain] = Head(seq, digest)
        rows.append((*facts[:4], stored_at, *facts[5:], digest))
    insert_rows(connection, table, (*_HASHED, "hash"), rows)


def _table() -> Table:
    table: Any = Event.__table__
    return cast(Table, table)


def _heads_of(chains: Sequence[str]) -> dict[str, Head]:
    heads: dict[str, Head] = {}
    for start in range(0, len(chains), MANY):
        last = (
            select(Event.chain, func.max(Event.seq).label("seq"))
            .where(Event.chain.in_(chains[start : start + MANY]))
            .group_by(Event.chain)
            .subquery()
        )
        query = select(Event.chain, Event.seq, Event.hash).join(
            last, (last.c.chain == Event.chain) & (last.c.seq == Event.seq)
        )
        for chain, seq, digest in db.session.execute(query):
            heads[chain] = Head(seq, digest)
    return heads


def _lock_installation() -> None:
    """Sign-ins, people and projects share one chain and no row that could be locked; SQLite has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(INSTALLATION_LOCK)))


def canonical(payload: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no blanks: the same facts give the same characters."""
    return _CANONICAL.encode(payload)


def hash_of(event: Event) -> str:
    """SHA-256 (hex) of the previous hash and of everything else that the event says."""
    return _hash({name: getattr(event, name) for name in _HASHED})


def check() -> Iterator[Finding]:
    """Every place where an event was changed, left out or put in afterwards; reads all chains in order."""
    chain, expected = None, Head()
    rows = db.session.scalars(select(Event).order_by(Event.chain, Event.seq).execution_options(yield_per=500))
    for event in rows:
        if event.chain != chain:
            chain, expected = event.chain, Head()
        if event.seq != expected.seq + 1:
            yield Finding(event.chain, event.seq, f"event {expected.seq + 1} is missing")
        elif event.previous_hash != expected.hash:
            yield Finding(event.chain, event.seq, "it does not continue the event before it")
        if event.hash != hash_of(event):
            yield Finding(event.chain, event.seq, "its content does not match its hash")
        expected = Head(event.seq, event.hash)


def _hash(event: Mapping[str, Any]) -> str:
    return _digest([_moment(event[name]) if name == "at" else event[name] for name in _HASHED])


def _digest(facts: Sequence[object]) -> str:
    """The hash of an event, of what `_HASHED` names in its order."""
    return hashlib.sha256(_FACTS.encode(facts).encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
