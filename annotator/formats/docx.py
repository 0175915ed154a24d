"""Reader of DOCX documents (extra `office`): mammoth makes HTML of them, which is extracted as all HTML is.

Pictures, comments, and headers and footers of pages are left out, tracked changes are taken as accepted; what was left
out is said. The limits stand against archives that unpack to far more than they seem.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from annotator.domain.extract import extract_html
from annotator.domain.text import problem_with
from annotator.formats.documents import record_of
from annotator.formats.records import ArticleRecord, ArticleSource, RecordError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCUMENT = "word/document.xml"
MOST_PARTS = 5_000
MOST_MARKUP = 20_000_000
"""How many bytes the XML of a document may have: the reader needs about fifty times as much memory."""

OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_NO_EXTRA = "To read DOCX documents install the extra 'office' (pip install 'annotator[office]'), or save it as text."
_DAMAGED = "This DOCX document is damaged, or none at all: open it in a word processor and save it again."
_LOCKED = "This is an old Word document, or one protected by a password: save it as DOCX without a password."
_EMPTY = "There is no text in this document. Are its pages pictures?"
_LARGE = f"This document unpacks to more than {MOST_MARKUP / 1e6:,.0f} MB of text. Split it into its articles."

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='caption'] => figcaption:fresh
p[style-name='Caption'] => figcaption:fresh
"""
_WAY_BACK = re.compile(r' ?<a href="#[^"]{0,200}-ref-[^"]{0,200}">↑</a>')
_PARTS = (
    ("word/media/", "Pictures were left out."),
    ("word/comments", "Comments were left out."),
    ("word/header", "Headers and footers of the pages were left out."),
    ("word/footer", "Headers and footers of the pages were left out."),
)
_MARKS = (
    (
        rb"<w:(?:ins|del|moveFrom|moveTo) ",
        "Tracked changes were taken as accepted: what was deleted is not in the text.",
    ),
    (rb"<w:(?:foot|end)noteReference ", "Notes stand at the end of the text, their numbers in square brackets."),
)


def read_docx(content: bytes, filename: str, *, limit: int) -> ArticleRecord | RecordError:
    """The article of a whole document; `limit` is how many characters it may have."""
    if content.startswith(OLD_OFFICE):
        return RecordError(_LOCKED)
    try:
        problem, notes = _looked_through(content)
        if problem:
            return RecordError(problem)
        html = _html(content)
    except ModuleNotFoundError:
        return RecordError(_NO_EXTRA)
    except Exception:  # noqa: BLE001 -- a damaged document stops the reader in whatever way.
        return RecordError(_DAMAGED)
    extraction = extract_html(html, whole=True)
    if not extraction.text.strip():
        return RecordError(_EMPTY)
    if len(extraction.text) > limit:
        return RecordError(_LARGE)
    bad = problem_with(extraction.text)
    if bad is not None:
        return RecordError(bad)
    return record_of(extraction, ArticleSource(content, filename, MEDIA_TYPE, encoding=""), warnings=notes)


def is_docx(stream: BinaryIO) -> bool:
    """Whether a stream that can be rewound is an archive with a Word document in it."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return DOCUMENT in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _looked_through(content: bytes) -> tuple[str, list[str]]:
    """Why the archive is not unpacked, or "", and what will be left out of it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        markup = sum(part.file_size for part in parts if not part.filename.startswith("word/media/"))
        if len(parts) > MOST_PARTS or markup > MOST_MARKUP:
            return _LARGE, []
        notes = list(_notes([part.filename for part in parts], archive.read(DOCUMENT)))
    return "", list(dict.fromkeys(notes))


def _notes(names: list[str], document: bytes) -> Iterator[str]:
    for beginning, note in _PARTS:
        if any(name.startswith(beginning) for name in names):
            yield note
    for mark, note in _MARKS:
        if re.search(mark, document):
            yield note


def _html(content: bytes) -> str:
    import mammoth  # type: ignore[import-untyped]

    # Without a picture in it nothing of the document is fetched or copied.
    converted = mammoth.convert_to_html(
        io.BytesIO(content), style_map=_STYLES, convert_image=lambda _image: [], ignore_empty_paragraphs=True
    )
    return _WAY_BACK.sub("", str(converted.value))
