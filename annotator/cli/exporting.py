"""Taking datasets out: `annotator export`."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, TypeVar
from uuid import uuid4

import click

from annotator.cli.base import command
from annotator.formats import writing
from annotator.formats.records import Export, Losses
from annotator.security import public_url
from annotator.services import datasets, projects, releases

STANDARD_OUTPUT = "-"

Counted = TypeVar("Counted")


@command("export")
@click.argument("slug")
@click.option("--layer", required=True, type=click.Choice(list(datasets.LAYERS)), help="What to export.")
@click.option("--format", "format_", default="csv", show_default=True, type=click.Choice(list(writing.ALL_FORMATS)))
@click.option("--release", "version", help="A frozen release, such as 1.0.0; the present state without it.")
@click.option("-o", "--output", default=STANDARD_OUTPUT, show_default=True, help="The file to write; - is the output.")
def export(slug: str, layer: str, *, format_: str, version: str | None, output: str) -> None:
    """Export a layer of the project SLUG; the whole of it is one moment in time.

    What the format cannot carry is counted on standard error.
    """
    if layer not in (writing.layers_of(format_) or {layer}):
        raise click.UsageError(writing.problem_with(format_, layer) or "")
    base_url = public_url()
    lack = writing.lack_of(format_, base_url)
    if lack is not None:
        raise click.ClickException(lack)
    project = projects.by_slug(slug)
    found = (
        releases.export(releases.find(project, version), project, layer, base_url=base_url)
        if version
        else datasets.export(project, layer, base_url=base_url)
    )
    losses = Losses()
    chunks = writing.write_export(_counted(found), format_, losses)
    if output == STANDARD_OUTPUT:
        _copy(chunks, sys.stdout.buffer)
    else:
        try:
            with _replaced(Path(output)) as file:
                _copy(chunks, file)
        except OSError as error:
            raise click.ClickException(f"{output} cannot be written: {error.strerror or error}.") from error
    for sentence in losses.sentences():
        click.echo(f"Not in the file: {sentence}", err=True)


def _counted(found: Export) -> Export:
    """The same; how many rows or articles there were is said on a terminal."""

    def counted(read: Generator[Counted], called: str) -> Generator[Counted]:
        count = 0
        for each in read:
            count += 1
            yield each
        if sys.stderr.isatty():
            click.echo(f"{count:,} {called}{'' if count == 1 else 's'}.", err=True)

    return replace(
        found,
        rows=lambda: counted(found.rows(), "row"),
        documents=lambda: counted(found.documents(), "article"),
    )


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
