"""What a language's table holds, and how a word is written in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import regex

Phrases = frozenset[str]
NOTHING: Phrases = frozenset()

_NOT_SPOKEN = regex.compile("[\u00ad\u0640\u064b-\u0652\u0670\u200c-\u200f]+")
"""Soft hyphens, invisible marks, and the vowel signs and stretching of Arabic."""


def fold(word: str) -> str:
    """A word as tables write it: small letters, straight apostrophes, nothing that is not read aloud."""
    return _NOT_SPOKEN.sub("", word).replace("’", "'").casefold()


def phrases(*groups: str) -> Phrases:
    """Words from lines of words, with blanks between; a phrase of several words is written with underscores."""
    return frozenset(fold(word).replace("_", " ") for group in groups for word in group.split())


def pairs(before: Iterable[str], after: Iterable[str]) -> Phrases:
    """Every phrase of one of `before` and one of `after`."""
    ends = tuple(after)
    return frozenset(f"{first} {second}" for first in before for second in ends)


@dataclass(frozen=True)
class Table:
    """The words of one language, folded.

    A number is a run of `numbers` with `number_joints` between them; two `weak_numbers` make one, too, and `articles`
    are those of them that end none. `number_units` after it belong to it. A month of `doubtful_months` is also an ordinary word. A number, one of
    `periods` and one of `after_periods` are a date ("two years ago"). `not_cues` are phrases that only look like one
    ("at least"). `superlative_end` ends superlatives that follow one of `superlative_before` and are not in
    `not_superlatives`. `prefixes` are words that are written together with the next one.
    """

    numbers: Phrases = NOTHING
    weak_numbers: Phrases = NOTHING
    articles: Phrases = NOTHING
    number_joints: Phrases = NOTHING
    number_units: Phrases = NOTHING
    months: Phrases = NOTHING
    doubtful_months: Phrases = NOTHING
    before_months: Phrases = NOTHING
    date_joints: Phrases = NOTHING
    dates: Phrases = NOTHING
    periods: Phrases = NOTHING
    after_periods: Phrases = NOTHING
    attributions: Phrases = NOTHING
    hedges: Phrases = NOTHING
    superlatives: Phrases = NOTHING
    not_cues: Phrases = NOTHING
    superlative_end: str = ""
    superlative_before: Phrases = NOTHING
    not_superlatives: Phrases = NOTHING
    prefixes: tuple[str, ...] = field(default=())

    @cached_property
    def known(self) -> MappingProxyType[str, tuple[tuple[str, ...], ...]]:
        """The phrases of `dates`, `attributions`, `hedges`, `superlatives` and `not_cues` by first word, long ones first."""
        found: dict[str, set[tuple[str, ...]]] = {}
        for phrase in self.dates | self.attributions | self.hedges | self.superlatives | self.not_cues:
            words = tuple(phrase.split(" "))
            found.setdefault(words[0], set()).add(words)
        return MappingProxyType(
            {first: tuple(sorted(rest, key=lambda words: (-len(words), words))) for first, rest in found.items()}
        )

    @cached_property
    def words(self) -> Phrases:
        """Every first word of the table: what a prefix may be written onto."""
        return frozenset(self.known) | self.numbers | self.months
