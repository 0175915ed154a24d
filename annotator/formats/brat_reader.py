"""Reader of brat's standoff format: a ZIP of NAME.txt and NAME.ann, in folders or not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import BinaryIO

from annotator.domain.selectors import quote
from annotator.domain.spans import Span
from annotator.formats.annotated import article_of, label_of, uuid_or_none
from annotator.formats.archive import Archive, opened_archive
from annotator.formats.brat import LINE_ENDS, NOTE
from annotator.formats.claim_details import DETAILS, ENUMERATIONS, read_details
from annotator.formats.decoding import decode
from annotator.formats.fields import shown
from annotator.formats.records import AnnotatedRecord, ArticleReference, ReadClaim, ReadLink, RecordError

_TEXT_BOUND = re.compile(r"(\S+) (\d{1,12} \d{1,12}(?:;\d{1,12} \d{1,12})*)\s*")
_RELATION = re.compile(r"(\S+) Arg1:(\S+) Arg2:(\S+)\s*")
_ATTRIBUTE = re.compile(r"(\S+) (\S+)(?: (\S+))?\s*")
_NOTE = re.compile(r"(\S+) (\S+)\s*")
_VERSIONED = re.compile(r"(.+)-v(\d{1,6})")
_ESCAPE = re.compile(r"\\(\\|u[0-9a-f]{4})")
_UNREAD = {"E": "Events", "*": "Equivalences", "N": "Normalisations", "M": "Modifications"}


def read_brat(stream: BinaryIO, filename: str, *, limit: int) -> Iterator[AnnotatedRecord | RecordError]:
    """The documents of an archive, one by one, and all that is wrong with each; `limit` is in bytes for each file."""
    with opened_archive(stream, limit=limit) as archive:
        if isinstance(archive, RecordError):
            yield archive
            return
        names = set(archive.names)
        texts = [name for name in archive.names if name.endswith(".txt")]
        for name in archive.names:
            if name.endswith(".ann") and f"{name[:-4]}.txt" not in names:
                yield RecordError("There is no text (.txt) of the same name beside it.", field=name)
        for name in texts:
            yield from _document(archive, name, names, filename)
        if not texts:
            yield RecordError("The archive has no text (.txt) with annotations (.ann).")


def _document(archive: Archive, name: str, names: set[str], filename: str) -> Iterator[AnnotatedRecord | RecordError]:
    stem, annotations = name[:-4], f"{name[:-4]}.ann"
    text = _decoded(archive, name)
    lines = _decoded(archive, annotations) if annotations in names else ""
    if isinstance(text, RecordError) or isinstance(lines, RecordError):
        yield from (each for each in (text, lines) if isinstance(each, RecordError))
        return
    article = article_of(text, {"external_id": stem}, line=None, filename=filename)
    if isinstance(article, list):
        yield from (RecordError(error.problem, field=name) for error in article)
        return
    standoff = _Standoff(text, annotations)
    standoff.read(lines)
    claims, links = standoff.claims(), standoff.links
    if standoff.errors:
        yield from standoff.errors
        return
    versioned = _VERSIONED.fullmatch(stem)
    reference = ArticleReference(
        id=versioned[1] if versioned else stem, external_id=stem, version=int(versioned[2]) if versioned else None
    )
    yield AnnotatedRecord(reference, article, claims, links, (*article.warnings, *standoff.warnings))


def _decoded(archive: Archive, name: str) -> str | RecordError:
    content = archive.read(name)
    if isinstance(content, RecordError):
        return content
    try:
        # brat takes a byte order mark for a character of the text, and counts it.
        return content.decode()
    except UnicodeDecodeError:
        found = decode(content)
    return RecordError(found.problem, field=name) if isinstance(found, RecordError) else found.text


class _Standoff:
    """The lines of one .ann file, taken apart."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._spans: dict[str, tuple[int, str, Span]] = {}
        self._said: dict[str, dict[str, str]] = {}
        pairs = [found.start() for found in re.finditer("\r\n", text)]
        self._pairs = [start - before for before, start in enumerate(pairs)]
        self.links: list[ReadLink] = []
        self.warnings: dict[str, None] = {}
        self.errors: list[RecordError] = []

    def read(self, lines: str) -> None:
        takers: Mapping[str, Callable[[int, str, str, str], str | None]] = {
            "T": self._text_bound,
            "R": self._relation,
            "A": self._attribute,
            "#": self._note,
        }
        for number, line in enumerate(lines.split("\n"), start=1):
            if not line.strip():
                continue
            key, tab, rest = line.removesuffix("\r").partition("\t")
            if key[:1] in _UNREAD:
                self.warnings[f"{_UNREAD[key[:1]]} of brat were not read."] = None
                continue
            taker = takers.get(key[:1])
            body, _tab, tail = rest.partition("\t")
            problem = taker(number, key, body, tail) if taker and tab else f"'{shown(line)}' is no annotation of brat."
            if problem is not None:
                self._fail(number, problem)
        for link in self.links:
            if link.a not in self._spans or link.b not in self._spans:
                self._fail(None, f"A relation leads from {shown(link.a)} to {shown(link.b)}: one of them is not there.")

    def claims(self) -> list[ReadClaim]:
        return [self._claim(key, *span) for key, span in self._spans.items()]

    def _claim(self, key: str, line: int, label: str, place: Span) -> ReadClaim:
        said = self._said.get(key, {})
        if "claim_id" in said:
            # Our own writer was here, and puts every text on one line.
            said = {name: _unescaped(text) for name, text in said.items()}
        given, errors = read_details(said, line=line, place=f"{self._name}: ")
        self.errors += errors
        return ReadClaim(
            label=label,
            quote=quote(self._text, place),
            start=place.start,
            end=place.end,
            id=uuid_or_none(said.get("claim_id")),
            key=key,
            author=label_of(said.get("author")) or "",
            line=line,
            **given,
        )

    def _text_bound(self, line: int, key: str, body: str, words: str) -> str | None:
        found = _TEXT_BOUND.fullmatch(body)
        if found is None:
            return f"'{shown(body)}' is not a type and its places (TYPE START END)."
        if label_of(found[1]) is None:
            return f"'{shown(found[1])}' cannot be a label."
        if key in self._spans:
            return f"{shown(key)} is there twice."
        pieces = sorted(Span(*map(int, place.split())) for place in found[2].split(";"))
        if any(piece.start >= piece.end for piece in pieces):
            return "An end must be after its start."
        placed = self._placed(pieces, words)
        if isinstance(placed, str):
            return placed
        gaps = [self._text[a.end : b.start] for a, b in pairwise(placed)]
        if any(gap.strip(f"{LINE_ENDS} \t") for gap in gaps):
            self.warnings["Claims in several pieces were read from their first piece to their last."] = None
        self._spans[key] = (line, found[1], Span(placed[0].start, max(piece.end for piece in placed)))
        return None

    def _placed(self, pieces: list[Span], words: str) -> list[Span] | str:
        """The pieces where their words stand: in code points, or with CR LF as one character, as brat's server counts."""
        folded = [Span(*(each + bisect_left(self._pairs, each) for each in piece)) for piece in pieces]
        for placed in (pieces, folded):
            within = max(piece.end for piece in placed) <= len(self._text)
            standing = " ".join(self._text[start:end] for start, end in placed)
            if within and (not words.strip() or standing.split() == words.split()):
                return placed
        if pieces[-1].end > len(self._text):
            return f"{pieces[-1].end} is after the last character ({len(self._text)})."
        standing = " ".join(self._text[start:end] for start, end in pieces)
        return f"The text there is “{shown(standing)}”, not “{shown(words)}”."

    def _relation(self, _line: int, _key: str, body: str, _tail: str) -> str | None:
        found = _RELATION.fullmatch(body)
        if found is None:
            return f"'{shown(body)}' is not a relation (TYPE Arg1:T1 Arg2:T2)."
        self.links.append(ReadLink(found[2], found[3], found[1]))
        return None

    def _attribute(self, _line: int, _key: str, body: str, _tail: str) -> str | None:
        found = _ATTRIBUTE.fullmatch(body)
        if found is None:
            return f"'{shown(body)}' is not an attribute (NAME T1 VALUE)."
        if found[1] in ENUMERATIONS:
            self._said.setdefault(found[2], {})[found[1]] = found[3] or ""
        else:
            self.warnings[f"The attribute “{shown(found[1])}” was not read."] = None
        return None

    def _note(self, _line: int, _key: str, body: str, text: str) -> str | None:
        found = _NOTE.fullmatch(body)
        if found is None:
            return f"'{shown(body)}' is not the type of a note and what it is about."
        name = "note" if found[1] == NOTE else found[1]
        if name in {*DETAILS, "claim_id", "author"}:
            said = self._said.setdefault(found[2], {})
            said[name] = f"{said[name]}\n{text}" if name in said else text
        else:
            self.warnings[f"Notes of the type “{shown(found[1])}” were not read."] = None
        return None

    def _fail(self, line: int | None, problem: str) -> None:
        self.errors.append(RecordError(problem, line, self._name))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\\" if found[1] == "\\" else chr(int(found[1][1:], 16)), text)
