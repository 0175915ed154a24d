"""What changed between two texts, paragraph by paragraph and, inside a paragraph, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import zip_longest

MOST_PIECES = 2_000
"""Comparing costs the square of what is compared: beyond this, the one is shown as gone and the other as new."""
MOST_COMPARISONS = MOST_PIECES**2
"""So much is spent on looking into changed paragraphs, however many there are."""

_PARAGRAPH = re.compile(r"\n[ \t]*\n+")
_WORD = re.compile(r"\s+|[^\W_]+|[\W_]", re.UNICODE)


class Kind(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """Words that stayed, came or went."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of either text; one that was changed holds pieces of several kinds."""

    pieces: tuple[Piece, ...]

    @property
    def kind(self) -> Kind | None:
        """What happened to all of it; None if it was changed inside."""
        kinds = {piece.kind for piece in self.pieces}
        return kinds.pop() if len(kinds) == 1 else None


@dataclass
class _Effort:
    left: int = MOST_COMPARISONS


@lru_cache(maxsize=32)
def between(old: str, new: str) -> tuple[Paragraph, ...]:
    """The paragraphs of both texts in reading order, what went before what came."""
    before, after = _paragraphs(old), _paragraphs(new)
    found: list[Paragraph] = []
    effort = _Effort()
    for kind, ours, theirs in _aligned(before, after):
        if kind is Kind.SAME:
            found += [Paragraph((Piece(Kind.SAME, text),)) for text in theirs]
        else:
            found += _changed(ours, theirs, effort)
    return tuple(found)


def changed_only(paragraphs: Sequence[Paragraph]) -> list[Paragraph | None]:
    """The paragraphs that changed; None stands for a run of those that did not."""
    shown: list[Paragraph | None] = []
    for paragraph in paragraphs:
        if paragraph.kind is not Kind.SAME:
            shown.append(paragraph)
        elif not shown or shown[-1] is not None:
            shown.append(None)
    return shown


def _paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in _PARAGRAPH.split(text.replace("\r\n", "\n")) if part.strip()]


def _changed(before: list[str], after: list[str], effort: _Effort) -> list[Paragraph]:
    """Paragraphs that stand in each other's place: alike ones are shown as one that was changed."""
    found = []
    for ours, theirs in zip_longest(before, after):
        pieces = _words(ours, theirs, effort) if ours is not None and theirs is not None else ()
        kept = sum(len(piece.text) for piece in pieces if piece.kind is Kind.SAME and not piece.text.isspace())
        if pieces and 2 * kept >= min(len(ours), len(theirs)):
            found.append(Paragraph(pieces))
            continue
        found += [Paragraph((Piece(Kind.REMOVED, ours),))] if ours is not None else []
        found += [Paragraph((Piece(Kind.ADDED, theirs),))] if theirs is not None else []
    return found


def _words(old: str, new: str, effort: _Effort) -> tuple[Piece, ...]:
    """The pieces of a changed paragraph; none when comparing it would cost more than is left."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    effort.left -= len(before) * len(after)
    if effort.left < 0:
        return ()
    pieces: list[Piece] = []
    for kind, ours, theirs in _aligned(before, after):
        if kind is Kind.SAME:
            pieces.append(Piece(kind, "".join(theirs)))
            continue
        pieces += [Piece(Kind.REMOVED, "".join(ours))] if ours else []
        pieces += [Piece(Kind.ADDED, "".join(theirs))] if theirs else []
    return tuple(pieces)


def _aligned(before: list[str], after: list[str]) -> list[tuple[Kind, list[str], list[str]]]:
    """Stretches of both lists that are the same (SAME) or stand in each other's place (REMOVED)."""
    if len(before) > MOST_PIECES or len(after) > MOST_PIECES:
        return [(Kind.SAME if before == after else Kind.REMOVED, before, after)]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        (Kind.SAME if tag == "equal" else Kind.REMOVED, before[a:b], after[c:d])
        for tag, a, b, c, d in matcher.get_opcodes()
    ]
