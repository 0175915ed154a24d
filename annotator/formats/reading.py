"""Which reader a file gets, by what was asked for, by its name, by its first bytes; and how large it may be."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import BinaryIO, cast

from annotator.formats.csv import is_guarded, read_csv
from annotator.formats.decoding import HEAD, not_text, signed
from annotator.formats.documents import DOCUMENTS, read_document
from annotator.formats.docx import is_docx, read_docx
from annotator.formats.jsonl import read_jsonl
from annotator.formats.pdf import read_pdf
from annotator.formats.records import ArticleRecord, RecordError

FORMATS = ("auto", "text", "markdown", "html", "pdf", "docx", "csv", "csv-spreadsheet", "jsonl")
"""What `read_articles` reads, in the words of the command line."""

LIMIT = 20_000_000
"""How many bytes a file that is one article may have, and how many characters a row of CSV or a line of JSONL."""

OFFICE = {"pdf": read_pdf, "docx": read_docx}
"""The readers of files that are one article and no text."""

_IN_MEMORY = 1 << 20
_BY_SUFFIX = {
    ".csv": "csv",
    ".docx": "docx",
    ".htm": "html",
    ".html": "html",
    ".json": "jsonl",
    ".jsonl": "jsonl",
    ".markdown": "markdown",
    ".md": "markdown",
    ".ndjson": "jsonl",
    ".pdf": "pdf",
    ".text": "document",
    ".txt": "document",
    ".xhtml": "html",
}


def read_articles(
    content: BinaryIO,
    filename: str,
    *,
    format: str = "auto",  # noqa: A002
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    limit: int = LIMIT,
) -> Iterator[ArticleRecord | RecordError]:
    """The articles of a file, one by one, and what is wrong with it; a file with any error should not be stored.

    `format` is one of FORMATS: "auto" goes by the name, then by the content, and reads a .txt file that looks like
    Markdown as Markdown. `encoding` overrides what is detected, `columns` says in which column of a CSV, or under which key of JSON lines, each field stands. CSV and JSONL are streamed and may be of any length.
    Raises ValueError for a format that is none of FORMATS.
    """
    if format not in FORMATS:
        raise ValueError(f"'{format}' is no format that can be read; these are: {', '.join(FORMATS)}.")
    return _read(content, filename, format, encoding=encoding, columns=columns, limit=limit)


def told_by(filename: str, content: BinaryIO) -> str:
    """What "auto" takes a file for: one of FORMATS, or "document" where the text will tell; the stream is rewound."""
    head = content.read(HEAD)
    told = _office_format(content, filename, head, "auto") or _by_name_or_content(filename, head)
    content.seek(0)
    return told


def has_encoding(filename: str, content: BinaryIO) -> bool:
    """Whether it can help to read the file in another encoding: it is no picture, PDF or the like, nor empty."""
    head = content.read(HEAD)
    content.seek(0)
    return bool(head) and not signed(head) and told_by(filename, content) not in OFFICE


@contextmanager
def seekable(content: BinaryIO) -> Iterator[BinaryIO]:
    """The stream itself, or, of one that cannot be rewound (a pipe), a copy that can, on disk if it is large."""
    if content.seekable():
        yield content
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        shutil.copyfileobj(content, copy)
        copy.seek(0)
        yield cast(BinaryIO, copy)


def _read(
    content: BinaryIO,
    filename: str,
    wanted: str,
    *,
    encoding: str | None,
    columns: Mapping[str, str] | None,
    limit: int,
) -> Iterator[ArticleRecord | RecordError]:
    with seekable(content) as stream:
        head = stream.read(HEAD)
        office = _office_format(stream, filename, head, wanted)
        stream.seek(0)
        if office is not None:
            yield _office(stream, filename, office, limit=limit)
            return
        problem = not_text(head, chosen=encoding)
        if problem is not None:
            yield problem
            return
        chosen = _by_name_or_content(filename, head) if wanted == "auto" else wanted
        if chosen == "jsonl":
            yield from read_jsonl(stream, filename, encoding=encoding, limit=limit, chosen_keys=columns)
        elif chosen in {"csv", "csv-spreadsheet"}:
            guarded = chosen == "csv-spreadsheet" or (wanted == "auto" and is_guarded(filename, head))
            yield from read_csv(
                stream, filename, encoding=encoding, limit=limit, guarded=guarded, chosen_columns=columns
            )
        else:
            kind = chosen if chosen in DOCUMENTS else None
            yield _document(stream, filename, kind=kind, encoding=encoding, limit=limit)


def _office_format(stream: BinaryIO, filename: str, head: bytes, wanted: str) -> str | None:
    """A key of OFFICE, if the file is asked to be one, or is one by its content, else by its name."""
    if wanted != "auto":
        return wanted if wanted in OFFICE else None
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PK\x03\x04") and is_docx(stream):
        return "docx"
    by_name = _BY_SUFFIX.get(PurePath(filename.lower()).suffix)
    return by_name if by_name in OFFICE else None


def _office(stream: BinaryIO, filename: str, kind: str, *, limit: int) -> ArticleRecord | RecordError:
    """The article of a PDF or DOCX document."""
    content = stream.read(limit + 1)
    if len(content) > limit:
        return _too_large(stream, limit)
    if not content:
        return RecordError("The file is empty.")
    return OFFICE[kind](content, filename, limit=limit)


def _document(
    stream: BinaryIO,
    filename: str,
    *,
    kind: str | None,
    encoding: str | None,
    limit: int,
) -> ArticleRecord | RecordError:
    content = stream.read(limit + 1)
    if len(content) > limit:
        return _too_large(stream, limit)
    return read_document(content, filename, kind=kind, encoding=encoding)


def _too_large(stream: BinaryIO, limit: int) -> RecordError:
    size = stream.seek(0, 2) / 1e6
    return RecordError(
        f"The file has {size:,.1f} MB; one that is an article may have {limit / 1e6:,.1f} MB. "
        "Split it into its articles, or import them as CSV or JSONL."
    )


def _by_name_or_content(filename: str, head: bytes) -> str:
    """A key of DOCUMENTS, "csv" or "jsonl"; "document" leaves the choice among DOCUMENTS to the text."""
    by_name = _BY_SUFFIX.get(PurePath(filename.lower()).suffix)
    if by_name is not None:
        return by_name
    text = head.decode("utf-8-sig", errors="replace").lstrip()
    if text.startswith("{"):
        return "jsonl"
    header = next(csv.reader(text.splitlines()[:1]), [])
    return "csv" if len(header) > 1 and "text" in [name.strip().lower() for name in header] else "document"
