"""The guideline of a project: reading it, its versions, writing a new one."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.domain.differences import between, changed_only
from annotator.domain.html import markdown_to_html
from annotator.errors import Invalid, NotFound
from annotator.forms.guidelines import GuidelineForm
from annotator.models import Guideline
from annotator.permissions import Action
from annotator.services import guidelines, projects
from annotator.views.projects import pages


@pages.get("/<slug>/guideline")
def guideline(slug: str) -> str:
    """The version in force, or an older one by ?version=; with what changed since the version of ?since=."""
    user = security.current_user()
    access = projects.get_for(user, slug)
    reading = guidelines.shown_to(user, access.project)
    versions = projects.guidelines_of(access.project)
    wanted = request.args.get("version", "")
    shown = versions[0] if versions else None
    if wanted:
        shown = next((each for each in versions if str(each.version) == wanted), None)
        if shown is None:
            raise NotFound("There is no such version of the guideline.")
    since = _since(versions, shown, reading)
    return render_template(
        "projects/guideline.html",
        project=access.project,
        access=access,
        versions=versions,
        shown=shown,
        text=markdown_to_html(shown.text) if shown else None,
        reading=reading,
        since=since,
        changes=changed_only(between(since.text, shown.text)) if since and shown else [],
    )


@pages.post("/<slug>/guideline/<int(max=1000000):version>/read")
def note_guideline(slug: str, version: int) -> Response:
    """Note that the person has opened this version."""
    user = security.current_user()
    access = projects.get_for(user, slug)
    with transaction():
        guidelines.note_reading(user, access.project, version)
    return redirect(url_for(".guideline", slug=slug), 303)


def _since(
    versions: Sequence[Guideline], shown: Guideline | None, reading: guidelines.Shown | None
) -> Guideline | None:
    """The older version that the shown one is compared with: the one of the query, else the one that was read last."""
    if shown is None or reading is None:
        return None
    wanted = request.args.get("since", "")
    if not wanted and reading.unread and shown is versions[0]:
        wanted = str(reading.read)
    return next((each for each in versions if str(each.version) == wanted and each.version < shown.version), None)


@pages.route("/<slug>/guideline/edit", methods=["GET", "POST"])
def edit_guideline(slug: str) -> str | Response | tuple[str, int]:
    """Write a new version, after a look at it if wished."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    present = projects.guideline_of(access.project)
    form = GuidelineForm(text=present.text if present else "")
    page = {"project": access.project, "access": access, "form": form, "present": present, "preview": None}
    if request.method == "GET":
        return render_template("projects/guideline_edit.html", **page)
    if not form.validate():
        return render_template("projects/guideline_edit.html", **page), 422
    text = (form.text.data or "").replace("\r\n", "\n")
    try:
        if "preview" in request.form:
            return render_template("projects/guideline_edit.html", **{**page, "preview": guidelines.as_html(text)})
        with transaction():
            written = projects.write_guideline(access.project, text, by=user)
    except Invalid as error:
        form.refuse(error)
        return render_template("projects/guideline_edit.html", **page), 422
    flash(f"Version {written.version} of the guideline is in force.", "success")
    return redirect(url_for(".guideline", slug=slug), 303)
