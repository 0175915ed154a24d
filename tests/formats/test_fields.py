"""What the fields of an article may be, for CSV, JSONL and the API alike."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.fields import FIELDS, LONGEST, article_record_from_fields
from annotator.formats.records import ArticleRecord, RecordError

COMPLETE = {
    "text": "One.\r\n\r\nTwo.",
    "title": "A title",
    "url": "https://example.org/a?b=c",
    "publisher": "The Bay",
    "agency": "AP",
    "byline": "Ada Roe",
    "published": "2020-01-12",
    "language": "en-GB",
    "group": "ferries",
    "external_id": "a-1",
}


def record(**fields: Any) -> ArticleRecord:
    article = article_record_from_fields(fields)
    assert isinstance(article, ArticleRecord), article
    return article


def errors(**fields: Any) -> list[RecordError]:
    found = article_record_from_fields({"text": "x", **fields}, line=7)
    assert isinstance(found, list)
    return found


def test_every_field_arrives() -> None:
    article = record(**COMPLETE)
    assert set(COMPLETE) == set(FIELDS)
    for name in set(FIELDS) - {"published"}:
        assert getattr(article, name) == COMPLETE[name]
    assert article.published == date(2020, 1, 12)
    assert [article.text[block.start : block.end] for block in article.blocks] == ["One.", "Two."]
    assert article.suggested_title == ""


def test_nothing_empty_or_none_is_given() -> None:
    article = record(text="One stands. Two.", title="", url=None, external_id="", published="")
    assert (article.title, article.url, article.external_id, article.published) == ("", "", None, None)
    assert article.suggested_title == "One stands."


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1).filter(str.strip))
def test_text_is_stored_exactly(text: str) -> None:
    assert record(text=text).text == text


def test_the_hash_is_of_what_is_given_in_whatever_order_and_however_absent() -> None:
    first = record(text="x", title="t", url=None).source_hash
    assert first == record(title="t", text="x", byline="").source_hash
    assert first != record(text="x", title="t", publisher="Another").source_hash


def test_line_ends_in_names_become_blanks() -> None:
    assert record(text="x", title=" Ferries\r\nsail\u2028again ").title == "Ferries sail again"


@pytest.mark.parametrize("text", [None, "", " \n\u00a0"])
def test_an_article_needs_text(text: str | None) -> None:
    assert [error.field for error in errors(text=text)] == ["text"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("published", "2019-13-01", "'2019-13-01' is not a date (YYYY-MM-DD)."),
        ("published", "20190612", "not a date"),
        ("published", "2019-W02-1", "not a date"),
        ("published", "２０１９-06-12", "not a date"),
        ("url", "javascript:alert(1)", "not a web address"),
        ("url", "/relative", "not a web address"),
        ("url", "https://a b", "not a web address"),
        ("url", "http://[", "not a web address"),
        ("language", "english language", "not a language tag"),
        ("language", "e", "not a language tag"),
        ("external_id", "a\nb", "control character (U+000A)"),
        ("group", "a\x07b", "control character (U+0007)"),
        ("title", "a\x00b", "NUL"),
        ("text", "a\ud800", "U+D800"),
        ("title", "x" * 1_001, "at most 1,000"),
        ("headline", "x", "The fields are text, title"),
        ("external_id", 7, "not a number"),
        ("title", True, "not true or false"),
        ("text", ["x"], "not a list"),
        ("text", {"x": 1}, "not an object"),
        ("title", 1.5, "not a number"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_field(name: str, value: object, words: str) -> None:
    (error,) = errors(**{name: value})
    assert (error.line, error.field) == (7, name)
    assert words in error.problem


def test_everything_wrong_is_said_at_once() -> None:
    assert [error.field for error in errors(published="x", url="x", foo="x", text="")] == [
        "published",
        "url",
        "foo",
        "text",
    ]


@pytest.mark.parametrize("name", sorted(set(LONGEST) - {"published", "url", "language"}))
def test_a_field_may_be_as_long_as_is_said(name: str) -> None:
    assert getattr(record(text="x", **{name: "x" * LONGEST[name]}), name) == "x" * LONGEST[name]
    assert errors(**{name: "x" * (LONGEST[name] + 1)})
