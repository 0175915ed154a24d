"""The guideline of a project: reading it, its versions, writing a new one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.domain.html import markdown_to_html
from annotator.errors import NotFound
from annotator.forms import GuidelineForm
from annotator.permissions import Action
from annotator.services import projects
from annotator.views.projects import pages


@pages.get("/<slug>/guideline")
def guideline(slug: str) -> str:
    """The version in force, or an older one by ?version=."""
    access = projects.get_for(security.current_user(), slug)
    versions = projects.guidelines_of(access.project)
    wanted = request.args.get("version", "")
    shown = versions[0] if versions else None
    if wanted:
        shown = next((each for each in versions if str(each.version) == wanted), None)
        if shown is None:
            raise NotFound("There is no such version of the guideline.")
    return render_template(
        "projects/guideline.html",
        project=access.project,
        access=access,
        versions=versions,
        shown=shown,
        text=markdown_to_html(shown.text) if shown else None,
    )


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
    if "preview" in request.form:
        return render_template("projects/guideline_edit.html", **{**page, "preview": markdown_to_html(text)})
    with transaction():
        written = projects.write_guideline(access.project, text, by=user)
    flash(f"Version {written.version} of the guideline is in force.", "success")
    return redirect(url_for(".guideline", slug=slug), 303)
