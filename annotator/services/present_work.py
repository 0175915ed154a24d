"""Which of a person's assignments on an article counts: the review, or the second look for as long as it is open."""

from __future__ import annotations

from sqlalchemy import or_
from sqlalchemy.sql.elements import ColumnElement

from annotator.models import Assignment, AssignmentKind
from annotator.permissions import OPEN

FIRST_OF_TWO = (Assignment.kind == AssignmentKind.SECOND_LOOK).desc()
"""Orders a review and an open second look of one person on one article: the second look comes first."""


def is_present() -> ColumnElement[bool]:
    """Whether an assignment is what its person does, or did, on the article; a second look is so only while open.

    So one address serves both: the article shows the second look while there is one, and the review before and after.
    """
    # A list would be written into the statement anew each time; a save asks this.
    return or_(Assignment.kind != AssignmentKind.SECOND_LOOK, *(Assignment.state == each for each in sorted(OPEN)))


def marks_alone(assignment: Assignment | None) -> bool:
    """Whether only their own marks in `assignment` are the person's business: training, second look, returned work."""
    return assignment is not None and assignment.kind in _ALONE


_ALONE = frozenset({AssignmentKind.TRAINING, AssignmentKind.SECOND_LOOK, AssignmentKind.RETURNED})
