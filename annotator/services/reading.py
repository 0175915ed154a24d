"""How far a reviewer has read and how long they worked: their own memory, which nobody else is shown."""

from __future__ import annotations

from annotator.db import db, now
from annotator.domain import reading
from annotator.errors import Invalid
from annotator.models import Assignment, User
from annotator.services.assignments import work_on


def report(user: User, article_id: str, *, until: int, seconds: int) -> Assignment:
    """Note that `user` has read up to `until` (code points) and worked `seconds` since the last report.

    Raises Invalid beyond the end of the text, Conflict once the assignment is closed.

    This writes no event. The chain proves what was said about an article and by whom; how fast somebody reads is no
    part of that, whoever may read the chain need not know it, and a row every half minute would bury the rest. Nor
    does it begin the assignment: managers see that somebody began when there is a first change.
    """
    work = work_on(user, article_id)
    if until > work.version.length:
        raise Invalid.field("until", f"{until} is after the last character ({work.version.length}).")
    assignment = work.assignment
    # Before the first report nothing is known but when the article was given to them.
    since = assignment.active_at or assignment.created_at
    added, assignment.active_at = reading.counted(seconds, since=since, moment=now())
    assignment.active_seconds += added
    assignment.read_until = max(assignment.read_until, until)
    db.session.flush()
    return assignment
