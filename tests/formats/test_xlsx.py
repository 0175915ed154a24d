"""Excel workbooks, read back by openpyxl: every value, no formula, the limits, and the same bytes every time."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from annotator.formats import xlsx
from annotator.formats.records import CannotWrite, Value
from annotator.formats.xlsx import write_xlsx
from tests.support.datasets import HOSTILE, hostile

COLUMNS = ("claim_id", "exact", "start", "confidence", "after_claim", "note")
TEXTS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "\t=1", "http://x.example", "mailto:a@b.example", "007", "1e5", "TRUE", " lead and trail ",
    "a\r\nb", "a\rb", "a\nb", "\x01\x08\x1f control", "_x0041_ escape", "<&\">'", "👩‍👩‍👧🇩🇪", "الهدنة", "\u2028\x85\ufffe", HOSTILE,
    *(record.claim.exact for record in hostile().claims),
]  # fmt: skip


def rows() -> list[tuple[Value, ...]]:
    return [(f"c{n}", text, n, n / 8, n % 2 == 0, text) for n, text in enumerate(TEXTS)]


def written(table: list[tuple[Value, ...]], columns: tuple[str, ...] = COLUMNS) -> bytes:
    return b"".join(write_xlsx(columns, table))


def read_back(content: bytes) -> list[list[tuple[object, ...]]]:
    """The rows of each sheet. Excel takes _xHHHH_ for a character (ECMA-376, ST_Xstring), openpyxl leaves that to us."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    return [
        [
            tuple(unescape(cell) if isinstance(cell, str) else cell for cell in row)
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in workbook.worksheets
    ]


def test_every_value_comes_back() -> None:
    [[header, *found]] = read_back(written(rows()))
    assert header == COLUMNS
    assert found == rows()


def test_no_cell_is_a_formula_or_a_link() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(written(rows())))
    cells = [cell for row in workbook.worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "b"}
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_a_formula_would_be_seen() -> None:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active["A1"] = "=1+1"
    content = io.BytesIO()
    workbook.save(content)
    assert openpyxl.load_workbook(content).worksheets[0]["A1"].data_type == "f"


def test_what_was_not_given_is_an_empty_cell() -> None:
    [[_, row]] = read_back(written([("c", "", None, 0, False, None)]))
    assert row[:5] == ("c", None, None, 0, False)


def test_a_table_without_rows_has_its_header() -> None:
    assert read_back(written([])) == [[COLUMNS]]


def test_a_cell_that_is_too_long_is_refused_with_its_place() -> None:
    fits, too_long = "🙂" * 16_383, "🙂" * 16_384
    [[_, row]] = read_back(written([("c", fits, 1, 1, True, "")]))
    assert row[1] == fits
    with pytest.raises(CannotWrite, match=r"Row 2 has 32,768 characters in 'exact'.*32,767.*csv"):
        written([("c", fits, 1, 1, True, ""), ("c", too_long, 1, 1, True, "")])


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(CannotWrite, match="16,384 columns"):
        written([], tuple(f"c{n}" for n in range(16_385)))


def test_rows_that_do_not_fit_go_on_the_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 4)
    sheets = read_back(written([(f"c{n}", "x", n, 0.5, True, "x") for n in range(7)]))
    assert [len(sheet) for sheet in sheets] == [4, 4, 2]
    assert [row[0] for sheet in sheets for row in sheet[1:]] == [f"c{n}" for n in range(7)]
    assert all(sheet[0] == COLUMNS for sheet in sheets)


def test_memory_does_not_grow_with_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_IN_MEMORY", 1 << 14)

    def peak(count: int) -> int:
        def table() -> Iterator[tuple[Value, ...]]:
            for n in range(count):
                yield (f"c{n}", f"text {n} {'x' * 200}", n, 0.5, True, "note")

        tracemalloc.start()
        for _ in write_xlsx(COLUMNS, table()):
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(10)  # What is loaded once.
    assert peak(1_000) < peak(200) + 100_000
