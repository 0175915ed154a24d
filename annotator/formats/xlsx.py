"""Writer of tables as Excel workbooks (ECMA-376), row by row: the memory that it takes does not grow with the table.

Text stays text: nothing is taken for a formula, an address or a number. A workbook that would have to lose something
is refused; see docs/formats/xlsx.md for its limits.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, TYPE_CHECKING

from annotator.formats.records import CannotWrite, Value

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_CELL = 32_767
"""The limits of Excel: rows of a sheet with its header, columns, UTF-16 units of a cell."""

CHUNK = 1 << 16
_IN_MEMORY = 1 << 20
_NO_TIME = datetime(1980, 1, 1)  # noqa: DTZ001 -- the file knows no time zone
"""A workbook says when it was made; one dataset always gives the same bytes."""


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The table as a workbook with a header line; what does not fit on a sheet goes on on the next one.

    Raises CannotWrite for a cell or a table that Excel cannot hold.
    """
    if len(columns) > MOST_COLUMNS:
        raise CannotWrite(f"A sheet holds {MOST_COLUMNS:,} columns, and these are {len(columns):,}. Take CSV.")
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        _write(file, columns, rows)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _write(file: IO[bytes], columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    try:
        import xlsxwriter
    except ImportError:
        raise CannotWrite("Excel files need XlsxWriter: pip install 'annotator[office]'.") from None
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"created": _NO_TIME})
    try:
        sheet = _sheet(workbook, columns)
        line = 1
        for row in rows:
            if line == MOST_ROWS:
                sheet = _sheet(workbook, columns)
                line = 1
            for column, value in enumerate(row):
                if isinstance(value, str) and _units(value) > LONGEST_CELL:
                    raise CannotWrite(
                        f"Row {line:,} has {_units(value):,} characters in '{columns[column]}', and a cell of Excel "
                        f"holds {LONGEST_CELL:,}. Take csv, jsonl or parquet."
                    )
                _write_cell(sheet, line, column, value)
            line += 1
    finally:
        # It has a file for each sheet, which go when it is closed.
        workbook.close()


def _sheet(workbook: xlsxwriter.Workbook, columns: Sequence[str]) -> Worksheet:
    number = len(workbook.worksheets()) + 1
    sheet = workbook.add_worksheet("rows" if number == 1 else f"rows {number}")
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name)
    return sheet


def _write_cell(sheet: Worksheet, line: int, column: int, value: Value) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, column, value)
    elif isinstance(value, str):
        sheet.write_string(line, column, value)
    else:
        sheet.write_number(line, column, value)


def _units(text: str) -> int:
    """The length of a text as Excel counts it, exactly where it matters."""
    return len(text) if len(text) <= LONGEST_CELL // 2 else len(text.encode("utf-16-le")) // 2
