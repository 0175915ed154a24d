"""Layers of many rows: the memory of an export does not grow with them, whichever layer and format it is."""

from __future__ import annotations

import sys
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import insert, select

from annotator.db import db, now, transaction
from annotator.domain.claims import Relation, Stance
from annotator.models import (
    Annotation,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Decision,
    EvidenceItem,
    Label,
    Link,
    Outcome,
)
from tests.support.desk import Desk
from tests.support.installation import Installation
from tests.support.watched import watched

pytestmark = pytest.mark.soak

# Each layer in both formats, one after another; with rows for a page beyond all counts it is read at once.
EXPORT = """
import sys
from collections import Counter

from annotator import create_app
from annotator.formats.writing import write_export
from annotator.services import datasets, projects

page, count = map(int, sys.argv[1:])
with create_app().app_context():
    project = projects.by_slug("truce")
    for layer in ("annotations", "evidence", "links", "decisions"):
        for format, head in (("csv", 1), ("jsonl", 0)):
            written = write_export(datasets.export(project, layer, page=page), format, Counter())
            lines = sum(chunk.count(b"\\n") for chunk in written)
            assert lines == count + head, (layer, format, lines)
"""
FEW, MANY = 2_000, 12_000
BOUND = 20
"""How many megabytes more many rows may take; some thousand of them, held, take more."""
AT_ONCE = 10**9


@pytest.fixture
def peak(app: Flask, desk: Desk, installation: Installation):
    """The most megabytes that a program holds which exports so many rows of each layer."""
    article_id = desk.article()
    there = 0

    def fill(count: int) -> None:
        nonlocal there
        with app.app_context(), transaction():
            _fill(desk, article_id, range(there, count))
        there = count

    def run(count: int, *, page: int = 1_000) -> float:
        fill(count)
        command = [sys.executable, "-c", EXPORT, str(page), str(count)]
        return watched(command, installation.environment).megabytes

    return run


def test_memory_does_not_grow_with_the_rows(peak, rounds) -> None:
    peaks = [peak(FEW), peak(rounds(MANY, 200_000))]
    assert peaks[1] - peaks[0] < BOUND, peaks


def test_an_export_that_reads_all_rows_at_once_is_caught(peak) -> None:
    """The planted fault."""
    peaks = [peak(FEW, page=AT_ONCE), peak(MANY, page=AT_ONCE)]
    assert peaks[1] - peaks[0] > BOUND, peaks


def _fill(desk: Desk, article_id: str, numbers: range) -> None:
    """For each number a claim of Ada's, evidence for it, a link from it to the one before it, and a decision on it."""
    project = desk.project()
    label = db.session.scalars(select(Label.id).where(Label.project_id == project.id)).first()
    review = db.session.scalars(
        select(Assignment).where(Assignment.article_id == article_id, Assignment.user_id == desk.ids["ada"])
    ).one()
    of_gold = select(Assignment).where(Assignment.kind == AssignmentKind.ADJUDICATION)
    gold = db.session.scalars(of_gold).first()
    if gold is None:
        gold = Assignment(
            article_id=article_id,
            version_id=review.version_id,
            user_id=desk.ids["jo"],
            kind=AssignmentKind.ADJUDICATION,
            state=AssignmentState.SUBMITTED,
        )
        db.session.add(gold)
        db.session.flush()
    ids = [UUID(int=number + 1) for number in numbers]
    words = [f"{number} " * 100 for number in numbers]
    at = now()
    for model, rows in (
        (
            Annotation,
            [
                {"id": key, "assignment_id": review.id, "label_id": label, "start": 0, "end": 4, "exact": "Both", "note": note}
                for key, note in zip(ids, words, strict=True)
            ],
        ),
        (
            EvidenceItem,
            [
                {"annotation_id": key, "n": 1, "stance": Stance.SUPPORTS, "quote": quote}
                for key, quote in zip(ids, words, strict=True)
            ],
        ),
        (
            Link,
            [
                {"project_id": project.id, "user_id": desk.ids["ada"], "a_id": key, "b_id": ids[place - 1], "relation": Relation.CONTRADICTS, "note": note}
                for place, (key, note) in enumerate(zip(ids, words, strict=True))
            ],
        ),
        (
            Decision,
            [
                {
                    "assignment_id": gold.id, "user_id": desk.ids["jo"], "question": key, "kind": "label",
                    "outcome": Outcome.NOTHING_HERE, "justification": words_, "decided_at": at + timedelta(microseconds=place),
                }
                for place, (key, words_) in enumerate(zip(ids, words, strict=True))
            ],
        ),
    ):  # fmt: skip
        db.session.execute(insert(model), rows)
