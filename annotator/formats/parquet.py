"""Writer of tables as Apache Parquet, row group by row group: typed columns, lists where a cell of CSV joins words.

The same names as in CSV. Offsets are whole numbers, and the schema's metadata says what they count. The votes of gold
stand twice: in a column for each label, as everywhere, and as one list of (label, votes), in which files of projects
with other labels can be laid one below the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from annotator.formats.archive import Outbox
from annotator.formats.records import CannotWrite, Value

if TYPE_CHECKING:
    import pyarrow

ROW_GROUP = 10_000
"""How many rows are held at a time."""

METADATA = {
    "offset_unit": "Unicode code point",
    "offsets": "half-open [start, end), from 0, in the text of article_version",
}

WHOLE_NUMBERS = frozenset(
    {
        "start", "end", "block", "article_version", "version", "n_reviewers", "round", "guideline_version", "n",
        "linked_start", "linked_end", "length", "words",
    }
)  # fmt: skip
NUMBERS = frozenset({"confidence"})
TRUTHS = frozenset({"after_claim"})
DATES = frozenset({"published", "event_start", "event_end", "as_of"})
TIMES = frozenset({"created_at", "updated_at", "decided_at", "imported_at"})
LISTS = {"speaker_chain": " → ", "source_annotation_ids": " "}
"""Columns of several words, with what joins them in a cell."""

VOTES = "votes_"


def write_parquet(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The table in one file. Raises CannotWrite without its library."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise CannotWrite("Parquet files need PyArrow: pip install 'annotator[parquet]'.") from None
    typed = [_column(name, pa) for name in columns]
    labels = [name for name in columns if name.startswith(VOTES) and name != f"{VOTES}none"]
    schema = pa.schema([(name, kind) for name, kind, _ in typed], METADATA)
    if labels:
        # No label is called "votes": a key is the column votes_KEY.
        schema = schema.append(pa.field("votes", pa.list_(pa.struct({"label": pa.string(), "votes": pa.int64()}))))
    outbox = Outbox()
    given = iter(rows)
    with parquet.ParquetWriter(outbox, schema, compression="zstd") as writer:
        while group := list(islice(given, ROW_GROUP)):
            cells = [[convert(row[n]) for row in group] for n, (_, _, convert) in enumerate(typed)]
            if labels:
                cells.append(_votes(group, columns, labels))
            arrays = [pa.array(values, field.type) for values, field in zip(cells, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield outbox.take()
    yield outbox.take()


def _column(name: str, pa: Any) -> tuple[str, pyarrow.DataType, Callable[[Any], Any]]:
    """A column's name, its type, and what makes a cell of that type."""
    if name in WHOLE_NUMBERS or name.startswith(VOTES):
        return name, pa.int64(), _as_given
    if name in NUMBERS:
        return name, pa.float64(), _as_given
    if name in TRUTHS:
        return name, pa.bool_(), _as_given
    if name in DATES:
        return name, pa.date32(), lambda value: date.fromisoformat(value) if value else None
    if name in TIMES:
        return name, pa.timestamp("us", "UTC"), lambda value: datetime.fromisoformat(value) if value else None
    if name in LISTS:
        return name, pa.list_(pa.string()), lambda value: value.split(LISTS[name]) if value else []
    return name, pa.string(), _as_given


def _as_given(value: Any) -> Any:
    return value


def _votes(
    rows: Sequence[Sequence[Value]], columns: Sequence[str], labels: Sequence[str]
) -> list[list[dict[str, Value]]]:
    places = [(name.removeprefix(VOTES), columns.index(name)) for name in labels]
    return [[{"label": label, "votes": row[place]} for label, place in places] for row in rows]
