"""Furniture by its words: related links, source lines, addresses, captions, credits, bylines and dates.

Each rule would rather miss than mistake: a body paragraph taken for furniture is dimmed and easily overlooked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from annotator.domain.extract.dates import date_of_line, is_ambiguous_date
from annotator.domain.extract.names import agencies_in, agency_named, domain_of, names_photo_source
from annotator.domain.extract.pieces import Metadata, Piece
from annotator.domain.text import BlockKind

LINE_LENGTH = 300
"""No line of furniture is longer."""

_RELATED = re.compile(
    r"(?:related(?: (?:articles?|story|stories|coverage|news|reading|content|links?))?"
    r"|read (?:more|also|next)|also read|see also|more on this(?: story)?)\s{0,3}:\s{0,3}",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"sources?\s{0,3}:\s{0,3}(?P<names>\S.{0,150})", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"(?:original (?:url|article|link|story|source)|(?:source |article |full )?url|link)\s{0,3}:"
    r"\s{0,3}(?P<url>https?://\S{1,2000})?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S{1,2000}", re.IGNORECASE)
_PHOTO_LABEL = re.compile(r"(?:photo|image|picture|photograph)s?(?: credit)?s?\s{0,3}:\s{0,3}\S", re.IGNORECASE)
_FILE_PHOTO = re.compile(r"FILE(?: PHOTO| IMAGE| PICTURE)?\s{0,3}[:\-–—]")
_CREDIT_AT_END = re.compile(r"[(\[](?P<credit>[^()\[\]]{2,100})[)\]]$")
_PHOTO_WORDS = re.compile(r"/|\b(?:photo|file|handout|via|getty|images?|pool)\b", re.IGNORECASE)
_REPORTING = re.compile(r"\(?(?:additional |with )?(?:reporting|writing|editing) by \S", re.IGNORECASE)
_BYLINE = re.compile(r"by\s{1,4}(?P<names>\S.{1,120})", re.IGNORECASE)
_DATE_LABEL = re.compile(
    r"(?P<label>(?:first )?published|posted|(?:last )?updated|date)(?: on)?\s{0,3}:?\s{1,4}", re.IGNORECASE
)
_PARTICLES = frozenset({
    "al", "and", "bin", "bint", "da", "de", "del", "der", "di", "du", "el", "for", "ibn", "in", "la", "le", "of", "the",
    "van", "von", "y",
})  # fmt: skip
_NOT_NAMES = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april",
    "may", "june", "july", "august", "september", "october", "november", "december",
})  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A piece with its kind, and the metadata that it gave."""

    piece: Piece
    metadata: Metadata = field(default_factory=Metadata)
    warnings: tuple[str, ...] = ()


def _as(kind: BlockKind, piece: Piece, metadata: Metadata | None = None) -> Reading:
    return Reading(replace(piece, kind=kind), metadata or Metadata())


def read_anywhere(piece: Piece, *, last: bool) -> Reading | None:
    """What a piece is whose words tell it wherever it stands; `last` says that it is among the last of the article."""
    if not piece.is_body:
        return None
    return _related(piece) or _source(piece) or _original(piece) or _caption(piece) or _credit(piece, last=last)


def read_in_header(piece: Piece) -> Reading | None:
    """What a piece is that stands before the story begins: a byline, a date, an agency's name, an address."""
    text = piece.text
    if not piece.is_body or len(text) > LINE_LENGTH or not piece.is_line:
        return None
    if agency_named(text):
        return _as(BlockKind.CREDIT, piece, Metadata(agency=agency_named(text)))
    return _date(piece) or _byline(piece) or read_address(piece)


def read_address(piece: Piece) -> Reading | None:
    """The address that is all of a piece."""
    if not _ADDRESS.fullmatch(piece.text) or not domain_of(piece.text):
        return None
    return _as(BlockKind.SOURCE, piece, Metadata(url=piece.text))


def is_label_of_links(piece: Piece) -> bool:
    """Whether it announces related links and names none itself ("Related articles:")."""
    return piece.kind == BlockKind.RELATED and _RELATED.fullmatch(piece.text) is not None


def is_label_of_address(piece: Piece) -> bool:
    """Whether it announces the article's address, which follows ("Original url:")."""
    found = _ORIGINAL.fullmatch(piece.text)
    return found is not None and found["url"] is None


def _related(piece: Piece) -> Reading | None:
    label = _RELATED.match(piece.text)
    if label is None or len(piece.text) > LINE_LENGTH or not piece.is_line:
        return None
    rest = piece.text[label.end() :]
    if piece.linked and rest.strip() in piece.linked:
        return _as(BlockKind.RELATED, piece)
    return None if rest.endswith((".", "…")) else _as(BlockKind.RELATED, piece)


def _source(piece: Piece) -> Reading | None:
    found = _SOURCE.fullmatch(piece.text)
    if found is None:
        return None
    names = found["names"].strip()
    agency, _ = agencies_in(names.removesuffix("."))
    if names.endswith(".") and not agency_named(names.removesuffix(".")):
        return None
    address = read_address(Piece(names))
    return _as(BlockKind.SOURCE, piece, Metadata(agency=agency, url=address.metadata.url if address else ""))


def _original(piece: Piece) -> Reading | None:
    found = _ORIGINAL.fullmatch(piece.text)
    if found is not None and found["url"] and domain_of(found["url"]):
        return _as(BlockKind.SOURCE, piece, Metadata(url=found["url"]))
    if found is None or found["url"] or not piece.urls or not domain_of(piece.urls[0]):
        return None
    return _as(BlockKind.SOURCE, piece, Metadata(url=piece.urls[0]))


def _caption(piece: Piece) -> Reading | None:
    text = piece.text
    if len(text) > 1_000:
        return None
    if _FILE_PHOTO.match(text):
        return _as(BlockKind.CAPTION, piece)
    credit = _CREDIT_AT_END.search(text[-110:])
    if credit is None or not names_photo_source(credit["credit"]):
        return None
    before = text[: len(text) - len(credit.group())].rstrip()
    if before and (_PHOTO_WORDS.search(credit["credit"]) or _ends_with_date(before)):
        return _as(BlockKind.CAPTION, piece)
    return None


def _ends_with_date(text: str) -> bool:
    return text.endswith(")") and date_of_line(text[text.rfind("(") + 1 : -1]) is not None


def _credit(piece: Piece, *, last: bool) -> Reading | None:
    text = piece.text
    if last and len(text) <= 2 * LINE_LENGTH and _REPORTING.match(text) and _is_reporting_line(text):
        return _as(BlockKind.CREDIT, piece)
    if len(text) > LINE_LENGTH or not piece.is_line:
        return None
    if _PHOTO_LABEL.match(text):
        short = len(text) <= 80 and not piece.ends_sentence
        return _as(BlockKind.CREDIT if short else BlockKind.CAPTION, piece)
    if len(text) > 120 or piece.ends_sentence or not names_photo_source(text):
        return None
    return _as(BlockKind.CREDIT, piece) if piece.bold or "/" in text or "|" in text else None


def _is_reporting_line(text: str) -> bool:
    return (text.startswith("(") and text.endswith(")")) or "editing by" in text.lower()


def _date(piece: Piece) -> Reading | None:
    text = piece.text
    label = _DATE_LABEL.match(text)
    line = text[label.end() :] if label else text
    published = date_of_line(line)
    if published is not None:
        is_update = label is not None and "updated" in label["label"].lower()
        return _as(BlockKind.CREDIT, piece, Metadata(published=None if is_update else published))
    if not is_ambiguous_date(line):
        return None
    warning = f"The date “{line.strip()}” was not read, because day and month cannot be told apart."
    return Reading(replace(piece, kind=BlockKind.CREDIT), warnings=(warning,))


def _byline(piece: Piece) -> Reading | None:
    found = _BYLINE.fullmatch(piece.text)
    if found is None or piece.ends_sentence:
        return None
    names = found["names"].strip()
    agency, byline = agencies_in(names)
    if agency or piece.linked.strip() == names or _is_name(names):
        return _as(BlockKind.CREDIT, piece, Metadata(agency=agency, byline=byline))
    return None


def _is_name(names: str) -> bool:
    parts = names.replace(",", " ").split()
    if not 2 <= len(parts) <= 12 or parts[0].lower() in _NOT_NAMES | _PARTICLES:
        return False
    return all(part in _PARTICLES or (part[0].isalpha() and not part[0].islower()) for part in parts)
