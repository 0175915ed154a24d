"""Label Studio tasks: what its documentation demands, and what comes back of what was written."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given

from annotator.domain.claims import Target
from annotator.formats.label_studio import write_label_studio, write_label_studio_config
from annotator.formats.label_studio_reader import read_label_studio
from annotator.formats.records import AnnotatedRecord, DatasetRecord, DocumentRecord, Losses, RecordError
from tests.support.documents import (
    GOLD,
    VOTES,
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

PART = {
    "type": "object",
    "required": ["id", "from_name", "to_name", "type", "value"],
    "properties": {
        "id": {"type": "string"},
        "from_name": {"type": "string"},
        "to_name": {"const": "text"},
        "type": {"enum": ["labels", "choices", "textarea", "datetime", "number"]},
        "origin": {"enum": ["manual", "prediction", "prediction-changed"]},
        "value": {
            "type": "object",
            "required": ["start", "end"],
            "properties": {
                "start": {"type": "integer", "minimum": 0},
                "end": {"type": "integer", "minimum": 1},
                "labels": {"type": "array", "items": {"type": "string"}, "minItems": 1},
                "choices": {"type": "array", "items": {"type": "string"}, "minItems": 1},
                "datetime": {"type": "string", "format": "date"},
                "number": {"type": "number"},
            },
        },
    },
}
RELATION = {
    "type": "object",
    "required": ["type", "from_id", "to_id", "direction"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "relation"},
        "from_id": {"type": "string"},
        "to_id": {"type": "string"},
        "direction": {"enum": ["left", "right", "bi"]},
        "labels": {"type": "array", "items": {"type": "string"}},
    },
}
TASKS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["data"],
        "additionalProperties": False,
        "properties": {
            "data": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
            "annotations": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["result"],
                    # An unknown `completed_by` makes Label Studio refuse the whole file.
                    "not": {"required": ["completed_by"]},
                    "properties": {"result": {"type": "array", "items": {"oneOf": [PART, RELATION]}}},
                },
            },
            "predictions": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["result", "model_version"],
                    "properties": {
                        "model_version": {"type": "string"},
                        "result": {"type": "array", "items": {"oneOf": [PART, RELATION]}},
                    },
                },
            },
        },
    },
}


def written(
    made: Iterable[DocumentRecord], dataset: DatasetRecord = GOLD, *, predictions: bool = False
) -> tuple[bytes, Losses]:
    losses = Losses()
    return b"".join(write_label_studio(dataset, made, losses, predictions=predictions)), losses


def read(content: bytes | str | list) -> list[AnnotatedRecord | RecordError]:
    if isinstance(content, list):
        content = json.dumps(content)
    stream = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return list(read_label_studio(stream, "tasks.json", limit=LIMIT))


def read_one(content: bytes | str | list) -> AnnotatedRecord:
    [record] = read(content)
    assert isinstance(record, AnnotatedRecord), record
    return record


def misplaced(content: bytes) -> list[str]:
    """The regions of a file whose words are not at their place, counted in code points, and ids used wrongly."""
    wrong = []
    for task in json.loads(content):
        text = task["data"]["text"]
        for answer in task.get("annotations", task.get("predictions")):
            regions = {part["id"] for part in answer["result"] if part["type"] == "labels"}
            for part in answer["result"]:
                if part["type"] == "relation":
                    wrong += [part[side] for side in ("from_id", "to_id") if part[side] not in regions]
                    continue
                value = part["value"]
                if part["id"] not in regions or not 0 <= value["start"] < value["end"] <= len(text):
                    wrong.append(part["id"])
                if part["type"] == "labels" and text[value["start"] : value["end"]] != value["text"]:
                    wrong.append(value["text"])
    return wrong


@pytest.mark.parametrize("predictions", [False, True])
@pytest.mark.parametrize("dataset", [GOLD, VOTES])
def test_tasks_are_what_the_documentation_demands(dataset: DatasetRecord, predictions: bool) -> None:
    made = [*hostile(), linked(), without_claims()]
    content, _ = written(made, dataset, predictions=predictions)
    tasks = json.loads(content)
    jsonschema.validate(tasks, TASKS, format_checker=jsonschema.FormatChecker())
    assert misplaced(content) == []
    assert [task["data"]["text"] for task in tasks] == [each.text for each in made]


def test_offsets_counted_in_utf16_are_caught() -> None:
    content, _ = written([document("Rescue 🚑 teams arrived", [(9, 14)])])
    tasks = json.loads(content)
    value = tasks[0]["annotations"][0]["result"][0]["value"]
    value["start"], value["end"] = value["start"] + 1, value["end"] + 1
    assert misplaced(json.dumps(tasks).encode()) == ["teams"]


def test_nothing_at_all_is_an_empty_list() -> None:
    assert json.loads(written([])[0]) == []
    assert [str(each) for each in read(b"[]")] == ["The file has no task."]


def test_the_same_documents_give_the_same_bytes() -> None:
    assert written(hostile())[0] == written(hostile())[0]


def test_it_is_written_document_by_document() -> None:
    asked = []

    def slowly() -> Iterable[DocumentRecord]:
        for made in hostile():
            asked.append(made.id)
            yield made

    chunks = write_label_studio(GOLD, slowly(), Losses())
    next(chunks)
    assert len(asked) == 1


def test_all_that_a_claim_says_comes_back() -> None:
    for made in [*hostile(), linked()]:
        record = read_one(written([made])[0])
        assert record.reference == reference(made)
        assert record.article.text == made.text
        assert places(record.claims) == places(made.claims)
        assert [said(claim) for claim in record.claims] == [said(claim) for claim in made.claims]
        assert [(claim.id, claim.author) for claim in record.claims] == [(each.id, each.author) for each in made.claims]


def test_each_person_has_an_annotation_and_gold_is_the_ground_truth() -> None:
    made = document("One two three four", [(0, 3), (4, 7), (8, 13)], authors=("Ada", "Jo"))
    [task] = json.loads(written([made], VOTES)[0])
    assert [len({part["id"] for part in answer["result"]}) for answer in task["annotations"]] == [2, 1]
    assert not any(answer["ground_truth"] for answer in task["annotations"])
    [gold] = json.loads(written([made])[0])[0]["annotations"]
    assert gold["ground_truth"] is True
    # That nobody found a claim is a finding too.
    assert json.loads(written([without_claims()])[0])[0]["annotations"] == [{"ground_truth": True, "result": []}]
    predicted = json.loads(written([made], VOTES, predictions=True)[0])[0]["predictions"]
    assert [answer["model_version"] for answer in predicted] == ["Ada", "Jo"]


def test_links_become_relations_and_what_they_lose_is_counted() -> None:
    content, losses = written([linked()])
    relations = [part for part in json.loads(content)[0]["annotations"][0]["result"] if part["type"] == "relation"]
    assert [(each["direction"], each["labels"]) for each in relations] == [
        ("bi", ["contradicts", "number"]),
        ("right", ["supersedes"]),
    ]
    assert losses == {"links to a claim of another article were left out": 1, "notes of links were left out": 1}
    links = read_one(content).links
    assert [(link.relation, link.aspect) for link in links] == [("contradicts", "number"), ("supersedes", "")]
    assert {link.a for link in links} < {claim.key for claim in read_one(content).claims}


def test_the_configuration_names_every_label_and_control() -> None:
    losses = Losses()
    root = ElementTree.fromstring(b"".join(write_label_studio_config(GOLD, [], losses)))
    assert [label.get("value") for label in root.iter("Label")] == ["sourced", "disputed", "un-verified"]
    tags = {
        "labels": "Labels",
        "choices": "Choices",
        "textarea": "TextArea",
        "datetime": "DateTime",
        "number": "Number",
    }
    content, _ = written(hostile())
    for part in (part for task in json.loads(content) for part in task["annotations"][0]["result"]):
        [control] = [each for each in root.iter(tags[part["type"]]) if each.get("name") == part["from_name"]]
        assert control.get("toName") == part["to_name"] == root.find("Text").get("name")
        chosen = part["value"].get("choices", [])
        assert set(chosen) <= {choice.get("value") for choice in control.iter("Choice")}


# What Label Studio itself writes.

REGION: dict[str, Any] = {
    "id": "Dx_aB91ISN",
    "from_name": "ner",
    "to_name": "txt",
    "type": "labels",
    "origin": "manual",
    "value": {"start": 0, "end": 4, "text": "Calm", "labels": ["Claim"]},
}


def exported(*parts: dict[str, Any], text: str = "Calm held.", **more: Any) -> list[dict[str, Any]]:
    annotation = {"id": 7, "completed_by": 3, "was_cancelled": False, "result": list(parts)}
    return [{"id": 1, "data": {"text": text}, "annotations": [annotation], "predictions": []} | more]


def test_an_export_with_a_foreign_configuration_is_read() -> None:
    record = read_one(exported(REGION, {**REGION, "from_name": "mood", "type": "choices", "value": {"choices": ["x"]}}))
    [claim] = record.claims
    assert (claim.label, claim.start, claim.end, claim.author) == ("Claim", 0, 4, "3")
    assert claim.id is None
    assert record.warnings == ("What was said with “mood” was not read.",)


def test_people_are_known_by_their_addresses_where_the_export_has_them() -> None:
    tasks = exported(REGION)
    tasks[0]["annotations"][0]["completed_by"] = {"id": 3, "email": "ada@example.org"}
    assert [claim.author for claim in read_one(tasks).claims] == ["ada@example.org"]


def test_the_short_export_is_read() -> None:
    record = read_one(
        [
            {
                "id": 1,
                "text": "Calm 🚑 held",
                "annotator": 4,
                "ner": [{"start": 7, "end": 11, "text": "held", "labels": ["A"]}],
            }
        ]
    )
    assert places(record.claims) == [(7, 11, "held", "A")]
    assert record.claims[0].author == "4"


def test_predictions_are_read_where_there_are_no_annotations() -> None:
    predictions = [{"model_version": "m1", "result": [REGION]}]
    assert [claim.author for claim in read_one([{"data": {"text": "Calm"}, "predictions": predictions}]).claims] == [
        "m1"
    ]
    both = read_one(exported(REGION, predictions=predictions))
    assert len(both.claims) == 1
    assert both.warnings == ("Predictions beside annotations were not read.",)


def test_offsets_of_the_time_when_it_counted_utf16_are_converted() -> None:
    old = {**REGION, "value": {"start": 8, "end": 12, "text": "held", "labels": ["A"]}}
    record = read_one(exported(old, text="Calm 🚑 held"))
    assert places(record.claims) == [(7, 11, "held", "A")]
    assert "UTF-16" in record.warnings[0]


def test_words_whose_white_space_it_folded_are_at_their_place() -> None:
    folded = {**REGION, "value": {"start": 0, "end": 11, "text": "Calm held", "labels": ["A"]}}
    assert places(read_one(exported(folded, text="Calm \n held")).claims) == [(0, 11, "Calm \n held", "A")]


def test_notes_of_its_own_panel_and_several_labels_are_read() -> None:
    part = {**REGION, "meta": {"text": ["one", "two"]}, "value": REGION["value"] | {"labels": ["A", "B"]}}
    claims = read_one(exported(part)).claims
    assert [(claim.label, claim.note) for claim in claims] == [("A", "one\ntwo"), ("B", "one\ntwo")]
    assert len({claim.key for claim in claims}) == 2


def test_annotations_that_share_ids_are_kept_apart() -> None:
    tasks = exported(REGION)
    tasks[0]["annotations"].append({"completed_by": 4, "result": [REGION]})
    claims = read_one(tasks).claims
    assert [claim.author for claim in claims] == ["3", "4"]
    assert len({claim.key for claim in claims}) == 2


@pytest.mark.parametrize(
    ("tasks", "sentence"),
    [
        (exported({**REGION, "value": {"start": 0, "end": 99, "labels": ["A"]}}), "99"),
        (exported({**REGION, "value": {"start": 5, "end": 5, "labels": ["A"]}}), "must be after the start"),
        (exported({**REGION, "value": {"start": 0, "end": 4, "text": "Held", "labels": ["A"]}}), "“Calm”, not “Held”"),
        (exported({**REGION, "value": {"start": 0, "end": 4, "labels": [3]}}), "A label must be text"),
        (exported({**REGION, "value": {"start": 0.5, "end": 4, "labels": ["A"]}}), "whole numbers"),
        (exported({**REGION, "value": {"start": 1e308, "end": 4, "labels": ["A"]}}), "whole numbers"),
        (exported({**REGION, "value": []}), "must be an object"),
        (exported({**REGION, "meta": {"evidence": [{"stance": "maybe"}]}}), "'maybe' is none of supports"),
        (exported("x"), "must be an object"),  # type: ignore[arg-type]
        ([{"data": {"text": "x"}, "annotations": [{"result": {}}]}], None),
        ([{"data": {"text": "x"}, "annotations": [{"result": "no"}]}], "must be a list"),
        ([{"data": {"text": "x"}, "annotations": {"a": 1}}], "list of objects"),
        ([{"data": []}], "must be an object"),
        ([{"data": {"image": 3}}], "no such text"),
        ([{"data": {"text": "  "}}], "An article needs text"),
        ([{"data": {"text": "a\x00b"}}], "NUL"),
        ([{"data": {"text": "a\ud800b"}}], "surrogate"),
        ([3], "A task must be an object"),
        ("", "The file has no task"),
        ("[{", "no closing bracket"),
        ('[{"data": {"text": "x"}', "no closing bracket"),
        ("[" * 5_000, "no closing bracket"),
        ("[" * 5_000 + "]" * 5_000, "nested too deeply"),
        ("[" + '{"a":' * 5_000 + "1" + "}" * 5_000 + "]", "nested too deeply"),
        ('[{"data": {"text": "x"}, "id": ' + "9" * 6_000 + "}]", None),
        ("[NaN]", "A task must be an object"),
        ("[1}", "The list is not closed"),
        ("[] []", "Something follows"),
        ("nonsense", "not JSON"),
        ('["' + "x" * (LIMIT + 10) + '"]', "more than 1,000,000 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(tasks: Any, sentence: str | None) -> None:
    found = read(tasks)
    if sentence is None:
        assert all(isinstance(each, AnnotatedRecord) for each in found)
        return
    assert found
    assert all(isinstance(each, RecordError) for each in found)
    assert any(sentence in str(each) for each in found), found
    assert all(str(each).encode() for each in found)


def test_all_errors_of_all_tasks_are_given_with_their_lines() -> None:
    bad = {**REGION, "value": {"start": 0, "end": 99, "labels": ["A"]}}
    content = "[\n" + json.dumps(exported(bad, bad)[0]) + ",\n\n" + json.dumps(exported(bad)[0]) + "\n]"
    found = read(content)
    assert [(each.line, each.field) for each in found] == [
        (2, "annotations[0].result[0].value"),
        (2, "annotations[0].result[1].value"),
        (4, "annotations[0].result[0].value"),
    ]


@given(documents())
def test_what_is_written_comes_back(made: DocumentRecord) -> None:
    record = read_one(written([made], VOTES)[0])
    assert record.article.text == made.text
    assert places(record.claims) == places(made.claims)
    back = {claim.id: claim for claim in record.claims}
    for each in made.claims:
        assert said(back[each.id]) == said(each)
        assert back[each.id].author == each.author


def test_a_detail_of_another_target_is_no_claim() -> None:
    made = document("One two", [(0, 3)])
    assert [claim.target for claim in read_one(written([made])[0]).claims] == [Target.ATTRIBUTION]
