"""Taking datasets out: `annotator export`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import click

from annotator.cli.base import command
from annotator.formats import writing
from annotator.formats.records import Value
from annotator.services import datasets, projects, releases

STANDARD_OUTPUT = "-"


@command("export")
@click.argument("slug")
@click.option("--layer", required=True, type=click.Choice(list(datasets.LAYERS)), help="What to export.")
@click.option("--format", "format_", default="csv", show_default=True, type=click.Choice(list(writing.ALL_FORMATS)))
@click.option("--release", "version", help="A frozen release, such as 1.0.0; the present state without it.")
@click.option("-o", "--output", default=STANDARD_OUTPUT, show_default=True, help="The file to write; - is the output.")
def export(slug: str, layer: str, *, format_: str, version: str | None, output: str) -> None:
    """Export a layer of the project SLUG; the whole of it is one moment in time."""
    problem = writing.problem_with(format_, layer)
    if problem is not None:
        raise click.UsageError(problem)
    project = projects.by_slug(slug)
    opened = (
        releases.open_table(releases.find(project, version), layer) if version else datasets.open_table(project, layer)
    )
    with opened as table:
        rows = _counted(table.rows)
        chunks = writing.write(table.columns, rows, format_)
        if output == STANDARD_OUTPUT:
            _copy(chunks, sys.stdout.buffer)
            return
        try:
            with _replaced(Path(output)) as file:
                _copy(chunks, file)
        except OSError as error:
            raise click.ClickException(f"{output} cannot be written: {error.strerror or error}.") from error


def _counted(rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    """The same rows; how many there were is said on a terminal."""
    count = 0
    for row in rows:
        count += 1
        yield row
    if sys.stderr.isatty():
        click.echo(f"{count:,} row{'' if count == 1 else 's'}.", err=True)


def _copy(chunks: Iterable[bytes], file: BinaryIO) -> None:
    for chunk in chunks:
        file.write(chunk)
    file.flush()


@contextmanager
def _replaced(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when all of it is written, so that half an export is never left there."""
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
        return
    draft = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        with draft.open("xb") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
