"""Where a text counts or measures: "25", "1,200", "$3.5 million", "60 percent", "tens of thousands", "half a dozen"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotator.domain.spans import Span
from annotator.matching.languages.table import Table
from annotator.matching.tokens import Token

_BEFORE = frozenset("$€£¥₹₽₺₪₩")
_AFTER = _BEFORE | frozenset("%‰°٪")
_BLANKS = frozenset(" \u00a0\u202f")
_GLUED = frozenset(
    {"m", "bn", "k", "tn", "km", "kg", "mm", "cm", "mph", "kph", "gb", "mb", "st", "nd", "rd", "th", "s", "x"}
)

_LONGEST = 12
"""More words than this are not one number; a limit also keeps hostile texts from being read again and again."""


def numbers(text: str, tokens: Sequence[Token], taken: Sequence[Span], table: Table) -> list[Span]:
    """The numbers among `tokens` that lie in none of `taken`, which are sorted dates."""
    return list(_Reader(text, tokens, table).numbers(taken))


@dataclass(frozen=True)
class _Reader:
    text: str
    tokens: Sequence[Token]
    table: Table

    def numbers(self, taken: Sequence[Span]) -> Iterator[Span]:
        at = upcoming = free = 0
        while at < len(self.tokens):
            while upcoming < len(taken) and taken[upcoming].end <= self.tokens[at].start:
                upcoming += 1
            run = self.run(at, taken[upcoming].start if upcoming < len(taken) else len(self.text))
            if run:
                found = self.with_signs(at, at + run, free)
                free = found.end
                yield found
            at += run or 1

    def run(self, first: int, limit: int) -> int:
        """How many tokens from `first` on make one number that ends before `limit`; 0 if none does."""
        length = strong = weak = 0
        for at in range(first, min(first + _LONGEST, len(self.tokens))):
            token = self.tokens[at]
            if token.end > limit or (at > first and not self.continues(at)):
                break
            if self.is_strong(at):
                strong += 1
                length = at - first + 1
            elif token.word in self.table.weak_numbers or (at > first and self.is_unit(at)):
                weak += 1
                # A weak one ends a number only behind another: "a third", not the "a" of "two a day".
                if token.word not in self.table.articles and (weak > 1 or strong):
                    length = at - first + 1
            elif at == first or token.word not in self.table.number_joints:
                break
        return length if strong or weak > 1 else 0

    def continues(self, at: int) -> bool:
        """Whether the token may belong to the number before it; two figures side by side are two numbers."""
        before, token = self.tokens[at - 1], self.tokens[at]
        if token.figure and before.figure and self.text[before.end].isspace():
            return False
        return token.near or self.is_unit(at)

    def is_strong(self, at: int) -> bool:
        token = self.tokens[at]
        return self.counts(at) if token.figure else token.word in self.table.numbers

    def is_unit(self, at: int) -> bool:
        """Whether the token is written onto a figure, such as the km of "3km"."""
        before, token = self.tokens[at - 1], self.tokens[at]
        return before.figure and token.start == before.end and token.word in _GLUED

    def counts(self, at: int) -> bool:
        """Whether a figure counts something, and is not a part of a name such as F-16, 3G or COVID-19."""
        token = self.tokens[at]
        if at + 1 < len(self.tokens) and self.tokens[at + 1].start == token.end and not self.is_unit(at + 1):
            return False
        if at == 0:
            return True
        before = self.tokens[at - 1]
        between = self.text[before.end : token.start]
        return not (between == "" or (between in "-‐‑" and before.capital and not before.figure))

    def with_signs(self, first: int, after: int, free: int) -> Span:
        """The number of the tokens [first, after) with its currency, per cent sign or unit; what is before `free` is taken."""
        text, start, end = self.text, self.tokens[first].start, self.tokens[after - 1].end
        if start > free and text[start - 1] in _BEFORE:
            start -= 1
        if self.closes(end):
            return Span(start, end + 1)
        if text[end : end + 1] in _BLANKS and self.closes(end + 1):
            return Span(start, end + 2)
        for token in self.tokens[after : after + 2]:
            if not (token.near and token.word in self.table.number_units):
                break
            end = token.end
        return Span(start, end)

    def closes(self, at: int) -> bool:
        """Whether a sign stands at `at` that belongs to the number before it: that of "5 $20" belongs to the 20."""
        sign, behind = self.text[at : at + 1], self.text[at + 1 : at + 2]
        return sign in _AFTER and not (sign in _BEFORE and behind.isdigit())
