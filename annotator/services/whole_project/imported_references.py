"""What refers to claims of other articles, which must be there before: evidence, links and the decisions on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from annotator.db import db, now, transaction
from annotator.formats.project_records import ArticleLine, LinkDecisionLine, LinkLine
from annotator.formats.work_records import EvidencePart
from annotator.models import EvidenceItem, Import, Link, LinkDecision
from annotator.services.whole_project.checked_file import Read
from annotator.services.whole_project.names_here import NamesHere
from annotator.services.whole_project.parts import columns

MOST_ROWS = 2_000
"""How many are stored in one transaction."""


def store_references(names: NamesHere, read: Read) -> None:
    """Store what refers to claims of other articles, which are there by now: evidence, links and the decisions on them."""
    waiting: list[tuple[type[Any], dict[str, Any]]] = []

    def store() -> None:
        with transaction():
            for table in (EvidenceItem, Link, LinkDecision):
                if values := [row for kind, row in waiting if kind is table]:
                    db.session.execute(insert(table), values)
            db.session.execute(update(Import).where(Import.id == names.import_id).values(touched_at=now()))
        waiting.clear()

    for _, line in read():
        if isinstance(line, ArticleLine):
            waiting.extend((EvidenceItem, row) for row in _referring(names, line))
        elif isinstance(line, LinkLine):
            waiting.append((Link, _link(names, line)))
        elif isinstance(line, LinkDecisionLine):
            waiting.append((LinkDecision, _link_decision(names, line)))
        if len(waiting) >= MOST_ROWS:
            store()
    if waiting:
        store()


def refers(item: EvidencePart) -> bool:
    """Whether this evidence is a claim or another article."""
    return item.annotation is not None or item.article is not None


def evidence_row(names: NamesHere, item: EvidencePart, claim_id: UUID, n: int) -> dict[str, Any]:
    """The columns of the n-th evidence of a claim; `claim_id` is the one here."""
    return item.model_dump(exclude={"annotation", "article"}) | {
        "annotation_id": claim_id,
        "n": n,
        "linked_annotation_id": names.ids.uuid(item.annotation) if item.annotation else None,
        "linked_article_id": names.ids.of(item.article) if item.article else None,
    }


def _referring(names: NamesHere, line: ArticleLine) -> Iterator[dict[str, Any]]:
    for assignment in line.assignments:
        for claim in assignment.annotations:
            for n, item in enumerate(claim.evidence, 1):
                if refers(item):
                    yield evidence_row(names, item, names.ids.uuid(claim.id), n)


def _link(names: NamesHere, line: LinkLine) -> dict[str, Any]:
    return line.model_dump(exclude={"type", "person", "a", "b"}) | {
        "id": names.ids.of(line.id),
        "project_id": names.project_id,
        "user_id": names.people[line.person],
        "a_id": names.ids.uuid(line.a),
        "b_id": names.ids.uuid(line.b),
    }


def _link_decision(names: NamesHere, line: LinkDecisionLine) -> dict[str, Any]:
    questions = sorted((names.ids.uuid(line.question_a), names.ids.uuid(line.question_b)), key=str)
    return columns(line, "kind", "outcome", "justification", "reasons", "rule", "decided_at", "undone_at", "ended") | {
        "id": names.ids.of(line.id),
        "assignment_id": names.ids.of(line.assignment),
        "user_id": names.people[line.person],
        "question_a": questions[0],
        "question_b": questions[1],
        "a_id": names.ids.uuid(line.a),
        "b_id": names.ids.uuid(line.b),
        "link_id": names.ids.of(line.link) if line.link else None,
        "taken_id": names.ids.of(line.taken) if line.taken else None,
        "sources": [names.ids.of(each) for each in line.sources],
        "replaces_id": names.ids.of(line.replaces) if line.replaces else None,
    }
