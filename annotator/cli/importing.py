"""Bringing articles in: `annotator import`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from flask import current_app

from annotator.cli.base import command, echo_json
from annotator.errors import AnnotatorError
from annotator.formats.files import rereadable
from annotator.formats.reading import FORMATS
from annotator.formats.records import RecordError
from annotator.models import Project
from annotator.services import imports, projects
from annotator.services.imports import FileReport


@dataclass(frozen=True)
class Source:
    """A file to import; `name` is its path relative to the folder that was named, as stored with the article."""

    path: Path
    name: str


@command("import")
@click.argument("slug")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--format", "format_", default="auto", show_default=True, type=click.Choice(FORMATS))
@click.option("--encoding", help="Of the files; without it the encoding is detected.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
def import_files(
    slug: str, paths: tuple[Path, ...], *, format_: str, encoding: str | None, dry_run: bool, as_json: bool
) -> None:
    """Import files and folders into the project SLUG; each file comes in whole or not at all."""
    project = projects.by_slug(slug)
    if not dry_run:
        imports.sweep_stale()
    sources = [source for path in paths for source in _sources(path)]
    with click.progressbar(sources, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        reports = [_import(project, source, format_, encoding=encoding, dry_run=dry_run) for source in bar]
    if as_json:
        echo_json([_as_json(report) for report in reports])
    else:
        for report in reports:
            _tell(report, dry_run=dry_run)
    refused = [report for report in reports if report.refused]
    if refused:
        raise click.ClickException(_summary(refused, len(reports)))


def _sources(path: Path) -> Iterator[Source]:
    """The file itself, or every file in the folder and its folders but hidden ones, in order of their names."""
    if not path.is_dir():
        yield Source(path, path.name)
        return
    found = sorted(file for file in path.rglob("*") if file.is_file())
    for file in found:
        inside = file.relative_to(path)
        if not any(part.startswith(".") for part in inside.parts):
            yield Source(file, inside.as_posix())


def _import(
    project: Project,
    source: Source,
    format_: str,
    *,
    encoding: str | None,
    dry_run: bool,
) -> FileReport:
    limit = current_app.extensions["annotator"].article_megabytes * 1_000_000
    try:
        with (
            source.path.open("rb") as stream,
            rereadable(stream, source.name, format=format_, encoding=encoding, limit=limit) as read,
        ):
            return imports.import_file(project, read, source.name, dry_run=dry_run)
    except OSError as error:
        return FileReport(source.name, errors=[RecordError(f"The file cannot be read: {error.strerror or error}.")])
    except AnnotatorError as error:
        return FileReport(source.name, errors=[RecordError(str(error))])


def _summary(refused: list[FileReport], total: int) -> str:
    """One line for standard error; the whole story where it fits."""
    if len(refused) == 1 and len(refused[0].errors) == 1:
        return f"{refused[0].filename}: {refused[0].errors[0]}"
    count = f"{len(refused)} of {total} files were" if total > 1 else "The file was"
    return f"{count} refused, for what is named above."


def _tell(report: FileReport, *, dry_run: bool) -> None:
    for error in report.errors:
        click.echo(f"{report.filename}: refused: {error}")
    if report.refused:
        return
    new = "would be added" if dry_run else "added"
    counts = [f"{report.added} {new}"] if report.added else []
    counts += [f"{report.known} there already"] if report.known else []
    click.echo(f"{report.filename}: {', '.join(counts)}")
    for warning in report.warnings:
        click.echo(f"{report.filename}: warning: {warning}")


def _as_json(report: FileReport) -> dict[str, object]:
    return {
        "file": report.filename,
        "added": report.added,
        "known": report.known,
        "errors": [
            {"line": error.line, "field": error.field, "problem": error.problem, "message": str(error)}
            for error in report.errors
        ],
        "warnings": report.warnings,
        "articles": [
            {
                "id": each.id or None,
                "new": each.new,
                "title": each.record.title or None,
                "suggested_title": each.record.suggested_title or None,
                "published": each.record.published.isoformat() if each.record.published else None,
                "agency": each.record.agency or None,
                "publisher": each.record.publisher or None,
                "url": each.record.url or None,
                "length": len(each.record.text),
            }
            for each in report.articles
        ],
    }
