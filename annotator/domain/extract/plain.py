"""Pieces of a plain text, and whether a text is in fact Markdown."""

from __future__ import annotations

import re
from itertools import pairwise

from annotator.domain.extract.pieces import Draft, Piece
from annotator.domain.text import plain_blocks

_LIST_MARKER = re.compile(r"(?:[-*+•‣◦·–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s")

# Possessive quantifiers never give back what they took, so each search is linear in the length of a line.
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]++\S", re.MULTILINE)
_WEB_LINK = re.compile(r"\[[^\[\]\n]++\]\((?:#|https?://|/)[^()\s]*+\)")
_BOLD = re.compile(r"\*\*[^\s*][^*\n]*+\*\*")
_AUTOLINK = re.compile(r"<https?://[^<>\s]++>")


def draft(text: str) -> Draft:
    """Its paragraphs, each still without a kind."""
    blocks = plain_blocks(text)
    pieces = tuple(piece_of(text[block.start : block.end]) for block in blocks)
    return Draft(
        pieces,
        blank_lines=all(text.count("\n", above.end, below.start) > 1 for above, below in pairwise(blocks)),
    )


def piece_of(paragraph: str) -> Piece:
    """The piece of one paragraph of plain text."""
    return Piece(paragraph, listed=_LIST_MARKER.match(paragraph) is not None)


def looks_like_markdown(text: str) -> bool:
    """Whether a plain text was written as Markdown.

    It is if it begins with a heading, or links to something, or has two other marks of Markdown: a lone number sign
    or pair of asterisks also happens in plain prose.
    """
    heading = _HEADING.search(text)
    if heading is not None and not text[: heading.start()].strip():
        return True
    if _WEB_LINK.search(text):
        return True
    marks = sum(len(pattern.findall(text)) for pattern in (_HEADING, _BOLD, _AUTOLINK))
    return marks > 1
