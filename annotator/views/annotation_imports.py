"""Importing annotations by page: upload a file, say whose work it is and what its labels mean, look, then import that."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.errors import Invalid
from annotator.formats.annotation_reading import READERS, rereadable_annotations
from annotator.models import User
from annotator.permissions import Action
from annotator.services import annotation_imports, copy_finding, imports, projects, uploads
from annotator.services.annotation_imports import AnnotationReport
from annotator.services.annotation_plan import Aim
from annotator.services.assignments import reviewers_of
from annotator.services.projects import Access
from annotator.services.uploads import Upload
from annotator.views.folders import uploads_folder
from annotator.views.imports import pages

SUGGESTIONS = "suggestions"
"""The choice of what the claims become that is no reviewer's id."""

FORMAT_NAMES = {
    "auto": "told by the file",
    "jsonl": "JSON lines of our own",
    "csv": "CSV of our own",
    "doccano": "doccano",
    "label-studio": "Label Studio",
    "brat": "brat (ZIP of .txt and .ann)",
    "web-annotation": "W3C Web Annotation",
    "uima-xmi": "UIMA XMI (INCEpTION)",
}


@pages.get("/annotations")
def new_annotations(slug: str) -> str:
    """Choose a file, and what its claims become."""
    access = projects.get_for(security.current_user(), slug, Action.IMPORT)
    return _form(access)


@pages.post("/annotations")
def upload_annotations(slug: str) -> Response | tuple[str, int]:
    """Keep the file and go to the preview."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.IMPORT)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _form(access, "Choose a file."), 422
    if not request.form.get("become"):
        return _form(access, "Say what the claims of the file become."), 422
    kept = uploads.keep(uploads_folder(), access.project, user, [(file.filename, file.stream)])
    become, wanted = request.form["become"], request.form.get("format", "auto")
    return redirect(url_for(".preview_annotations", slug=slug, upload_id=kept.id, become=become, format=wanted), 303)


@pages.get("/annotations/<upload_id>")
def preview_annotations(slug: str, upload_id: str) -> str:
    """What the file would bring, with what has to be said first; nothing is stored yet."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.IMPORT)
    kept = uploads.get(uploads_folder(), access.project, user, upload_id)
    aim = _aim(access)
    report = _report(access, kept, aim, by=user, dry_run=True)
    labels = [label for label in projects.labels_of(access.project) if label.retired_at is None]
    return render_template(
        "imports/annotations_preview.html",
        project=access.project,
        access=access,
        upload=kept,
        report=report,
        aim=aim,
        chosen=request.args,
        label_options=[(label.key, label.name) for label in labels],
        author_options=[(author, f"{author} ({count:,})") for author, count in report.authors.items() if author],
    )


@pages.post("/annotations/<upload_id>")
def confirm_annotations(slug: str, upload_id: str) -> str:
    """Import what was previewed."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.IMPORT)
    kept = uploads.get(uploads_folder(), access.project, user, upload_id)
    imports.sweep_stale()
    aim = _aim(access)
    report = _report(access, kept, aim, by=user, dry_run=False)
    if not report.refused:
        uploads.discard(uploads_folder(), kept)
        copy_finding.find_after_import(access.project, by=user)
    return render_template(
        "imports/annotations_done.html", project=access.project, access=access, report=report, aim=aim
    )


def _form(access: Access, problem: str = "") -> str:
    return render_template(
        "imports/annotations.html",
        project=access.project,
        access=access,
        problem=problem,
        reviewers=reviewers_of(access.project),
        formats=[(name, FORMAT_NAMES.get(name, name)) for name in ("auto", *READERS)],
        suggestions=SUGGESTIONS,
    )


def _aim(access: Access) -> Aim:
    """As what the claims come in, as the form says. Raises Invalid for somebody who is no reviewer."""
    become = request.values.get("become", "")
    said = zip(request.values.getlist("word"), request.values.getlist("key"), strict=False)
    labels = {word: key for word, key in said if key}
    author = request.values.get("author", "")
    create = request.values.get("articles") != "match"
    if become == SUGGESTIONS:
        return Aim(labels=labels, author=author, create=create)
    reviewer = next((each for each in reviewers_of(access.project) if each.id == become), None)
    if reviewer is None:
        raise Invalid("That is no reviewer of this project. Begin again at the import page.")
    return Aim(reviewer, labels, author, create)


def _report(access: Access, kept: Upload, aim: Aim, *, by: User, dry_run: bool) -> AnnotationReport:
    [file] = kept.files
    wanted = request.values.get("format", "auto")
    limit = current_app.extensions["annotator"].article_megabytes * 1_000_000
    with (
        file.path.open("rb") as stream,
        rereadable_annotations(stream, file.name, format=wanted if wanted in READERS else "auto", limit=limit) as read,
    ):
        return annotation_imports.import_annotations(access.project, read, file.name, aim, by=by, dry_run=dry_run)
