"""DocBin files, read back by spaCy: exact texts, every claim in its group, the files in parts by language."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
import spacy
from spacy.tokens import DocBin

from annotator.formats import spacy as ours
from annotator.formats.records import DatasetRecord, DocumentRecord, Losses
from annotator.formats.spacy import write_spacy
from tests.support.datasets import DATASET, claim, document, hostile, small


def files(
    *documents: DocumentRecord, dataset: DatasetRecord = DATASET, losses: Losses | None = None
) -> dict[str, bytes]:
    content = b"".join(write_spacy(dataset, documents, Losses() if losses is None else losses))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def docs(content: bytes) -> list[Any]:
    return list(DocBin().from_bytes(content).get_docs(spacy.blank("xx").vocab))


def test_texts_and_claims_come_back() -> None:
    losses = Losses()
    found = files(*small(), hostile(), losses=losses)
    assert sorted(found) == ["ar-0001.spacy", "en-0001.spacy"]
    read = [doc for name in sorted(found, reverse=True) for doc in docs(found[name])]
    for doc, source in zip(read, [*small(), hostile()], strict=True):
        assert doc.text == source.text
        assert doc.user_data["sha256"] == source.sha256
        spans = list(doc.spans["sc"]) if source.claims else []
        facts = doc.spans["sc"].attrs["claims"] if source.claims else []
        assert [span.id_ for span in spans] == [str(record.id) for record in source.claims]
        for span, fact, record in zip(spans, facts, source.claims, strict=True):
            assert span.label_ == record.claim.label
            assert record.claim.exact in span.text
            assert source.text[fact["start"] : fact["end"]] == record.claim.exact
    assert losses["evidence items were left out"] == 8
    assert losses["links between claims were left out"] == 1


def test_a_claim_on_whole_words_is_not_widened() -> None:
    losses = Losses()
    [content] = files(*small(), losses=losses).values()
    for doc, source in zip(docs(content), small(), strict=True):
        for span, record in zip(doc.spans.get("sc", []), source.claims, strict=True):
            assert (span.start_char, span.end_char) == (record.claim.start, record.claim.end)
    assert not [what for what in losses if "widened" in what]


def test_a_claim_inside_a_token_is_widened_and_counted() -> None:
    losses = Losses()
    [content] = files(document("a", "Ceasefire!", [claim("Ceasefire!", "fire")]), losses=losses).values()
    [doc] = docs(content)
    assert [span.text for span in doc.spans["sc"]] == ["Ceasefire"]
    assert doc.spans["sc"].attrs["claims"][0]["start"] == 5
    assert [count for what, count in losses.items() if "widened" in what] == [1]


def test_every_reviewer_has_a_group() -> None:
    june = small()[0]
    claims = [
        replace(june.claims[0], author="Ada"),
        replace(june.claims[1], author="Ben"),
        replace(june.claims[2], author="Ada"),
    ]
    [content] = files(replace(june, claims=claims), dataset=replace(DATASET, layer="annotations")).values()
    [doc] = docs(content)
    assert {name: len(spans) for name, spans in doc.spans.items()} == {"Ada": 2, "Ben": 1}


@pytest.mark.parametrize(("language", "name"), [("de-AT", "de"), ("", "xx"), ("tlh", "xx"), ("ja", "xx")])
def test_the_tokens_are_those_of_the_language_or_of_any(language: str, name: str) -> None:
    losses = Losses()
    assert list(files(replace(small()[0], language=language), losses=losses)) == [f"{name}-0001.spacy"]
    said = losses["articles were cut into tokens by the rules for any language, not by those of their own"]
    assert said == (1 if language and name == "xx" else 0)


def test_a_large_dataset_is_several_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "MOST_CHARACTERS", 150)
    many = [replace(small()[0], id=f"a{n}", language="de" if n % 3 else "en") for n in range(9)]
    found = files(*many)
    assert sorted(found) == ["de-0001.spacy", "de-0002.spacy", "de-0003.spacy", "en-0001.spacy", "en-0002.spacy"]
    assert sorted(doc.user_data["article_id"] for content in found.values() for doc in docs(content)) == [
        f"a{n}" for n in range(9)
    ]


def test_no_document_is_an_empty_archive() -> None:
    assert files() == {}
