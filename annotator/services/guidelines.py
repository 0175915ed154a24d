"""What a person has read of a project's guideline, and what was written since."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from annotator.db import db, now
from annotator.domain import differences, html
from annotator.domain.differences import Paragraph
from annotator.errors import Invalid, NotFound
from annotator.models import Guideline, GuidelineReading, Project, User


@dataclass(frozen=True)
class Shown:
    """The guideline in force for one reader; `read` is the newest version that they opened, None for none."""

    guideline: Guideline
    read: int | None
    read_text: str | None

    @property
    def unread(self) -> bool:
        """Whether the reader has not opened the version in force."""
        return self.read is None or self.read < self.guideline.version

    @property
    def changes(self) -> list[Paragraph | None]:
        """What was changed since the version that was read; empty if none was, or if it is in force still."""
        if self.read_text is None or not self.unread:
            return []
        return differences.changed_only(differences.between(self.read_text, self.guideline.text))


def as_html(text: str) -> Markup:
    """A guideline as its page shows it. Raises Invalid for one that is too long or too intricate to be shown."""
    try:
        return html.markdown_to_html(text)
    except ValueError as error:
        raise Invalid.field("text", str(error)) from None


def shown_to(user: User, project: Project) -> Shown | None:
    """The guideline in force and what `user` has read of it, in one statement; None if there is no guideline yet."""
    read = aliased(Guideline)
    newest = select(func.max(Guideline.version)).where(Guideline.project_id == project.id).scalar_subquery()
    row = db.session.execute(
        select(Guideline, GuidelineReading.version, read.text)
        .outerjoin(
            GuidelineReading,
            (GuidelineReading.project_id == Guideline.project_id) & (GuidelineReading.user_id == user.id),
        )
        .outerjoin(read, (read.project_id == Guideline.project_id) & (read.version == GuidelineReading.version))
        .where(Guideline.project_id == project.id, Guideline.version == newest)
    ).first()
    return Shown(row[0], row[1], row[2]) if row else None


def note_reading(user: User, project: Project, version: int) -> bool:
    """Note that `user` has opened this version; False if they had opened it or a newer one.

    Raises NotFound for a version that does not exist.
    """
    exists = select(Guideline.id).where(Guideline.project_id == project.id, Guideline.version == version)
    if db.session.scalar(exists) is None:
        raise NotFound("There is no such version of the guideline.")
    reading = db.session.get(GuidelineReading, (project.id, user.id), with_for_update=True)
    if reading is not None and reading.version >= version:
        return False
    if reading is not None:
        reading.version, reading.at = version, now()
        db.session.flush()
        return True
    try:
        with db.session.begin_nested():
            db.session.add(GuidelineReading(project_id=project.id, user_id=user.id, version=version))
    except IntegrityError:
        # The same person opened it in two windows at the same moment: one of them is enough.
        return False
    return True
