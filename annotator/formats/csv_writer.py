"""Writer of tables in CSV (RFC 4180, but rows end in LF): UTF-8, a header line, one row for each record.

The plain flavour is exact. The flavour for spreadsheets begins with a byte order mark, so that they read it as UTF-8,
and guards the cells that they would compute (see spreadsheet.py); `csv.py` reads both back.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from types import SimpleNamespace

from annotator.formats.records import Value
from annotator.formats.spreadsheet import guard

CHUNK = 1 << 16
"""About how many characters are encoded at once."""


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The table in chunks of bytes; a cell that was not given is empty."""
    return _written(columns, rows, str)


def write_csv_for_spreadsheets(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The same for programs that would take a cell like "=1+1" for a formula."""
    yield codecs.BOM_UTF8
    yield from _written(columns, rows, guard)


def _written(columns: Sequence[str], rows: Iterable[Sequence[Value]], clean: Callable[[str], str]) -> Iterator[bytes]:
    """Each row as a line, by the csv module, which decides in C which cells need quotes.

    It quotes cells that hold a character of its line end, so that is CR LF here, of which the CR is cut off again.
    """
    lines: list[str] = []
    length = 0
    write = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n").writerow
    for row in chain([columns], rows):
        write(_cells(row, clean))
        length += len(lines[-1])
        if length >= CHUNK:
            yield _joined(lines)
            lines.clear()
            length = 0
    if lines:
        yield _joined(lines)


def _joined(lines: Sequence[str]) -> bytes:
    return ("\n".join([line[:-2] for line in lines]) + "\n").encode()


def _cells(row: Sequence[Value], clean: Callable[[str], str]) -> Sequence[Value]:
    # A number is no formula, even with a minus before it.
    if clean is not str:
        row = [clean(value) if isinstance(value, str) else value for value in row]
    if bool in map(type, row):
        row = [_WORDS[value] if isinstance(value, bool) else value for value in row]
    return row


_WORDS = {True: "true", False: "false"}
