"""Files as they come: which reader they get, what comes out, what is refused."""

from __future__ import annotations

import codecs
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.reading import FORMATS, read_articles
from annotator.formats.records import ArticleRecord, RecordError

MARKDOWN = b"# Ferries sail\r\n\r\nThe *ferry* left.\r\n"
HTML = b"<!doctype html><html><head><meta charset=iso-8859-1><title>x</title></head><body><p>Caf\xe9 \x93x\x94.</p></body></html>"


def read(content: bytes, filename: str = "a.txt", **options: Any) -> list[ArticleRecord | RecordError]:
    return list(read_articles(io.BytesIO(content), filename, **options))


def article(content: bytes, filename: str = "a.txt", **options: Any) -> ArticleRecord:
    (found,) = read(content, filename, **options)
    assert isinstance(found, ArticleRecord), found
    return found


def refusals(content: bytes, filename: str = "a.txt", **options: Any) -> list[str]:
    found = read(content, filename, **options)
    assert all(isinstance(outcome, RecordError) for outcome in found), found
    return [str(outcome) for outcome in found]


def texts(content: bytes, filename: str, **options: Any) -> list[str]:
    return [
        outcome.text if isinstance(outcome, ArticleRecord) else str(outcome)
        for outcome in read(content, filename, **options)
    ]


@pytest.mark.parametrize(
    ("content", "filename", "media_type"),
    [
        (b"The ferry left.", "a.txt", "text/plain"),
        (MARKDOWN, "a.txt", "text/markdown"),
        (MARKDOWN, "a.md", "text/markdown"),
        (MARKDOWN, "A.MARKDOWN", "text/markdown"),
        (MARKDOWN, "readme", "text/markdown"),
        (HTML, "a.html", "text/html"),
        (HTML, "a.txt", "text/html"),
        (HTML, "page", "text/html"),
        (b"The ferry left.", "a.md", "text/markdown"),
        (b"The ferry left.", "a.unknown", "text/plain"),
    ],
)
def test_the_name_and_then_the_content_choose_the_reader(content: bytes, filename: str, media_type: str) -> None:
    source = article(content, filename).source
    assert source is not None
    assert source.media_type == media_type


def test_what_was_asked_for_overrides_the_name() -> None:
    assert article(MARKDOWN, "a.md", format="text").text == "# Ferries sail\n\nThe *ferry* left."
    assert article(b"text\nx\n", "a.txt", format="csv").text == "x"


def test_an_unknown_format_is_the_caller_s_mistake() -> None:
    with pytest.raises(ValueError, match="text, markdown, html, pdf, docx, csv"):
        read_articles(io.BytesIO(b"x"), "a.txt", format="odt")


def test_a_file_keeps_its_bytes_and_says_what_they_were() -> None:
    found = article(MARKDOWN, "folder/a.txt")
    assert found.source is not None
    assert (found.source.content, found.source.newlines, found.source.encoding) == (MARKDOWN, "crlf", "utf-8")
    assert found.source.filename == found.source_file == "folder/a.txt"
    assert found.source_hash == hashlib.sha256(MARKDOWN).hexdigest()
    assert (found.text, found.title) == ("Ferries sail\n\nThe ferry left.", "Ferries sail")


def test_a_page_s_declared_encoding_is_used() -> None:
    found = article(HTML, "a.html")
    assert found.text == "Café “x”."
    assert found.source is not None
    assert found.source.encoding == "windows-1252"


def test_a_guessed_encoding_is_a_warning_of_the_article() -> None:
    found = article(("Паром ушёл от южного причала в пятницу. " * 5).encode("windows-1251"))
    assert "guess" in found.warnings[0]
    assert article("Café".encode("windows-1252"), encoding="windows-1252").text == "Café"


@pytest.mark.parametrize("filename", ["a.txt", "a.md", "a.html", "a.csv", "a.jsonl", "a"])
@pytest.mark.parametrize(
    "content", [b"", b" \n\t ", b"%PDF-1.7", b"PK\x03\x04", bytes(range(256)) * 40, b"\xff\xfe\x00"]
)
def test_empty_and_binary_files_are_refused_with_one_sentence(content: bytes, filename: str) -> None:
    (refusal,) = refusals(content, filename)
    assert refusal.endswith(".")


@pytest.mark.parametrize("filename", ["a.txt", "a.md", "a.html"])
def test_a_large_document_is_refused_and_its_size_is_named(filename: str) -> None:
    (refusal,) = refusals(b"x" * 50_000_000, filename)
    assert "50.0 MB" in refusal
    assert "20.0 MB" in refusal


def test_nul_in_a_document_is_refused_with_its_place() -> None:
    assert "Character 4" in refusals(b"The\x00 ferry left.")[0]


# CSV


def test_csv_gives_an_article_for_each_row_with_its_text_exact() -> None:
    content = (
        codecs.BOM_UTF8
        + 'Text , title,published,article_group,external_id\r\n"One ""x"",\r\n\r\nTwo\rthree ",T,2020-01-12,g,1\r\n\r\nlast\u00a0,,,,\r\n'.encode()
    )
    first, second = read(content, "folder/a.csv")
    assert isinstance(first, ArticleRecord)
    assert isinstance(second, ArticleRecord)
    assert first.text == 'One "x",\r\n\r\nTwo\rthree '
    assert (first.title, first.published, first.group, first.external_id) == ("T", date(2020, 1, 12), "g", "1")
    assert (second.text, second.title, second.external_id) == ("last\u00a0", "", None)
    assert (first.line, second.line, first.source_file, first.source) == (2, 7, "folder/a.csv", None)


def test_columns_that_are_not_read_are_named_once() -> None:
    first, second = read(b"text,foo,bar\na,1,2\nb,1,2\n", "a.csv")
    assert isinstance(first, ArticleRecord)
    assert isinstance(second, ArticleRecord)
    assert [("foo" in warning, "bar" in warning) for warning in first.warnings] == [(True, True)]
    assert second.warnings == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"title,body\nx,y\n", ["Line 1, field 'text'", "'title', 'body'"]),
        (b"title;text\nx;y\n", ["Line 1, field 'text'", "semicolons"]),
        (b"text,Text\nx,y\n", ["Line 1, field 'text'", "twice"]),
        (b"text,group,article_group\nx,y,z\n", ["Line 1, field 'group'", "twice"]),
        (b"text\n", ["no row"]),
        (b"text,title\nx\n", ["Line 2", "1 cell where the header has 2"]),
        (b"text\nx,y,z\n", ["Line 2", "3 cells where the header has 1"]),
        (b'text\n"x\ny\n', ["Line 2", "never closed"]),
        (b'text\n"x"y\n', ["Line 2", "quote"]),
        (b"text,published\nx,2019-13-01\n", ["Line 2, field 'published': '2019-13-01' is not a date (YYYY-MM-DD)."]),
        (b'text,title\n" ",t\n', ["Line 2, field 'text'", "empty"]),
        (b"text,title\nx,a\x00b\n", ["Line 2, field 'title'", "NUL"]),
        (b"text,url\nx,javascript:y\n", ["Line 2, field 'url'", "not a web address"]),
    ],
)
def test_what_is_wrong_with_csv_is_said_with_line_and_field(content: bytes, words: list[str]) -> None:
    (refusal,) = refusals(content, "a.csv")
    assert all(word in refusal for word in words), refusal


def test_good_rows_and_all_errors_of_a_csv_file_come_out_in_order() -> None:
    found = texts(b'text,published\na,\nb,x\nc\nd,2020-01-12\n"e\n', "a.csv")
    assert [outcome.partition(":")[0] for outcome in found] == [
        "a",
        "Line 3, field 'published'",
        "Line 4",
        "d",
        "Line 6",
    ]


def test_a_cell_may_be_longer_than_python_s_csv_takes_by_itself() -> None:
    assert len(article(b"text\n" + b"x" * 300_000 + b"\n", "a.csv").text) == 300_000


def test_a_row_that_is_too_long_ends_the_reading() -> None:
    found = texts(b'text\na\n"' + b"x\n" * 600 + b'"\nb\n', "a.csv", limit=1_000)
    assert found[0] == "a"
    assert found[1].startswith("Line 3: The row has more than 1,000 characters.")
    assert len(found) == 2


def test_only_a_file_known_to_be_guarded_loses_its_guards() -> None:
    content = b"text\n'=1\n''=2\n'tis\n"
    exact, restored = ["'=1", "''=2", "'tis"], ["=1", "'=2", "'tis"]
    assert texts(content, "a.csv") == exact
    assert texts(codecs.BOM_UTF8 + content, "a.csv") == exact
    assert texts(content, "gold-spreadsheet.csv") == exact
    assert texts(codecs.BOM_UTF8 + content, "gold-spreadsheet.csv") == restored
    assert texts(codecs.BOM_UTF8 + content, "gold-spreadsheet.csv", format="csv") == exact
    assert texts(content, "a.csv", format="csv-spreadsheet") == restored


def test_csv_in_another_encoding_says_so_once() -> None:
    rows = "".join(f"Паром номер {number} ушёл от причала.\n" for number in range(20))
    found = read(f"text\n{rows}".encode("windows-1251"), "a.csv")
    assert all(isinstance(outcome, ArticleRecord) and outcome.text.startswith("Паром") for outcome in found)
    assert [len(outcome.warnings) for outcome in found if isinstance(outcome, ArticleRecord)] == [1, *[0] * 19]


# JSON lines


def test_jsonl_gives_an_article_for_each_line_with_its_text_exact() -> None:
    content = (
        codecs.BOM_UTF8
        + b'{"text": " One\\r\\n\\ud83d\\ude00\\u2028 ", "published": "2020-01-12", "title": null}\r\n\n{"text":"Two","external_id":"7"}'
    )
    first, second = read(content, "a.jsonl")
    assert isinstance(first, ArticleRecord)
    assert isinstance(second, ArticleRecord)
    assert first.text == " One\r\n😀\u2028 "
    assert (first.published, first.title, first.line) == (date(2020, 1, 12), "", 1)
    assert (second.text, second.external_id, second.line) == ("Two", "7", 3)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nope", ["Line 2:", "not JSON", "column 1"]),
        ('{"text": "a"', ["Line 2:", "not JSON", "column 13"]),
        ('{"text": "a"} {"text": "b"}', ["Line 2:", "not JSON"]),
        ("[1]", ["Line 2:", "one JSON object"]),
        ("null", ["Line 2:", "one JSON object"]),
        ("[" * 100_000, ["Line 2:", "too deeply"]),
        ('{"text": NaN}', ["Line 2:", "NaN"]),
        ('{"text": -Infinity}', ["Line 2:", "Infinity"]),
        ('{"text": "a", "text": "b"}', ["Line 2:", '"text"', "twice"]),
        ('{"text": "a", "body": "b"}', ["Line 2, field 'body'", "text, title"]),
        ('{"text": 1}', ["Line 2, field 'text'", "not a number"]),
        (f'{{"text": "a", "external_id": {"1" * 6_000}}}', ["Line 2, field 'external_id'", "not a number"]),
        ('{"text": "a\\u0000"}', ["Line 2, field 'text'", "NUL"]),
        ('{"text": "\\ud800"}', ["Line 2, field 'text'", "U+D800"]),
        ('{"text": "a", "b\\ud800": 1}', ["Line 2, field"]),
        ('{"title": "a"}', ["Line 2, field 'text'"]),
        ('{"text": "a", "published": "12 June"}', ["Line 2, field 'published'"]),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_line_and_field(line: str, words: list[str]) -> None:
    good, refusal, another = texts(f'{{"text": "good"}}\n{line}\n{{"text": "another"}}\n'.encode(), "a.jsonl")
    assert (good, another) == ("good", "another")
    assert all(word in refusal for word in words), refusal
    refusal.encode()


def test_a_line_that_is_too_long_is_passed_over() -> None:
    content = b'{"text": "' + b"x" * 5_000 + b'"}\n{"text": "b"}\n'
    assert texts(content, "a.jsonl", limit=1_000) == ["Line 1: The line has more than 1,000 characters.", "b"]


@pytest.mark.parametrize("content", [b'{"text": "a"}', b'\xef\xbb\xbf {"text": "a"}', b"text,title\na,b\n"])
def test_a_file_without_a_known_name_is_known_by_its_first_line(content: bytes) -> None:
    assert article(content, "upload").text == "a"


# All of them


def test_the_same_article_has_the_same_hash_as_row_and_as_line() -> None:
    row = article(b"title,text\nT,x\n", "a.csv")
    assert row.source_hash == article(b'{"text": "x", "title": "T", "url": null}', "a.jsonl").source_hash


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")).filter(str.strip), min_size=1)
)
def test_text_of_jsonl_comes_in_exactly(stories: list[str]) -> None:
    content = "\n".join(json.dumps({"text": story}) for story in stories).encode()
    assert texts(content, "a.jsonl") == stories


class Pipe(io.RawIOBase):
    """A stream that cannot be rewound."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: Any) -> int:
        return self._content.readinto(buffer)


def test_a_pipe_is_read_like_a_file() -> None:
    content = b"text\n" + (b"x" * 99 + b"\n") * 20_000
    outcomes = read_articles(io.BufferedReader(Pipe(content)), "a.csv")
    assert sum(1 for _ in outcomes) == 20_000


class Endless(io.RawIOBase):
    """A file of a great many rows that counts how much of it was asked for."""

    ROW = b"a story of some words\n"
    SIZE = 50_000_000

    def __init__(self) -> None:
        self.position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self.position = offset if whence == io.SEEK_SET else self.SIZE
        return self.position

    def readinto(self, buffer: Any) -> int:
        if self.position >= self.SIZE:
            return 0
        chunk = (b"text\n" if self.position == 0 else self.ROW * (len(buffer) // len(self.ROW)))[: len(buffer)]
        buffer[: len(chunk)] = chunk
        self.position += len(chunk)
        return len(chunk)


def test_rows_come_out_before_the_file_has_been_read_for_them() -> None:
    source = Endless()
    outcomes: Iterator[ArticleRecord | RecordError] = read_articles(io.BufferedReader(source), "a.csv")
    first = next(outcomes)
    assert isinstance(first, ArticleRecord)
    assert source.position < 1_000_000


@pytest.mark.parametrize("filename", ["a.txt", "a.md", "a.html", "a.csv", "a.jsonl", "a"])
@given(
    content=st.one_of(st.binary(max_size=100), st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
)
def test_whatever_a_file_holds_it_gives_articles_or_sentences(content: bytes, filename: str) -> None:
    found = read(content, filename)
    assert found
    assert all(isinstance(outcome, ArticleRecord) or str(outcome).endswith(".") for outcome in found)


@pytest.mark.parametrize("wanted", sorted(set(FORMATS) - {"auto"}))
@pytest.mark.parametrize("unit", [b"a", b" ", b'"', b"'", b",", b"[", b"<", b"{", b"\\", b"\r", b"<meta ", b"<?xml "])
def test_a_quarter_megabyte_of_one_thing_is_read_to_its_end(unit: bytes, wanted: str) -> None:
    assert read(unit * (250_000 // len(unit)), "a", format=wanted)
