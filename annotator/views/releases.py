"""Releases by page: the list, making one, what is in one, what changed since the one before, its downloads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.domain.publication import CARD_FIELDS, Options
from annotator.domain.release_changes import Difference
from annotator.downloads import sent, while_somebody_waits
from annotator.errors import Conflict, Invalid
from annotator.formats import catalogue, writing
from annotator.formats.archive import write_archive
from annotator.formats.records import Losses
from annotator.formats.release import documents
from annotator.forms.releases import DatasetCardForm, ReleaseForm
from annotator.models import Project
from annotator.permissions import Action
from annotator.services import dataset_cards, datasets, freezing, projects, release_package, releases
from annotator.services.freezing import Gathered
from annotator.services.projects import Access
from annotator.views.exports import DESCRIPTIONS, checked, offered, release_export, sent_file

pages = Blueprint("releases", __name__, url_prefix="/projects/<slug>/releases")

RELEASED = {
    **DESCRIPTIONS,
    "texts": "The texts that the claims are about, by their SHA-256: how a text is known again.",
    "splits": "Train, dev or test, for each article.",
}
"""What the layers of a release hold."""

SHOWN = 200
"""How many differences stand on a page; the API gives all."""


@pages.get("")
def index(slug: str) -> str:
    """All releases, and what the next one will say of itself."""
    access = projects.get_for(security.current_user(), slug, Action.SEE_RESULTS)
    found = releases.of_project(access.project)
    return render_template(
        "releases/index.html",
        project=access.project,
        access=access,
        releases=[(release, releases.manifest_of(release)) for release in found],
        card=dataset_cards.card_of(access.project),
    )


@pages.get("/new")
def new(slug: str) -> str:
    """What to choose for a release; the choices of the last one are kept."""
    access = projects.get_for(security.current_user(), slug, Action.MANAGE)
    form = ReleaseForm(request.args or None, meta={"csrf": False})
    if not request.args:
        _choose_as_before(access.project, form)
    return _new(access, form)


@pages.get("/confirm")
def confirm(slug: str) -> str | tuple[str, int]:
    """What would be frozen, and what to look at before nothing can be changed any more."""
    access = projects.get_for(security.current_user(), slug, Action.MANAGE)
    form = ReleaseForm(request.args, meta={"csrf": False})
    if form.validate():
        try:
            with _gathered(access.project, form) as found:
                return render_template(
                    "releases/confirm.html", project=access.project, access=access, form=form, found=found
                )
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.refuse(Invalid.field("version", str(error)))
    return _new(access, form), 422


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
    return _new(projects.get_for(user, slug, Action.MANAGE), form), 422


@pages.route("/card", methods=["GET", "POST"])
def card(slug: str) -> str | Response | tuple[str, int]:
    """What the next releases say of themselves."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    if request.method == "GET":
        form = DatasetCardForm(data=dataset_cards.card_of(access.project))
        return render_template("releases/card.html", project=access.project, access=access, form=form)
    form = DatasetCardForm()
    if form.validate():
        try:
            with transaction():
                project = projects.get_for(user, slug, Action.MANAGE).project
                dataset_cards.change(project, {name: form[name].data for name in CARD_FIELDS}, by=user)
            flash("The next release will say so.", "success")
            return redirect(url_for(".index", slug=slug), 303)
        except Invalid as error:
            form.refuse(error)
    access = projects.get_for(user, slug, Action.MANAGE)
    return render_template("releases/card.html", project=access.project, access=access, form=form), 422


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
        layers=[(layer, words) for layer, words in RELEASED.items() if layer in manifest["layers"]],
        **offered(),
        large=sum(each["rows"] for each in manifest["layers"].values()) > datasets.LARGE,
        versions=[each.version for each in releases.of_project(access.project) if each.version != version],
        changes=_shown_changes(access.project, since, version) if since else None,
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
    release = releases.find(access.project, version)
    found = while_somebody_waits(release_export(access.project, version, layer))
    chunks = releases.verified(release, layer, name, writing.write_export(found, name, Losses()))
    # The version is one that is stored, so it holds letters, digits, dots, hyphens and plus signs.
    return sent_file(chunks, name, f"{slug}-{version}-{layer}")


@pages.get("/<version>/package")
def package(slug: str, version: str) -> Response:
    """The whole release as one ZIP file."""
    access = projects.get_for(security.current_user(), slug, Action.SEE_RESULTS)
    release = releases.find(access.project, version)
    chunks = write_archive(release_package.files(release, writing.write))
    return sent(chunks, "application/zip", called=f"{slug}-{release.version}.zip")


@dataclass(frozen=True)
class _Shown:
    """The first differences of a kind, and how many there are in all."""

    count: int
    first: list[Difference]

    @classmethod
    def of(cls, differences: Iterator[Difference]) -> _Shown:
        first = list(islice(differences, SHOWN))
        return cls(len(first) + sum(1 for _ in differences), first)


def _shown_changes(project: Project, since: str, until: str) -> dict[str, Any]:
    with releases.changes(project, since, until) as found:
        kinds = {"claims": found.claims, "links": found.links, "articles": found.articles}
        return {"since": since, "kinds": {name: _Shown.of(differences) for name, differences in kinds.items()}}


def _new(access: Access, form: ReleaseForm) -> str:
    return render_template("releases/new.html", project=access.project, access=access, form=form)


def _choose_as_before(project: Project, form: ReleaseForm) -> None:
    """What was chosen for the newest release; text and people mostly stay, and a split must keep its seed."""
    newest = next(iter(releases.of_project(project)), None)
    if newest is None:
        return
    manifest = releases.manifest_of(newest)
    form.text.data, form.people.data = releases.text_of(newest).value, releases.people_of(newest).value
    if splits := manifest.get("splits"):
        form.split.data, form.seed.data = splits["shares"], splits["seed"]


def _gathered(project: Project, form: ReleaseForm) -> AbstractContextManager[Gathered]:
    options = Options.of(
        text=form.text.data,
        people=form.people.data,
        split=form.split.data,
        seed=form.seed.data,
        default_seed=project.slug,
    )
    version, note = (form.version.data or "").strip(), (form.note.data or "").strip()
    return freezing.gathered(
        project, version, note=note, options=options, files=catalogue.hashed_formats(), about=documents
    )


def _frozen(project: Project, form: ReleaseForm) -> str:
    user, slug = security.current_user(), project.slug
    with _gathered(project, form) as found, transaction():
        release = freezing.store(projects.get_for(user, slug, Action.MANAGE).project, found, by=user)
        version = release.version
    flash(f"Release {version} is frozen. It never changes any more.", "success")
    return version
