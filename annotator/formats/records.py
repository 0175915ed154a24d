"""The neutral records that every format reads and writes; they know no models and no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from annotator.domain.text import Block

Value = str | int | float | bool | None
"""What stands in a cell of a table that is written; None is "not given"."""


@dataclass(frozen=True)
class RecordError:
    """Why one record of a file was refused: `problem` is a sentence, `line` counts from 1, `field` is a column or key.

    It reads "Line 14, field 'published': '2019-13-01' is not a date (YYYY-MM-DD)."; the caller puts the file's name before.
    """

    problem: str
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line is not None else []
        place += [f"field '{self.field}'"] if self.field else []
        where = ", ".join(place)
        return f"{where[0].upper()}{where[1:]}: {self.problem}" if where else self.problem


@dataclass(frozen=True)
class ArticleSource:
    """The bytes that an article was read from, kept as they came.

    `newlines` is what the line ends were before normalisation: "lf", "crlf", "cr", "mixed" or "none".
    """

    content: bytes
    filename: str = ""
    media_type: str = "text/plain"
    encoding: str = "utf-8"
    newlines: str = "none"


@dataclass(frozen=True)
class ArticleRecord:
    """One article as a file or a program gave it; `text` is stored exactly as it stands here.

    `source_hash` is the SHA-256 (hex) of the whole source record: the bytes of the file, or the canonical JSON of
    the CSV row, JSONL line or API object. `blocks` cover `text` in order without overlap. `source` is there for a file
    that became one article; `source_file` and `line` say where a row or line of a larger file stood.
    """

    text: str
    blocks: Sequence[Block]
    source_hash: str
    title: str = ""
    url: str = ""
    publisher: str = ""
    agency: str = ""
    byline: str = ""
    published: date | None = None
    language: str = ""
    group: str = ""
    external_id: str | None = None
    source: ArticleSource | None = None
    source_file: str = ""
    line: int | None = None
    suggested_title: str = ""
    warnings: Sequence[str] = field(default_factory=tuple)
