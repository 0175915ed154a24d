"""Our own layer of claims, read back from JSON lines and CSV: every field, and everything that is wrong with a row."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from annotator.domain.claims import SourceKind, Speaker, SpeakerMode, Target
from annotator.domain.selectors import Quote
from annotator.formats.annotation_reading import READERS, rereadable_annotations, told_by
from annotator.formats.csv_writer import write_csv, write_csv_for_spreadsheets
from annotator.formats.json_stream import write_jsonl
from annotator.formats.records import AnnotatedRecord, ArticleReference, ReadClaim, RecordError

ID = "0b1c7f6e-6f0f-4f0e-8e53-1c9a2c0f3a11"
ROW: dict[str, Any] = {
    "article_id": "abc", "article_external_id": "x1", "article_version": 1, "article_sha256": "0" * 64,
    "article_title": "A truce", "article_url": "https://example.org/1", "claim_id": ID, "start": 3, "end": 9,
    "exact": '=calm,\n"so"', "prefix": "was ", "suffix": " on", "label": "sourced", "target": "attribution",
    "reason": "document", "speaker": "The ministry", "speaker_kind": "named_institution", "speaker_mode": "quoted",
    "speaker_chain": "A → B", "claim_text": "It was calm.", "event_start": "2019-06-12", "event_end": None,
    "confidence": 0.5, "note": "=1+1", "reviewer": "Ada", "votes_sourced": 3,
}  # fmt: skip


def read(content: bytes, filename: str = "a.jsonl", **options: Any) -> list[AnnotatedRecord | RecordError]:
    with rereadable_annotations(io.BytesIO(content), filename, **options) as again:
        first = list(again())
        assert list(again()) == first
        return first


def lines(*rows: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def told(*rows: dict[str, Any]) -> str:
    found = read(lines(*rows))
    return "\n".join(str(each) for each in found if isinstance(each, RecordError))


@pytest.mark.parametrize(
    ("write", "filename"),
    [(write_jsonl, "a.jsonl"), (write_csv, "a.csv"), (write_csv_for_spreadsheets, "a.spreadsheet.csv")],
)
def test_what_the_export_writes_is_read_back(write: Any, filename: str) -> None:
    content = b"".join(write(list(ROW), [list(ROW.values())]))
    (record,) = read(content, filename)
    assert isinstance(record, AnnotatedRecord)
    assert record.reference == ArticleReference("abc", "x1", "https://example.org/1", "0" * 64, "A truce", 1)
    (claim,) = record.claims
    assert claim == ReadClaim(
        "sourced",
        Quote('=calm,\n"so"', "was ", " on"),
        3,
        9,
        UUID(ID),
        ID,
        "Ada",
        Target.ATTRIBUTION,
        "document",
        Speaker("The ministry", SourceKind.NAMED_INSTITUTION, SpeakerMode.QUOTED, ("A", "B")),
        "It was calm.",
        date(2019, 6, 12),
        None,
        "=1+1",
        0.5,
        line=claim.line,
    )


def test_rows_of_one_article_make_one_record() -> None:
    found = read(lines(ROW, ROW | {"start": 4}, ROW | {"article_id": "other"}))
    assert [len(each.claims) for each in found if isinstance(each, AnnotatedRecord)] == [2, 1]


def test_a_quote_needs_no_place() -> None:
    (record,) = read(lines({"article_title": "A truce", "exact": "calm", "label": "sourced"}))
    assert isinstance(record, AnnotatedRecord)
    assert (record.claims[0].start, record.claims[0].id) == (None, None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"label": ""}, "Line 1, field 'label': This is needed"),
        ({"exact": None}, "Line 1, field 'exact': This is needed"),
        ({"label": 3}, "Line 1, field 'label': This must be text."),
        ({"start": "x"}, "Line 1, field 'start': This must be a whole number"),
        ({"end": 2.5}, "Line 1, field 'end': This must be a whole number"),
        ({"start": True}, "Line 1, field 'start': This must be a whole number"),
        ({"start": None}, "Line 1, field 'end': A place needs both"),
        ({"target": "both"}, "Line 1, field 'target': 'both' is none of content, attribution."),
        ({"event_start": "yesterday"}, "Line 1, field 'event_start': 'yesterday' is not a date"),
        ({"confidence": 2}, "Line 1, field 'confidence': '2.0' is not a number from 0 to 1."),
        ({"note": "a\x00b"}, "Line 1, field 'note': "),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_field(change: dict[str, Any], words: str) -> None:
    assert words in told(ROW | change)


def test_all_that_is_wrong_is_named_at_once() -> None:
    assert len(told(ROW | {"label": "", "target": "x"}, ROW, ROW | {"end": -0.5}).splitlines()) == 3
    assert "Line 1: This is not JSON" in str(read(b"{\n")[0])
    assert "field 'exact': There is no such column" in str(read(b"label,start\nx,1\n", "a.csv")[0])
    assert "3 cells where the header has 2" in str(read(b"label,exact\nx,1,2\n", "a.csv")[0])
    assert str(read(b"")[0]) == str(read(b"", "a.csv")[0]) == "The file is empty."


@pytest.mark.parametrize(
    ("filename", "head", "format"),
    [
        ("a.csv", b"exact,label", "csv"),
        ("a.jsonl", b'{"exact": "x"}', "jsonl"),
        ("a.jsonl", b'{"text": "x", "label": []}', "doccano"),
        ("a.json", b'[{"data": {}}]', "label-studio"),
        ("a.json", b'{"@context": ["http://www.w3.org/ns/anno.jsonld"]}', "web-annotation"),
        ("a.json", b'[{"@context": "http://www.w3.org/ns/anno.jsonld"}]', "web-annotation"),
        ("a.xmi", b"<?xml", "uima-xmi"),
        ("a.jsonl", b'{"text": "x", "claims": [{"exact": "x"', "doccano"),
        ("a.jsonl", b'{"exact": "\\"text\\": x"', "jsonl"),
        ("a.zip", b"PK\x03\x04", "brat"),
        ("a.zip", b"PK\x03\x04\x14\x00TypeSystem.xml", "uima-xmi"),
        ("a.txt", b"words", None),
    ],
)
def test_the_format_is_told_by_name_and_content(filename: str, head: bytes, format: str | None) -> None:  # noqa: A002
    assert told_by(filename, head) == format


def test_a_format_that_cannot_be_told_must_be_named() -> None:
    assert "--format jsonl|csv" in str(read(b"words", "a.txt")[0])
    with pytest.raises(ValueError, match="jsonl, csv"):
        read(b"", "a.txt", format="odt")
    assert read(lines(ROW), "a.txt", format="jsonl") == read(lines(ROW))
    assert set(READERS) >= {"jsonl", "csv", "doccano", "label-studio", "brat", "uima-xmi", "web-annotation"}
