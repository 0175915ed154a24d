"""Web annotations read: our own come back whole, those of others by their selectors, broken ones not at all."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from annotator.domain.selectors import Quote
from annotator.formats.records import AnnotatedRecord, DocumentRecord, Losses, ReadClaim, RecordError
from annotator.formats.web_annotation.reader import read_web_annotations
from annotator.formats.web_annotation.writer import write_web_annotations
from tests.support.datasets import DATASET, hostile, small, uuid

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
STORY = "https://news.example.org/1"


def annotation(**fields: Any) -> dict[str, Any]:
    given = {"@context": CONTEXT, "id": "https://a.example/1", "type": "Annotation", "target": STORY}
    return {key: value for key, value in (given | fields).items() if value is not ...}


def on(selector: Any, **fields: Any) -> dict[str, Any]:
    return annotation(target={"source": STORY, "selector": selector}, **fields)


def read(content: Any, limit: int = 1_000_000) -> list[AnnotatedRecord | RecordError]:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return list(read_web_annotations(io.BytesIO(raw), "a.json", limit=limit))


def articles(content: Any) -> list[AnnotatedRecord]:
    records = read(content)
    assert not [str(record) for record in records if isinstance(record, RecordError)]
    return [record for record in records if isinstance(record, AnnotatedRecord)]


def claims(content: Any) -> list[ReadClaim]:
    return [claim for article in articles(content) for claim in article.claims]


def test_what_we_wrote_comes_back_whole() -> None:
    documents: list[DocumentRecord] = [*small()[:2], hostile()]
    content = b"".join(write_web_annotations(DATASET, documents, Losses()))
    for article, document in zip(articles(content), documents, strict=True):
        reference = article.reference
        assert (reference.id, reference.version, reference.sha256) == (document.id, 1, document.sha256)
        assert (reference.external_id, reference.url, reference.title) == (
            document.external_id,
            document.url,
            document.title,
        )
        assert not article.warnings
        for found, record in zip(article.claims, document.claims, strict=True):
            claim = record.claim
            assert (found.start, found.end, found.quote.exact) == (claim.start, claim.end, claim.exact)
            assert (found.id, found.author) == (record.id, record.author)
            for name in (
                "label", "target", "reason", "speaker", "claim_text", "event_start", "event_end", "note", "confidence",
            ):  # fmt: skip
                assert getattr(found, name) == getattr(claim, name), name
            assert tuple(found.evidence) == claim.evidence
        assert [(link.a, link.b, link.relation, link.aspect, link.note) for link in article.links] == [
            (f"urn:uuid:{link.a}", f"urn:uuid:{link.b}", link.relation, link.aspect, link.note)
            for link in document.links
        ]


POSITION = {"type": "TextPositionSelector", "start": 4, "end": 9}
QUOTE = {"type": "TextQuoteSelector", "exact": "Witnesses", "prefix": "calm. "}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (POSITION, (Quote(""), 4, 9)),
        (QUOTE, (Quote("Witnesses", "calm. "), None, None)),
        ([POSITION, QUOTE], (Quote("Witnesses", "calm. "), 4, 9)),
        ([{"type": "XPathSelector", "value": "//p"}, QUOTE], (Quote("Witnesses", "calm. "), None, None)),
        # A refinement counts from the beginning of what it refines.
        (POSITION | {"refinedBy": {"type": "TextPositionSelector", "start": 1, "end": 3}}, (Quote(""), 5, 7)),
        (QUOTE | {"refinedBy": {"type": "TextPositionSelector", "start": 0, "end": 3}}, (Quote("Wit"), None, None)),
        ({"type": "FragmentSelector", "value": "p5", "refinedBy": QUOTE}, (Quote("Witnesses", "calm. "), None, None)),
        (
            {
                "type": "RangeSelector",
                "startSelector": {"type": "XPathSelector", "value": "//p[1]"},
                "endSelector": {"type": "XPathSelector", "value": "//p[2]"},
                "refinedBy": QUOTE,
            },
            (Quote("Witnesses", "calm. "), None, None),
        ),
        # A range ends where its end selector begins.
        (
            {
                "type": "RangeSelector",
                "startSelector": POSITION,
                "endSelector": {"type": "TextPositionSelector", "start": 20, "end": 25},
            },
            (Quote(""), 4, 20),
        ),
    ],
)
def test_the_passage_comes_out_of_the_selectors(selector: Any, expected: tuple[Any, ...]) -> None:
    [claim] = claims(on(selector))
    assert (claim.quote, claim.start, claim.end) == expected


@pytest.mark.parametrize(
    "target",
    [
        STORY,
        {"id": "https://a.example/picture.png", "type": "Image"},
        {"source": STORY, "selector": {"type": "CssSelector", "value": "p"}},
        # Offsets inside a part that nobody can find mean nothing.
        {"source": STORY, "selector": {"type": "FragmentSelector", "value": "p5", "refinedBy": POSITION}},
        {"source": STORY, "selector": "https://a.example/selector"},
    ],
)
def test_what_marks_no_text_is_left_out_with_a_warning(target: Any) -> None:
    [article] = articles(annotation(target=target))
    assert not article.claims
    assert article.warnings == ("1 annotation: marks no text that could be found, and was left out",)


def test_an_annotation_of_several_passages_makes_a_claim_of_each() -> None:
    other = "https://news.example.org/2"
    target = [{"source": STORY, "selector": POSITION}, {"source": other, "selector": QUOTE}]
    first, second = articles(annotation(id=f"urn:uuid:{uuid('a', 1)}", target=target))
    assert (first.reference.url, second.reference.url) == (STORY, other)
    assert first.claims[0].id == uuid("a", 1)
    assert second.claims[0].id is None
    assert first.claims[0].key != second.claims[0].key


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"body": {"type": "TextualBody", "value": "false", "purpose": "classifying"}}, ("false", "", "")),
        ({"motivation": "tagging", "body": {"type": "TextualBody", "value": "false"}}, ("false", "", "")),
        ({"bodyValue": "Hm"}, ("", "", "Hm")),
        ({}, ("", "", "")),
        (
            {
                "body": [
                    {"type": "TextualBody", "value": "Hm", "purpose": "commenting"},
                    {"type": "TextualBody", "value": "false", "purpose": "classifying"},
                    {"type": "TextualBody", "value": "hedged", "purpose": "tagging"},
                    "https://a.example/more",
                ]
            },
            ("false", "hedged", "Hm\n\nhttps://a.example/more"),
        ),
        (
            {
                "motivation": "classifying",
                "body": {"type": "SpecificResource", "purpose": "classifying", "source": "https://v.example/false"},
            },
            ("https://v.example/false", "", ""),
        ),
    ],
)
def test_label_reason_and_note_come_out_of_the_bodies(fields: Any, expected: tuple[str, ...]) -> None:
    [claim] = claims(on(POSITION, **fields))
    assert (claim.label, claim.reason, claim.note) == expected


@pytest.mark.parametrize(
    ("creator", "expected"),
    [
        ("https://p.example/ada", "https://p.example/ada"),
        ({"name": "Ada", "type": "Person"}, "Ada"),
        ([{"nickname": "ada"}, {"name": "Ben"}], "ada"),
        (..., ""),
    ],
)
def test_the_author_is_the_creator(creator: Any, expected: str) -> None:
    [claim] = claims(on(POSITION, creator=creator))
    assert claim.author == expected


def test_pages_collections_lists_and_single_annotations_are_read() -> None:
    inner = on(POSITION)
    inner.pop("@context")
    page = {"@context": CONTEXT, "id": "urn:page", "type": "AnnotationPage", "items": [inner, inner]}
    collection = {"@context": CONTEXT, "id": "urn:c", "type": "AnnotationCollection", "first": page}
    assert len(claims(page)) == 2
    assert len(claims(collection)) == 2
    assert len(claims([on(POSITION)])) == 1
    assert len(claims(on(POSITION))) == 1
    assert len(claims(("\ufeff" + json.dumps(on(POSITION))).encode())) == 1


def test_pages_that_are_somewhere_else_are_named_and_never_fetched() -> None:
    [found] = articles(
        {"@context": CONTEXT, "id": "urn:c", "type": "AnnotationCollection", "first": "https://a.example/p1"}
    )
    assert "no address is ever fetched" in found.warnings[0]
    [found] = articles(
        {
            "@context": CONTEXT,
            "id": "urn:p",
            "type": "AnnotationPage",
            "next": "https://a.example/p2",
            "items": [on(POSITION)],
        }
    )
    assert "another page" in found.warnings[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"this is not json", "not JSON"),
        (b'"\xff"', "UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": NaN}', "@context"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "@context"),
        (on(QUOTE | {"exact": "\ud800"}), "one text"),
        (annotation(bodyValue="\x00"), "must be text"),
        ({}, "@context"),
        (7, "@context"),
        ([{"type": "Annotation"}], "@context"),
        (annotation(**{"@context": "fish"}), "@context"),
        (annotation(type="Squirrel"), "'Annotation'"),
        (annotation(id="not a uri"), "exactly one address"),
        (annotation(id=["https://a.example/1", "https://a.example/2"]), "exactly one address"),
        (annotation(id=...), "exactly one address"),
        (annotation(target=...), "no target"),
        (annotation(target=9), "an address or an object"),
        (annotation(body="not a uri"), "an address or an object"),
        (annotation(body={"type": "TextualBody"}), "one value"),
        (annotation(body={"type": "TextualBody", "value": ["a", "b"]}), "one value"),
        (annotation(body={"items": ["https://a.example/1"]}), "without a type"),
        (annotation(body="https://a.example/b", bodyValue="b"), "one of them"),
        (annotation(bodyValue=23), "must be text"),
        (annotation(created="yesterday"), "one time"),
        (annotation(modified=["2015-01-28T12:00:00Z", "2015-01-28T12:00:01Z"]), "one time"),
        (annotation(creator=6), "an address or an object"),
        (annotation(rights="not a uri"), "an address"),
        (annotation(target={"type": "SpecificResource"}), "has a source"),
        (on({"type": "FragmentSelector"}), "one text"),
        (on({"type": "FragmentSelector", "value": ["x", "y"]}), "one text"),
        (on({"type": "TextQuoteSelector"}), "one text"),
        (on(QUOTE | {"prefix": 3}), "one text each"),
        (on({"type": "TextPositionSelector", "start": -1, "end": 2}), "whole numbers"),
        (on({"type": "TextPositionSelector", "start": 1.5, "end": 2}), "whole numbers"),
        (on({"type": "TextPositionSelector", "start": True, "end": 2}), "whole numbers"),
        (on({"type": "TextPositionSelector", "start": 3, "end": 2}), "not before its start"),
        (on({"type": "RangeSelector", "startSelector": POSITION}), "endSelector"),
        (on(POSITION, **{"annotator:target": "weather"}), "none of content, attribution"),
        (on(POSITION, **{"annotator:event_start": "2019-13-01"}), "a date"),
        (on(POSITION, **{"annotator:confidence": 7}), "from 0 to 1"),
        (on(POSITION, **{"annotator:evidence": [{}]}), "evidence[0].stance"),
        (on(POSITION, **{"annotator:evidence": ["x"]}), "list of objects"),
        (on(POSITION, **{"annotator:speaker_chain": [3]}), "list of names"),
    ],
)  # fmt: skip
def test_what_breaks_the_model_is_refused_and_says_why(content: Any, says: str) -> None:
    [error, *_] = read(content)
    assert isinstance(error, RecordError)
    assert says in str(error)
    assert not [record for record in read(content) if isinstance(record, AnnotatedRecord)]


def test_all_errors_are_collected_with_their_places() -> None:
    page = {
        "@context": CONTEXT,
        "type": "AnnotationPage",
        "items": [on(POSITION), annotation(id=3), 7, annotation(created=1)],
    }
    assert [record.field for record in read(page) if isinstance(record, RecordError)] == [
        "items[1].id",
        "items[2]",
        "items[3].created",
    ]


def test_a_selector_nested_without_end_is_refused() -> None:
    selector: dict[str, Any] = dict(POSITION)
    for _ in range(200):
        selector = POSITION | {"refinedBy": selector}
    [error] = read(on(selector))
    assert "nested too deeply" in str(error)


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    [error] = read(on(POSITION), limit=50)
    assert "more than 50 bytes" in str(error)
