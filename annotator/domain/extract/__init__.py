"""An article's stored text, blocks and metadata from raw text, Markdown, HTML or lines on pages.

Line ends become line feeds and a byte order mark goes; no other character of the article's words is changed. The
pieces of an article are parted by blank lines. What is found is kept, furniture included; what is guessed is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from annotator.domain.extract import layout, plain, rules, structure
from annotator.domain.extract.dates import iso_date
from annotator.domain.extract.layout import Line
from annotator.domain.extract.names import domain_of, publisher_of
from annotator.domain.extract.pieces import Draft, Metadata, Piece, assemble
from annotator.domain.extract.plain import looks_like_markdown
from annotator.domain.text import Block, BlockKind, sentences

__all__ = [
    "Extraction",
    "Line",
    "extract_html",
    "extract_markdown",
    "extract_pages",
    "extract_text",
    "first_sentence",
    "looks_like_markdown",
    "normalised",
]

SUGGESTION_LENGTH = 200
"""A first sentence longer than this is shortened before it is suggested as title."""

_LAST_PIECES = 4
_DATE_PREFIX = re.compile(r"\s{0,20}(?:date:?|Date:)\s{1,4}(?P<date>\d{4}-\d{2}-\d{2})\s{1,20}(?=\S)")


@dataclass(frozen=True)
class Extraction:
    """What an article is stored as, and what a person should look at before it is; "" and None are "not given".

    `suggested_title` is the first sentence where no title was found. `warnings` are sentences to show.
    """

    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    published: date | None = None
    agency: str = ""
    publisher: str = ""
    byline: str = ""
    url: str = ""
    language: str = ""
    suggested_title: str = ""
    warnings: tuple[str, ...] = ()


def extract_text(raw: str) -> Extraction:
    """The article of a plain text."""
    return _extract(raw, plain.draft)


def extract_markdown(raw: str) -> Extraction:
    """The article of a Markdown text."""
    from annotator.domain.extract import markdown  # Like the library of pages: only its own files need it.

    return _extract(raw, markdown.draft)


def extract_html(raw: str, *, whole: bool = False) -> Extraction:
    """The article of an HTML page or fragment; `whole` says that all of it is article, so that none is searched."""
    from annotator.domain.extract import page  # It loads a large library, which no other kind of file needs.

    return _finish(page.draft_of_all(normalised(raw)) if whole else page.draft(normalised(raw)))


def extract_pages(pages: Sequence[Sequence[Line]]) -> Extraction:
    """The article of a document that knows only lines on pages."""
    return _finish(layout.draft(pages))


def normalised(raw: str) -> str:
    """The text without byte order mark, its line ends as line feeds; nothing else changes."""
    return raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def first_sentence(text: str, block: Block, *, longest: int = SUGGESTION_LENGTH) -> str:
    """The first sentence of a block, cut between words to at most about `longest` characters."""
    beginning = block._replace(end=min(block.end, block.start + 10 * longest))
    found = sentences(text, [beginning])
    sentence = " ".join(text[found[0].start : found[0].end].split()) if found else ""
    if len(sentence) <= longest:
        return sentence
    return f"{sentence[:longest].rpartition(' ')[0] or sentence[:longest]}…"


def _extract(raw: str, read: Callable[[str], Draft]) -> Extraction:
    text = normalised(raw)
    prefix = _DATE_PREFIX.match(text)
    published = iso_date(prefix["date"]) if prefix else None
    if prefix is None or published is None:
        return _finish(read(text))
    draft = read(text[prefix.end() :])
    return _finish(replace(draft, metadata=replace(draft.metadata, published=published)))


def _finish(draft: Draft) -> Extraction:
    """Apply the rules to a draft: furniture first, then the header, then the story's shape."""
    pieces = list(draft.pieces)
    metadata, warnings = draft.metadata, list(draft.warnings)

    def take(index: int, reading: rules.Reading | None) -> None:
        nonlocal metadata
        if reading is not None:
            pieces[index] = reading.piece
            metadata = _completed(metadata, reading.metadata)
            warnings.extend(reading.warnings)

    for index, piece in enumerate(pieces):
        take(index, rules.read_anywhere(piece, last=index >= len(pieces) - _LAST_PIECES))
        take(index, _read_after(pieces[index - 1], piece) if index else None)
        if rules.is_label_of_address(pieces[index]) and _has_address(pieces, index + 1):
            pieces[index] = replace(piece, kind=BlockKind.SOURCE)
    begin = structure.story_begins(pieces)
    for index in range(begin):
        take(index, rules.read_in_header(pieces[index]))
    if len(pieces) > 1 and pieces[-1].is_body:
        take(len(pieces) - 1, rules.read_address(pieces[-1]))
    pieces = structure.with_title(pieces, begin)
    if draft.blank_lines:
        pieces = structure.rejoined(pieces)
    return _extraction(structure.with_subheadings(pieces), metadata, warnings)


def _completed(known: Metadata, found: Metadata) -> Metadata:
    """What is known stays; what was found fills the gaps."""
    return Metadata(**{name: value or getattr(found, name) for name, value in vars(known).items()})


def _read_after(above: Piece, piece: Piece) -> rules.Reading | None:
    """What a piece is by the label above it: a related link, or the article's address."""
    if above.kind == BlockKind.RELATED and piece.is_body and piece.all_linked:
        return rules.Reading(replace(piece, kind=BlockKind.RELATED))
    return rules.read_address(piece) if rules.is_label_of_address(above) else None


def _has_address(pieces: Sequence[Piece], index: int) -> bool:
    return index < len(pieces) and rules.read_address(pieces[index]) is not None


def _extraction(pieces: Sequence[Piece], metadata: Metadata, warnings: Sequence[str]) -> Extraction:
    text, blocks = assemble(pieces)
    title = next((_one_line(piece.text) for piece in pieces if piece.kind == BlockKind.TITLE), metadata.title)
    story = next((block for block in blocks if block.kind == BlockKind.PARAGRAPH), blocks[0] if blocks else None)
    suggested = first_sentence(text, story) if story is not None and not title else ""
    publisher, publisher_warning = _publisher(metadata)
    notes = (
        *warnings,
        "" if title else "No title was found; the first sentence stands for it.",
        "" if metadata.published else "No date of publication was found.",
        publisher_warning,
        _rejoined_warning(text, blocks),
    )
    return Extraction(
        text,
        blocks,
        **vars(replace(metadata, title=title, publisher=publisher)),
        suggested_title=suggested,
        warnings=tuple(note for note in notes if note),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _publisher(metadata: Metadata) -> tuple[str, str]:
    domain = domain_of(metadata.url)
    publisher = metadata.publisher or publisher_of(domain)
    if publisher:
        return publisher, ""
    if domain:
        return domain, f"The publisher's name is not known; its domain {domain} stands in for it."
    return "", "No publisher was found."


def _rejoined_warning(text: str, blocks: Sequence[Block]) -> str:
    places = [
        f"“{text[max(block.start, offset - 30) : offset].partition(' ')[2] or text[block.start : offset][-30:]}”"
        for block in blocks
        for offset in block.rejoined
    ]
    if not places:
        return ""
    count = "One paragraph was" if len(places) == 1 else f"{len(places)} paragraphs were"
    after = ", ".join(places[:5]) + (", …" if len(places) > 5 else "")
    return f"{count} broken in two by a blank line and re-joined, after {after}."
