"""Claims as W3C Web Annotations: what the model demands, what each claim becomes, and that it is streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from annotator.formats.records import DocumentRecord, Losses
from annotator.formats.web_annotation.writer import write_web_annotations
from tests.support.annotation_schema import PAGE
from tests.support.datasets import DATASET, HOSTILE, claims_of, document, hostile, small, uuid


def page_of(*documents: DocumentRecord, losses: Losses | None = None) -> dict[str, Any]:
    content = b"".join(write_web_annotations(DATASET, documents, Losses() if losses is None else losses))
    found: dict[str, Any] = json.loads(content)
    return found


def test_a_page_has_what_the_model_demands() -> None:
    page = page_of(*small(), hostile())
    jsonschema.validate(page, PAGE)
    assert len(page["items"]) == sum(1 for _ in claims_of([*small(), hostile()]))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda item: item.pop("id"),
        lambda item: item.update(type="Squirrel"),
        lambda item: item.update(bodyValue="sourced"),
        lambda item: item.update(created="yesterday"),
        lambda item: item["body"][0].update(value=["sourced", "disputed"]),
        lambda item: item["target"].pop("source"),
        lambda item: item["target"]["selector"][0].update(start=-1),
        lambda item: item["target"]["selector"][1].pop("exact"),
        lambda item: item.update({"annotator:release": None}),
    ],
)
def test_the_schema_refuses_a_page_that_is_spoilt(spoil: Any) -> None:
    page = page_of(*small())
    spoil(page["items"][1])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(page, PAGE)


def test_every_passage_is_given_by_position_and_by_quote() -> None:
    items = page_of(hostile())["items"]
    assert len(items) == len(hostile().claims)
    for item, record in zip(items, hostile().claims, strict=True):
        assert item["id"] == f"urn:uuid:{record.id}"
        assert item["target"]["source"] == "urn:annotator:article:hostile:version:1"
        place, quote = item["target"]["selector"]
        assert quote["exact"] == HOSTILE[place["start"] : place["end"]] == record.claim.exact
        assert HOSTILE[: place["start"]].endswith(quote.get("prefix", ""))
        assert HOSTILE[place["end"] :].startswith(quote.get("suffix", ""))


def test_label_reason_and_note_are_bodies_each_with_its_purpose() -> None:
    attribution, disputed, *_ = page_of(small()[0])["items"]
    assert {body["purpose"]: body["value"] for body in disputed["body"]} == {
        "classifying": "disputed",
        "tagging": "contradicted",
        "commenting": "See the witnesses.",
    }
    assert disputed["creator"] == {"type": "Person", "name": "Jo"}
    assert disputed["created"] == "2026-11-23T10:00:00.000000Z"
    assert [body["purpose"] for body in attribution["body"]] == ["classifying"]


def test_what_the_model_has_no_words_for_stands_beside_it() -> None:
    june = small()[0]
    votes = replace(
        june.claims[1], row=dict(june.claims[1].row) | {"votes_disputed": 2, "votes_none": 0, "outcome": "edit"}
    )
    [item] = page_of(replace(june, claims=[votes]))["items"]
    own = {key.removeprefix("annotator:"): value for key, value in item.items() if key.startswith("annotator:")}
    assert own.pop("evidence") == [
        {
            "annotator:stance": "supports",
            "annotator:kind": "document",
            "annotator:source": "The accord",
            "annotator:quote": 'Article 1: "complete"',
            "annotator:url": "https://un.example.org/accord.pdf",
            "annotator:archived_url": "https://archive.example.org/1",
            "annotator:published": "2026-01-30",
        },
        {
            "annotator:stance": "refutes",
            "annotator:kind": "named_witness",
            "annotator:source": "Witnesses",
            "annotator:annotation": str(uuid("may", 2)),
            "annotator:article": "may",
            "annotator:start": 31,
            "annotator:end": 71,
        },
    ]
    [link] = own.pop("links")
    assert link["annotator:with"] == f"urn:uuid:{uuid('may', 2)}"
    assert (link["annotator:relation"], link["annotator:aspect"]) == ("contradicts", "fact")
    assert own == {
        "project": "truce",
        "release": "1.0.0",
        "article_external_id": "ext-june",
        "article_sha256": june.sha256,
        "article_title": "Title of june",
        "publisher": "Demo Desk",
        "agency": "Wire",
        "article_url": "https://news.example.org/june",
        "published": "2026-01-31",
        "article_group": "truce",
        "block": 1,
        "claim_text": "There is a complete ceasefire.",
        "target": "content",
        "speaker": "Both governments",
        "speaker_kind": "named_institution",
        "speaker_mode": "quoted",
        "speaker_chain": ["A", "B"],
        "event_start": "2026-01-30",
        "event_end": "2026-01-31",
        "confidence": 0.0,
        "votes_disputed": 2,
        "votes_none": 0,
        "outcome": "edit",
    }


def test_a_page_without_claims_is_a_page_and_says_what_is_missing() -> None:
    losses = Losses()
    assert page_of(document("a", "Nothing here.", []), losses=losses)["items"] == []
    assert losses == {"articles without a claim were left out": 1}


def test_it_is_sent_while_the_documents_are_read() -> None:
    taken = []

    def documents() -> Iterator[DocumentRecord]:
        for n in range(1_000):
            taken.append(n)
            yield small()[0]

    chunks = write_web_annotations(DATASET, documents(), Losses())
    next(chunks)
    next(chunks)
    assert len(taken) < 100
