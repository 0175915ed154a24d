"""Pieces of a tree of elements: HTML as it was parsed, or the smaller vocabulary of the article extractor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]

from annotator.domain.extract.pieces import Piece
from annotator.domain.text import BlockKind

_SKIPPED = frozenset({
    "head", "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "nav", "form", "button",
    "select", "textarea", "audio", "video", "canvas",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "hi", "i", "ins",
    "kbd", "label", "mark", "q", "ref", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var", "wbr",
})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
_ITEMS = frozenset({"li", "item", "dd", "dt"})
_QUOTES = frozenset({"blockquote", "quote"})
_CELLS = frozenset({"td", "th", "cell"})
_ROWS = frozenset({"tr", "row"})
_BREAKS = frozenset({"br", "lb"})
_CAPTIONS = frozenset({"figcaption", "caption"})
_BLANKS = re.compile("[ \t\n\f\r]+")
_BLANKS_IN_LINE = re.compile(" {2,}")
_TABS = re.compile(" ?\t ?")
_PARAGRAPH_BREAK = re.compile(r"\n{2,}")


def pieces_of(root: etree._Element) -> Iterator[Piece]:
    """The paragraphs, headings, captions, quotes, list entries and table rows below `root`, in order.

    Blanks are folded as a browser shows them (no-break spaces stay), `<br>` becomes a line feed, two of them part
    paragraphs, and tabs part the cells of a row.
    """
    walk = _Walk()
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "end":
            yield from walk.close(tag, element)
        elif tag in _SKIPPED and not _is_heading(tag, element):
            walker.skip_subtree()
        else:
            yield from walk.open(tag, element)
    yield from walk.flush()


def _is_heading(tag: str, element: etree._Element) -> bool:
    """Whether it is a heading: `head` is one in the extractor's vocabulary, where it says of which rank."""
    return tag in _HEADINGS and (tag != "head" or element.get("rend") is not None)


@dataclass
class _Walk:
    """What stands open at this point of the walk, and the words since the last piece."""

    words: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    kinds: list[tuple[str, BlockKind]] = field(default_factory=list)
    links: int = 0
    bold: int = 0
    items: int = 0
    cells: int = 0
    plain: bool = False
    begun: bool = False

    def open(self, tag: str, element: etree._Element) -> Iterator[Piece]:
        if tag in _BREAKS:
            self._add("\n")
        elif tag not in _INLINE and tag not in _CELLS:
            yield from self._boundary(tag)
        self._count(tag, element, 1)
        kind = self._kind(tag, element)
        if kind is not None:
            self.kinds.append((tag, kind))
        if self.links == 1 and tag in {"a", "ref"}:
            self.urls.append(element.get("href") or element.get("target") or "")
        self._add(_BLANKS.sub(" ", element.text or ""))

    def close(self, tag: str, element: etree._Element) -> Iterator[Piece]:
        if tag in _CELLS:
            self._add("\t")
        elif tag and tag not in _INLINE and tag not in _BREAKS:
            yield from self._boundary(tag)
        if tag not in _SKIPPED or _is_heading(tag, element):
            self._count(tag, element, -1)
            if self.kinds and self.kinds[-1][0] == tag:
                self.kinds.pop()
        self._add(_BLANKS.sub(" ", element.tail or ""))

    def flush(self) -> Iterator[Piece]:
        """The pieces that the words since the last one make; usually one or none."""
        text = _folded("".join(self.words))
        linked, urls, bold = _folded("".join(self.linked)), tuple(self.urls), not self.plain
        self.words, self.linked, self.urls, self.plain = [], [], [], False
        kind = self.kinds[-1][1] if self.kinds else None
        for paragraph in _PARAGRAPH_BREAK.split(text):
            if paragraph.strip():
                bold = bold and kind is None
                piece = Piece(
                    paragraph, kind, linked=linked, urls=urls, bold=bold, listed=self.items > 0 or "\t" in paragraph
                )
                self.begun = self.begun or (kind is None and piece.ends_sentence) or kind == BlockKind.TITLE
                yield piece

    def _boundary(self, tag: str) -> Iterator[Piece]:
        # Inside a table's row the cells are parted by tabs, and blocks in a cell by no more than a blank.
        if self.cells and tag not in _ROWS:
            self._add(" ")
        else:
            yield from self.flush()

    def _count(self, tag: str, element: etree._Element, step: int) -> None:
        self.links += step * (tag in {"a", "ref"})
        self.bold += step * (tag in {"b", "strong"} or (tag == "hi" and "#b" in (element.get("rend") or "")))
        self.items += step * (tag in _ITEMS)
        self.cells += step * (tag in _CELLS)

    def _kind(self, tag: str, element: etree._Element) -> BlockKind | None:
        if _is_heading(tag, element):
            return BlockKind.SUBHEADING if self.begun else BlockKind.TITLE
        if tag in _QUOTES:
            return BlockKind.QUOTE
        return BlockKind.CAPTION if tag in _CAPTIONS else None

    def _add(self, words: str) -> None:
        self.words.append(words)
        self.linked.append(words if self.links else "")
        self.plain = self.plain or bool(words.strip() and not self.bold)


def _folded(words: str) -> str:
    """The words without the blanks that a browser would not show."""
    lines = [_BLANKS_IN_LINE.sub(" ", line).strip(" ") for line in words.split("\n")]
    return "\n".join(_TABS.sub("\t", line).strip("\t ") for line in lines).strip("\n")
