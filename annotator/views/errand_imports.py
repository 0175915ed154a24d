"""Importing large files in a thread: how far they were read, and what became of each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, BinaryIO, TypeVar

from flask import current_app

from annotator.db import db, transaction
from annotator.formats.files import rereadable
from annotator.models import ErrandKind, Project, User
from annotator.permissions import Action
from annotator.services import copy_finding, errands, imports, projects, unlisted_imports, uploads
from annotator.services.imports import FileReport
from annotator.services.uploads import UploadedFile
from annotator.templating import plural
from annotator.views import errand_threads
from annotator.views.errand_threads import Tally
from annotator.views.folders import uploads_folder

Wanted = Mapping[str, Any]
Record = TypeVar("Record")

PASSES = 2
"""A file is read once to see that all of it is right, and once more to store it."""


def begin(user: User, slug: str, chosen: Wanted) -> tuple[str, str]:
    """Begin to import what was uploaded; where its errand is shown. Raises NotFound when the files are gone."""
    project = projects.get_for(user, slug, Action.IMPORT).project
    kept = uploads.get(uploads_folder(), project, user, chosen["upload"])
    total = PASSES * sum(file.path.stat().st_size for file in kept.files)
    unlisted_imports.sweep_stale()
    with transaction():
        project = projects.get_for(user, slug, Action.IMPORT).project
        errand_id = errands.begin(project, user, ErrandKind.IMPORT, chosen, total=total).id
        user_id = user.id
    errand_threads.start(errand_id, partial(_take_in, user_id, slug, chosen))
    return "imports", errand_id


def called(chosen: Wanted) -> str:
    """What pages call the import."""
    first, more = chosen["names"][0], len(chosen["names"]) - 1
    return f"Import of {first}{f' and {more:,} more' if more else ''}"


def _take_in(user_id: str, slug: str, chosen: Wanted, tally: Tally) -> dict[str, Any]:
    """Import each file, whole or not at all; what became of them. The upload stays if it is broken off."""
    user = db.session.get_one(User, user_id)
    project = projects.get_for(user, slug, Action.IMPORT).project
    kept = uploads.get(uploads_folder(), project, user, chosen["upload"])
    reports, before = [], 0
    for file, encoding, columns in zip(kept.files, chosen["encodings"], chosen["columns"], strict=True):
        reading = {"encoding": encoding, "columns": columns}
        update = bool(chosen.get("update"))
        reports.append(_one(project, file, tally, user=user, before=before, update=update, **reading))
        before += PASSES * file.path.stat().st_size
    tally.done = lambda: before
    copy_finding.find_after_import(project, by=user)
    uploads.discard(uploads_folder(), kept)
    return {"files": [_as_told(report) for report in reports]}


def _one(
    project: Project, file: UploadedFile, tally: Tally, *, user: User, before: int, update: bool, **reading: Any
) -> FileReport:
    limit = current_app.extensions["annotator"].article_limit
    with file.path.open("rb") as stream, rereadable(stream, file.name, limit=limit, **reading) as read:
        stored = 0

        def store(articles: int) -> None:
            nonlocal stored
            stored += articles
            tally.words = f"{plural(stored, 'article')} stored"

        with followed(tally, stream, read, noun="article", before=before) as looked:
            return imports.import_file(project, looked, file.name, user=user, update=update, progress=store)


@contextmanager
def followed(
    tally: Tally, stream: BinaryIO, read: Callable[[], Iterable[Record]], *, noun: str, before: int = 0
) -> Iterator[Callable[[], Iterator[Record]]]:
    """The same reading, of which `tally` tells how far it is and can break it off.

    `before` is what was read of other files; what a file is checked for is counted by `noun`.
    """
    size = os.fstat(stream.fileno()).st_size
    passes = 0

    def reached() -> int:
        # Asked of the system, for another thread asks while this one reads.
        return before + max(0, passes - 1) * size + min(size, os.lseek(stream.fileno(), 0, os.SEEK_CUR))

    def looking() -> Iterator[Record]:
        nonlocal passes
        passes += 1
        for count, record in enumerate(read(), 1):
            tally.look()
            if passes == 1:
                tally.words = f"{plural(count, noun)} checked"
            yield record

    tally.done = reached
    try:
        yield looking
    finally:
        so_far = reached()
        tally.done = lambda: so_far


def _as_told(report: FileReport) -> dict[str, Any]:
    return {
        "name": report.filename,
        "added": report.added,
        "known": report.known,
        "errors": [str(error) for error in report.errors],
        "warnings": [*_newer(report), *report.warnings[: imports.MOST_ERRORS]],
    }


def _newer(report: FileReport) -> Iterator[str]:
    """What became of newer texts of articles that were there, in sentences."""
    if report.corrected:
        yield f"Newer texts that became the next version of their article: {report.corrected:,}."
    if skipped := report.newer - report.corrected:
        yield f"Newer texts of articles that are there, which were skipped: {skipped:,}."
