"""doccano's JSON lines: what it takes, what it gives back, and in which units it counts."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given

from annotator.formats.doccano import SHIFTED, write_doccano
from annotator.formats.doccano_reader import read_doccano
from annotator.formats.records import AnnotatedRecord, DocumentRecord, Losses, RecordError
from annotator.formats.utf16 import Utf16Offsets
from tests.support.documents import (
    GOLD,
    document,
    documents,
    hostile,
    linked,
    places,
    reference,
    said,
    without_claims,
)

LIMIT = 1_000_000


def written(*made: DocumentRecord) -> tuple[bytes, Losses]:
    losses = Losses()
    return b"".join(write_doccano(GOLD, made, losses)), losses


def read(content: bytes | str | dict) -> list[AnnotatedRecord | RecordError]:
    if isinstance(content, dict):
        content = json.dumps(content)
    stream = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return list(read_doccano(stream, "all.jsonl", limit=LIMIT))


def read_one(content: bytes | str | dict) -> AnnotatedRecord:
    [record] = read(content)
    assert isinstance(record, AnnotatedRecord), record
    return record


def lines_of(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.decode().split("\n") if line]


def quoted(lines: Iterable[dict[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The words of every span of every line, sliced by Python."""
    return [(line["text"], sorted((line["text"][a:b], label) for a, b, label in line["label"])) for line in lines]


def expected(made: Iterable[DocumentRecord]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(each.text, sorted((claim.claim.exact, claim.claim.label) for claim in each.claims)) for each in made]


def test_every_span_has_the_words_of_its_claim() -> None:
    made = [*hostile(), linked(), without_claims()]
    lines = lines_of(written(*made)[0])
    assert quoted(lines) == expected(made)
    for line in lines:
        triples = [[each["start_offset"], each["end_offset"], each["label"]] for each in line["entities"]]
        assert triples == line["label"]
        ids = {each["id"] for each in line["entities"]}
        assert all(type(each) is int for each in ids)
        assert len(ids) == len(line["entities"])
        assert all({each["from_id"], each["to_id"]} <= ids for each in line["relations"])


def test_offsets_counted_in_utf16_are_caught() -> None:
    made = hostile()
    lines = lines_of(written(*made)[0])
    for line in lines:
        units = Utf16Offsets(line["text"])
        line["label"] = [[units.units(a), units.units(b), label] for a, b, label in line["label"]]
    assert quoted(lines) != expected(made)


def test_every_line_has_the_same_keys_for_doccano_reads_a_table() -> None:
    lines = lines_of(written(*hostile(), without_claims())[0])
    assert len({tuple(line) for line in lines}) == 1


def test_the_same_documents_give_the_same_bytes_line_by_line() -> None:
    assert written(*hostile())[0] == written(*hostile())[0]
    asked = []

    def slowly() -> Iterable[DocumentRecord]:
        for made in hostile():
            asked.append(made.id)
            yield made

    next(write_doccano(GOLD, slowly(), Losses()))
    assert len(asked) == 1


def test_all_that_a_claim_says_comes_back() -> None:
    for made in [*hostile(), linked()]:
        record = read_one(written(made)[0])
        assert record.reference == reference(made)
        assert record.article.text == made.text
        assert not record.warnings
        assert places(record.claims) == places(made.claims)
        assert [said(claim) for claim in record.claims] == [said(claim) for claim in made.claims]
        assert [(claim.id, claim.author) for claim in record.claims] == [(each.id, each.author) for each in made.claims]


def test_links_within_the_document_are_relations_and_the_rest_is_counted() -> None:
    content, losses = written(linked())
    assert [(each["from_id"], each["to_id"], each["type"]) for each in lines_of(content)[0]["relations"]] == [
        (1, 2, "contradicts"),
        (3, 1, "supersedes"),
    ]
    assert losses == {
        "links to a claim of another article were left out": 1,
        "aspects and notes of links were left out": 1,
        SHIFTED: 3,
    }
    assert [(link.a, link.b, link.relation) for link in read_one(content).links] == [
        ("1", "2", "contradicts"),
        ("3", "1", "supersedes"),
    ]
    assert written(document("No emoji", [(0, 2)]))[1] == {}


# What doccano gives back: metadata as it came, its own ids, and the list that was worked on.


def exported(made: DocumentRecord, *more: list[Any], relations: bool = False) -> dict[str, Any]:
    """Our line after doccano has stored it; `more` are the spans that somebody marked there."""
    [line] = lines_of(written(made)[0])
    spans = [*line["label"], *more]
    line |= {"id": 17, "Comments": []}
    if relations:
        entities = [
            {"id": 100 + number, "label": label, "start_offset": a, "end_offset": b}
            for number, (a, b, label) in enumerate(spans)
        ]
        line |= {"entities": entities, "relations": [{"id": 1, "from_id": 101, "to_id": 100, "type": "qualifies"}]}
    else:
        line["label"] = sorted(spans)
    return line


def test_what_was_marked_in_doccano_is_read_beside_what_was_there() -> None:
    made = document("Calm 🚑 held for long", [(0, 4), (7, 11)])
    # "long" is [16, 20) in code points, and doccano counts one more.
    record = read_one(exported(made, [17, 21, "disputed"]))
    assert places(record.claims) == sorted([*places(made.claims), (16, 20, "long", "disputed")], key=str)
    assert "UTF-16" in record.warnings[0]
    assert {claim.id for claim in record.claims} == {each.id for each in made.claims} | {None}


def test_what_was_removed_in_doccano_is_gone_with_its_link() -> None:
    line = exported(linked())
    del line["label"][0]
    record = read_one(line)
    assert len(record.claims) == 2
    assert record.links == []


def test_relations_of_doccano_are_read_by_its_ids() -> None:
    record = read_one(exported(document("Calm held", [(0, 4), (5, 9)]), [0, 9, "x"], relations=True))
    assert [(claim.key, claim.quote.exact) for claim in record.claims] == [
        ("100", "Calm"),
        ("101", "held"),
        ("102", "Calm held"),
    ]
    assert [(link.a, link.b, link.relation) for link in record.links] == [("101", "100", "qualifies")]


@pytest.mark.parametrize(
    "line",
    [
        {"text": "Calm 🚑 held", "label": [[7, 11, "A"]]},
        {"text": "Calm 🚑 held", "labels": [[7, 11, "A"]]},
        {"text": "Calm 🚑 held", "entities": [[7, 11, "A"]]},
        {"text": "Calm 🚑 held", "entities": [{"id": 3, "start_offset": 7, "end_offset": 11, "label": "A"}]},
        {"id": 4, "data": "Calm 🚑 held", "label": [[8, 12, "A"]], "Comments": ["why?"]},
        {"id": 4, "text": "Calm 🚑 held", "label": [[7.0, 11.0, "A"]], "meta": None, "entities": None},
        '{"text": "Calm 🚑 held", "label": [[7, 11, "A"]], "title": NaN}',
    ],
)  # fmt: skip
def test_every_way_of_writing_spans_is_read(line: dict[str, Any] | str) -> None:
    record = read_one(line)
    assert places(record.claims) == [(7, 11, "held", "A")]
    assert len(record.warnings) == (2 if "Comments" in line else 0)


def test_a_line_without_spans_is_an_article() -> None:
    assert read_one({"text": "Calm"}).claims == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"text": "Calm", "label": [[0, 5, "A"]]}, "no place in a text of 4"),
        ({"text": "Calm", "label": [[2, 2, "A"]]}, "must be after the start"),
        ({"text": "Calm", "label": [[-1, 2, "A"]]}, "must be after the start"),
        ({"text": "Calm", "label": [[0, 1e99, "A"]]}, "whole numbers"),
        ({"text": "Calm", "label": [[0, "4", "A"]]}, "whole numbers"),
        ({"text": "Calm", "label": [[0, 4]]}, "A span is"),
        ({"text": "Calm", "label": [[0, 4, None]]}, "A span is"),
        ({"text": "Calm", "label": ["A"]}, "A span is"),
        ({"text": "Calm", "entities": [{"label": "A"}]}, "whole numbers"),
        ({"text": "Calm", "label": {"a": 1}}, "must be a list"),
        ({"text": "Calm", "label": [[0, 4, "A"]], "entities": [[0, 3, "A"]]}, "different things"),
        ({"text": "Calm", "entities": [], "relations": [{"from_id": 1, "to_id": 2, "type": "x"}]}, "two entities"),
        ({"text": "Calm", "entities": [], "relations": [3]}, "two entities"),
        ({"text": 3, "label": []}, "An article needs text"),
        ({"label": []}, "An article needs text"),
        ({"text": "a\x00b"}, "NUL"),
        ({"text": "a\ud83db"}, "surrogate"),
        ({"id": 1, "text": "🚑 on", "label": [[1, 3, "A"]], "Comments": []}, "no place"),
        ("[]", "must be one JSON object"),
        ("3", "must be one JSON object"),
        ("", "The file is empty"),
        ("{", "not JSON"),
        ('{"a":' * 5_000 + "1" + "}" * 5_000, "nested too deeply"),
        ("[" * 5_000, "nested too deeply"),
        ('{"text": "' + "x" * LIMIT + '"}', "more than 1,000,000 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(line: dict[str, Any] | str, sentence: str) -> None:
    found = read(line)
    assert found
    assert all(isinstance(each, RecordError) for each in found)
    assert any(sentence in str(each) for each in found), found


def test_all_errors_of_all_lines_are_given() -> None:
    bad = json.dumps({"text": "Calm", "label": [[0, 9, "A"], [0, 4, "A"], [3, 2, "A"]]})
    found = read(f"{bad}\n\n{bad}\n")
    assert [(each.line, each.field) for each in found] == [
        (1, "label[0]"),
        (1, "label[2]"),
        (3, "label[0]"),
        (3, "label[2]"),
    ]


@given(documents())
def test_what_is_written_comes_back(made: DocumentRecord) -> None:
    record = read_one(written(made)[0])
    assert record.article.text == made.text
    assert places(record.claims) == places(made.claims)
    back = {claim.id: claim for claim in record.claims}
    for each in made.claims:
        assert said(back[each.id]) == said(each)
        assert back[each.id].author == each.author
