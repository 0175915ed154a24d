"""Reader of files that are one article each: plain text, Markdown, HTML. They are extracted, and their bytes kept.

pdf.py and docx.py read those that are no text, and make the same record of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from annotator.domain.extract import (
    Extraction,
    extract_html,
    extract_markdown,
    extract_text,
    looks_like_markdown,
    normalised,
)
from annotator.domain.text import problem_with
from annotator.formats.decoding import decode
from annotator.formats.fields import LONGEST
from annotator.formats.records import ArticleRecord, ArticleSource, RecordError

_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^<>]{0,500}?(?:charset|encoding)\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_.:\-]{2,40})", re.I
)
_HTML_START = re.compile(
    r"\s{0,200}(?:<\?xml[^<>]{0,200}\?>\s{0,200})?<(?:!doctype\s{1,20}html|html|head|body)\b", re.I
)


@dataclass(frozen=True)
class DocumentFormat:
    """How one kind of file becomes an article."""

    media_type: str
    extract: Callable[[str], Extraction]


DOCUMENTS = {
    "text": DocumentFormat("text/plain", extract_text),
    "markdown": DocumentFormat("text/markdown", extract_markdown),
    "html": DocumentFormat("text/html", extract_html),
}


def read_document(
    content: bytes, filename: str, *, kind: str | None, encoding: str | None
) -> ArticleRecord | RecordError:
    """The article of a whole file. `kind` is a key of DOCUMENTS, or None for what the text looks like."""
    if not content:
        return RecordError("The file is empty.")
    declared = _CHARSET.search(content[:4_096]) if kind in {"html", None} else None
    decoded = decode(content, chosen=encoding, declared=declared.group(1).decode() if declared else None)
    if isinstance(decoded, RecordError):
        return decoded
    problem = problem_with(decoded.text)
    if problem is not None:
        return RecordError(problem)
    if not decoded.text.strip():
        return RecordError("The file holds nothing but white space.")
    reader = DOCUMENTS[kind or kind_of(decoded.text)]
    extraction = reader.extract(decoded.text)
    if not extraction.text.strip():
        return RecordError("The file holds no text that could be read. Look whether it is the right file.")
    source = ArticleSource(content, filename, reader.media_type, decoded.encoding.name, decoded.newlines)
    return record_of(extraction, source, warnings=[decoded.encoding.warning] if decoded.encoding.warning else [])


def kind_of(text: str) -> str:
    """Which of DOCUMENTS a text is by its looks."""
    if _HTML_START.match(text.removeprefix("\ufeff")):
        return "html"
    return "markdown" if looks_like_markdown(normalised(text)) else "text"


def record_of(extraction: Extraction, source: ArticleSource, *, warnings: Sequence[str] = ()) -> ArticleRecord:
    """The record of an article that was extracted from the bytes of `source`."""
    return ArticleRecord(
        text=extraction.text,
        blocks=extraction.blocks,
        source_hash=hashlib.sha256(source.content).hexdigest(),
        title=extraction.title[: LONGEST["title"]],
        url=extraction.url if len(extraction.url) <= LONGEST["url"] else "",
        publisher=extraction.publisher[: LONGEST["publisher"]],
        agency=extraction.agency[: LONGEST["agency"]],
        byline=extraction.byline[: LONGEST["byline"]],
        published=extraction.published,
        language=extraction.language,
        source=source,
        source_file=source.filename,
        suggested_title=extraction.suggested_title,
        warnings=(*warnings, *extraction.warnings),
    )
