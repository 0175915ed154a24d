"""Exports, imports and looks for copies that take longer than a request: how far one is, its end, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.errors import NotFound
from annotator.formats import catalogue
from annotator.formats.records import Losses
from annotator.models import Errand, ErrandKind, ErrandState
from annotator.permissions import Action
from annotator.services import errands, projects
from annotator.services.projects import Access
from annotator.views import errand_annotations, errand_comparisons, errand_exports, errand_imports

pages = Blueprint("errands", __name__, url_prefix="/projects/<slug>")

KINDS = {"exports": ErrandKind.EXPORT, "imports": ErrandKind.IMPORT, "comparisons": ErrandKind.COMPARISON}
NEEDED = {
    ErrandKind.EXPORT: Action.SEE_RESULTS,
    ErrandKind.IMPORT: Action.IMPORT,
    ErrandKind.COMPARISON: Action.MANAGE,
}
UNITS = {ErrandKind.IMPORT: "bytes", ErrandKind.COMPARISON: "articles"}
ONE = "/<any(exports, imports, comparisons):kind>/<errand_id>"


@pages.post("/exports")
def export(slug: str) -> Response:
    """Begin to make a file, and go to the page that shows how far it is."""
    user = security.current_user()
    projects.get_for(user, slug, Action.SEE_RESULTS)
    return _go_to(slug, errand_exports.begin(user, slug, errand_exports.wanted(request.form)))


@pages.get(ONE)
def show(slug: str, kind: str, errand_id: str) -> str:
    """How far it is, and what came of it."""
    access, errand = _found(slug, kind, errand_id)
    return render_template("errands/show.html", project=access.project, access=access, **_shown(errand))


@pages.get(f"{ONE}/state")
def fragment(slug: str, kind: str, errand_id: str) -> str:
    """The part of the page that changes."""
    access, errand = _found(slug, kind, errand_id)
    return render_template("errands/_errand.html", project=access.project, access=access, **_shown(errand))


@pages.post(f"{ONE}/cancel")
def cancel(slug: str, kind: str, errand_id: str) -> Response:
    """Say that nobody wants it any more."""
    _found(slug, kind, errand_id)
    with transaction():
        _access, errand = _found(slug, kind, errand_id)
        errands.ask_to_stop(errand)
    return redirect(url_for(".show", slug=slug, kind=kind, errand_id=errand_id), 303)


@pages.post(f"{ONE}/again")
def again(slug: str, kind: str, errand_id: str) -> Response:
    """Begin the same once more."""
    _access, errand = _found(slug, kind, errand_id)
    return _go_to(slug, _module(errand).begin(security.current_user(), slug, errand.wanted))


@pages.get("/exports/<errand_id>/file")
def file(slug: str, errand_id: str) -> Response:
    """The file that was made, in whole or the part that is asked for."""
    _access, errand = _found(slug, "exports", errand_id)
    path = errand_exports.place_of(errand.id)
    if errands.state_of(errand) is not ErrandState.FINISHED or not path.exists():
        raise NotFound("There is no file here: it is not ready, or was made by another machine, or is gone.")
    answer = send_file(
        path,
        mimetype=errand.outcome["media_type"],
        as_attachment=True,
        download_name=errand.outcome["name"],
        conditional=True,
        etag=errand.id,
    )
    answer.content_type = errand.outcome["media_type"]
    return answer


def _found(slug: str, kind: str, errand_id: str) -> tuple[Access, Errand]:
    """An errand of whoever asks. Raises NotFound for those of others, Forbidden without the role."""
    user = security.current_user()
    access = projects.get_for(user, slug, NEEDED[KINDS[kind]])
    errand = errands.find(access.project, user, KINDS[kind], errand_id)
    if errand.wanted.get("layer") == catalogue.WHOLE:
        projects.get_for(user, slug, Action.MANAGE)
    return access, errand


def _shown(errand: Errand) -> dict[str, object]:
    state = errands.state_of(errand)
    problem = errand.outcome.get("problem") or errands.LOST
    return {
        "errand": errand,
        "kind": f"{errand.kind}s",
        "state": state.value,
        "ending": state is ErrandState.RUNNING and errand.stop,
        "problem": problem,
        "losses": Losses(errand.outcome.get("losses", {})),
        "called": _module(errand).called(errand.wanted),
        "kept_until": (errand.ended_at or errand.touched_at) + errands.KEPT,
        "words": errand.outcome.get("words", ""),
        "unit": UNITS.get(errand.kind) or errand.wanted["unit"],
    }


def _module(errand: Errand) -> Any:
    if errand.kind is ErrandKind.EXPORT:
        return errand_exports
    if errand.kind is ErrandKind.COMPARISON:
        return errand_comparisons
    return errand_annotations if errand_annotations.is_one(errand.wanted) else errand_imports


def _go_to(slug: str, begun: tuple[str, str]) -> Response:
    kind, errand_id = begun
    return redirect(url_for(".show", slug=slug, kind=kind, errand_id=errand_id), 303)
