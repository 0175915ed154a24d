"""Releases by page: the list, making one, what is in one, what changed since the one before, its downloads."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.errors import Conflict, Invalid
from annotator.formats import writing
from annotator.forms import ReleaseForm
from annotator.models import Project
from annotator.permissions import Action
from annotator.services import freezing, projects, releases
from annotator.services.projects import Access
from annotator.views.exports import DESCRIPTIONS, checked, offered, release_export, sent_file

pages = Blueprint("releases", __name__, url_prefix="/projects/<slug>/releases")

SHOWN = 200
"""How many differences stand on a page; the API gives all."""


@pages.get("")
def index(slug: str) -> str:
    """All releases, and a form for the next."""
    access = projects.get_for(security.current_user(), slug, Action.SEE_RESULTS)
    return _index(access, ReleaseForm())


@pages.post("")
def make(slug: str) -> Response | tuple[str, int]:
    """Freeze what is finished."""
    user, form = security.current_user(), ReleaseForm()
    access = projects.get_for(user, slug, Action.MANAGE)
    if form.validate():
        try:
            return redirect(url_for(".show", slug=slug, version=_frozen(access.project, form)), 303)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.refuse(Invalid.field("version", str(error)))
    return _index(projects.get_for(user, slug, Action.MANAGE), form), 422


@pages.get("/<version>")
def show(slug: str, version: str) -> str:
    """What one release holds, and what changed since the one before it or since that of ?since=."""
    access = projects.get_for(security.current_user(), slug, Action.SEE_RESULTS)
    release = releases.find(access.project, version)
    manifest = releases.manifest_of(release)
    since = request.args.get("since") or manifest["previous"]
    return render_template(
        "releases/show.html",
        project=access.project,
        access=access,
        release=release,
        manifest=manifest,
        layers=[(layer, words) for layer, words in DESCRIPTIONS.items() if layer in manifest["layers"]],
        **offered(),
        versions=[each.version for each in releases.of_project(access.project) if each.version != version],
        changes=releases.changes(access.project, since, version) if since else None,
        shown=SHOWN,
    )


@pages.get("/<version>/manifest.json")
def manifest(slug: str, version: str) -> Response:
    """The manifest, as it is hashed."""
    access = projects.get_for(security.current_user(), slug, Action.SEE_RESULTS)
    release = releases.find(access.project, version)
    answer = Response(release.manifest, content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-{release.version}-manifest.json"'
    return answer


@pages.get("/<version>/download")
def download(slug: str, version: str) -> Response:
    """One layer of a release in one format, as a file."""
    access = projects.get_for(security.current_user(), slug, Action.SEE_RESULTS)
    layer, name = request.args.get("layer", "gold"), request.args.get("format", "csv")
    checked(name, layer)
    # The version is one that is stored, so it holds letters, digits, dots, hyphens and plus signs.
    return sent_file(release_export(access.project, version, layer), name, f"{slug}-{version}-{layer}")


def _index(access: Access, form: ReleaseForm) -> str:
    found = releases.of_project(access.project)
    return render_template(
        "releases/index.html",
        project=access.project,
        access=access,
        form=form,
        releases=[(release, releases.manifest_of(release)) for release in found],
    )


def _frozen(project: Project, form: ReleaseForm) -> str:
    user, slug = security.current_user(), project.slug
    files = writing.hashed_formats()
    version, note = (form.version.data or "").strip(), (form.note.data or "").strip()
    with freezing.gathered(project, version, note=note, files=files) as found, transaction():
        release = freezing.store(projects.get_for(user, slug, Action.MANAGE).project, found, by=user)
        version = release.version
    flash(f"Release {version} is frozen. It never changes any more.", "success")
    return version
