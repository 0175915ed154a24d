"""Parquet files, read back by PyArrow and by the library datasets: every value with its type, in row groups."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from annotator.formats import parquet as ours
from annotator.formats.parquet import write_parquet
from annotator.formats.records import Value
from tests.support.datasets import HOSTILE, hostile

COLUMNS = (
    "claim_id", "start", "end", "exact", "speaker_chain", "published", "confidence", "votes_sourced", "votes_own-label",
    "votes_none", "after_claim", "note", "created_at",
)  # fmt: skip


def rows() -> list[tuple[Value, ...]]:
    return [
        (
            str(record.id), record.claim.start, record.claim.end, record.claim.exact, "A → B", "2026-01-31", None, 2, 0, 1,
            True, "", "2026-11-23T10:00:00.000001Z",
        )
        for record in hostile().claims
    ]  # fmt: skip


def read_back(content: bytes) -> pa.Table:
    return parquet.read_table(io.BytesIO(content))


def test_every_value_comes_back_with_its_type() -> None:
    table = read_back(b"".join(write_parquet(COLUMNS, rows())))
    assert table.num_rows == len(hostile().claims)
    for found, record in zip(table.to_pylist(), hostile().claims, strict=True):
        assert found == {
            "claim_id": str(record.id),
            "start": record.claim.start,
            "end": record.claim.end,
            "exact": HOSTILE[record.claim.start : record.claim.end],
            "speaker_chain": ["A", "B"],
            "published": date(2026, 1, 31),
            "confidence": None,
            "votes_sourced": 2,
            "votes_own-label": 0,
            "votes_none": 1,
            "after_claim": True,
            "note": "",
            "created_at": datetime(2026, 11, 23, 10, 0, 0, 1, UTC),
            "votes": [{"label": "sourced", "votes": 2}, {"label": "own-label", "votes": 0}],
        }


def test_the_schema_says_what_the_offsets_count() -> None:
    schema = parquet.read_schema(io.BytesIO(b"".join(write_parquet(COLUMNS, []))))
    assert schema.metadata[b"offset_unit"] == b"Unicode code point"
    assert schema.field("start").type == pa.int64()
    assert schema.field("votes").type == pa.list_(pa.struct({"label": pa.string(), "votes": pa.int64()}))


def test_the_library_datasets_reads_it(tmp_path: Path) -> None:
    import datasets

    (tmp_path / "gold.parquet").write_bytes(b"".join(write_parquet(COLUMNS, rows())))
    found = datasets.Dataset.from_parquet(str(tmp_path / "gold.parquet"), cache_dir=str(tmp_path / "cache"))
    assert found["exact"][:] == [record.claim.exact for record in hostile().claims]
    assert [HOSTILE[row["start"] : row["end"]] for row in found] == found["exact"][:]


def test_rows_go_out_group_by_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "ROW_GROUP", 10)
    taken = []

    def table() -> Iterator[tuple[Value, ...]]:
        for n in range(35):
            taken.append(n)
            yield (f"c{n}", n)

    chunks = write_parquet(("claim_id", "start"), table())
    content = next(chunks)
    assert len(taken) == 10
    content += b"".join(chunks)
    assert parquet.ParquetFile(io.BytesIO(content)).num_row_groups == 4
    assert read_back(content)["start"].to_pylist() == list(range(35))


def test_a_layer_without_votes_has_no_list_of_them() -> None:
    table = read_back(b"".join(write_parquet(("link_id", "note", "created_at"), [("l", None, None)])))
    assert table.to_pylist() == [{"link_id": "l", "note": None, "created_at": None}]


@pytest.mark.parametrize("wrong", [{"start": "4"}, {"published": "yesterday"}, {"confidence": "high"}])
def test_a_value_that_is_not_of_its_type_is_not_written_as_another(wrong: dict[str, Any]) -> None:
    [(column, value)] = wrong.items()
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError, ValueError)):
        list(write_parquet((column,), [(value,)]))
