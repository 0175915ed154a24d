"""Claims as W3C Web Annotations: what the model demands, what each row becomes, and that it is streamed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotator.formats import writing

ROW: dict[str, Any] = {
    "project": "truce", "release": None, "article_id": "a1", "article_version": 1, "article_sha256": "0" * 64,
    "article_url": "https://example.org/1", "claim_id": "5b9c8f3e-0000-4000-8000-000000000001", "start": 4, "end": 22,
    "exact": "complete ceasefire", "prefix": "", "suffix": " agreed", "label": "disputed", "reason": "contradicted",
    "speaker": "The ministry", "confidence": 0.5, "note": 'so "it" said\n', "reviewer": "Ada",
    "created_at": "2026-11-23T10:00:00.000000Z", "updated_at": "2026-11-23T10:05:00.000000Z",
}  # fmt: skip


def page_of(*rows: dict[str, Any]) -> dict[str, Any]:
    columns = list(ROW)
    content = b"".join(writing.write(columns, [[row[column] for column in columns] for row in rows], "web-annotation"))
    found: dict[str, Any] = json.loads(content)
    return found


def test_a_page_has_what_the_model_demands() -> None:
    page = page_of(ROW, ROW)
    assert "http://www.w3.org/ns/anno.jsonld" in page["@context"]
    assert page["type"] == "AnnotationPage"
    assert page["id"].startswith("urn:")
    assert len(page["items"]) == 2
    for item in page["items"]:
        assert "http://www.w3.org/ns/anno.jsonld" in item["@context"]
        assert item["type"] == "Annotation"
        assert item["id"] == f"urn:uuid:{ROW['claim_id']}"
        assert "bodyValue" not in item


def test_the_passage_is_given_by_position_and_by_quote() -> None:
    [item] = page_of(ROW)["items"]
    assert item["target"] == {
        "type": "SpecificResource",
        "source": "urn:annotator:article:a1:version:1",
        "selector": [
            {"type": "TextPositionSelector", "start": 4, "end": 22},
            {"type": "TextQuoteSelector", "exact": "complete ceasefire", "suffix": " agreed"},
        ],
    }


def test_label_reason_and_note_are_bodies_each_with_its_purpose() -> None:
    [item] = page_of(ROW)["items"]
    assert {body["purpose"]: body["value"] for body in item["body"]} == {
        "classifying": "disputed",
        "tagging": "contradicted",
        "commenting": 'so "it" said\n',
    }
    assert item["creator"] == {"type": "Person", "name": "Ada"}
    [bare] = page_of(ROW | {"reason": "", "note": ""})["items"]
    assert [body["purpose"] for body in bare["body"]] == ["classifying"]


def test_nothing_of_the_row_is_lost() -> None:
    [item] = page_of(ROW)["items"]
    assert item["annotator:speaker"] == "The ministry"
    assert item["annotator:confidence"] == 0.5
    assert item["annotator:article_sha256"] == "0" * 64
    # What was not given is left out: the model knows no null.
    assert "annotator:release" not in item
    assert None not in item.values()


def test_a_page_without_claims_is_a_page() -> None:
    assert page_of()["items"] == []


@pytest.mark.parametrize("layer", ["evidence", "links", "articles", "decisions", "dissent"])
def test_layers_without_claims_are_refused_with_the_way_out(layer: str) -> None:
    problem = writing.problem_with("web-annotation", layer)
    assert problem is not None
    assert "annotations or gold" in problem
    assert "csv" in problem


def test_a_format_that_there_is_not_names_those_that_there_are() -> None:
    assert "web-annotation" in (writing.problem_with("xls", "gold") or "")
    assert "web-annotation" not in (writing.problem_with("xls", "links") or "")
    assert writing.problem_with("web-annotation", "gold") is None
