"""The spans of one assignment as they are drawn: tuples, since a save needs no more of the claims around it."""

from __future__ import annotations

from sqlalchemy import select

from annotator.db import db
from annotator.domain.rendering import DrawnSpan
from annotator.domain.spans import Span
from annotator.models import Annotation, Label


def within(assignment_id: str, stretch: Span) -> list[DrawnSpan]:
    """The live spans of the assignment that share text with `stretch`, in code points: one statement."""
    rows = db.session.execute(
        select(Annotation.id, Annotation.start, Annotation.end, Label.tone, Label.name)
        .join(Label, Label.id == Annotation.label_id)
        .where(
            Annotation.assignment_id == assignment_id,
            Annotation.deleted_at.is_(None),
            Annotation.start < stretch.end,
            Annotation.end > stretch.start,
        )
    )
    return [DrawnSpan(str(id_), start, end, tone, letter_of(name)) for id_, start, end, tone, name in rows]


def letter_of(name: str) -> str:
    """The letter that stands for a label (or a person) in the margin and in its badge."""
    return name.strip()[:1].upper()
