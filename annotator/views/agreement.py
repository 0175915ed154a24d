"""How far the reviewers of a project agree, as a page."""

from __future__ import annotations

from flask import Blueprint, render_template

from annotator import security
from annotator.permissions import Action
from annotator.services import agreement, projects

pages = Blueprint("agreement", __name__, url_prefix="/projects/<slug>/agreement")


@pages.get("")
def show(slug: str) -> str:
    """Three questions, reviewer by reviewer, label by label."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.SEE_RESULTS)
    found = agreement.of_project(access.project, viewer=user)
    return render_template(
        "agreement/show.html",
        project=access.project,
        access=access,
        report=found.report,
        labels=found.labels,
        reviewers=found.names,
        pairs={frozenset(pair.reviewers): pair for pair in found.report.pairs},
        pair_of=lambda one, other: frozenset((one, other)),
    )
