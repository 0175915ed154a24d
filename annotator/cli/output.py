"""Where a command writes a file to: standard output, or a file that is there in whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import click

STANDARD_OUTPUT = "-"


def save(chunks: Iterable[bytes], output: str) -> None:
    """Write `chunks` to the file `output`, or to standard output for "-"."""
    if output == STANDARD_OUTPUT:
        _copy(chunks, sys.stdout.buffer)
        return
    try:
        with _replaced(Path(output)) as file:
            _copy(chunks, file)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror or error}.") from error


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
