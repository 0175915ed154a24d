"""Code points, blocks, graphemes and sentences of one immutable text.

Every offset is a count of Unicode code points and every range is half-open. Nothing here changes a text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import NamedTuple

import regex

from annotator.domain.spans import Span

PART_LENGTH = 3_000
"""A longer block is rendered in parts of at most this many code points, so that the answer to a save stays small."""

_WINDOW = 4_000
"""How much of a block the sentence splitter gets at once: its time grows with the square of the quotes in it."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Begins at a line end, so that a long run of blanks is walked through once and not from each of its characters.
_LINE_BREAK = re.compile(r"[\r\n]\s*")
_BLANK_LINE = re.compile(r"(?>\r\n?|\n)[^\S\r\n]*[\r\n]\s*")
_BLANK_LINE_WITHOUT_RETURN = re.compile(r"\n[^\S\n]*\n\s*")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_GRAPHEME = regex.compile(r"\X")
# The sentence splitter panics on blanks of more than one byte; plain ones of equal length keep its offsets ours.
_PLAIN_BLANKS = {code: " " for code in range(0x3001) if chr(code).isspace()}
# What is a letter of a word, and what joins two, among the characters of Latin-1.
_LETTERS = bytes(_WORD.fullmatch(chr(code)) is not None for code in range(256))
_JOINERS = bytes(chr(code) in "'-" for code in range(256))
# What stands in Western languages beyond Latin-1, and the character that is the same to a counter of words.
_TYPOGRAPHY = (("’", "'"), *((mark, " ") for mark in "‘‚“”„–—…"))


class BlockKind(StrEnum):
    """What a stretch of an article is."""

    TITLE = "title"
    PARAGRAPH = "paragraph"
    SUBHEADING = "subheading"
    CAPTION = "caption"
    CREDIT = "credit"
    QUOTE = "quote"
    RELATED = "related"
    SOURCE = "source"


FURNITURE = frozenset({BlockKind.CREDIT, BlockKind.RELATED, BlockKind.SOURCE})


class Block(NamedTuple):
    """The range [start, end) of the text, in code points, and what it is.

    `rejoined` holds the offsets (in the text) of the spaces that join the two halves of a broken paragraph.
    """

    kind: BlockKind
    start: int
    end: int
    rejoined: tuple[int, ...] = ()

    @property
    def furniture(self) -> bool:
        """Whether it is page furniture: kept and dimmed, not part of the story."""
        return self.kind in FURNITURE


def problem_with(text: str) -> str | None:
    """Why `text` cannot be stored on every database, as a sentence, or None when it can.

    SQLite ends a text at NUL and PostgreSQL refuses it; half of a surrogate pair has no UTF-8 form.
    """
    # To encode a text is many times as fast as to search it, and nearly every text is right.
    if "\x00" not in text and _has_utf8(text):
        return None
    found = _UNSTORABLE.search(text)
    if found is None:
        return None
    place = f"Character {found.start() + 1:,} of {len(text):,}"
    if found.group() == "\x00":
        return f"{place} is NUL (U+0000), which cannot be stored; remove it."
    return f"{place} is half of a surrogate pair (U+{ord(found.group()):04X}), which is not a character; remove it."


def _has_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def sha256(text: str) -> str:
    """The SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def words(text: str) -> int:
    """How many words `text` has: runs of letters and digits, with the apostrophes and hyphens inside them.

    Scripts that are written without blanks count a run as one word.
    """
    plain = text
    for mark, like in () if text.isascii() else _TYPOGRAPHY:
        plain = plain.replace(mark, like)
    try:
        content = plain.encode("latin-1")
    except UnicodeEncodeError:
        return len(_WORD.findall(text))
    # Most articles are of such letters, and this takes a tenth of the time: a byte of a large number for each character,
    # 1 at letters. There are as many runs of them as letters without another one before them.
    letters = int.from_bytes(content.translate(_LETTERS), "big")
    runs = letters.bit_count() - (letters & letters >> 8).bit_count()
    if b"'" in content or b"-" in content:
        joiners = int.from_bytes(content.translate(_JOINERS), "big")
        runs -= (joiners & letters >> 8 & letters << 8).bit_count()
    return runs


def grapheme_boundaries(text: str, start: int = 0, end: int | None = None) -> list[int]:
    """Where text[start:end] may be cut without cutting what a reader takes for one character (UAX #29)."""
    stop = len(text) if end is None else end
    return [start, *(match.end() for match in _GRAPHEME.finditer(text, start, stop))]


def plain_blocks(text: str) -> list[Block]:
    """The paragraphs of a text that is stored exactly as it was given, without the white space between them.

    Blank lines separate paragraphs; in a text without any, each line is one. Every character that is not white
    space lies in exactly one block.
    """
    first, last = _trimmed(text, 0, len(text))
    # To look for one character is ten times as fast as to look for either of two.
    blank_line = _BLANK_LINE if "\r" in text else _BLANK_LINE_WITHOUT_RETURN
    between = [match.span() for match in blank_line.finditer(text, first, last)]
    if not between:
        between = [match.span() for match in _LINE_BREAK.finditer(text, first, last)]
    starts = [first, *(start for _, start in between)]
    ends = [*(end for end, _ in between), last]
    return [
        Block(BlockKind.PARAGRAPH, start, start + len(text[start:end].rstrip()))
        for start, end in zip(starts, ends, strict=True)
        if start < end
    ]


def _trimmed(text: str, start: int, end: int) -> Span:
    """The range [start, end) without white space at its ends; empty when it is nothing else."""
    piece = text[start:end]
    leading = len(piece) - len(piece.lstrip())
    return Span(start + leading, max(start + leading, start + len(piece.rstrip())))


def sentences(text: str, blocks: Iterable[Block], *, language: str = "en") -> list[Span]:
    """The sentences of the blocks, in order, without the white space around them; none crosses a block.

    `language` is a BCP 47 tag and chooses the abbreviations after which no sentence ends.
    """
    return [span for block in blocks for span in _sentences_of(text, block, language)]


def _sentences_of(text: str, block: Block, language: str) -> Iterator[Span]:
    start = block.start
    while start < block.end:
        window = text[start : min(start + _WINDOW, block.end)]
        if not (window.isascii() and window.isprintable()):
            window = window.translate(_PLAIN_BLANKS)
        found = _boundaries(window, language)
        if start + len(window) < block.end and len(found) > 1:
            found = found[:-1]  # The last one may go on behind the window, which therefore begins again with it.
        for first, last in found:
            span = _trimmed(text, start + first, start + last)
            if span.start < span.end:
                yield span
        start += found[-1][1]


def _boundaries(passage: str, language: str) -> Sequence[tuple[int, int]]:
    import sentencex  # type: ignore[import-untyped]

    whole = [(0, len(passage))]
    try:
        # The splitter's own offsets are the same, and it takes three times as long to write them down.
        found = sentencex.segment(language.partition("-")[0].lower() or "en", passage)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 -- a panic of the splitter is a BaseException; the block is one sentence then.
        return whole
    # Nothing may rest on sentences that are not the passage.
    if "".join(found) != passage:
        return whole
    ends = list(accumulate(len(sentence) for sentence in found if sentence))
    return list(pairwise([0, *ends]))


def render_parts(text: str, block: Block, *, language: str = "en", longest: int = PART_LENGTH) -> list[Span]:
    """The block as adjoining ranges of at most `longest` code points, cut before a sentence where one begins.

    A sentence longer than that is cut after white space, else between graphemes, else where it must be.
    """
    if block.end - block.start <= longest:
        return [Span(block.start, block.end)]
    starts = [sentence.start for sentence in sentences(text, [block], language=language)]
    parts = []
    start, upcoming = block.start, 0
    while block.end - start > longest:
        cut = start
        while upcoming < len(starts) and starts[upcoming] <= start + longest:
            cut = max(cut, starts[upcoming])
            upcoming += 1
        if cut == start:
            cut = _cut_inside(text, start, start + longest)
        parts.append(Span(start, cut))
        start = cut
    return [*parts, Span(start, block.end)]


def _cut_inside(text: str, start: int, end: int) -> int:
    # One grapheme more is looked at, for `end` itself is a boundary only if the next character begins a new one.
    boundaries = [cut for cut in grapheme_boundaries(text, start, end + 1)[1:] if cut <= end]
    after_blank = [cut for cut in boundaries if text[cut - 1].isspace()]
    return (after_blank or boundaries or [end])[-1]
