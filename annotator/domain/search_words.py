"""Words as a search sees them: what is put into the index of a database, and what is asked of it.

The databases find words between blanks. Scripts that are written without blanks (Chinese, Japanese, Thai and their
neighbours) are therefore cut into characters, in the index and in questions alike: then a word of them is a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 100_000
"""How many code points of one block are indexed: PostgreSQL cannot hold the words of a block of any length."""

MOST_PHRASES = 32
"""How many words or phrases of a question are looked for; the rest is left out."""

LONGEST_PHRASE = 2_000

_WITHOUT_BLANKS = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff])"
)
_PIECE = re.compile(f"{_WITHOUT_BLANKS.pattern}|[^\\W_]+|[\\W_]")
_MARKS = re.compile("[\u0300-\u036f]+")
_NO_WORD = re.compile(r"[\W_]+")
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]|([^\s"“”„«»]+)')


def spaced(text: str) -> str:
    """The text with blanks around the characters of scripts that have none between their words."""
    # To see that there are none takes half the time of replacing none.
    if text.isascii() or _WITHOUT_BLANKS.search(text) is None:
        return text
    return _WITHOUT_BLANKS.sub(r" \1 ", text)


def folded(text: str) -> str:
    """The words of the text between blanks: lower case, without accents and signs, for a database that keeps these."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", spaced(text))
        text = unicodedata.normalize("NFC", _MARKS.sub("", text))
    return _NO_WORD.sub(" ", text.casefold()).strip()


def is_written_without_blanks(word: str) -> bool:
    """Whether it is of a script that has no blanks between words."""
    return _WITHOUT_BLANKS.match(word) is not None


def phrases(query: str) -> list[str]:
    """What a person asks for: each word, and what stands in quotation marks together. All of it must be found.

    Nothing else in a query has a meaning; what holds no letter and no digit is left out.
    """
    found = []
    for match in _QUOTED.finditer(query.replace("\x00", " ").encode(errors="ignore").decode()):
        phrase = " ".join((match[1] or match[2] or "")[:LONGEST_PHRASE].split())
        if any(character.isalnum() for character in phrase):
            found.append(phrase)
    return found[:MOST_PHRASES]


def highlighted(text: str, wanted: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in pieces, in order; True stands at those that are a word of the phrases `wanted`."""
    words = {word for phrase in wanted for word in folded(phrase).split()}
    pieces: list[tuple[str, bool]] = []
    for match in _PIECE.finditer(text):
        piece = match.group()
        parts = folded(piece).split()
        found = bool(parts) and words.issuperset(parts)
        if pieces and pieces[-1][1] == found:
            pieces[-1] = (pieces[-1][0] + piece, found)
        else:
            pieces.append((piece, found))
    return pieces


def excerpt(text: str, wanted: Sequence[str], length: int) -> list[tuple[str, bool]]:
    """As `highlighted`, of a part of the text of about this length, around the first word that is wanted."""
    pieces = highlighted(text, wanted)
    before = 0
    for piece, found in pieces:
        if found:
            break
        before += len(piece)
    if len(text) <= length or before >= len(text):
        return highlighted(_cut(text, 0, length), wanted)
    return highlighted(_cut(text, max(0, before - length // 3), length), wanted)


def places(text: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words of the phrases `wanted` stand in the text, a phrase as one, in order and apart.

    Words with only blanks between them are one place.
    """
    words = [(word, *match.span()) for match in _PIECE.finditer(text) for word in folded(match.group()).split()]
    found: list[tuple[int, int]] = []
    for phrase in wanted:
        asked = folded(phrase).split()
        first = asked[0] if asked else None
        for here, (word, start, _) in enumerate(words):
            if word == first and [each[0] for each in words[here : here + len(asked)]] == asked:
                found.append((start, words[here + len(asked) - 1][2]))
    return _joined(text, found)


def _joined(text: str, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        before = joined[-1] if joined else None
        if before and (start <= before[1] or text[before[1] : start].isspace()):
            joined[-1] = (before[0], max(before[1], end))
        else:
            joined.append((start, end))
    return joined


def _cut(text: str, start: int, length: int) -> str:
    """At blanks, with dots for what is left out."""
    end = start + length
    if start > 0:
        start = max(start, text.find(" ", start, start + 30) + 1)
    if end < len(text):
        end = max(text.rfind(" ", end - 30, end), start + 1) if " " in text[end - 30 : end] else end
    return f"{'… ' if start > 0 else ''}{text[start:end]}{' …' if end < len(text) else ''}"
