"""Importing by page: upload, look at what would come in, then import exactly that."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.formats.columns import guessed
from annotator.formats.csv import csv_head
from annotator.formats.fields import FIELDS
from annotator.formats.files import rereadable
from annotator.formats.reading import has_encoding, told_by
from annotator.formats.records import ArticleRecord, RecordError
from annotator.formats.whole_project import BEGINNING, is_whole_project
from annotator.models import User
from annotator.permissions import Action
from annotator.services import copy_finding, imports, projects, unlisted_imports, uploads
from annotator.services.imports import FileReport, Read
from annotator.services.projects import Access
from annotator.services.uploads import Upload, UploadedFile
from annotator.views import errand_imports
from annotator.views.folders import uploads_folder

pages = Blueprint("imports", __name__, url_prefix="/projects/<slug>/import")

ENCODINGS = ("utf-8", "windows-1252", "iso-8859-15", "windows-1250", "windows-1251", "windows-1256", "utf-16")
MOST_FILES = 200
ROWS_SHOWN = 3
LARGE = 5_000_000
"""A file of more bytes that holds many articles is not read whole before it is imported, and then beside the requests."""

FIRST = 5
"""So many articles of it are shown."""

WHOLE = (
    "This is a whole project, not articles. It goes into an empty project, on the command line: "
    "annotator import SLUG FILE."
)
FIELD_NAMES = {
    "text": "Text",
    "title": "Title",
    "url": "Address",
    "publisher": "Publisher",
    "agency": "Agency",
    "byline": "By",
    "published": "Published (YYYY-MM-DD)",
    "language": "Language",
    "group": "Group",
    "external_id": "External id",
}


@pages.get("")
def new(slug: str) -> str:
    """Choose files, drop them, or paste a text."""
    access = projects.get_for(security.current_user(), slug, Action.IMPORT)
    return _form(access)


@pages.post("")
def upload(slug: str) -> Response | tuple[str, int]:
    """Keep the files and go to the preview."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.IMPORT)
    streams = [(file.filename or "", file.stream) for file in request.files.getlist("files") if file.filename]
    pasted = request.form.get("text", "")
    if pasted.strip():
        streams.append(("pasted text.txt", io.BytesIO(pasted.encode())))
    if not streams:
        return _form(access, "Choose at least one file, or paste a text."), 422
    if len(streams) > MOST_FILES:
        problem = (
            f"{len(streams)} files are too many for one go: choose at most {MOST_FILES}, or use 'annotator import'."
        )
        return _form(access, problem), 422
    kept = uploads.keep(uploads_folder(), access.project, user, streams)
    return redirect(url_for(".preview", slug=slug, upload_id=kept.id), 303)


@pages.get("/<upload_id>")
def preview(slug: str, upload_id: str) -> str:
    """What each file would bring, with its warnings and errors; nothing is stored yet."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.IMPORT)
    kept = uploads.get(uploads_folder(), access.project, user, upload_id)
    reports = _reports(access, kept, user, dry_run=True)
    return render_template(
        "imports/preview.html",
        project=access.project,
        access=access,
        upload=kept,
        reports=reports,
        encodings=_encodings(kept),
        known_encodings=ENCODINGS,
        tables=[_table(file, number) for number, file in enumerate(kept.files)],
        fields=FIELDS,
        field_names=FIELD_NAMES,
        added=sum(report.added for report in reports),
        large=[_is_large(file) for file in kept.files],
        wholes=[_is_whole(file) for file in kept.files],
        texts=[_is_text(file) for file in kept.files],
        newer=sum(report.newer for report in reports),
    )


@pages.post("/<upload_id>")
def confirm(slug: str, upload_id: str) -> str | Response:
    """Import what was previewed; what takes longer than a request is begun."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.IMPORT)
    kept = uploads.get(uploads_folder(), access.project, user, upload_id)
    if any(map(_is_large, kept.files)):
        kind, errand_id = errand_imports.begin(user, slug, _wanted(kept))
        return redirect(url_for("errands.show", slug=slug, kind=kind, errand_id=errand_id), 303)
    unlisted_imports.sweep_stale()
    reports = _reports(access, kept, user, dry_run=False)
    uploads.discard(uploads_folder(), kept)
    copy_finding.find_after_import(access.project, by=user)
    return render_template(
        "imports/done.html",
        project=access.project,
        access=access,
        reports=reports,
        added=sum(report.added for report in reports),
        known=sum(report.known for report in reports),
        corrected=sum(report.corrected for report in reports),
        refused=sum(report.refused for report in reports),
    )


@pages.post("/<upload_id>/discard")
def discard(slug: str, upload_id: str) -> Response:
    """Forget the uploaded files."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.IMPORT)
    uploads.discard(uploads_folder(), uploads.get(uploads_folder(), access.project, user, upload_id))
    flash("Nothing was imported.", "info")
    return redirect(url_for(".new", slug=slug), 303)


def _form(access: Access, problem: str = "") -> str:
    return render_template("imports/new.html", project=access.project, access=access, problem=problem)


def _is_large(file: UploadedFile) -> bool:
    """Whether it takes longer to import than somebody likes to look at a page that does not come."""
    if file.path.stat().st_size <= LARGE:
        return False
    with file.path.open("rb") as stream:
        return told_by(file.name, stream) in {"csv", "jsonl"}


def _is_text(file: UploadedFile) -> bool:
    with file.path.open("rb") as stream:
        return has_encoding(file.name, stream) and not _is_whole(file)


def _is_whole(file: UploadedFile) -> bool:
    with file.path.open("rb") as stream:
        return is_whole_project(stream.read(len(BEGINNING)))


def _wanted(kept: Upload) -> dict[str, Any]:
    """What a thread needs to know to import it as it was looked at."""
    tables = [_table(file, number) for number, file in enumerate(kept.files)]
    return {
        "upload": kept.id,
        "names": [file.name for file in kept.files],
        "encodings": [encoding or None for encoding in _encodings(kept)],
        "columns": [table.chosen if table else None for table in tables],
        "update": request.form.get("update") == "yes",
    }


def _encodings(kept: Upload) -> list[str]:
    """The encoding that the person chose for each file, or "" where it is detected."""
    return [_encoding(number) for number in range(len(kept.files))]


def _encoding(number: int) -> str:
    chosen = request.values.get(f"encoding-{number}", "")
    return chosen if chosen in ENCODINGS else ""


@dataclass(frozen=True)
class Table:
    """The head of a CSV file: its columns, its first rows, and in which column each field stands."""

    columns: list[str]
    rows: list[list[str]]
    chosen: dict[str, str]

    @property
    def options(self) -> list[tuple[str, str]]:
        """The columns that have a name, for a select."""
        return [(column, column) for column in dict.fromkeys(self.columns) if column]


def _table(file: UploadedFile, number: int) -> Table | None:
    """The table that a file is, with what the person chose for it, or else a guess; None if it is no CSV."""
    limit = current_app.extensions["annotator"].article_limit
    with file.path.open("rb") as stream:
        if told_by(file.name, stream) != "csv":
            return None
        head = csv_head(stream, encoding=_encoding(number) or None, rows=ROWS_SHOWN, limit=limit)
    if not head:
        return None
    columns = [column.strip() for column in head[0]]
    if not request.values.get(f"columns-{number}"):
        return Table(columns, head[1:], guessed(columns))
    said = {field: request.values.get(f"column-{number}-{field}", "") for field in FIELDS}
    return Table(columns, head[1:], {field: column for field, column in said.items() if column in columns})


def _reports(access: Access, kept: Upload, user: User, *, dry_run: bool) -> list[FileReport]:
    update = request.form.get("update") == "yes"
    reports: list[FileReport] = []
    limit = current_app.extensions["annotator"].article_limit
    for number, (file, encoding) in enumerate(zip(kept.files, _encodings(kept), strict=True)):
        if _is_whole(file):
            reports.append(FileReport(file.name, errors=[RecordError(WHOLE)]))
            continue
        table = _table(file, number)
        columns = table.chosen if table is not None else None
        with (
            file.path.open("rb") as stream,
            rereadable(stream, file.name, encoding=encoding or None, columns=columns or None, limit=limit) as read,
        ):
            shown = partial(_first, read) if dry_run and _is_large(file) else read
            reports.append(
                imports.import_file(access.project, shown, file.name, user=user, dry_run=dry_run, update=update)
            )
    return reports


def _first(read: Read) -> Iterator[ArticleRecord | RecordError]:
    return islice(iter(read()), FIRST)
