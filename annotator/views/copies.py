"""Copies of one wire text, as pages: the groups, one group with what differs, and what a person says of them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.errors import Conflict, NotFound
from annotator.models import CopyState
from annotator.permissions import Action
from annotator.services import copies, copy_decisions, copy_finding, copy_texts, passages_elsewhere, projects
from annotator.services.copy_decisions import Act
from annotator.services.passages_elsewhere import ON_A_PAGE
from annotator.views import errand_comparisons, pointing

pages = Blueprint("copies", __name__, url_prefix="/projects/<slug>/copies")

LAST_PAGE = 500

STATES = {
    CopyState.SUGGESTED: "To look at",
    CopyState.CONFIRMED: "Confirmed",
    CopyState.REJECTED: "Rejected",
}
SAID = {
    Act.CONFIRM: "Confirmed: they count once.",
    Act.REJECT: "Rejected: they are no copies.",
    Act.UNDO: "Taken back: it is to be looked at again.",
}


@pages.get("")
def index(slug: str) -> str:
    """The groups in one state, or all that were not rejected."""
    access = projects.get_for(security.current_user(), slug, Action.READ_ALL)
    asked = request.args.get("state", "")
    state = CopyState(asked) if asked in set(CopyState) else None
    after = request.args.get("after", "")[:32] or None
    found = copies.groups_in(access.project.id, state, after=after)
    return render_template(
        "copies/index.html",
        project=access.project,
        access=access,
        found=found,
        shares=copy_texts.shares(found.groups),
        state=state,
        states=STATES,
        after=after,
        waiting=copy_finding.waiting(access.project),
    )


@pages.get("/paragraphs")
def paragraphs(slug: str) -> str:
    """Paragraphs that stand in articles which are no copies of one another."""
    access = projects.get_for(security.current_user(), slug, Action.READ_ALL)
    number = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    first = ON_A_PAGE * (number - 1)
    found = passages_elsewhere.groups_in(access.project.id, offset=first, limit=ON_A_PAGE + 1)
    return render_template(
        "copies/paragraphs.html",
        project=access.project,
        access=access,
        groups=found[:ON_A_PAGE],
        first=first + 1,
        number=number,
        more=len(found) > ON_A_PAGE and number < LAST_PAGE,
        address_of=pointing.address_of,
    )


@pages.post("/look")
def look(slug: str) -> Response:
    """Compare the articles that were not compared yet; many of them beside the request."""
    user = security.current_user()
    project = projects.get_for(user, slug, Action.MANAGE).project
    if copy_finding.waiting(project) > copy_finding.IN_A_REQUEST:
        kind, errand_id = errand_comparisons.begin(user, slug, {})
        return redirect(url_for("errands.show", slug=slug, kind=kind, errand_id=errand_id), 303)
    found = copy_finding.find(project, by=user)
    if not found.compared:
        flash("Every article was compared already.", "info")
    elif found.grouped:
        flash(f"Articles that are copies of others, or have copies now: {found.grouped:,}.", "success")
    elif not found.parted:
        flash(f"Articles compared: {found.compared:,}. None is a copy.", "success")
    if found.parted:
        flash(f"Articles that are no copies any more, since a text was corrected: {found.parted:,}.", "info")
    return redirect(url_for(".index", slug=slug), 303)


@pages.get("/<group_id>")
def show(slug: str, group_id: str) -> str:
    """One group, and two of its articles side by side."""
    access = projects.get_for(security.current_user(), slug, Action.READ_ALL)
    group = copies.group_for(access, group_id)
    left, right = _chosen(group, request.args.get("left", ""), request.args.get("right", ""))
    return render_template(
        "copies/show.html",
        project=access.project,
        access=access,
        group=group,
        shares=copy_texts.shares([group]),
        states=STATES,
        left=left,
        right=right,
        rows=copy_texts.side_by_side(left.version.id, right.version.id),
    )


@pages.post("/<group_id>/<act>")
def decide(slug: str, group_id: str, act: str) -> Response:
    """Confirm or reject the group, or the article that the form names; or take that back."""
    user = security.current_user()
    if act not in set(Act):
        raise NotFound
    article_id = request.form.get("article") or None
    there = (
        url_for(".show", slug=slug, group_id=group_id)
        if request.form.get("page") == "group"
        else url_for(".index", slug=slug)
    )
    try:
        with transaction():
            copy_decisions.decide(user, slug, group_id, Act(act), article_id=article_id)
    except Conflict as conflict:
        flash(str(conflict), "error")
    else:
        flash(SAID[Act(act)], "success")
    return redirect(there, 303)


def _chosen(group: copies.Group, left: str, right: str) -> tuple[copies.Member, copies.Member]:
    """The two articles that the address names; without it the first two that are copies."""
    known = {each.article.id: each for each in group.members}
    first = known.get(left) or (group.live or group.members)[0]
    others = [each for each in (group.live or group.members) if each is not first] or [
        each for each in group.members if each is not first
    ]
    second = known.get(right)
    return first, second if second is not None and second is not first else others[0]
