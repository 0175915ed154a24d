"""Importing annotations by page: upload a file, say whose work it is and what its labels mean, look, then import that."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.formats.annotation_reading import READERS
from annotator.permissions import Action
from annotator.services import copy_finding, projects, unlisted_imports, uploads
from annotator.services.assignments import reviewers_of
from annotator.services.projects import Access
from annotator.views import errand_annotations
from annotator.views.errand_annotations import SUGGESTIONS, aim_of, report_of
from annotator.views.folders import uploads_folder
from annotator.views.imports import pages

LARGE = 1_000_000
"""A file of more bytes is imported beside the requests."""

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
    said, [file] = _said(), kept.files
    report = report_of(access.project, file, said, by=user, dry_run=True)
    labels = [label for label in projects.labels_of(access.project) if label.retired_at is None]
    return render_template(
        "imports/annotations_preview.html",
        project=access.project,
        access=access,
        upload=kept,
        report=report,
        aim=aim_of(access.project, said),
        chosen=request.args,
        label_options=[(label.key, label.name) for label in labels],
        author_options=[(author, f"{author} ({count:,})") for author, count in report.authors.items() if author],
    )


@pages.post("/annotations/<upload_id>")
def confirm_annotations(slug: str, upload_id: str) -> str | Response:
    """Import what was previewed; what takes longer than a request is begun."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.IMPORT)
    kept = uploads.get(uploads_folder(), access.project, user, upload_id)
    said, [file] = _said(), kept.files
    if file.path.stat().st_size > LARGE:
        wanted = {"upload": kept.id, "name": file.name, "said": said}
        kind, errand_id = errand_annotations.begin(user, slug, wanted)
        return redirect(url_for("errands.show", slug=slug, kind=kind, errand_id=errand_id), 303)
    unlisted_imports.sweep_stale()
    report = report_of(access.project, file, said, by=user, dry_run=False)
    if not report.refused:
        uploads.discard(uploads_folder(), kept)
        copy_finding.find_after_import(access.project, by=user)
    reviewer = aim_of(access.project, said).reviewer
    return render_template(
        "imports/annotations_done.html",
        project=access.project,
        access=access,
        report=report,
        reviewer=reviewer.name if reviewer else "",
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


def _said() -> dict[str, Any]:
    """What the person said of the file so far."""
    meant = zip(request.values.getlist("word"), request.values.getlist("key"), strict=False)
    return {
        "become": request.values.get("become", ""),
        "format": request.values.get("format", "auto"),
        "labels": {word: key for word, key in meant if key},
        "author": request.values.get("author", ""),
        "create": request.values.get("articles") != "match",
    }
