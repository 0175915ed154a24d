"""Bringing annotations in: `annotator import --as-reviewer` and `--as-suggestions`, and what both kinds of import share."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from flask import current_app

from annotator.cli.base import echo_json
from annotator.errors import AnnotatorError
from annotator.formats.annotation_reading import rereadable_annotations
from annotator.formats.records import RecordError
from annotator.models import Project
from annotator.services import annotation_imports, copy_finding
from annotator.services.annotation_imports import AnnotationReport
from annotator.services.annotation_plan import Aim
from annotator.services.imports import FileReport


@dataclass(frozen=True)
class Source:
    """A file to import; `name` is its path relative to the folder that was named, as stored with the article."""

    path: Path
    name: str


def run(project: Project, sources: Sequence[Source], format_: str, aim: Aim, *, dry_run: bool, as_json: bool) -> None:
    """Import the annotations of each file and say what became of it."""
    with progress_over(sources) as bar:
        reports = [_import(project, source, format_, aim, dry_run=dry_run) for source in bar]
    if not dry_run:
        look_for_copies(project)
    if as_json:
        echo_json([_as_json(report) for report in reports])
    else:
        for report in reports:
            _tell(report, aim, dry_run=dry_run)
    end_with(reports)


def look_for_copies(project: Project) -> None:
    """Compare what came in with all other articles, or say how to where it is too much to be done on the way."""
    copy_finding.find_after_import(project)
    if left := copy_finding.waiting(project):
        click.echo(f"Not compared yet: {left:,} articles. Look for copies: annotator copies {project.slug}", err=True)


def progress_over(sources: Sequence[Source]) -> AbstractContextManager[Any]:
    """The sources with a progress bar on a terminal."""
    return click.progressbar(sources, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty())


def end_with(reports: Sequence[FileReport] | Sequence[AnnotationReport]) -> None:
    """End with status 1 and one line on standard error if a file was refused; the whole story where it fits."""
    refused = [report for report in reports if report.refused]
    if not refused:
        return
    if len(refused) == 1 and len(refused[0].errors) == 1:
        raise click.ClickException(f"{refused[0].filename}: {refused[0].errors[0]}")
    count = f"{len(refused)} of {len(reports)} files were" if len(reports) > 1 else "The file was"
    raise click.ClickException(f"{count} refused, for what is named above.")


def _import(project: Project, source: Source, format_: str, aim: Aim, *, dry_run: bool) -> AnnotationReport:
    limit = current_app.extensions["annotator"].article_limit
    try:
        with (
            source.path.open("rb") as stream,
            rereadable_annotations(stream, source.name, format=format_, limit=limit) as read,
        ):
            return annotation_imports.import_annotations(project, read, source.name, aim, dry_run=dry_run)
    except OSError as error:
        problem = RecordError(f"The file cannot be read: {error.strerror or error}.")
    except AnnotatorError as error:
        problem = RecordError(str(error))
    return AnnotationReport(source.name, errors=[problem])


def _tell(report: AnnotationReport, aim: Aim, *, dry_run: bool) -> None:
    for error in report.errors:
        click.echo(f"{report.filename}: refused: {error}")
    if report.refused:
        return
    new = "would be added" if dry_run else "added"
    what = "claims" if aim.reviewer is not None else "suggestions"
    counts = [f"{report.added} {what} {new}"]
    counts += [f"{report.known} there already"] if report.known else []
    counts += [f"{report.links} links {new}"] if report.links else []
    counts += [f"{report.articles_added} articles {new}"] if report.articles_added else []
    click.echo(f"{report.filename}: {', '.join(counts)}")
    for use in report.labels:
        if use.key is not None and use.key != use.word:
            click.echo(f"{report.filename}: “{use.word}” is {use.key} ({use.count})")
    for warning in report.warnings:
        click.echo(f"{report.filename}: warning: {warning}")


def _as_json(report: AnnotationReport) -> dict[str, object]:
    return {
        "file": report.filename,
        "added": report.added,
        "known": report.known,
        "links": report.links,
        "articles_added": report.articles_added,
        "articles_known": report.articles_known,
        "labels": [asdict(use) for use in report.labels],
        "authors": report.authors,
        "errors": [
            {"line": error.line, "field": error.field, "problem": error.problem, "message": str(error)}
            for error in report.errors
        ],
        "warnings": report.warnings,
    }
