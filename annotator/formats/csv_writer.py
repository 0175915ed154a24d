"""Writer of tables in CSV (RFC 4180, but rows end in LF): UTF-8, a header line, one row for each record.

The plain flavour is exact. The flavour for spreadsheets begins with a byte order mark, so that they read it as UTF-8,
and guards the cells that they would compute (see spreadsheet.py); `csv.py` reads both back.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator, Sequence

from annotator.formats.records import Value
from annotator.formats.spreadsheet import guard

CHUNK = 1 << 16
"""About how many characters are encoded at once."""

_SPECIAL = ('"', ",", "\n", "\r")


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The table in chunks of bytes; a cell that was not given is empty."""
    return _encoded(_lines(columns, rows, str))


def write_csv_for_spreadsheets(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The same for programs that would take a cell like "=1+1" for a formula."""
    yield codecs.BOM_UTF8
    yield from _encoded(_lines(columns, rows, guard))


def _lines(columns: Sequence[str], rows: Iterable[Sequence[Value]], clean: Callable[[str], str]) -> Iterator[str]:
    yield _line(columns, clean)
    for row in rows:
        yield _line(row, clean)


def _line(row: Sequence[Value], clean: Callable[[str], str]) -> str:
    return ",".join([_cell(value, clean) for value in row]) + "\n"


def _cell(value: Value, clean: Callable[[str], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        # A number is no formula, even with a minus before it.
        return str(value)
    cell = clean(value)
    if any(character in cell for character in _SPECIAL):
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell


def _encoded(lines: Iterable[str]) -> Iterator[bytes]:
    waiting: list[str] = []
    length = 0
    for line in lines:
        waiting.append(line)
        length += len(line)
        if length >= CHUNK:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    if waiting:
        yield "".join(waiting).encode()
