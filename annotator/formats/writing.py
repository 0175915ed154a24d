"""Which writer a table gets, and what the file is called."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import orjson

from annotator.formats.csv_writer import CHUNK, write_csv, write_csv_for_spreadsheets
from annotator.formats.records import Value
from annotator.formats.web_annotation import write_web_annotations

IN_MEMORY = 1 << 20

Write = Callable[[Sequence[str], Iterable[Sequence[Value]]], Iterator[bytes]]


@dataclass(frozen=True)
class TableFormat:
    """A way to write a table. `suffix` ends the file's name."""

    write: Write
    media_type: str
    suffix: str


def write_jsonl(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The table in JSON lines: an object for each row with the columns as keys; what was not given is null."""
    waiting: list[bytes] = []
    length = 0
    for row in rows:
        line = orjson.dumps(dict(zip(columns, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
        waiting.append(line)
        length += len(line)
        if length >= CHUNK:
            yield b"".join(waiting)
            waiting, length = [], 0
    if waiting:
        yield b"".join(waiting)


FORMATS = {
    "csv": TableFormat(write_csv, "text/csv; charset=utf-8; header=present", ".csv"),
    "csv-spreadsheet": TableFormat(
        write_csv_for_spreadsheets, "text/csv; charset=utf-8; header=present", ".spreadsheet.csv"
    ),
    "jsonl": TableFormat(write_jsonl, "application/x-ndjson", ".jsonl"),
}
"""The formats in which any layer can be written, by the names of the command line and the API."""

CLAIM_FORMATS = {
    "web-annotation": TableFormat(
        write_web_annotations,
        'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
        ".annotations.json",
    ),
}
"""Those that have words for claims only."""

CLAIM_LAYERS = frozenset({"gold", "annotations"})
ALL_FORMATS = FORMATS | CLAIM_FORMATS


def formats_of(layer: str) -> dict[str, TableFormat]:
    """The formats in which `layer` can be written, by name."""
    return ALL_FORMATS if layer in CLAIM_LAYERS else FORMATS


def problem_with(format: str, layer: str) -> str | None:  # noqa: A002
    """Why `layer` cannot be written in `format`, in a sentence, or None if it can."""
    if format not in ALL_FORMATS:
        return f"There is no format '{format}'. Choose of {', '.join(formats_of(layer))}."
    if format not in formats_of(layer):
        claims = " or ".join(sorted(CLAIM_LAYERS))
        return f"'{format}' holds claims only: choose the layer {claims}, or a format of {', '.join(FORMATS)}."
    return None


def write(columns: Sequence[str], rows: Iterable[Sequence[Value]], format: str) -> Iterator[bytes]:  # noqa: A002
    """The table in `format`, a key of ALL_FORMATS, in chunks of bytes. The same table gives the same bytes."""
    return ALL_FORMATS[format].write(columns, rows)


def spooled(chunks: Iterable[bytes]) -> IO[bytes]:
    """The chunks as a file at its beginning, on disk if it is large.

    A browser may take its time over a download; the read transaction of an export should not last as long. And what
    goes wrong while it is made can still be said, because nothing has been sent.
    """
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- the caller closes it
    try:
        for chunk in chunks:
            file.write(chunk)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
