"""What a claim and a passage of another article can have in common, and how rare that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Signal(StrEnum):
    """What two passages can have in common."""

    WORDS = "words"
    NAMES = "names"
    NUMBERS = "numbers"
    DATES = "dates"
    SPEAKER = "speaker"
    STORY = "story"


ALL = frozenset(Signal)


@dataclass(frozen=True)
class Claim:
    """The claim whose counterparts are wanted.

    `story` is what its article is about. `days` are the first and last day of what it is about itself, where
    somebody gave them.
    """

    text: str
    speaker: str = ""
    published: date | None = None
    days: tuple[date, date] | None = None
    story: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Passage:
    """A paragraph of another article; `story` is what that article is about."""

    article: str
    text: str
    published: date | None = None
    story: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """What the claim and a passage have in common, in the words in which the one and the other have it."""

    signal: Signal
    mine: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    meets: bool = True
    """For numbers: whether both can be true of the same."""


@dataclass(frozen=True)
class Rarity:
    """How rare words are: `shares` holds, by key, the share of all passages in which a word stands."""

    passages: int = 1
    shares: Mapping[str, float] = field(default_factory=dict)

    def of(self, key: str) -> float:
        """How much it says that two passages share the word: 0 for a word of every passage."""
        seen = self.shares.get(key, 0.0) * self.passages
        return math.log1p((self.passages + 0.5) / (seen + 0.5)) - math.log(2)
