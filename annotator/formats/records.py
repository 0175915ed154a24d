"""The neutral records that every format reads and writes; they know no models and no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from annotator.domain.claims import Claim, Evidence, Speaker, Target
from annotator.domain.selectors import Quote
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

    `newlines` is what the line ends were before normalisation: "lf", "crlf", "cr", "mixed" or "none". The `encoding` of
    what is no text is empty.
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


@dataclass(frozen=True)
class ArticleDetails:
    """What is known of an article beside its text; "" and None are "not given"."""

    title: str = ""
    publisher: str = ""
    agency: str = ""
    byline: str = ""
    published: date | None = None
    language: str = ""
    url: str = ""
    group: str = ""


# What is written: a dataset is documents, and a document is an article with its claims.


@dataclass(frozen=True)
class LabelRecord:
    """A label of the project; `tone` (1 to 8) stands for its colour."""

    key: str
    name: str
    definition: str = ""
    tone: int = 1
    retired: bool = False


@dataclass(frozen=True)
class DatasetRecord:
    """What all documents of one export have in common.

    `layer` is "gold" or "annotations". `release` is the version of a frozen one. `base_url` is the public address of
    the installation without a slash at its end, or empty if it has none that others can open.
    """

    project: str
    name: str
    layer: str
    labels: Sequence[LabelRecord] = ()
    release: str | None = None
    base_url: str = ""


@dataclass(frozen=True)
class ClaimRecord:
    """A claim as it is exported. `author` is who made it: the reviewer, of gold the adjudicator.

    `block` is the number of its paragraph, from 1. `row` is the claim's row in the table of its layer, by column, for
    what has no field here (votes, round, justification, times).
    """

    id: UUID
    claim: Claim
    author: str
    block: int = 1
    row: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class LinkRecord:
    """A relation between two claims; directed relations go from `a` to `b`."""

    id: str
    a: UUID
    b: UUID
    relation: str
    layer: str = "annotations"
    aspect: str | None = None
    status: str = "confirmed"
    author: str | None = None
    note: str = ""
    created_at: str = ""


@dataclass(frozen=True)
class DocumentRecord:
    """An article in one version, with the claims of the exported layer in the order of their places.

    `links` are those that begin at a claim of the article (its `a`). For every claim `exact == text[start:end]`.
    """

    id: str
    text: str
    blocks: Sequence[Block]
    sha256: str
    version: int = 1
    external_id: str | None = None
    group: str = ""
    title: str = ""
    byline: str = ""
    agency: str = ""
    publisher: str = ""
    url: str = ""
    published: date | None = None
    language: str = ""
    claims: Sequence[ClaimRecord] = ()
    links: Sequence[LinkRecord] = ()


@dataclass(frozen=True)
class Export:
    """One layer of a dataset that can be written: a format takes its rows or its documents, each of them once.

    Close what you do not read to the end: it holds a read transaction. Only the layers of `DatasetRecord` have documents.
    """

    dataset: DatasetRecord
    columns: Sequence[str]
    rows: Callable[[], Generator[Sequence[Value], None, None]]
    documents: Callable[[], Generator[DocumentRecord, None, None]]


class Losses(Counter[str]):
    """What a format could not carry, counted while it is written: a sentence without a number, and how often it is true.

    `losses["claims that cross another one were left out"] += 1`
    """

    def sentences(self) -> list[str]:
        """Each with its number, in the order in which they came up."""
        return [f"{what[:1].upper()}{what[1:]}: {count:,}." for what, count in self.items() if count]


class CannotWrite(ValueError):
    """A dataset that a format has no room for, or a format whose library is not there: a sentence with the way out."""


# What is read: claims of another program, whose places may be known by their quotes alone.


@dataclass(frozen=True)
class ArticleReference:
    """By what a file names the article that its claims are about; whatever is empty is not known."""

    id: str = ""
    external_id: str = ""
    url: str = ""
    sha256: str = ""
    title: str = ""
    version: int | None = None


@dataclass(frozen=True)
class ReadClaim:
    """A claim as a file gave it. `label` is in the words of the file; who imports says which label is meant.

    `start` and `end` are code points of the article's text, or None when the file has a quote only. `id` is the UUID
    that the file gives it, if it is one; `key` names it within the file, for its links. `author` is in the file's words.
    """

    label: str
    quote: Quote
    start: int | None = None
    end: int | None = None
    id: UUID | None = None
    key: str = ""
    author: str = ""
    target: Target = Target.CONTENT
    reason: str = ""
    speaker: Speaker | None = None
    claim_text: str = ""
    event_start: date | None = None
    event_end: date | None = None
    note: str = ""
    confidence: float | None = None
    evidence: Sequence[Evidence] = ()
    line: int | None = None


@dataclass(frozen=True)
class ReadLink:
    """A relation between two claims of a file, by their `key`s."""

    a: str
    b: str
    relation: str
    aspect: str = ""
    note: str = ""


@dataclass(frozen=True)
class AnnotatedRecord:
    """An article of a file with its claims. `article` is there if the file has its text, else only `reference`."""

    reference: ArticleReference
    article: ArticleRecord | None = None
    claims: Sequence[ReadClaim] = ()
    links: Sequence[ReadLink] = ()
    warnings: Sequence[str] = ()
    line: int | None = None
