"""The shape of an article: where the story begins, its title, its subheadings, and paragraphs broken in two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from annotator.domain.extract.pieces import Piece
from annotator.domain.text import FURNITURE, BlockKind

_LONG = 200
"""A piece as long as this is a paragraph, whatever it ends with."""

_STORY = frozenset({BlockKind.CAPTION, BlockKind.QUOTE})
_FIRST_WORD = re.compile(r"\w+")
_ENUMERATION = re.compile(r"(?:[a-z]|[ivx]{1,4})[.)]\s|https?:|www\.")
_FUNCTION_WORDS = frozenset({
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "of", "on", "or", "over", "that", "the", "to",
    "under", "was", "were", "when", "which", "while", "who", "with",
})  # fmt: skip


def story_begins(pieces: Sequence[Piece]) -> int:
    """The index of the first paragraph of the story; the number of pieces when there is none."""
    return next((index for index, piece in enumerate(pieces) if _is_paragraph(piece)), len(pieces))


def with_title(pieces: Sequence[Piece], begin: int) -> list[Piece]:
    """The pieces with the first line as title, where it reads like one and nothing else is marked as title.

    A title stands before the story, which begins at the index `begin`.
    """
    first = pieces[0] if pieces else None
    if first is None or begin in {0, len(pieces)} or any(piece.kind == BlockKind.TITLE for piece in pieces):
        return list(pieces)
    if first.kind is not None or first.listed or not _is_heading(first, characters=_LONG, words=30):
        return list(pieces)
    return [replace(first, kind=BlockKind.TITLE), *pieces[1:]]


def with_subheadings(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with short title-like lines between two paragraphs as subheadings."""
    found = list(pieces)
    above = _neighbours(pieces)
    below = _neighbours(pieces[::-1])[::-1]
    for index, piece in enumerate(pieces):
        if piece.kind is not None or piece.listed or not _is_heading(piece, characters=80, words=12):
            continue
        if _is_story(above[index]) and (piece.bold or _is_paragraph(below[index])):
            found[index] = replace(piece, kind=BlockKind.SUBHEADING)
    return found


def rejoined(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with paragraphs that a blank line broke in two joined again by one space."""
    joined: list[Piece] = []
    for index, piece in enumerate(pieces):
        above = joined[-1] if joined else None
        if above is None or not _continues(above, piece) or _is_in_list(joined, pieces, index):
            joined.append(piece)
            continue
        joined[-1] = replace(
            above,
            text=f"{above.text} {piece.text}",
            urls=above.urls + piece.urls,
            rejoined=(*above.rejoined, len(above.text)),
        )
    return joined


def _is_paragraph(piece: Piece | None) -> bool:
    return piece is not None and piece.is_body and not piece.listed and (piece.ends_sentence or len(piece.text) > _LONG)


def _is_heading(piece: Piece, *, characters: int, words: int) -> bool:
    """Whether it reads like a heading: one short line that begins like a name and ends like nothing."""
    text = piece.text
    if (
        not piece.is_line
        or len(text) > characters
        or piece.ends_sentence
        or not (text[-1].isalnum() or text[-1] in "'’”\"")
    ):
        return False
    parts = text.split()
    if len(parts) > words or text[0].islower() or not any(character.isalpha() for character in text):
        return False
    return parts[-1].lower() not in _FUNCTION_WORDS and (text[0].isalnum() or text[0] in "'‘“\"«¿¡")


def _neighbours(pieces: Sequence[Piece]) -> list[Piece | None]:
    """For each piece the nearest one before it that is not furniture."""
    nearest: list[Piece | None] = []
    latest = None
    for piece in pieces:
        nearest.append(latest)
        latest = latest if piece.kind in FURNITURE else piece
    return nearest


def _is_story(piece: Piece | None) -> bool:
    return piece is not None and (_is_paragraph(piece) or piece.kind in _STORY)


def _continues(above: Piece, below: Piece) -> bool:
    """Whether `above` breaks off in mid sentence and `below` goes on with it to its end."""
    if any(piece.kind is not None or piece.listed or piece.bold for piece in (above, below)):
        return False
    last_word = above.text.split()[-1].lower()
    breaks_off = (above.text[-1].isalnum() or above.text[-1] == ",") and not above.text[0].islower()
    if not breaks_off or (len(above.text) < 60 and last_word not in _FUNCTION_WORDS):
        return False
    first_word = _FIRST_WORD.match(below.text)
    if first_word is None or not first_word.group().islower() or first_word.group() == "o":
        return False
    return below.ends_sentence and not _ENUMERATION.match(below.text)


def _is_in_list(joined: Sequence[Piece], pieces: Sequence[Piece], index: int) -> bool:
    """Whether the neighbours of the two halves say that they are entries of a list."""
    introduced = len(joined) > 1 and joined[-2].text.endswith(":")
    goes_on = index + 1 < len(pieces) and pieces[index + 1].is_body and pieces[index + 1].text[0].islower()
    return introduced or goes_on
