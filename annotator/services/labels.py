"""Changing a project's labels. A key never changes; a retired label keeps its claims and its column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from annotator.db import db, now
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import Annotation, Label, Project, User
from annotator.services import events, projects

KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")


@dataclass(frozen=True)
class LabelFacts:
    """What can be said of a label; `reasons` are (key, help) pairs."""

    name: str
    definition: str
    tone: int
    needs_speaker: bool
    needs_reason: bool
    stances: Sequence[str]
    reasons: Sequence[tuple[str, str]]


def get(project: Project, key: str) -> Label:
    """The label `key` of `project`. Raises NotFound."""
    label = db.session.scalar(select(Label).where(Label.project_id == project.id, Label.key == key))
    if label is None:
        raise NotFound(f"There is no label '{key}' in this project.")
    return label


def uses(project: Project) -> Mapping[str, int]:
    """How many live claims, of reviewers and gold, carry each label, by label id."""
    rows = db.session.execute(
        select(Label.id, func.count(Annotation.id))
        .join(Annotation, (Annotation.label_id == Label.id) & Annotation.deleted_at.is_(None))
        .where(Label.project_id == project.id)
        .group_by(Label.id)
    )
    return {row[0]: row[1] for row in rows}


def add(project: Project, key: str, facts: LabelFacts, *, by: User) -> Label:
    """A new label at the end. Raises Invalid for a key of other characters or no name, Conflict if the key is taken."""
    if not KEY.fullmatch(key):
        raise Invalid.field("key", f"'{key}' cannot be a key: use a-z, 0-9 and hyphens inside, at most 32 characters.")
    present = projects.labels_of(project)
    if any(label.key == key for label in present):
        raise Conflict(f"There is a label '{key}' already, perhaps a retired one. Choose another key.")
    label = Label(project_id=project.id, key=key, position=max((each.position for each in present), default=0) + 1)
    _fill(label, facts)
    db.session.add(label)
    db.session.flush()
    _record("label.add", label, by)
    return label


def change(label: Label, facts: LabelFacts, *, by: User) -> None:
    """Change everything but the key. Raises Invalid without a name."""
    _fill(label, facts)
    _record("label.change", label, by)


def retire(label: Label, *, by: User) -> None:
    """Offer it no longer; claims that carry it stay as they are. Raises Conflict for the last label in use."""
    if label.retired_at is not None:
        return
    left = db.session.scalar(
        select(func.count(Label.id)).where(Label.project_id == label.project_id, Label.retired_at.is_(None))
    )
    if left == 1:
        raise Conflict("This is the last label in use. Add another one first.")
    label.retired_at = now()
    _record("label.retire", label, by)


def restore(label: Label, *, by: User) -> None:
    """Offer a retired label again."""
    if label.retired_at is not None:
        label.retired_at = None
        _record("label.restore", label, by)


def move_up(project: Project, label: Label, *, by: User) -> None:
    """Exchange the label with the one before it; the digit keys follow the order."""
    ordered = list(projects.labels_of(project))
    place = next(n for n, each in enumerate(ordered) if each.id == label.id)
    if place == 0:
        return
    before = ordered[place - 1]
    before.position, label.position = label.position, before.position
    _record("label.move", label, by)


def reasons_from(text: str) -> list[tuple[str, str]]:
    """Reasons from lines "key: help". Raises Invalid with the line that is not one."""
    reasons: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        key, _, explained = line.partition(":")
        key = key.strip()
        if not line.strip():
            continue
        if not KEY.fullmatch(key):
            raise Invalid.field("reasons", f"Line {number}: '{key}' cannot be a key: use a-z, 0-9 and hyphens.")
        if any(key == known for known, _ in reasons):
            raise Invalid.field("reasons", f"Line {number}: '{key}' stands there twice.")
        reasons.append((key, explained.strip()))
    return reasons


def reasons_as_text(reasons: Sequence[Mapping[str, Any]]) -> str:
    """The lines that `reasons_from` reads."""
    return "\n".join(f"{reason['key']}: {reason['help']}" for reason in reasons)


def _fill(label: Label, facts: LabelFacts) -> None:
    if not facts.name.strip():
        raise Invalid.field("name", "A label needs a name.")
    label.name, label.definition, label.tone = facts.name.strip(), facts.definition, facts.tone
    label.needs_speaker, label.needs_reason = facts.needs_speaker, facts.needs_reason
    label.stances = sorted(facts.stances)
    label.reasons = [{"key": key, "help": explained} for key, explained in facts.reasons]


def _record(action: str, label: Label, by: User) -> None:
    payload = {
        "key": label.key,
        "name": label.name,
        "definition": label.definition,
        "tone": label.tone,
        "position": label.position,
        "needs": [label.needs_speaker, label.needs_reason, label.stances],
        "reasons": label.reasons,
        "retired": label.retired_at is not None,
    }
    events.record(action, label.id, payload, user_id=by.id, project_id=label.project_id)
    db.session.flush()
