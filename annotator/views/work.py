"""How the work of a project goes, for its managers: by person, what lies longest, and what waits for adjudication."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request

from annotator import security
from annotator.permissions import Action
from annotator.services import adjudication_load, pool, progress, projects, workload
from annotator.services.workload import PersonLoad
from annotator.views.projects import pages

KINDS = {
    "agreed": "all agree",
    "label": "label differs",
    "boundary": "boundary differs",
    "some": "only some marked it",
    "fields": "details differ",
    "link": "link differs",
}
ORDERS: dict[str, tuple[str, Callable[[PersonLoad], Any]]] = {
    "name": ("Name", lambda each: (each.user.name, each.user.id)),
    "open": ("Most open", lambda each: (-each.open, each.user.name, each.user.id)),
    "oldest": ("Longest untouched", lambda each: (each.since is None, each.since, each.user.name, each.user.id)),
}


@pages.get("/<slug>/progress")
def work(slug: str) -> str:
    """The page."""
    access = projects.get_for(security.current_user(), slug, Action.MANAGE)
    project = access.project
    sort, reviewer = request.args.get("sort", ""), request.args.get("reviewer", "")
    page = request.args.get("page", "")
    people = workload.people(project)
    return render_template(
        "projects/progress.html",
        project=project,
        access=access,
        progress=progress.of(project),
        people=sorted(people, key=ORDERS[sort if sort in ORDERS else "name"][1]),
        waiting=workload.waiting(
            project, reviewer=reviewer, number=int(page) if page.isdecimal() and len(page) < 7 else 1
        ),
        abandoned=len(pool.abandoned(project)),
        load=adjudication_load.of(project),
        kinds=KINDS,
        orders=[(key, words) for key, (words, _) in ORDERS.items()],
        sort=sort if sort in ORDERS else "name",
        reviewer=reviewer,
    )
