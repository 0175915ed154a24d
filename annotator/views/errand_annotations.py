"""Importing large files of annotations in a thread, as what was said of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import current_app

from annotator.db import db, transaction
from annotator.errors import Invalid
from annotator.formats.annotation_reading import READERS, rereadable_annotations
from annotator.models import ErrandKind, Project, User
from annotator.permissions import Action
from annotator.services import annotation_imports, copy_finding, errands, projects, unlisted_imports, uploads
from annotator.services.annotation_imports import AnnotationReport
from annotator.services.annotation_plan import Aim
from annotator.services.assignments import reviewers_of
from annotator.services.uploads import UploadedFile
from annotator.templating import plural
from annotator.views import errand_threads
from annotator.views.errand_imports import PASSES, followed
from annotator.views.errand_threads import Tally
from annotator.views.folders import uploads_folder

SUGGESTIONS = "suggestions"
"""The choice of what the claims become that is no reviewer's id."""

Said = Mapping[str, Any]
"""What a person said of a file: what its claims `become`, its `format`, what its `labels` mean, whose marks are taken
(`author`), and whether its articles may be stored (`create`).
"""


def is_one(wanted: Mapping[str, Any]) -> bool:
    """Whether an import is of annotations."""
    return "said" in wanted


def begin(user: User, slug: str, wanted: Mapping[str, Any]) -> tuple[str, str]:
    """Begin to import what was looked at; where its errand is shown. Raises NotFound when the file is gone."""
    project = projects.get_for(user, slug, Action.IMPORT).project
    kept = uploads.get(uploads_folder(), project, user, wanted["upload"])
    aim_of(project, wanted["said"])
    unlisted_imports.sweep_stale()
    with transaction():
        project = projects.get_for(user, slug, Action.IMPORT).project
        total = PASSES * kept.files[0].path.stat().st_size
        errand_id = errands.begin(project, user, ErrandKind.IMPORT, wanted, total=total).id
        user_id = user.id
    errand_threads.start(errand_id, partial(_take_in, user_id, slug, wanted))
    return "imports", errand_id


def called(wanted: Mapping[str, Any]) -> str:
    """What pages call the import."""
    return f"Import of {wanted['name']}"


def aim_of(project: Project, said: Said) -> Aim:
    """As what the claims come in. Raises Invalid for somebody who is no reviewer."""
    if said["become"] == SUGGESTIONS:
        return Aim(labels=said["labels"], author=said["author"], create=said["create"])
    reviewer = next((each for each in reviewers_of(project) if each.id == said["become"]), None)
    if reviewer is None:
        raise Invalid("That is no reviewer of this project. Begin again at the import page.")
    return Aim(reviewer, said["labels"], said["author"], said["create"])


def report_of(
    project: Project, file: UploadedFile, said: Said, *, by: User, dry_run: bool, tally: Tally | None = None
) -> AnnotationReport:
    """Import the file, or with `dry_run` say what would come of that; `tally` follows how far it is."""
    wanted, limit = said["format"], current_app.extensions["annotator"].article_limit
    aim = aim_of(project, said)
    with (
        file.path.open("rb") as stream,
        rereadable_annotations(stream, file.name, format=wanted if wanted in READERS else "auto", limit=limit) as read,
    ):
        if tally is None:
            return annotation_imports.import_annotations(project, read, file.name, aim, by=by, dry_run=dry_run)
        with followed(tally, stream, read, noun="record") as looked:
            return annotation_imports.import_annotations(
                project, looked, file.name, aim, by=by, progress=partial(_stored, tally)
            )


def _stored(tally: Tally, claims: int) -> None:
    """Tell how many were stored, unless it is not wanted any more."""
    tally.look()
    tally.words = f"{plural(claims, 'claim')} stored"


def _take_in(user_id: str, slug: str, wanted: Mapping[str, Any], tally: Tally) -> dict[str, Any]:
    user = db.session.get_one(User, user_id)
    project = projects.get_for(user, slug, Action.IMPORT).project
    kept = uploads.get(uploads_folder(), project, user, wanted["upload"])
    report = report_of(project, kept.files[0], wanted["said"], by=user, dry_run=False, tally=tally)
    whole = PASSES * kept.files[0].path.stat().st_size
    tally.done = lambda: whole
    reviewer = aim_of(project, wanted["said"]).reviewer
    name = reviewer.name if reviewer else ""
    copy_finding.find_after_import(project, by=user)
    uploads.discard(uploads_folder(), kept)
    return {"annotations": _as_told(report, name)}


def _as_told(report: AnnotationReport, reviewer: str) -> dict[str, Any]:
    return {
        "filename": report.filename,
        "reviewer": reviewer,
        "added": report.added,
        "known": report.known,
        "links": report.links,
        "articles_added": report.articles_added,
        "errors": [str(error) for error in report.errors],
        "warnings": report.warnings,
    }
