"""Why a passage is listed as a counterpart, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from annotator.domain.days import day
from annotator.matching.signals import Reason, Signal


def in_words(reason: Reason) -> str:
    """One line of a list: "Number “tens of thousands” ↔ “300,000”, which differ"."""
    return _WORDS[reason.signal](reason)


def _pairs(reason: Reason) -> str:
    """What both have; where the one says it in another way than the other, both ways."""
    pairs = zip(reason.mine, reason.theirs, strict=True)
    return ", ".join(mine if mine.casefold() == theirs.casefold() else f"{mine} ↔ {theirs}" for mine, theirs in pairs)


def _words(reason: Reason) -> str:
    alike = [mine.casefold() for mine in reason.mine] == [theirs.casefold() for theirs in reason.theirs]
    return f"{'Same' if alike else 'Like'} {'words' if len(reason.mine) > 1 else 'word'}: {_pairs(reason)}"


def _numbers(reason: Reason) -> str:
    mine, theirs = reason.mine[0], reason.theirs[0]
    if mine.casefold() == theirs.casefold():
        return f"Same number: “{mine}”"
    return f"Number “{mine}” ↔ “{theirs}”{'' if reason.meets else ', which differ'}"


def _dates(reason: Reason) -> str:
    if reason.mine == reason.theirs:
        return f"Same date: {', '.join(day(date.fromisoformat(each)) for each in reason.theirs)}"
    return f"Published a day from it: {day(date.fromisoformat(reason.theirs[0]))}"


_WORDS: dict[Signal, Callable[[Reason], str]] = {
    Signal.WORDS: _words,
    Signal.NAMES: lambda reason: f"Same {'names' if len(reason.mine) > 1 else 'name'}: {_pairs(reason)}",
    Signal.NUMBERS: _numbers,
    Signal.DATES: _dates,
    Signal.SPEAKER: lambda reason: f"Same speaker: {' '.join(reason.mine)}",
    Signal.STORY: lambda reason: f"Its article is about the same: {_pairs(reason)}",
}
