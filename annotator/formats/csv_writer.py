"""Writer of tables in CSV (RFC 4180, but rows end in LF): UTF-8, a header line, one row for each record.

The plain flavour is exact. The flavour for spreadsheets begins with a byte order mark, so that they read it as UTF-8,
and guards the cells that they would compute (see spreadsheet.py); `csv.py` reads both back.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from types import NoneType

from annotator.formats.records import Value
from annotator.formats.spreadsheet import guard

ROWS = 100
"""How many rows are written at once."""

NUMBERS = {int, float}
SPECIAL = '",\r\n'
_needs_quotes = re.compile(f"[{SPECIAL}]").search


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The table in chunks of bytes; a cell that was not given is empty."""
    return _written(columns, rows, str)


def write_csv_for_spreadsheets(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The same for programs that would take a cell like "=1+1" for a formula."""
    yield codecs.BOM_UTF8
    yield from _written(columns, rows, guard)


def _written(columns: Sequence[str], rows: Iterable[Sequence[Value]], clean: Callable[[str], str]) -> Iterator[bytes]:
    """Rows are written column by column, some at a time: of most columns one look tells that no cell needs quotes.

    The csv module goes through every character of every row, which took as long as the database does.
    """
    waiting = chain([columns], rows)
    while some := list(islice(waiting, ROWS)):
        cells = [_column(values, clean) for values in zip(*some, strict=True)]
        # A single empty cell is quoted, for a line with nothing in it is no row.
        lines = [",".join(line) or '""' for line in zip(*cells, strict=True)]
        yield ("\n".join(lines) + "\n").encode()


def _column(values: Sequence[Value], clean: Callable[[str], str]) -> Iterable[str]:
    """The cells of these values of a column."""
    words = values if clean is str else [clean(value) if isinstance(value, str) else value for value in values]
    try:
        together = "".join(words)  # type: ignore[arg-type]  # not words alone: what the exception is for
    except TypeError:
        kinds = set(map(type, words))
        if kinds == {NoneType}:
            return [""] * len(words)
        return map(str, words) if kinds <= NUMBERS else [_cell(value) for value in words]
    if any(map(together.__contains__, SPECIAL)):
        return [_cell(value) for value in words]
    return words  # type: ignore[return-value]


def _cell(value: Value) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"' if _needs_quotes(value) else value
    if value is None:
        return ""
    return _WORDS[value] if isinstance(value, bool) else str(value)


_WORDS = {True: "true", False: "false"}
