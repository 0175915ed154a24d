"""AVeriTeC's JSON: its fields and words for every claim that has a verdict, and a count of those that have none."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from annotator.domain.claims import Evidence, Stance
from annotator.formats.averitec import write_averitec
from annotator.formats.records import DocumentRecord, Losses
from tests.support.datasets import DATASET, JUNE, claim, document, hostile, small

OPTIONAL = {"type": ["string", "null"]}
ADDRESS = {"type": ["string", "null"], "pattern": "^https?://"}
# The fields of the README of AVeriTeC; the words are those of the paper's annotation guidelines.
SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "claim_id": {"type": "string"},
            "claim": {"type": "string", "minLength": 1},
            "required_reannotation": {"type": "boolean"},
            "label": {"enum": ["Supported", "Refuted", "Not Enough Evidence", "Conflicting Evidence/Cherrypicking"]},
            "justification": {"type": "string"},
            "claim_date": {"type": ["string", "null"], "pattern": r"^\d\d-\d\d-\d{4}$"},
            "speaker": OPTIONAL,
            "original_claim_url": ADDRESS,
            "cached_original_claim_url": ADDRESS,
            "fact_checking_article": ADDRESS,
            "reporting_source": OPTIONAL,
            "location_ISO_code": OPTIONAL,
            "claim_types": {"type": "array", "items": {"enum": ["Quote Verification"]}},
            "fact_checking_strategies": {"type": "array", "items": {"type": "string"}},
            "questions": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "question": {"type": "string", "pattern": r"\?$"},
                        "answers": {
                            "type": "array",
                            "minItems": 1,
                            "items": {
                                "type": "object",
                                "properties": {
                                    "answer": {"type": "string", "minLength": 1},
                                    "answer_type": {"enum": ["Extractive", "Abstractive", "Boolean", "Unanswerable"]},
                                    "source_url": ADDRESS,
                                    "cached_source_url": ADDRESS,
                                    "source_medium": {"enum": ["Web text", "PDF", "Other"]},
                                },
                                "required": [
                                    "answer",
                                    "answer_type",
                                    "source_url",
                                    "cached_source_url",
                                    "source_medium",
                                ],
                                "additionalProperties": False,
                            },
                        },
                    },
                    "required": ["question", "answers"],
                    "additionalProperties": False,
                },
            },
        },
        "additionalProperties": False,
    },
}
SCHEMA["items"]["required"] = list(SCHEMA["items"]["properties"])


def written(*documents: DocumentRecord, losses: Losses | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        b"".join(write_averitec(DATASET, documents, Losses() if losses is None else losses))
    )
    return found


def test_the_fields_are_those_of_the_dataset() -> None:
    jsonschema.validate(written(*small(), hostile()), SCHEMA)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one.pop("questions"),
        lambda one: one.update(label="Disputed"),
        lambda one: one.update(claim_date="2026-01-31"),
        lambda one: one["questions"][0]["answers"][0].update(source_medium="paper"),
        lambda one: one.update(claim_types=["Quote verification"]),
    ],
)
def test_the_check_of_the_fields_catches_what_is_wrong(spoil: Any) -> None:
    found = written(*small())
    spoil(found[0])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, SCHEMA)


def test_every_claim_has_the_verdict_of_label_and_evidence() -> None:
    losses = Losses()
    found = written(*small(), losses=losses)
    assert [(one["claim"], one["label"], one["claim_types"]) for one in found] == [
        (JUNE[:57], "Supported", ["Quote Verification"]),
        ("There is a complete ceasefire.", "Conflicting Evidence/Cherrypicking", []),
        ("Residents reported shelling", "Not Enough Evidence", []),
        ("three towns", "Supported", []),
        ("calm", "Refuted", []),
        ("a dozen shelled towns", "Supported", []),
    ]
    assert losses == {
        "claims without a verdict (the label is the project's own) were left out": 1,
        "real questions (each evidence item stands under one that was made up)": 7,
        "links between claims were left out": 1,
    }


def test_a_claim_is_told_with_its_source_and_its_evidence() -> None:
    disputed = written(small()[0])[1]
    assert disputed["justification"] == "See the witnesses."
    assert (disputed["claim_date"], disputed["speaker"]) == ("31-01-2026", "Both governments")
    assert (disputed["original_claim_url"], disputed["reporting_source"]) == (
        "https://news.example.org/june",
        "Demo Desk",
    )
    accord, witnesses = disputed["questions"]
    assert accord["question"] == "What does The accord say about the claim?"
    assert accord["answers"] == [
        {
            "answer": 'Article 1: "complete"',
            "answer_type": "Extractive",
            "source_url": "https://un.example.org/accord.pdf",
            "source_medium": "PDF",
            "cached_source_url": "https://archive.example.org/1",
        }
    ]
    assert witnesses["answers"][0]["answer"] == "Witnesses refutes the claim."


def test_hostile_texts_are_exact() -> None:
    found = {one["claim_id"]: one for one in written(hostile())}
    for record in hostile().claims:
        if str(record.id) in found:
            assert found[str(record.id)]["claim"] == (record.claim.claim_text or record.claim.exact)
    assert any(
        question["answers"][0]["answer"] == "لا\r\nno\t🙅" for one in found.values() for question in one["questions"]
    )


def test_evidence_that_names_nothing_still_answers() -> None:
    bare = document("a", JUNE, [claim(JUNE, "three towns", evidence=(Evidence(Stance.SUPPORTS),))])
    [one] = written(bare)
    assert one["questions"][0]["answers"][0]["answer"] == "This source supports the claim."


def test_no_claim_with_a_verdict_is_an_empty_list() -> None:
    assert written(document("a", JUNE, [claim(JUNE, "three towns", "rumour")])) == []
