"""FEVER's JSON lines: its fields, evidence that can be looked up, and a second file for what has no label there."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import jsonschema
import pytest

from annotator.domain.claims import Evidence, Stance
from annotator.formats.fever import write_fever
from annotator.formats.records import DocumentRecord, Losses
from tests.support.datasets import DATASET, HOSTILE, JUNE, MAY, claim, document, hostile, small

WHOLE = {"type": "integer"}
# https://fever.ai/dataset/fever.html: evidence is a list of sets of [annotation, evidence, page, sentence].
POINTER = {
    "type": "array",
    "prefixItems": [WHOLE, WHOLE, {"type": "string"}, {"type": "integer", "minimum": 0}],
    "minItems": 4,
    "maxItems": 4,
}
NOWHERE = {
    "type": "array",
    "prefixItems": [WHOLE, WHOLE, {"const": None}, {"const": None}],
    "minItems": 4,
    "maxItems": 4,
}


def labels(words: list[str], verifiable: str, pointer: dict[str, Any]) -> dict[str, Any]:
    sets = {"type": "array", "minItems": 1, "items": {"type": "array", "minItems": 1, "items": pointer}}
    return {"properties": {"label": {"enum": words}, "verifiable": {"const": verifiable}, "evidence": sets}}


SCHEMA = {
    "type": "object",
    "properties": {
        "id": WHOLE,
        "claim_id": {"type": "string"},
        "verifiable": {"type": "string"},
        "label": {"type": "string"},
        "claim": {"type": "string", "minLength": 1},
        "evidence": {"type": "array"},
    },
    "required": ["id", "claim_id", "verifiable", "label", "claim", "evidence"],
    "additionalProperties": False,
    "oneOf": [
        labels(["SUPPORTS", "REFUTES"], "VERIFIABLE", POINTER),
        labels(["NOT ENOUGH INFO"], "NOT VERIFIABLE", NOWHERE),
    ],
}


def written(*documents: DocumentRecord, losses: Losses | None = None) -> dict[str, list[dict[str, Any]]]:
    content = b"".join(write_fever(DATASET, documents, Losses() if losses is None else losses))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.removesuffix(".jsonl"): [json.loads(line) for line in archive.read(name).split(b"\n")[:-1]]
            for name in archive.namelist()
        }


def sentence(pages: list[dict[str, Any]], name: str, index: int) -> str:
    """The sentence as readers of FEVER look it up."""
    [page] = [page for page in pages if page["id"] == name]
    lines = dict(line.split("\t", 1) for line in page["lines"].split("\n"))
    return str(lines[str(index)])


def test_every_line_has_the_fields_of_the_dataset() -> None:
    found = written(*small(), hostile())
    for line in found["claims"]:
        jsonschema.validate(line, SCHEMA)
    assert [line["id"] for line in found["claims"]] == sorted({line["id"] for line in found["claims"]})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.update(label="Supported"),
        lambda line: line.update(verifiable="NOT VERIFIABLE"),
        lambda line: line.update(evidence=[]),
        lambda line: line["evidence"][0][0].__setitem__(3, None),
        lambda line: line["evidence"][0][0].pop(),
        lambda line: line.update(id="one"),
    ],
)
def test_the_check_of_the_fields_catches_what_is_wrong(spoil: Any) -> None:
    [line] = [line for line in written(*small())["claims"] if line["claim"] == "calm"]
    spoil(line)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(line, SCHEMA)


def test_claims_get_a_label_or_go_to_the_second_file_with_the_reason() -> None:
    losses = Losses()
    found = written(*small(), losses=losses)
    assert [(line["claim"], line["label"]) for line in found["claims"]] == [
        ("Residents reported shelling", "NOT ENOUGH INFO"),
        ("three towns", "SUPPORTS"),
        ("calm", "REFUTES"),
    ]
    assert [(line["claim"], line["own_label"], line["why"]) for line in found["unlabelled"]] == [
        (JUNE[:57], "sourced", "it is about who said it, and a label would speak of what was said"),
        ("There is a complete ceasefire.", "disputed", "its evidence is conflicting"),
        ("a dozen shelled towns", "sourced", "none of its evidence can be pointed at"),
        ("Nobody could say", "rumour", "the label is the project's own"),
    ]
    assert sum(count for what, count in losses.items() if "unlabelled.jsonl" in what) == 4
    assert losses["evidence items of another stance than the label were left out"] == 1
    assert losses["links between claims were left out"] == 1


def test_evidence_points_at_the_sentence_of_a_page() -> None:
    found = written(*small())
    by_claim = {line["claim"]: line["evidence"] for line in found["claims"]}
    [[[_, _, page, index]]] = by_claim["calm"]
    assert (page, sentence(found["pages"], page, index)) == ("may:1", "Witnesses counted a dozen shelled towns.")
    [[[_, _, page, index]]] = by_claim["three towns"]
    assert sentence(found["pages"], page, index) == 'Article 1: "complete"'


def test_evidence_in_an_article_that_comes_later_is_found() -> None:
    later = Evidence(Stance.REFUTES, article="may", start=0, end=MAY.index(" Nobody"))
    found = written(
        document("june", JUNE, [claim(JUNE, "three towns", "disputed", evidence=(later,))]), document("may", MAY, [])
    )
    [line] = found["claims"]
    # Two sentences bear it, together.
    assert [pointer[2:] for pointer in line["evidence"][0]] == [["may:1", 0], ["may:1", 1]]


def test_evidence_in_an_article_that_is_not_there_is_counted() -> None:
    gone = Evidence(Stance.SUPPORTS, article="gone", start=0, end=4)
    losses = Losses()
    found = written(document("june", JUNE, [claim(JUNE, "three towns", evidence=(gone,))]), losses=losses)
    assert (len(found["claims"]), len(found["unlabelled"])) == (0, 1)
    assert losses["evidence items in articles that are not in it were left out"] == 1


def test_pages_are_exact_and_their_lines_are_whole() -> None:
    found = written(hostile())
    page = found["pages"][0]
    assert page["text"] == HOSTILE
    numbers = [line.split("\t")[0] for line in page["lines"].split("\n")]
    assert numbers == [str(n) for n in range(len(numbers))]
    assert all(line.count("\t") == 1 for line in page["lines"].split("\n"))
    ids = [record["claim_id"] for record in [*found["claims"], *found["unlabelled"]]]
    assert sorted(ids) == sorted(str(record.id) for record in hostile().claims)


def test_nothing_at_all_is_an_archive_of_empty_files() -> None:
    assert written() == {"pages": [], "claims": [], "unlabelled": []}
