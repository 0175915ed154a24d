"""Reader of PDF documents (extra `office`): the lines of their pages, put together by `domain/extract/layout.py`.

A PDF says which letters to draw where, and nothing of words and paragraphs. What cannot be read is refused: one without
text (a scan), one that needs a password, one whose fonts do not say which letters they draw.
"""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from annotator.domain.extract import Line, extract_pages
from annotator.domain.text import problem_with
from annotator.formats.documents import record_of
from annotator.formats.records import ArticleRecord, ArticleSource, RecordError

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MEDIA_TYPE = "application/pdf"
MOST_PAGES = 1_000
MOST_DRAWN = 100_000_000
"""How many bytes the instructions that draw the pages may have together, once they are unpacked."""

FEWEST_PER_PAGE = 10
"""A document with fewer characters on a page, on average, is a scan with a stamp on it."""

_NO_EXTRA = "To read PDF documents install the extra 'office' (pip install 'annotator[office]'), or save it as text."
_DAMAGED = "This PDF is damaged, or no PDF at all: open it in a viewer and print it into a new PDF, or save it as text."
_LOCKED = "This PDF is protected by a password: save a copy without one."
_SCAN = "There is no text in this PDF, only pictures of pages: read it with a program for text recognition (OCR) first."
_NO_LETTERS = "The fonts of this PDF do not say which letters they draw, so its text cannot be read. Save it as text."
_LARGE = f"This PDF is too large to be read: at most {MOST_PAGES:,} pages are possible. Split it into its articles."


class _Refused(Exception):
    """Why the document is not read, in a sentence."""


def read_pdf(content: bytes, filename: str, *, limit: int) -> ArticleRecord | RecordError:
    """The article of a whole document; `limit` is how many characters it may have."""
    try:
        extraction = extract_pages(_pages(content, limit))
    except _Refused as refusal:
        return RecordError(str(refusal))
    if not extraction.text.strip():
        return RecordError(_SCAN)
    problem = problem_with(extraction.text)
    if problem is not None:
        return RecordError(problem)
    return record_of(extraction, ArticleSource(content, filename, MEDIA_TYPE, encoding=""))


def _pages(content: bytes, limit: int) -> Sequence[Sequence[Line]]:
    """The lines of each page. Raises _Refused."""
    try:
        import pypdf
    except ModuleNotFoundError:
        raise _Refused(_NO_EXTRA) from None
    # It tells its troubles to the log of the program, where nobody would know of which file.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = list(_read(pypdf.PdfReader(io.BytesIO(content)), limit))
    except _Refused:
        raise
    except (pypdf.errors.DependencyError, pypdf.errors.FileNotDecryptedError) as error:
        raise _Refused(_LOCKED) from error
    except pypdf.errors.LimitReachedError as error:
        raise _Refused(_LARGE) from error
    except Exception as error:
        # A damaged file stops the reader in whatever way.
        raise _Refused(_DAMAGED) from error
    _require_letters(pages)
    return pages


def _read(reader: PdfReader, limit: int) -> Iterator[list[Line]]:
    if reader.is_encrypted and not reader.decrypt(""):
        raise _Refused(_LOCKED)
    if len(reader.pages) > MOST_PAGES:
        raise _Refused(_LARGE)
    drawn = characters = 0
    for page in reader.pages:
        contents = page.get_contents()
        drawn += len(contents.get_data()) if contents is not None else 0
        if drawn > MOST_DRAWN:
            raise _Refused(_LARGE)
        lines = _lines(page)
        characters += sum(len(line.text) for line in lines)
        if characters > limit:
            raise _Refused(_LARGE)
        yield lines


def _require_letters(pages: Sequence[Sequence[Line]]) -> None:
    text = "".join(line.text for page in pages for line in page)
    if sum(not character.isspace() for character in text) < FEWEST_PER_PAGE * len(pages):
        raise _Refused(_SCAN)
    unknown = sum(
        1 for character in text if character == "\ufffd" or character < " " or "\ue000" <= character < "\uf900"
    )
    if unknown * 20 > len(text):
        raise _Refused(_NO_LETTERS)


def _lines(page: PageObject) -> list[Line]:
    """The lines of a page, in the order in which it draws them."""
    found: list[Line] = []
    parts: list[Line] = []

    def end() -> None:
        text = "".join(part.text for part in parts)
        words = [part for part in parts if part.text.strip()]
        parts.clear()
        if words:
            # A bullet or a raised figure says little about the letters of its line.
            most = max(words, key=lambda part: len(part.text))
            found.append(Line(text, words[0].x, words[0].y, most.size, most.bold))

    def draw(text: str, *drawn: Any) -> None:
        world, matrix, font, size = drawn
        for number, part in enumerate(text.split("\n")):
            if number:
                end()
            parts.append(Line(part, *_place(world, matrix, size), _is_bold(font)))

    page.extract_text(visitor_text=draw)
    end()
    return found


def _place(world: Sequence[float], matrix: Sequence[float], size: float) -> tuple[float, float, float]:
    """Where on the page a text begins, and how large its letters are there, in points."""
    a, b, c, d, e, f = world
    x, y = matrix[4], matrix[5]
    # The height of a letter is the length of its upright unit under both matrices.
    up = (c * matrix[3] + a * matrix[2], d * matrix[3] + b * matrix[2])
    return a * x + c * y + e, b * x + d * y + f, abs(size) * math.hypot(*up)


def _is_bold(font: Any) -> bool:
    name = str(font.get("/BaseFont", "")) if font else ""
    return "bold" in name.lower()
