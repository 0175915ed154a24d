"""UIMA CAS files: read back by dkpro-cassis, and by ours."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import Any
from xml.sax.saxutils import quoteattr

import cassis  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings

from annotator.formats.records import AnnotatedRecord, DocumentRecord, Losses, RecordError
from annotator.formats.uima_xmi import REPLACED, write_uima_xmi
from annotator.formats.uima_xmi_reader import read_uima_xmi
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
FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(*made: DocumentRecord) -> tuple[bytes, Losses]:
    losses = Losses()
    return b"".join(write_uima_xmi(GOLD, made, losses)), losses


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(content: bytes | str) -> list[AnnotatedRecord | RecordError]:
    stream = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return list(read_uima_xmi(stream, "doc.xmi", limit=LIMIT))


def read_one(content: bytes | str) -> AnnotatedRecord:
    [record] = read(content)
    assert isinstance(record, AnnotatedRecord), record
    return record


def by_cassis(content: bytes) -> list[Any]:
    """The CAS of each document, as an independent library loads it; it counts code points outside."""
    files = files_of(content)
    typesystem = cassis.load_typesystem(io.BytesIO(files.pop("TypeSystem.xml")))
    return [cassis.load_cas_from_xmi(io.BytesIO(each), typesystem=typesystem) for each in files.values()]


def quoted(content: bytes) -> list[list[tuple[str, str]]]:
    return [
        sorted((claim.get_covered_text(), claim.label) for claim in cas.select("webanno.custom.Claim"))
        for cas in by_cassis(content)
    ]


def storable(text: str) -> str:
    return FORBIDDEN.sub("\ufffd", text)


def expected(made: Iterable[DocumentRecord]) -> list[list[tuple[str, str]]]:
    return [sorted((storable(each.claim.exact), each.claim.label) for each in document.claims) for document in made]


def test_an_independent_library_finds_every_claim() -> None:
    made = [*hostile(), linked(), without_claims()]
    content, _ = written(*made)
    assert quoted(content) == expected(made)
    for cas, each in zip(by_cassis(content), made, strict=True):
        assert cas.sofa_string == storable(each.text)
        [article] = cas.select("webanno.custom.Article")
        assert (article.article_id, article.title, article.published) == (each.id, each.title, "2019-06-12")
        [described] = cas.select("de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData")
        assert (described.documentId, described.get_covered_text()) == (each.id, storable(each.text))


def test_an_independent_library_finds_evidence_and_links() -> None:
    [cas] = by_cassis(written(linked())[0])
    [first, *_] = cas.select("webanno.custom.Claim")
    assert first.speaker_chain == "The ministry → An agency, Ltd → The paper"
    assert float(first.confidence) == 0.35
    assert [item.stance for item in first.evidence.elements] == ["supports", "refutes", "qualifies", "mentions"]
    links = cas.select("webanno.custom.ClaimLink")
    found = sorted(
        (link.Governor.get_covered_text(), link.relation, link.Dependent.get_covered_text()) for link in links
    )
    assert found == [("Calm 🚑 held.", "contradicts", "It did not hold"), ("🚑", "supersedes", "Calm 🚑 held.")]
    # INCEpTION wants a relation where its dependent is.
    assert all((link.begin, link.end) == (link.Dependent.begin, link.Dependent.end) for link in links)


def test_offsets_counted_in_code_points_are_caught() -> None:
    made = document("Rescue 🚑 teams arrived", [(9, 14)])
    files = files_of(written(made)[0])
    assert b'begin="10" end="15"' in files["a1.xmi"]
    files["a1.xmi"] = files["a1.xmi"].replace(b'begin="10" end="15"', b'begin="9" end="14"')
    assert quoted(packed(files)) != expected([made])


def test_the_same_documents_give_the_same_bytes_and_one_is_held_at_a_time() -> None:
    assert written(*hostile())[0] == written(*hostile())[0]
    asked = []

    def slowly() -> Iterable[DocumentRecord]:
        for number in range(40):
            asked.append(number)
            # What does not deflate fills the first chunk soon.
            text = "".join(chr(0x4E00 + (number * 7 + i * i) % 20_000) for i in range(9_000))
            yield document(text, [], id=f"a{number}")

    next(write_uima_xmi(GOLD, slowly(), Losses()))
    assert len(asked) < 20


def test_what_xml_forbids_is_replaced_by_something_as_long_and_counted() -> None:
    made = document("a\x0bb\x1cc\ufffe d", [(0, 7)])
    content, losses = written(made)
    assert losses[REPLACED] == 3
    assert read_one(content).claims[0].quote.exact == "a\ufffdb\ufffdc\ufffd "
    assert written(document("a\tb\r\nc\x85 d", [(0, 7)]))[1][REPLACED] == 0


def test_all_that_a_claim_says_comes_back() -> None:
    for made in [*hostile(), linked()]:
        record = read_one(written(made)[0])
        assert record.reference == reference(made)
        assert record.article.text == storable(made.text)
        assert [said(claim) for claim in record.claims] == [said(claim) for claim in made.claims]
        assert [(claim.id, claim.author, claim.start, claim.end) for claim in record.claims] == [
            (each.id, each.author, each.claim.start, each.claim.end) for each in made.claims
        ]


def test_links_come_back_and_what_is_lost_is_counted() -> None:
    content, losses = written(linked())
    record = read_one(content)
    keys = {claim.key: claim.id.int for claim in record.claims}
    assert [(keys[link.a], keys[link.b], link.relation, link.aspect, link.note) for link in record.links] == [
        (1, 2, "contradicts", "number", "see both"),
        (3, 1, "supersedes", "", ""),
    ]
    assert losses == {
        "links to a claim of another article were left out": 1,
        "votes, outcomes and times of claims were left out": 3,
    }


# What INCEpTION and WebAnno write.

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>{before}<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" '
    'xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore" '
    'xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore" '
    'xmlns:seg="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore" '
    'xmlns:dep="http:///de/tudarmstadt/ukp/dkpro/core/api/syntax/type/dependency.ecore" '
    'xmlns:type="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore" xmi:version="2.0">'
)


def cas(*elements: str, text: str = "Calm 🚑 held on.", before: str = "") -> str:
    sofa = f'<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString={quoteattr(text)}/>'
    return f"{HEAD.format(before=before)}<cas:NULL xmi:id='0'/>{''.join(elements)}{sofa}</xmi:XMI>"


def test_custom_layers_are_read_and_tokens_are_not() -> None:
    record = read_one(
        cas(
            '<type:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="16" documentId="d.txt" documentTitle="T"/>',
            '<seg:Token xmi:id="3" sofa="1" begin="0" end="4"/>',
            '<ner:NamedEntity xmi:id="4" sofa="1" begin="0" end="4" value="ORG"/>',
            '<custom:Statement xmi:id="5" sofa="1" begin="8" end="12" kind="firm"/>',
            '<custom:Statement xmi:id="6" sofa="1" begin="0" end="4"/>',
            '<custom:Denies xmi:id="7" sofa="1" begin="0" end="4" Governor="5" Dependent="6" how="flatly"/>',
            '<dep:Dependency xmi:id="8" sofa="1" begin="0" end="4" Governor="3" Dependent="3" DependencyType="x"/>',
        )
    )
    assert (record.reference.external_id, record.article.title) == ("d.txt", "T")
    assert places(record.claims) == [(0, 4, "Calm", "Statement"), (7, 11, "held", "firm")]
    assert [(link.a, link.b, link.relation) for link in record.links] == [("5", "6", "flatly")]


def test_named_entities_are_read_where_there_is_no_custom_layer() -> None:
    entity = '<ner:NamedEntity xmi:id="4" sofa="1" begin="5" end="7" value="AMB" identifier="u"/>'
    token = '<seg:Token xmi:id="3" sofa="1" begin="0" end="4"/>'
    assert places(read_one(cas(token, entity)).claims) == [(5, 6, "🚑", "AMB")]


def test_a_file_without_spans_is_an_article_named_like_the_file() -> None:
    [record] = read(packed({"folder/one.xmi": cas(), "TypeSystem.xml": "<x/>"}))
    assert isinstance(record, AnnotatedRecord)
    assert (record.claims, record.reference.external_id) == ([], "one")


SPAN = '<custom:Claim xmi:id="5" sofa="1" begin="{}" end="{}" label="x"/>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (cas(SPAN.format(0, 99)), "no place in a text"),
        (cas(SPAN.format(6, 9)), "no place in a text"),
        (cas(SPAN.format(4, 4)), "must be after the start"),
        (cas(SPAN.format(-1, 4)), "whole numbers"),
        (cas(SPAN.format(0, "9" * 5_000)), "whole numbers"),
        (cas('<custom:Claim xmi:id="5" sofa="1" begin="0" end="4" label=" "/>'), "label is empty"),
        (cas('<custom:Claim xmi:id="5" sofa="1" begin="0" end="4" label="x" target="?"/>'), "'?' is none of"),
        (cas('<custom:Claim xmi:id="5" sofa="1" begin="0" end="4" label="x" evidence="77"/>'), "This is missing"),
        (cas(text=" "), "An article needs text"),
        (cas().replace("sofaString", "sofaURI"), "It has no text"),
        ("<x/>", "no CAS in XMI"),
        ("", "not XML"),
        ("nonsense", "not XML"),
        ("<x>", "not XML"),
        ("<a>" * 5_000 + "</a>" * 5_000, "not XML"),
        (cas(before=LAUGHS).replace("Calm", "&a11;"), "not XML"),
        (cas(before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'), "DOCTYPE"),
        (cas('<custom:Claim xmi:id="5">&e;</custom:Claim>', before='<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'), ""),
        ("x" * (LIMIT + 1), "more than 1.0 MB"),
        (packed({"a.txt": "x"}), "no XMI file"),
        (packed({"../a.xmi": "x"}), "leads out of the archive"),
        (packed({"a.xmi": " " * (LIMIT + 1)}), "more than 1.0 MB"),
        (b"PK nonsense", "not a ZIP archive"),
    ],
)  # fmt: skip
def test_what_is_wrong_or_hostile_is_refused(content: bytes | str, sentence: str) -> None:
    found = read(content)
    assert found
    assert all(isinstance(each, RecordError) for each in found)
    assert any(sentence in str(each) for each in found), found


def test_an_entity_of_another_file_never_gets_into_a_text(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("nobody may know")
    before = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    for content in (
        cas(before=before, text="Calm").replace("Calm", "&e;"),
        cas("<custom:C>&e;</custom:C>", before=before),
    ):
        assert all(isinstance(each, RecordError) and "nobody" not in str(each) for each in read(content))


def test_all_errors_of_all_files_are_given() -> None:
    bad = cas(SPAN.format(0, 99), "\n", SPAN.format(3, 3))
    found = read(packed({"a.xmi": bad, "b.xmi": bad}))
    assert [(each.line, each.field) for each in found] == [(1, "a.xmi"), (2, "a.xmi"), (1, "b.xmi"), (2, "b.xmi")]


@settings(max_examples=50)  # The independent library takes its time.
@given(documents())
def test_what_is_written_comes_back(made: DocumentRecord) -> None:
    content, _ = written(made)
    assert quoted(content) == expected([made])
    record = read_one(content)
    assert record.article.text == storable(made.text)
    back = {claim.id: claim for claim in record.claims}
    for each in made.claims:
        claim = back[each.id]
        assert (claim.start, claim.end, claim.label) == (each.claim.start, each.claim.end, each.claim.label)
        assert claim.author == each.author
        assert said(claim) == _in_xml(said(each))


def _in_xml(value: Any) -> Any:
    """The same with every text as XML can hold it."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return storable(value)
    if isinstance(value, tuple):
        return tuple(map(_in_xml, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _in_xml(getattr(value, field.name)) for field in fields(value)})
    return value
