"""Pieces out of lines that stand on pages, as a PDF has them: paragraphs, headings, words that a line end cut in two.

Lines are joined by one space, line-end hyphens go where the word is one, ligatures become their letters, and what is
repeated at the edges of pages is left out. All of it is said in the draft's warnings.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from annotator.domain.extract.pieces import TERMINAL, Draft, Piece
from annotator.domain.text import BlockKind

EDGE = 2
"""How many lines at the top and as many at the foot of a page may be repeated ones."""

NAMED = 5
"""How many examples a warning gives."""

_HEADING = 1.15  # times the size of most letters
_SAME_SIZE = 0.12
_APART = 1.7  # times the size of the letters
_GAP = 1.3  # times the usual distance of two lines
_COLUMN = 6  # the same, up to the next column
_INDENT = 0.6  # times the size of the letters
_COLUMN_EDGE = 3  # the same
_AROUND = 12  # lines
_SHORT_LINE = 0.7  # of the characters of the lines around it
_LONGEST_HEADING = 200
_DIGITS = re.compile(r"\d+")
_BULLET = re.compile(r"(?:[•‣◦▪●·–—*-]|\(?\d{1,3}[.)])\s")
_BROKEN = re.compile(r"([^\W_]+)[-\u2010]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_CLOSERS = "\"'”’»›)]}"


@dataclass(frozen=True)
class Line:
    """One line of a page: where it begins, in points from the lower left corner, and the size of its letters."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False


@dataclass
class _Notes:
    """What a person should look at: words that were joined, and whether ligatures were found."""

    joined: list[str] = field(default_factory=list)
    ligatures: bool = False


def draft(pages: Sequence[Sequence[Line]]) -> Draft:
    """The pieces of the pages, in the order in which their file has the lines."""
    notes = _Notes()
    cleaned = [[clean for line in page if (clean := _clean(line, notes)).text] for page in pages]
    cleaned, repeated = _without_edges(cleaned)
    lines = [line for page in cleaned for line in page]
    if not lines:
        return Draft((), blank_lines=False)
    known = Counter(word.lower() for line in lines for word in _WORD.findall(line.text.rstrip("-\u2010\u00ad")))
    paragraphs = list(_paragraphs(cleaned))
    body = _body_size(lines)
    pieces = _with_kinds([(_joined(paragraph, known, notes), paragraph[0]) for paragraph in paragraphs], body)
    return Draft(tuple(pieces), blank_lines=False, warnings=tuple(_warnings(repeated, notes)))


def _clean(line: Line, notes: _Notes) -> Line:
    text = line.text.translate(_LIGATURES)
    notes.ligatures = notes.ligatures or text != line.text
    return replace(line, text=" ".join(part for part in re.split("[ \t\n\r\f\v]+", text) if part))


def _without_edges(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], list[str]]:
    """The pages without what most of them repeat at their edges, and one example of each line that was left out."""
    places: defaultdict[str, list[tuple[int, Line]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for line in _edges(page):
            places[_pattern(line.text)].append((number, line))
    enough = max(2, (len(pages) + 1) // 2)
    repeated = {
        pattern: found[0][1].text for pattern, found in places.items() if len({number for number, _ in found}) >= enough
    }
    gone = {(number, id(line)) for pattern in repeated for number, line in places[pattern]}
    kept = [[line for line in page if (number, id(line)) not in gone] for number, page in enumerate(pages)]
    # A document that says the same on every page is nothing but its edges.
    return (kept, sorted(repeated.values())) if any(kept) else ([list(page) for page in pages], [])


def _edges(page: Sequence[Line]) -> list[Line]:
    """The lines at the top and at the foot that stand apart from what is between them."""
    falling = sorted(page, key=lambda line: -line.y)
    return [*_edge(falling), *_edge(falling[::-1])]


def _edge(lines: Sequence[Line]) -> Sequence[Line]:
    """The first lines, up to the first wide gap, if there is one within a few lines of the edge."""
    for count, (outer, inner) in enumerate(pairwise(lines[: EDGE + 1]), 1):
        if abs(outer.y - inner.y) > _APART * max(outer.size, inner.size) or not _same_size(outer, inner):
            return lines[:count]
    return []


def _pattern(text: str) -> str:
    """The line with every number alike, so that page numbers are the same on all pages."""
    return _DIGITS.sub("0", text.casefold())


def _body_size(lines: Iterable[Line]) -> float:
    characters: Counter[float] = Counter()
    for line in lines:
        characters[round(line.size, 1)] += len(line.text)
    return max(characters, key=lambda size: (characters[size], size))


def _paragraphs(pages: Sequence[Sequence[Line]]) -> Iterator[list[Line]]:
    leading = _leading(pages)
    waiting: list[Line] = []
    for page in pages:
        for place, line in enumerate(page):
            if waiting and (
                _begins(waiting[-1], line, leading, width=_width(page, place))
                if place
                else _begins_after_break(waiting[-1], line)
            ):
                yield waiting
                waiting = []
            waiting.append(line)
    if waiting:
        yield waiting


def _width(page: Sequence[Line], place: int) -> int:
    """How many characters the longest line around this one has that begins about where it does."""
    line = page[place]
    around = page[max(0, place - _AROUND) : place + _AROUND]
    return max(len(each.text) for each in around if abs(each.x - line.x) <= _COLUMN_EDGE * line.size)


def _leading(pages: Sequence[Sequence[Line]]) -> dict[float, float]:
    """The usual distance of two lines of each size."""
    distances: defaultdict[float, list[float]] = defaultdict(list)
    for page in pages:
        for above, below in pairwise(page):
            gap = above.y - below.y
            if _alike(above, below) and 0 < gap < 3 * above.size:
                distances[round(above.size)].append(gap)
    return {size: median(found) for size, found in distances.items()}


def _begins(above: Line, line: Line, leading: dict[float, float], *, width: int) -> bool:
    """Whether `line` begins a paragraph, below `above` on the same page; lines around it have `width` characters."""
    if not _alike(above, line) or _BULLET.match(line.text):
        return True
    gap = above.y - line.y
    usual = leading.get(round(line.size), 1.2 * line.size)
    if gap < -usual or gap > _COLUMN * usual:
        return _begins_after_break(above, line)
    if gap > _GAP * usual:
        return True
    if _ends_sentence(above.text) and line.x - above.x > _INDENT * line.size:
        return True
    # Its first word had room on the line above, so somebody wanted a new line.
    return len(above.text) + len(line.text.split(" ", 1)[0]) < _SHORT_LINE * width


def _begins_after_break(above: Line, line: Line) -> bool:
    """The same at the top of a page or of a column: a sentence that is not finished goes on."""
    return not _alike(above, line) or _ends_sentence(above.text) or bool(_BULLET.match(line.text))


def _alike(above: Line, below: Line) -> bool:
    return _same_size(above, below) and above.bold == below.bold


def _same_size(above: Line, below: Line) -> bool:
    return abs(above.size - below.size) <= _SAME_SIZE * max(above.size, below.size)


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSERS).endswith(TERMINAL)


def _joined(paragraph: Sequence[Line], known: Counter[str], notes: _Notes) -> str:
    text = paragraph[0].text
    for line in paragraph[1:]:
        text = _with(text, line.text, known, notes)
    return text


def _with(text: str, following: str, known: Counter[str], notes: _Notes) -> str:
    """The two lines as one."""
    if text.endswith("\u00ad"):
        return f"{text[:-1]}{following}"
    broken = _BROKEN.search(text)
    if broken is not None:
        first, rest = broken.group(1), _FIRST_WORD.match(following)
        if rest is None or not rest.group()[0].islower():
            return f"{text}{following}"
        whole, compound = f"{first}{rest.group()}", f"{first}-{rest.group()}"
        if known[compound.lower()] > known[whole.lower()] or "-" in text[: broken.start()].rpartition(" ")[2]:
            return f"{text}{following}"
        notes.joined.append(whole)
        return f"{text[:-1]}{following}"
    if text.endswith("—") and not text.endswith(" —"):
        return f"{text}{following}"
    if _is_wide(text[-1]) and _is_wide(following[0]):
        return f"{text}{following}"
    return f"{text} {following}"


def _is_wide(character: str) -> bool:
    """Whether it belongs to a script that is written without blanks."""
    return unicodedata.east_asian_width(character) in "WF"


def _with_kinds(paragraphs: Sequence[tuple[str, Line]], body: float) -> list[Piece]:
    """The pieces, those in larger letters as headings: the first one before the story is the title."""
    pieces: list[Piece] = []
    told = titled = False
    for text, line in paragraphs:
        kind = None
        if line.size > _HEADING * body and len(text) <= _LONGEST_HEADING:
            kind = BlockKind.SUBHEADING if told or titled else BlockKind.TITLE
            titled = True
        elif text.rstrip(_CLOSERS).endswith(TERMINAL):
            told = True
        pieces.append(Piece(text, kind, bold=line.bold and kind is None, listed=_BULLET.match(text) is not None))
    return pieces


def _warnings(repeated: Sequence[str], notes: _Notes) -> Iterator[str]:
    yield "Paragraphs were put together out of the lines of the pages: look whether they are right."
    if repeated:
        yield f"What the pages repeat at their top or foot was left out: {_named(repeated)}."
    if notes.joined:
        count = "One word" if len(notes.joined) == 1 else f"{len(notes.joined):,} words"
        yield f"{count} that a line end had cut in two lost the hyphen: {_named(notes.joined)}."
    if notes.ligatures:
        yield "Letters that were drawn as one (ﬁ, ﬂ) were written as two."


def _named(found: Sequence[str]) -> str:
    different = list(dict.fromkeys(found))
    shown = [f"“{each[:60]}”" for each in different[:NAMED]]
    return ", ".join(shown) + (", …" if len(different) > NAMED else "")
