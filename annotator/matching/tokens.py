"""A stretch of text as words and figures: the one pass from which every cue but quotations is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from annotator.matching.languages.table import Table, fold

# Every repetition is possessive, so the time is proportional to the text.
_TOKEN = regex.compile(
    r"""
    (?P<figure> \d{1,3} (?: [\u00a0\u202f\u2009] \d{3} (?!\d) )++ (?: [.,] \d++ )?+
              | \d++ (?: [.,:'’٬٫] \d++ )*+ )
    | [\p{L}\p{M}]++ (?: ['’] [\p{L}\p{M}]++ )*+
    """,
    regex.VERBOSE,
)
_BETWEEN = regex.compile(r"\s{1,3}|\s?[-‐‑]\s?|–")
_LONGEST_BETWEEN = 3
_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Token:
    """A word or figure, [start, end) in code points of the whole text; `word` is it folded.

    `near`: nothing but a blank or a hyphen stands between it and the token before.
    """

    start: int
    end: int
    word: str
    figure: bool
    capital: bool
    near: bool


def tokens_of(text: str, start: int, end: int, table: Table) -> list[Token]:
    """The tokens of text[start:end]. A prefix that is written onto a word, where the table has such, is one of its own."""
    return list(_tokens(text, start, end, table))


def _tokens(text: str, start: int, end: int, table: Table) -> Iterator[Token]:
    before = start
    for match in _TOKEN.finditer(text, start, end):
        first, stop = match.span()
        figure = match["figure"] is not None
        near = first - before <= _LONGEST_BETWEEN and _BETWEEN.fullmatch(text, before, first) is not None
        before = stop
        written = match.group()
        # A word too long for any table needs no folding, which might make it longer still.
        word = fold(written) if not figure and len(written) <= _LONGEST_WORD else written
        length = _prefix(word, table) if len(word) == len(written) else 0
        if length:
            yield Token(first, first + length, word[:length], False, False, near)
            yield Token(first + length, stop, word[length:], False, False, True)
        else:
            yield Token(first, stop, word, figure, written[0].isupper(), near)


def _prefix(word: str, table: Table) -> int:
    """How long the prefix is that is written onto a word of the table; 0 if there is none."""
    for prefix in table.prefixes:
        rest = word.removeprefix(prefix)
        if rest != word and word not in table.words and rest in table.words:
            return len(prefix)
    return 0
