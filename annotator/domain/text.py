"""Code points, blocks, graphemes and sentences of one immutable text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True)
class Block:
    """The range [start, end) of the text, in code points, and what it is.

    `rejoined` holds the offsets (in the text) at which two halves of a broken paragraph were joined.
    """

    kind: BlockKind
    start: int
    end: int
    rejoined: tuple[int, ...] = ()

    @property
    def furniture(self) -> bool:
        """Whether it is page furniture: kept and dimmed, not part of the story."""
        return self.kind in FURNITURE
