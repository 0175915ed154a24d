"""What is written can be read back by Python's csv, cell by cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats import catalogue, writing
from annotator.formats.csv_writer import ROWS, write_csv, write_csv_for_spreadsheets
from annotator.formats.json_stream import CHUNK
from annotator.formats.records import Value
from annotator.formats.spreadsheet import unguard

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


VALUE = st.one_of(
    CELL, st.sampled_from(["", ",", '"', "\r", "\n", "1"]), st.none(), st.booleans(), st.integers(), st.floats()
)


def by_the_csv_module(row: Sequence[Value]) -> str:
    told = io.StringIO(newline="")
    cells = [str(value).lower() if isinstance(value, bool) else value for value in row]
    csv.writer(told, lineterminator="\r\n").writerow(cells)
    return told.getvalue().removesuffix("\r\n") + "\n"


def read(content: bytes, encoding: str = "utf-8") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline=""), strict=True))


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=5))
def test_every_cell_comes_back(rows: list[list[str]]) -> None:
    assert read(b"".join(write_csv(["a", "b"], rows))) == [["a", "b"], *rows]


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=5))
def test_guarded_cells_come_back_unguarded(rows: list[list[str]]) -> None:
    found = read(b"".join(write_csv_for_spreadsheets(["a", "b"], rows)), "utf-8-sig")
    assert [[unguard(cell) for cell in row] for row in found[1:]] == rows


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[VALUE] * width), max_size=5)))
def test_the_bytes_are_those_of_the_csv_module(rows: list[tuple[Value, ...]]) -> None:
    many = rows * (ROWS // 2 + 1)
    columns = ["x"] * len(rows[0] if rows else "x")
    assert b"".join(write_csv(columns, many)).decode() == "".join(map(by_the_csv_module, [columns, *many]))


def test_the_bytes_are_as_documented() -> None:
    rows = [["plain", "a,b", 'say "no"', "two\nlines", "lone\rCR", " spaces ", None, 0, -1.5, True, False, ""]]
    assert b"".join(write_csv(["x"] * 12, rows)).split(b"\n", 1)[1] == (
        b'plain,"a,b","say ""no""","two\nlines","lone\rCR", spaces ,,0,-1.5,true,false,\n'
    )


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1"])
def test_only_the_flavour_for_spreadsheets_guards(cell: str) -> None:
    assert read(b"".join(write_csv(["a", "b"], [[cell, ""]])))[1][0] == cell
    assert read(b"".join(write_csv_for_spreadsheets(["a", "b"], [[cell, ""]])), "utf-8-sig")[1][0] == f"'{cell}"


def test_numbers_are_never_guarded() -> None:
    assert b"".join(write_csv_for_spreadsheets(["a", "b"], [[-1, -0.5]])).endswith(b"-1,-0.5\n")


def test_only_the_flavour_for_spreadsheets_begins_with_a_mark() -> None:
    assert b"".join(write_csv(["a"], [])) == b"a\n"
    assert b"".join(write_csv_for_spreadsheets(["a"], [])) == b"\xef\xbb\xbfa\n"


@pytest.mark.parametrize("format_", list(catalogue.hashed_formats()))
def test_rows_are_written_as_they_come(format_: str) -> None:
    taken = 0

    def rows():
        nonlocal taken
        for _ in range(10_000):
            taken += 1
            yield ["x" * 100, "y"]

    chunks = writing.write(["a", "b"], rows(), format_)
    while len(next(chunks)) < 100:
        pass
    assert taken < 2 * CHUNK / 100


def test_jsonl_keeps_what_was_not_given_apart_from_empty() -> None:
    assert b"".join(writing.write(["a", "b", "c"], [["é", None, 2]], "jsonl")) == '{"a":"é","b":null,"c":2}\n'.encode()


def test_a_spooled_export_can_be_read_from_its_beginning() -> None:
    with writing.spooled([b"a" * writing.IN_MEMORY, b"b"]) as file:
        assert len(file.read()) == writing.IN_MEMORY + 1
