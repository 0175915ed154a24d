"""The pieces of an article between its file and its stored text: what each reader makes, what the rules work on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from annotator.domain.text import Block, BlockKind

TERMINAL = tuple(".!?…。！？।؟")
"""What ends a sentence."""

_CLOSERS = "\"'”’»›)]}"


@dataclass(frozen=True)
class Piece:
    """One paragraph, heading, caption or line, and what its file said about it.

    `kind` is None while nothing but its words can tell. `linked` is the text of its links, `urls` their addresses;
    `bold` says that all of it is set in bold, `listed` that it is an entry of a list or a table.
    `rejoined` counts from the start of the piece.
    """

    text: str
    kind: BlockKind | None = None
    linked: str = ""
    urls: tuple[str, ...] = ()
    bold: bool = False
    listed: bool = False
    rejoined: tuple[int, ...] = ()

    @property
    def is_body(self) -> bool:
        """Whether it is, as far as is known, a paragraph of the story."""
        return self.kind in {None, BlockKind.PARAGRAPH}

    @property
    def is_line(self) -> bool:
        return "\n" not in self.text

    @property
    def all_linked(self) -> bool:
        return bool(self.linked) and self.linked.strip() == self.text.strip()

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends like a sentence, closing quotes and brackets aside."""
        return self.text.rstrip(_CLOSERS).endswith(TERMINAL)


@dataclass(frozen=True)
class Metadata:
    """What an article says about itself; empty and None are "not given"."""

    title: str = ""
    published: date | None = None
    agency: str = ""
    publisher: str = ""
    byline: str = ""
    url: str = ""
    language: str = ""


@dataclass(frozen=True)
class Draft:
    """What a reader of one kind of file found, before the rules look at the words.

    `blank_lines` says that the pieces stood apart, so that a line end alone never parted two of them.
    """

    pieces: tuple[Piece, ...]
    metadata: Metadata = field(default_factory=Metadata)
    blank_lines: bool = True
    warnings: tuple[str, ...] = ()


def assemble(pieces: Iterable[Piece]) -> tuple[str, tuple[Block, ...]]:
    """The stored text, pieces parted by blank lines, and its blocks."""
    texts: list[str] = []
    blocks: list[Block] = []
    position = 0
    for piece in pieces:
        rejoined = tuple(position + offset for offset in piece.rejoined)
        blocks.append(Block(piece.kind or BlockKind.PARAGRAPH, position, position + len(piece.text), rejoined))
        texts.append(piece.text)
        position += len(piece.text) + 2
    return "\n\n".join(texts), tuple(blocks)
