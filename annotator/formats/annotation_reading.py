"""Which reader a file with annotations gets. A reader yields `AnnotatedRecord`s, or what is wrong with the file.

A reader joins with one line in READERS: it is called with a stream at its beginning that can be rewound.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import BinaryIO, Protocol

from annotator.formats.annotation_rows import read_annotation_csv, read_annotation_jsonl
from annotator.formats.brat_reader import read_brat
from annotator.formats.decoding import HEAD
from annotator.formats.doccano_reader import read_doccano
from annotator.formats.label_studio_reader import read_label_studio
from annotator.formats.reading import LIMIT, seekable
from annotator.formats.records import AnnotatedRecord, RecordError
from annotator.formats.uima_xmi_reader import read_uima_xmi
from annotator.formats.web_annotation.model import ANNO
from annotator.formats.web_annotation.reader import read_web_annotations


class Reader(Protocol):
    """Reads the annotations of a stream; `limit` is how many characters a record may have."""

    def __call__(self, stream: BinaryIO, filename: str, *, limit: int) -> Iterator[AnnotatedRecord | RecordError]: ...


READERS: dict[str, Reader] = {
    "jsonl": read_annotation_jsonl,
    "csv": read_annotation_csv,
    "doccano": read_doccano,
    "label-studio": read_label_studio,
    "brat": read_brat,
    "uima-xmi": read_uima_xmi,
    "web-annotation": read_web_annotations,
}
"""The formats in which annotations can be read, by the names of the command line."""

_TEXT_KEY = re.compile(r'"text"\s*:')
_LINES = frozenset({".jsonl", ".ndjson", ".json"})
_UNTOLD = "The format of this file cannot be told by its name and content. Name it: --format " + "|".join(READERS)


@contextmanager
def rereadable_annotations(
    stream: BinaryIO,
    filename: str,
    *,
    format: str = "auto",  # noqa: A002
    limit: int = LIMIT,
) -> Iterator[Callable[[], Iterator[AnnotatedRecord | RecordError]]]:
    """A function that reads the annotations of `stream` from its beginning each time that it is called.

    Raises ValueError for a format that is neither "auto" nor one of READERS.
    """
    if format != "auto" and format not in READERS:
        raise ValueError(f"'{format}' is no format of annotations; these are: {', '.join(READERS)}.")
    with seekable(stream) as source:

        def read() -> Iterator[AnnotatedRecord | RecordError]:
            source.seek(0)
            chosen = told_by(filename, source.read(HEAD)) if format == "auto" else format
            source.seek(0)
            if chosen not in READERS:
                return iter([RecordError(f"{_UNTOLD}.")])
            return READERS[chosen](source, filename, limit=limit)

        yield read


def told_by(filename: str, head: bytes) -> str | None:
    """The format that a file seems to be in, by its name and its first bytes; None if they do not tell."""
    suffix = PurePath(filename.lower()).suffix
    text = head.decode("utf-8-sig", errors="replace").lstrip()
    if suffix == ".csv":
        return "csv"
    if suffix in {".xmi", ".xml"} or '"http://www.omg.org/XMI"' in text:
        return "uima-xmi"
    if suffix in {".ann", ".zip"} or head.startswith(b"PK\x03\x04"):
        return "uima-xmi" if b"TypeSystem.xml" in head or b".xmi" in head else "brat"
    if text.startswith(("{", "[")) and f'"{ANNO}"' in text:
        return "web-annotation"
    if text.startswith("["):
        return "label-studio"
    if suffix in _LINES or text.startswith("{"):
        return _of_first_line(text)
    return None


def _of_first_line(text: str) -> str:
    """Our own lines name the claim's quote; those of doccano bring the whole text."""
    try:
        first = json.loads(text.split("\n", 1)[0])
    except ValueError:
        return "doccano" if _TEXT_KEY.search(text) else "jsonl"
    return "jsonl" if isinstance(first, dict) and "exact" in first else "doccano"
