"""Annotations of a large file: the memory of their import does not grow with them, in both ways and both formats."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from annotator.db import transaction
from annotator.domain.text import plain_blocks
from annotator.formats.records import ArticleRecord
from annotator.services import articles
from tests.support.desk import STORY, Desk
from tests.support.installation import Installation
from tests.support.watched import watched

pytestmark = pytest.mark.soak

# JSON lines as a reviewer's work, and the same as CSV as suggestions; a batch beyond all counts holds all of a file.
IMPORT = """
import sys
from pathlib import Path

from annotator import create_app
from annotator.formats.annotation_reading import rereadable_annotations
from annotator.services import annotation_imports, annotation_plan, annotation_planning, planned_claims, projects

batch, count = int(sys.argv[1]), int(sys.argv[2])
planned_claims.BATCH_CLAIMS = annotation_planning.BATCH_CLAIMS = batch
annotation_planning.MOST_CLAIMS = count
with create_app().app_context():
    project = projects.by_slug("truce")
    for name in sys.argv[3:]:
        reviewer = annotation_imports.reviewer_by(project, "ada@example.org") if name.endswith("jsonl") else None
        with Path(name).open("rb") as stream, rereadable_annotations(stream, name) as read:
            report = annotation_imports.import_annotations(project, read, name, annotation_plan.Aim(reviewer))
        assert (report.added + report.known, report.errors) == (count, []), report
"""
FEW, MANY = 1_000, 4_000
BOUND = 8
KEPT = 0.0002
"""How many megabytes more many claims may take, and each of them for its id; some thousand of them, held, take more."""
AT_ONCE = 10**9
TOGETHER = 50
"""How many claims an article has, but for one that has half of all."""


@pytest.fixture
def peak(app: Flask, desk: Desk, installation: Installation, tmp_path: Path) -> Callable[..., float]:
    """The most megabytes that a program holds which imports so many claims, none of which is there."""
    there = 0

    def run(count: int, *, batch: int = 250) -> float:
        nonlocal there
        numbers = range(there, there + count)
        there += count
        keys = [f"{numbers[0]}-{place}" for place in range(count // 2 // TOGETHER + 1)]
        with app.app_context(), transaction():
            articles.add(
                desk.project(), [ArticleRecord(STORY, plain_blocks(STORY), key, external_id=key) for key in keys]
            )
        files = write(tmp_path, [(keys[min(place // TOGETHER, len(keys) - 1)], n) for place, n in enumerate(numbers)])
        command = [sys.executable, "-c", IMPORT, str(batch), str(count), *map(str, files)]
        return watched(command, installation.environment).megabytes

    return run


def write(folder: Path, claims: list[tuple[str, int]]) -> Iterator[Path]:
    """The claims, each with its article and its number, in both formats."""
    rows = [
        {"article_external_id": article, "claim_id": str(UUID(int=number + 1)), "start": number % 40, "end": 45,
         "exact": STORY[number % 40 : 45], "label": "sourced", "note": f"{number} " * 100}
        for article, number in claims
    ]  # fmt: skip
    lines, table = folder / "marks.jsonl", folder / "marks.csv"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        # As suggestions they must be nobody's work.
        writer.writerows(row | {"claim_id": ""} for row in rows)
    return iter((lines, table))


def test_memory_does_not_grow_with_the_claims(peak, rounds) -> None:
    many = rounds(MANY, 20_000)
    peaks = [peak(FEW), peak(many)]
    assert peaks[1] - peaks[0] < BOUND + KEPT * (many - FEW), peaks


def test_an_import_that_holds_all_claims_is_caught(peak) -> None:
    """The planted fault."""
    peaks = [peak(FEW, batch=AT_ONCE), peak(MANY, batch=AT_ONCE)]
    assert peaks[1] - peaks[0] > BOUND + KEPT * (MANY - FEW), peaks
