"""The compare page: two articles side by side, and linking their claims. Every step works without script."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from annotator.db import transaction
from annotator.domain import html
from annotator.domain.claims import Aspect, Relation
from annotator.domain.keys import Screen
from annotator.errors import Conflict, Invalid, NotFound
from annotator.forms.comparing import ASPECTS, LinkChangeForm, LinkForm
from annotator.models import LinkStatus, User
from annotator.security import current_user
from annotator.services import comparing, links, projects
from annotator.services.comparing import Side
from annotator.services.links import Changes, Proposal
from annotator.services.projects import Access
from annotator.views import article_page
from annotator.views.comparison import RELATIONS, Comparison, letter_of
from annotator.views.key_list import first_keys, keys_on
from annotator.views.projects import pages
from annotator.views.streaming import streamed

SIDES = ("left", "right")
DONE = {"save": "changed", "turn": "turned", "confirm": "confirmed", "delete": "deleted"}
"""What can be done to a link, and how it is told."""


@pages.get("/<slug>/compare")
def compare(slug: str) -> Response:
    """The page; an address that names only a claim or a link leads to where both articles are named."""
    user = current_user()
    access = projects.get_for(user, slug)
    if there := _named(user, access):
        return make_response(redirect(url_for(".compare", slug=slug, **there), 302))
    return _whole(_opened(user, access), LinkForm(formdata=None))


@pages.post("/<slug>/compare")
def link_compared(slug: str) -> Response:
    """Link the two claims of the form."""
    user = current_user()
    access = projects.get_for(user, slug)
    found = _opened(user, access, [request.form.get(f"{name}_claim", "") for name in SIDES])
    form = LinkForm()
    _offer(form, found)
    if not form.validate():
        return make_response(_whole(found, form), 422)
    ends = {name: UUID(form[f"{name}_claim"].data) for name in SIDES}
    first = found.goes_from
    proposal = Proposal(
        ends[first],
        ends["left" if first == "right" else "right"],
        Relation(form.relation.data),
        Aspect(form.aspect.data) if form.aspect.data else None,
        _note(form.note.data),
    )
    try:
        with transaction():
            links.create(user, slug, proposal)
    except Invalid as error:
        form.refuse(error)
        return make_response(_whole(found, form), 422)
    except Conflict as error:
        flash(str(error), "error")
    else:
        flash("The claims are linked.", "success")
    return _back(slug)


@pages.get("/<slug>/compare/panel")
def compared(slug: str) -> str:
    """What changes with a pick, the picked claims and what is known of them, and with a link: `list` asks for all links."""
    user = current_user()
    found = _opened(user, projects.get_for(user, slug))
    if not found.complete:
        raise NotFound
    return render_template(
        "comparing/_fragment.html", listed="list" in request.args, **_shown(found, LinkForm(formdata=None))
    )


@pages.post("/<slug>/compare/links/<link_id>")
def act_on_link(slug: str, link_id: str) -> Response:
    """Save, turn, confirm or delete a link of one's own."""
    user, form = current_user(), LinkChangeForm()
    access = projects.get_for(user, slug)
    act = form.act.data if form.validate() else ""
    if act not in DONE:
        flash("This form is damaged. Open the page again.", "error")
        return _back(slug)
    try:
        with transaction():
            if act == "delete":
                links.delete(user, link_id)
            else:
                links.change(user, link_id, _changes(user, access, link_id, form))
    except Invalid as error:
        flash(" ".join(problem.message for problem in error.problems) or str(error), "error")
    except Conflict as error:
        flash(str(error), "error")
    else:
        flash(f"The link is {DONE[act]}.", "success")
    return _back(slug)


def _changes(user: User, access: Access, link_id: str, form: LinkChangeForm) -> Changes:
    """What the form wants different; whoever turns or confirms a link keeps what they wrote into the form."""
    changes: Changes = {
        "relation": Relation(form.relation.data),
        "aspect": Aspect(form.aspect.data) if form.aspect.data else None,
        "note": _note(form.note.data),
    }
    if form.act.data == "turn":
        changes["a"] = comparing.ends_of(user, access, link_id)[1].id
    elif form.act.data == "confirm":
        changes["status"] = LinkStatus.CONFIRMED
    return changes


def _named(user: User, access: Access) -> dict[str, Any]:
    """Where an address leads that names a link, or a claim and not its article; empty where both are named."""
    link_id = request.args.get("link", "")
    if link_id:
        a, b = comparing.ends_of(user, access, link_id)
        return {"left": a.article_id, "right": b.article_id, "claim": str(a.id), "with": str(b.id)}
    claim = _uuid(request.args.get("claim", ""))
    if claim is not None and not request.args.get("left") and not request.args.get("right"):
        return {"left": comparing.article_of(user, claim), "claim": str(claim)}
    return {}


def _opened(user: User, access: Access, picks: Iterable[str] = ()) -> Comparison:
    """The articles that the address names, with the claims that it, or a form, picks."""
    sides: dict[str, Side | None] = {}
    for name in SIDES:
        article_id = request.args.get(name, "")
        sides[name] = comparing.side(user, access.project.id, article_id) if article_id else None
    picked = [_uuid(each) for each in picks or (request.args.get(name, "") for name in ("claim", "with"))]
    return Comparison(user, access, sides, picked)


def _whole(found: Comparison, form: LinkForm) -> Response:
    choosing = request.args.get("pick", "")
    panes = found.panes(choosing)
    words = request.args.get("q", "").strip()[:200]
    wanted = any(pane.choosing for pane in panes)
    _offer(form, found)
    told = html.placeholder()
    page = render_template(
        "comparing/show.html",
        panes=panes,
        told=told,
        words=words,
        to_choose=comparing.to_choose_from(found.user, found.access, words) if wanted else [],
        most=comparing.MOST_OFFERED,
        keys_json=article_page.keys_json(found.user),
        key_groups=keys_on(Screen.COMPARE, found.user),
        **_shown(found, form),
    )
    fillings = {pane.article: found.draw(pane) for pane in panes} | {told: found.told()}
    return streamed(page, {place: filling for place, filling in fillings.items() if place in page})


def _shown(found: Comparison, form: LinkForm) -> dict[str, object]:
    return {
        "found": found,
        "form": form,
        "access": found.access,
        "project": found.access.project,
        "relations": RELATIONS,
        "aspects": ASPECTS.items(),
        "keys": first_keys(found.user),
        "letter_of": letter_of,
        "here": _address(),
        "changed": request.args.get("change", ""),
    }


def _offer(form: LinkForm, found: Comparison) -> None:
    """Fill in the claims to choose from, and choose the picked ones where nothing was sent."""
    for name in SIDES:
        field, picked, side = form[f"{name}_claim"], found.picked[name], found.sides[name]
        field.choices = [row.key for row in side.rows] if side else []
        if picked is not None and not field.data:
            field.data = str(picked.id)


def _address() -> dict[str, Any]:
    """What names this comparison, for links to and from it."""
    return {name: request.args[name] for name in (*SIDES, "claim", "with") if request.args.get(name)}


def _back(slug: str) -> Response:
    """To the comparison that the form came from."""
    there = _address()
    picks = [request.form.get(f"{name}_claim", "") for name in SIDES]
    if any(picks):
        there |= dict(zip(("claim", "with"), (str(_uuid(each) or "") for each in picks), strict=True))
    return make_response(redirect(url_for(".compare", slug=slug, _anchor="links", **there), 303))


def _note(words: str | None) -> str:
    return (words or "").replace("\r\n", "\n")


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
