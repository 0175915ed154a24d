"""PDF and DOCX documents: what comes out of them, what is said, and what is refused in one clear sentence."""

from __future__ import annotations

import io
import sys
import zipfile
from typing import Any

import pypdf
import pytest

from annotator.formats.pdf import read_pdf
from annotator.formats.reading import read_articles
from annotator.formats.records import ArticleRecord, RecordError
from tests.support.office import WORD, Drawn, docx, lines, paragraph, pdf

STORY = [
    "Both governments announced on Sunday that a complete cease-",
    "fire had begun. Nobody could say who had fired.",
]


def read(content: bytes, filename: str = "a.pdf", **options: Any) -> ArticleRecord | RecordError:
    (found,) = read_articles(io.BytesIO(content), filename, **options)
    return found


def article(content: bytes, filename: str = "a.pdf", **options: Any) -> ArticleRecord:
    found = read(content, filename, **options)
    assert isinstance(found, ArticleRecord), found
    return found


def refusal(content: bytes, filename: str = "a.pdf", **options: Any) -> str:
    found = read(content, filename, **options)
    assert isinstance(found, RecordError), found
    return str(found)


def a_pdf() -> bytes:
    return pdf([Drawn("A truce begins", 760, size=20), *lines(STORY, 720)])


def encrypted(content: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_becomes_an_article_with_its_bytes_kept() -> None:
    found = article(a_pdf())
    assert found.title == "A truce begins"
    assert found.text.endswith("a complete ceasefire had begun. Nobody could say who had fired.")
    assert found.source is not None
    assert (found.source.content, found.source.media_type) == (a_pdf(), "application/pdf")
    assert any("“ceasefire”" in warning for warning in found.warnings)


@pytest.mark.parametrize("filename", ["a.pdf", "A.PDF", "a.txt", "nameless"])
def test_a_pdf_is_known_by_its_content_whatever_its_name(filename: str) -> None:
    assert article(a_pdf(), filename).title == "A truce begins"


def test_a_pdf_without_text_is_called_a_scan() -> None:
    assert "text recognition" in refusal(pdf([], []))
    assert "text recognition" in refusal(pdf([Drawn("p. 1", 30)], [Drawn("p. 2", 30)]))


def test_a_pdf_with_a_password_is_refused_and_one_without_is_read() -> None:
    assert "protected by a password" in refusal(encrypted(a_pdf(), "secret"))
    assert article(encrypted(a_pdf(), "")).title == "A truce begins"


@pytest.mark.parametrize("content", [b"%PDF-1.4\nnothing", b"%PDF", a_pdf()[:300], b"just words"])
def test_a_damaged_pdf_is_refused(content: bytes) -> None:
    assert "damaged" in refusal(content)


def test_a_pdf_of_too_many_pages_or_letters_is_refused() -> None:
    assert "at most 1,000 pages" in refusal(pdf(*[[Drawn("A page of words.", 700)]] * 1_001))
    found = read_pdf(pdf(lines(["x" * 90] * 200, 820, leading=4)), "a.pdf", limit=17_000)
    assert isinstance(found, RecordError)
    assert "too large" in str(found)


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    assert "may have 0.0 MB" in refusal(a_pdf(), limit=100)


def test_fonts_that_do_not_say_their_letters_are_refused() -> None:
    private = a_pdf().replace(
        b"Both governments", b"\\001\\002\\003\\004\\005\\006\\007\\016\\017\\020\\021\\022\\023\\024\\025\\026"
    )
    assert "fonts" in refusal(private)


def test_a_docx_becomes_an_article_with_its_bytes_kept() -> None:
    content = docx(
        paragraph("A truce begins", "Title"),
        paragraph("Both governments announced a “complete ceasefire”.  Two  blanks."),
        paragraph("What comes next", "Heading1"),
        paragraph("Nobody could say who had fired."),
        paragraph("We saw nothing.", "Quote"),
        paragraph("A street, on Sunday.", "Caption"),
    )
    found = article(content, "a.docx")
    assert [(str(block.kind), found.text[block.start : block.end]) for block in found.blocks] == [
        ("title", "A truce begins"),
        ("paragraph", "Both governments announced a “complete ceasefire”. Two blanks."),
        ("subheading", "What comes next"),
        ("paragraph", "Nobody could say who had fired."),
        ("quote", "We saw nothing."),
        ("caption", "A street, on Sunday."),
    ]
    assert found.source is not None
    assert found.source.content == content


def test_a_docx_is_known_by_its_content_whatever_its_name() -> None:
    assert article(docx(paragraph("It was calm.")), "nameless").text == "It was calm."


def test_what_a_docx_loses_is_said() -> None:
    tracked = (
        '<w:p><w:ins w:id="1"><w:r><w:t>It was calm</w:t></w:r></w:ins>'
        '<w:del w:id="2"><w:r><w:delText> not</w:delText></w:r></w:del><w:r><w:t>.</w:t></w:r></w:p>'
    )
    found = article(
        docx(tracked, parts={"word/media/a.png": "x", "word/comments.xml": "<x/>", "word/header1.xml": "<x/>"}),
        "a.docx",
    )
    assert found.text == "It was calm."
    told = " ".join(found.warnings)
    for sentence in ("Pictures were left out.", "Comments were left out.", "Headers and footers", "taken as accepted"):
        assert sentence in told


def test_footnotes_stand_at_the_end_without_their_way_back() -> None:
    noted = '<w:p><w:r><w:t>It was calm.</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    note = f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:id="1">{paragraph("Says the ministry.")}</w:footnote></w:footnotes>'
    found = article(docx(noted, parts={"word/footnotes.xml": note}), "a.docx")
    assert found.text == "It was calm.[1]\n\nSays the ministry."
    assert any("square brackets" in warning for warning in found.warnings)


def test_a_docx_that_unpacks_to_far_more_is_refused() -> None:
    bomb = docx(paragraph("It was calm."), parts={"word/x.xml": "0" * 30_000_000})
    assert len(bomb) < 100_000
    assert "unpacks to more than 20 MB" in refusal(bomb, "a.docx")


def test_entities_that_grow_are_refused() -> None:
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "calm">{layers}]><w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>&e11;</w:t></w:r></w:p></w:body></w:document>'
    assert "damaged" in refusal(docx(parts={"word/document.xml": bomb}), "a.docx")


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", docx(paragraph("It was calm."))[:200], b"just words"])
def test_a_damaged_docx_is_refused(content: bytes) -> None:
    assert "damaged" in refusal(content, "a.docx")


def test_an_old_or_locked_document_and_an_empty_one_are_refused() -> None:
    assert "save it as DOCX" in refusal(b"\xd0\xcf\x11\xe0" + bytes(600), "a.docx")
    assert "no text in this document" in refusal(docx(), "a.docx")
    assert refusal(b"", "a.docx") == refusal(b"", "a.pdf") == "The file is empty."


def test_another_archive_is_no_document() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "ZIP archive" in refusal(out.getvalue(), "a.zip")


@pytest.mark.parametrize(("library", "content", "name"), [("pypdf", a_pdf(), "a.pdf"), ("mammoth", docx(), "a.docx")])
def test_without_the_extra_one_sentence_says_what_to_install(
    library: str, content: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert "annotator[office]" in refusal(content, name)
