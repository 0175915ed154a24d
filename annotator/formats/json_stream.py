"""JSON that is written while its values are made: a list inside a document, or a value in each line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import orjson

from annotator.formats.records import Value

CHUNK = 1 << 16
"""About how many bytes go out at once."""


def json_list(values: Iterable[object], *, before: bytes = b"[", after: bytes = b"]") -> Iterator[bytes]:
    """`before`, the values with commas between them, each in a line of its own, and `after`."""
    yield before
    yield from _in_chunks(_with_commas(values))
    yield b"\n" + after + b"\n"


def json_lines(values: Iterable[object]) -> Iterator[bytes]:
    """Each value in a line (https://jsonlines.org)."""
    return _in_chunks(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE) for value in values)


def write_jsonl(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The table in JSON lines: an object for each row with the columns as keys; what was not given is null."""
    return json_lines(dict(zip(columns, row, strict=True)) for row in rows)


def _with_commas(values: Iterable[object]) -> Iterator[bytes]:
    between = b"\n"
    for value in values:
        yield between + orjson.dumps(value)
        between = b",\n"


def _in_chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    length = 0
    for part in parts:
        waiting.append(part)
        length += len(part)
        if length >= CHUNK:
            yield b"".join(waiting)
            waiting, length = [], 0
    if waiting:
        yield b"".join(waiting)
