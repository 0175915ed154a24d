"""What was acknowledged against what is stored: nothing lost, nothing half, every chain whole."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from annotator.db import db
from annotator.models import Annotation, Event
from annotator.services import events
from annotator.services.claims import as_payload, claim_of
from tests.support.writers import Acknowledged

Recorded = dict[UUID, dict[int, dict[str, Any]]]


def problems_with(app: Flask, acknowledged: Iterable[Acknowledged]) -> list[str]:
    """Every way in which the database does not keep what was promised; an empty list is the proof."""
    with app.app_context():
        _see_one_moment()
        recorded = _recorded()
        stored = {
            annotation.id: annotation
            for annotation in db.session.scalars(
                select(Annotation).options(selectinload(Annotation.label), selectinload(Annotation.evidence))
            )
        }
        broken = [f"chain {each.chain}, event {each.seq}: {each.problem}" for each in events.check()]
        return [*_lost(acknowledged, stored, recorded), *_half(stored, recorded), *broken]


def _see_one_moment() -> None:
    """A killed server's last transaction may still end inside PostgreSQL; SQLite reads from one moment by itself."""
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _recorded() -> Recorded:
    """The payload of each version of each claim, as its event tells it."""
    recorded: Recorded = defaultdict(dict)
    rows = db.session.execute(
        select(Event.subject, Event.payload).where(Event.action.startswith("annotation.")).order_by(Event.seq)
    )
    for subject, payload in rows:
        told = json.loads(payload)
        recorded[UUID(subject)][told["version"]] = told
    return recorded


def _lost(acknowledged: Iterable[Acknowledged], stored: dict[UUID, Annotation], recorded: Recorded) -> list[str]:
    problems = []
    for save in acknowledged:
        name = f"claim {save.annotation}, version {save.version}"
        row = stored.get(save.annotation)
        if row is None or row.version < save.version:
            problems.append(f"{name} was acknowledged and is not stored")
            continue
        told = recorded[save.annotation].get(save.version, {}).get("claim", {})
        if told.get("note") != save.body["note"] or len(told.get("evidence", [])) != len(save.body["evidence"]):
            problems.append(f"{name} was acknowledged and another is recorded")
    return problems


def _half(stored: dict[UUID, Annotation], recorded: Recorded) -> list[str]:
    """A row without its events, events without their row, a version left out, a row unlike its last event."""
    problems = [f"claim {orphan} has events and no row" for orphan in recorded.keys() - stored.keys()]
    for key, row in stored.items():
        versions = recorded.get(key, {})
        if sorted(versions) != list(range(1, row.version + 1)):
            problems.append(f"claim {key} is at version {row.version}, its events tell of {sorted(versions)}")
            continue
        # The event of a deletion tells what was there before, which the tombstone still says.
        last = versions[row.version]
        told = last.get("claim") or last["before"]
        if events.canonical(told) != events.canonical(as_payload(claim_of(row))):
            problems.append(f"claim {key} is not what its last event tells")
    return problems
