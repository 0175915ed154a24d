"""Filling the text into a release that was made without it: `annotator fill`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from annotator.cli.base import command
from annotator.cli.output import save
from annotator.formats import filling
from annotator.formats.archive import write_archive
from annotator.formats.filling import CannotFill


@command("fill", with_app=False)
@click.argument("package", metavar="RELEASE", type=click.Path(path_type=Path, exists=True))
@click.argument("texts", metavar="TEXTS", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "-o", "--output", required=True, help="What to write: a ZIP file if its name ends in .zip, else a new folder."
)
def fill(package: Path, texts: Path, *, output: str) -> None:
    """Fill in the quotes of a release that was made without them.

    RELEASE is a package made with --text none, TEXTS the folder with the articles. Texts are known by their SHA-256. Nothing is written unless all of them are there.
    """
    try:
        with filling.opened(package) as found, tempfile.TemporaryDirectory() as aside:
            files = filling.filled(found, texts, Path(aside))
            if output.endswith(".zip"):
                save(write_archive(files), output)
            else:
                _save_folder(files, Path(output))
    except CannotFill as error:
        for line in error.missing:
            click.echo(f"Not found: {line}", err=True)
        raise click.ClickException(str(error)) from error
    click.echo(f"Wrote {output}.")


def _save_folder(files: Iterable[tuple[str, Iterable[bytes]]], folder: Path) -> None:
    """Write the files below a folder that is new; none of it is left if something goes wrong."""
    try:
        folder.mkdir()
    except OSError as error:
        raise click.ClickException(
            f"{folder} cannot be made: {error.strerror}. Name a folder that is not there."
        ) from error
    try:
        for name, chunks in files:
            path = _below(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.writelines(chunks)
    except BaseException:
        shutil.rmtree(folder)
        raise


def _below(folder: Path, name: str) -> Path:
    """Where the file of that name is written. Raises CannotFill for a name that leads out of the folder."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CannotFill(f"The package holds a file with the name '{name}', which leads out of it.")
    return path
