"""Looking for copies among many articles in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from annotator.db import db, transaction
from annotator.models import ErrandKind, User
from annotator.permissions import Action
from annotator.services import copy_finding, errands, projects
from annotator.views import errand_threads
from annotator.views.errand_threads import Tally


def begin(user: User, slug: str, chosen: Mapping[str, Any]) -> tuple[str, str]:
    """Begin to look; where the errand is shown. Raises Conflict when the person has too many under way."""
    with transaction():
        errands.sweep()
        project = projects.get_for(user, slug, Action.MANAGE).project
        total = copy_finding.waiting(project)
        errand_id = errands.begin(project, user, ErrandKind.COMPARISON, chosen, total=total).id
        user_id = user.id
    errand_threads.start(errand_id, partial(_look, user_id, slug))
    return "comparisons", errand_id


def called(chosen: Mapping[str, Any]) -> str:  # noqa: ARG001 -- errands of other kinds are called by what they are to do
    """What pages call it."""
    return "Looking for copies"


def _look(user_id: str, slug: str, tally: Tally) -> dict[str, Any]:
    user = db.session.get_one(User, user_id)
    project = projects.get_for(user, slug, Action.MANAGE).project
    total = copy_finding.waiting(project)
    read = 0

    def watch(texts: int) -> None:
        nonlocal read
        tally.look()
        read += texts
        tally.words = "Reading the articles" if read < total else "Comparing"

    tally.done = lambda: read
    found = copy_finding.find(project, by=user, watch=watch)
    return {"compared": found.compared, "grouped": found.grouped, "parted": found.parted}
