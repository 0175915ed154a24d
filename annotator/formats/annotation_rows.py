"""Readers of claims in our own layers `annotations` and `gold`, in JSON lines or CSV: one claim in each row.

The rows name their article and do not bring its text. What stands in other columns (votes, times, decisions) is passed
over. Rows of one article that follow each other become one record, or several where there are many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any, BinaryIO
from uuid import UUID

from annotator.domain.selectors import Quote
from annotator.formats.claim_details import read_details
from annotator.formats.csv import is_guarded, read_rows
from annotator.formats.decoding import HEAD
from annotator.formats.json_values import whole_number
from annotator.formats.jsonl import read_objects
from annotator.formats.records import AnnotatedRecord, ArticleReference, ReadClaim, RecordError

NEEDED = ("label", "exact")
"""What every row must have; `start` and `end` may be missing, and the quote is looked for then."""

RUN = 500
"""How many rows become one record, at most: a reader holds no more of them."""

_MOST_DIGITS = 10
_NOT_GIVEN = (None, "")


def read_annotation_jsonl(stream: BinaryIO, filename: str, *, limit: int) -> Iterator[AnnotatedRecord | RecordError]:
    """The claims of JSON lines with the columns of the layer `annotations` or `gold`; `limit` is in characters a line."""
    del filename
    yield from _records(read_objects(stream, limit=limit))


def read_annotation_csv(stream: BinaryIO, filename: str, *, limit: int) -> Iterator[AnnotatedRecord | RecordError]:
    """The same of a CSV file, in its exact flavour or the one for spreadsheets; `limit` is in characters a row."""
    guarded = is_guarded(filename, stream.read(HEAD))
    stream.seek(0)
    yield from _records(read_rows(stream, limit=limit, needed=NEEDED, guarded=guarded))


def _records(rows: Iterator[tuple[int, Mapping[str, Any] | RecordError]]) -> Iterator[AnnotatedRecord | RecordError]:
    for error, run in groupby(rows, key=lambda row: row[1] if isinstance(row[1], RecordError) else _article_of(row[1])):
        if isinstance(error, RecordError):
            yield from (row for _, row in run if isinstance(row, RecordError))
            continue
        good = ((line, row) for line, row in run if not isinstance(row, RecordError))
        while numbered := list(islice(good, RUN)):
            yield from _record(numbered)


def _record(numbered: Sequence[tuple[int, Mapping[str, Any]]]) -> Iterator[AnnotatedRecord | RecordError]:
    claims: list[ReadClaim] = []
    for line, row in numbered:
        claim = _claim(line, row)
        if isinstance(claim, ReadClaim):
            claims.append(claim)
        else:
            yield from claim
    first, named = numbered[0]
    if claims:
        yield AnnotatedRecord(_reference(named), claims=claims, line=first)


def _article_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        str(row.get(column)) for column in ("article_id", "article_external_id", "article_url", "article_title")
    )


def _reference(row: Mapping[str, Any]) -> ArticleReference:
    def text(column: str) -> str:
        value = row.get(column)
        return value if isinstance(value, str) else ""

    return ArticleReference(
        id=text("article_id"),
        external_id=text("article_external_id"),
        url=text("article_url"),
        sha256=text("article_sha256"),
        title=text("article_title"),
        version=_offset(row.get("article_version")),
    )


def _claim(line: int, row: Mapping[str, Any]) -> ReadClaim | list[RecordError]:
    """The claim of one row, or all that is wrong with it."""
    details, errors = read_details(row, line=line)
    texts = {column: row.get(column) or "" for column in ("label", "exact", "prefix", "suffix", "claim_id")}
    errors += [
        RecordError("This must be text.", line, name) for name, value in texts.items() if not isinstance(value, str)
    ]
    errors += [
        RecordError("This is needed, and it is empty or not given.", line, name) for name in NEEDED if not texts[name]
    ]
    places = {name: _offset(row.get(name)) for name in ("start", "end")}
    errors += [
        RecordError("This must be a whole number, counted in characters from 0.", line, name)
        for name, value in places.items()
        if value is None and row.get(name) not in _NOT_GIVEN
    ]
    if not errors and (places["start"] is None) != (places["end"] is None):
        errors.append(RecordError("A place needs both its start and its end.", line, "end"))
    if errors:
        return errors
    return ReadClaim(
        label=texts["label"],
        quote=Quote(texts["exact"], texts["prefix"], texts["suffix"]),
        id=_uuid(texts["claim_id"]),
        key=texts["claim_id"],
        author=str(row.get("reviewer") or row.get("adjudicator") or ""),
        line=line,
        start=places["start"],
        end=places["end"],
        **details,
    )


def _offset(value: object) -> int | None:
    """The whole number that a cell or value is, or None."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < _MOST_DIGITS else None
    return whole_number(value)


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
