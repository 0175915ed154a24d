"""Bringing articles in: `annotator import`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app

from annotator.cli import importing_annotations
from annotator.cli.base import command, echo_json
from annotator.cli.importing_annotations import Source, end_with
from annotator.cli.importing_projects import accounts_in, import_whole
from annotator.errors import AnnotatorError
from annotator.formats.annotation_reading import READERS
from annotator.formats.fields import FIELDS
from annotator.formats.files import rereadable
from annotator.formats.reading import FORMATS
from annotator.formats.records import RecordError
from annotator.models import Project
from annotator.services import annotation_imports, imports, projects, unlisted_imports
from annotator.services.annotation_plan import Aim
from annotator.services.imports import FileReport


@command("import")
@click.argument("slug")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    default="auto",
    show_default=True,
    type=click.Choice(list(dict.fromkeys([*FORMATS, *READERS]))),
)
@click.option("--encoding", help="Of the files; without it the encoding is detected.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="In which column of a CSV, or under which key of JSON lines, a field stands.",
)
@click.option("--as-reviewer", metavar="EMAIL", help="The files hold annotations: make them this reviewer's work.")
@click.option("--as-suggestions", is_flag=True, help="The files hold annotations: suggest their places to reviewers.")
@click.option(
    "--label", "labels", multiple=True, metavar="WORD=KEY", help="Which label of the project one of the files means."
)
@click.option("--author", default="", metavar="NAME", help="Only what this person of the files marked.")
@click.option(
    "--articles",
    type=click.Choice(["create", "match"]),
    help="Whether articles that annotations bring along are stored where the project lacks them (create, the default).",
)
@click.option(
    "--people",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="For the file of a whole project: CSV with the columns person (a name or id of the file) and email (an account).",
)
@click.option(
    "--update",
    is_flag=True,
    help="Store newer texts of articles that are there as their next versions; without it they are only told of.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
def import_files(
    slug: str, paths: tuple[Path, ...], *, format_: str, dry_run: bool, as_json: bool, **chosen: Any
) -> None:
    """Import files and folders into the project SLUG. Each file comes in whole or not at all.

    Without --as-reviewer or --as-suggestions they are articles. The file of a whole project (`annotator export SLUG
    --layer all`) is known by its first line and makes an equal project of an empty one.
    """
    annotated = chosen["as_reviewer"] is not None or chosen["as_suggestions"]
    _require_fitting(format_, chosen, annotated=annotated)
    columns, labels = _pairs(chosen["columns"], "--column"), _pairs(chosen["labels"], "--label")
    if unknown := [field for field in columns if field not in FIELDS]:
        raise click.UsageError(f"'{unknown[0]}' is no field of an article. The fields are {', '.join(FIELDS)}.")
    project = projects.by_slug(slug)
    if not dry_run:
        unlisted_imports.sweep_stale()
    sources = [source for path in paths for source in _sources(path)]
    if annotated:
        email = chosen["as_reviewer"]
        reviewer = annotation_imports.reviewer_by(project, email) if email is not None else None
        aim = Aim(reviewer, labels, chosen["author"], create=chosen["articles"] != "match")
        importing_annotations.run(project, sources, format_, aim, dry_run=dry_run, as_json=as_json)
        return
    reading = {"format": format_, "encoding": chosen["encoding"], "columns": columns or None}
    people = accounts_in(chosen["people"]) if chosen["people"] else {}
    with _progress(sources) as advance:
        reports = [
            _import(project, source, reading, people=people, chosen=chosen | {"dry_run": dry_run}, advance=advance)
            for source in sources
        ]
        if not dry_run:
            importing_annotations.look_for_copies(project)
    if as_json:
        echo_json([_as_json(report) for report in reports])
    else:
        for report in reports:
            _tell(report, dry_run=dry_run)
    end_with(reports)


def _require_fitting(format_: str, chosen: Mapping[str, Any], *, annotated: bool) -> None:
    """End as wrong usage where the options do not go together."""
    if chosen["as_reviewer"] is not None and chosen["as_suggestions"]:
        raise click.UsageError("Choose one of --as-reviewer and --as-suggestions.")
    if not annotated and (chosen["labels"] or chosen["author"] or chosen["articles"]):
        raise click.UsageError(
            "--label, --author and --articles are for annotations: say whose with --as-reviewer EMAIL."
        )
    if annotated and (chosen["columns"] or chosen["encoding"] or chosen["update"]):
        raise click.UsageError("--column, --encoding and --update are for articles.")
    if format_ != "auto" and format_ not in (READERS if annotated else FORMATS):
        what = "articles: leave out --as-…" if annotated else "annotations: add --as-reviewer EMAIL or --as-suggestions"
        raise click.UsageError(f"The format '{format_}' holds {what}.")


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    """What stands before and after the last "=" of each."""
    pairs = {}
    for each in given:
        word, sign, meant = each.rpartition("=")
        if not sign or not meant:
            raise click.UsageError(f"{option} needs two names with = between them, not '{each}'.")
        pairs[word] = meant
    return pairs


@contextmanager
def _progress(sources: Sequence[Source]) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, as long as all files together; what is given back moves it on by so many bytes."""
    length = sum(_size(source.path) for source in sources)
    with click.progressbar(length=length, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update


def _size(path: Path) -> int:
    """0 for a pipe, and for what is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


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
    reading: Mapping[str, Any],
    *,
    people: Mapping[str, str],
    chosen: Mapping[str, Any],
    advance: Callable[[int], None],
) -> FileReport:
    dry_run, update = bool(chosen["dry_run"]), bool(chosen["update"])
    limit = current_app.extensions["annotator"].article_limit
    size, shown = _size(source.path), 0
    try:
        if reading["format"] in {"auto", "jsonl"}:
            whole = import_whole(project, source, people, dry_run=dry_run)
            if whole is not None:
                return whole
        with source.path.open("rb") as stream, rereadable(stream, source.name, limit=limit, **reading) as read:

            def stored(_articles: int) -> None:
                # The bar stands where the file is read when a batch of it is stored.
                nonlocal shown
                if stream.seekable():
                    reached = min(stream.tell(), size)
                    advance(reached - shown)
                    shown = reached

            return imports.import_file(project, read, source.name, dry_run=dry_run, update=update, progress=stored)
    except OSError as error:
        return FileReport(source.name, errors=[RecordError(f"The file cannot be read: {error.strerror or error}.")])
    except AnnotatorError as error:
        return FileReport(source.name, errors=[RecordError(str(error))])
    finally:
        advance(size - shown)


def _tell(report: FileReport, *, dry_run: bool) -> None:
    for error in report.errors:
        click.echo(f"{report.filename}: refused: {error}")
    if report.refused:
        return
    new = "would be added" if dry_run else "added"
    counts = [f"{report.added} {new}"] if report.added else []
    counts += [f"{report.known} there already"] if report.known else []
    counts += [f"{report.corrected} corrected"] if report.corrected else []
    left = report.newer - report.corrected
    counts += [f"{left} newer than what is there"] if left else []
    click.echo(f"{report.filename}: {', '.join(counts) or 'nothing'}")
    for each in report.articles:
        if each.newer is not None and left:
            title = each.record.title or each.record.suggested_title or "Untitled"
            click.echo(f"{report.filename}: “{title}” is {each.newer.words}. Import it with --update.")
    for warning in report.warnings:
        click.echo(f"{report.filename}: warning: {warning}")


def _as_json(report: FileReport) -> dict[str, object]:
    return {
        "file": report.filename,
        "added": report.added,
        "known": report.known,
        "newer": report.newer,
        "corrected": report.corrected,
        "errors": [
            {"line": error.line, "field": error.field, "problem": error.problem, "message": str(error)}
            for error in report.errors
        ],
        "warnings": report.warnings,
        "articles": [
            {
                "id": each.id or None,
                "new": each.new,
                "newer_than": each.newer.article_id if each.newer else None,
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
