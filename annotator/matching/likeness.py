"""How like a passage of another article is to a claim: a score, and why, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from annotator.matching.days import days_of
from annotator.matching.quantities import Quantity, closeness, meet, quantities_of
from annotator.matching.senses import keys_of, sense_of
from annotator.matching.signals import Claim, Passage, Rarity, Reason, Signal
from annotator.matching.wanted_words import Found, Wanted
from annotator.matching.words import Word, telling, words_of

_WEIGHTS = {
    Signal.WORDS: 1.0,
    Signal.NAMES: 0.35,
    Signal.NUMBERS: 0.55,
    Signal.DATES: 0.3,
    Signal.SPEAKER: 0.2,
}
_OF_STORY = 0.75

_ALONE = 0.5
_REPEATED = 0.5
_ENOUGH = 1.5
"""How many words that stand nowhere else two stories must share to count half as one."""

_LITTLE = 0.2
_Part = tuple[float, "Reason | None"]
_NOTHING: _Part = (0.0, None)
_ALL: _Part = (1.0, None)

_FAR = timedelta(days=60)
_MOST_TOLD = 6
_FEW_TOLD = 4
_USUAL = 40
"""Words of a paragraph of news; in a longer one it says less that a word occurs."""


@dataclass(frozen=True)
class Ranked:
    """A passage by its place in what was given, its score (more is likelier), and the reasons for it."""

    at: int
    score: float
    reasons: tuple[Reason, ...]


class Glance(NamedTuple):
    """A passage by its place in what was given, with what its words tell, and the most that its score can be.

    `shared` are the claim's words in it, by what they mean; `parts` is the most that each signal can come to.
    """

    at: int
    passage: Passage
    shared: dict[str, str]
    named: bool
    parts: dict[Signal, _Part]
    most: float


@dataclass(frozen=True)
class Likeness:
    """What is known of one claim, against which one passage after the other is held."""

    claim: Claim
    rarity: Rarity
    signals: frozenset[Signal]
    stories: dict[str, _Part] = field(default_factory=dict)

    @cached_property
    def weights(self) -> list[tuple[Signal, float]]:
        """How much each of the signals of the passage itself counts, of those that are asked for."""
        return [(signal, weight) for signal, weight in _WEIGHTS.items() if signal in self.signals]

    @cached_property
    def said(self) -> dict[str, Word]:
        """The claim's words by what they mean."""
        return {sense_of(word.key): word for word in reversed(telling(self.claim.text))}

    @cached_property
    def words(self) -> dict[str, float]:
        """How much each of them says; less of those that the whole story repeats."""
        return {
            sense: max(0.0, self.rarity.of(word.key)) * (_REPEATED if word.key in self.claim.story else 1)
            for sense, word in self.said.items()
        }

    @cached_property
    def names(self) -> dict[str, float]:
        return {sense: weight for sense, weight in self.words.items() if self.said[sense].name}

    @cached_property
    def senses(self) -> dict[str, str]:
        """The keys of all words that mean what one of the claim's means, each with what that is."""
        return keys_of(self.words)

    @cached_property
    def wanted(self) -> Wanted:
        """The words that are looked for in a passage."""
        return Wanted({*self.senses, *self.names, *self.speaker})

    @cached_property
    def numbers(self) -> tuple[Quantity, ...]:
        return quantities_of(self.claim.text)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days that the claim is about: as somebody gave them, else as its text names them."""
        if self.claim.days is not None:
            first, last = self.claim.days
            return tuple(first + timedelta(days=n) for n in range(min((last - first).days, 31) + 1))
        return days_of(self.claim.text, self.claim.published)

    @cached_property
    def speaker(self) -> dict[str, str]:
        """The words of the speaker's name by key."""
        return {word.key: word.written for word in telling(self.claim.speaker)}

    @cached_property
    def story(self) -> dict[str, float]:
        """What the claim's own article is about, with how much each word says."""
        return {key: max(0.0, self.rarity.of(key)) for key in self.claim.story}

    def glance(self, at: int, passage: Passage) -> Glance:
        """What is told of a passage by its words alone, with the most that its score can be."""
        words = self.wanted.found(passage.text)
        shared = self._shared_senses(words)
        named = not self.names.keys().isdisjoint([key for _, key in words.wanted])
        parts = {
            Signal.WORDS: (_part(shared, self.words) / (0.75 + 0.25 * max(1.0, words.total / _USUAL)), None),
            Signal.DATES: self._shared_days(passage),
            Signal.SPEAKER: self._shared_speaker(words),
            Signal.STORY: self._shared_story(passage),
            Signal.NAMES: _ALL if named else _NOTHING,
            Signal.NUMBERS: _ALL if self.numbers else _NOTHING,
        }
        return Glance(at, passage, shared, named, parts, self._score(parts))

    def ranked(self, seen: Glance) -> Ranked:
        """The passage with its score, and the reasons for it."""
        text = seen.passage.text
        others = {sense: word for sense, word in seen.shared.items() if sense not in self.names}
        parts = seen.parts | {
            Signal.WORDS: (seen.parts[Signal.WORDS][0], self._reason(Signal.WORDS, others)),
            Signal.NAMES: self._shared_names(text) if seen.named else _NOTHING,
            Signal.NUMBERS: self._shared_numbers(text),
        }
        reasons = [parts[signal][1] for signal in Signal if signal in self.signals and parts[signal][0] > 0]
        return Ranked(seen.at, self._score(parts), tuple(reason for reason in reasons if reason is not None))

    def _score(self, parts: Mapping[Signal, _Part]) -> float:
        own = sum([weight * parts[signal][0] for signal, weight in self.weights])
        if Signal.STORY not in self.signals:
            return own
        story = parts[Signal.STORY][0]
        # That two passages have a word or a number in common says more where their articles are on the same story.
        return own * (_ALONE + (1 - _ALONE) * story) + _OF_STORY * story

    def _shared_senses(self, words: Found) -> dict[str, str]:
        shared: dict[str, str] = {}
        for written, key in words.wanted:
            sense = self.senses.get(key)
            if sense is not None:
                shared.setdefault(sense, written)
        return shared

    def _shared_names(self, text: str) -> _Part:
        shared = {
            word.key: word.written for word in words_of(text) if word.key in self.names and (word.name or word.first)
        }
        return _part(shared, self.names), self._reason(Signal.NAMES, shared)

    def _reason(self, signal: Signal, shared: Mapping[str, str]) -> Reason | None:
        told = _most_telling(shared, self.words)[:_MOST_TOLD]
        mine, theirs = tuple(self.said[sense].written for sense in told), tuple(shared[sense] for sense in told)
        return Reason(signal, mine, theirs) if told else None

    def _shared_numbers(self, text: str) -> _Part:
        if not self.numbers:
            return 0.0, None
        theirs = quantities_of(text)
        pairs = [
            max(((closeness(mine, other), mine, other) for other in theirs), key=lambda pair: pair[0])
            for mine in self.numbers
            if theirs
        ]
        close = [pair for pair in pairs if pair[0] > 0.1]
        if not close:
            return 0.0, None
        best, mine, other = max(close, key=lambda pair: pair[0])
        part = (best + sum(pair[0] for pair in pairs) / len(pairs)) / 2
        return part, Reason(Signal.NUMBERS, (mine.written,), (other.written,), meets=meet(mine, other))

    def _shared_days(self, passage: Passage) -> _Part:
        named = days_of(passage.text, passage.published) if self.days else ()
        same = [day for day in named if day in self.days]
        if same:
            told = tuple(day.isoformat() for day in same[:_MOST_TOLD])
            return 1.0, Reason(Signal.DATES, told, told)
        when = self.days[0] if self.days else self.claim.published
        then = passage.published
        if when is None or then is None:
            return 0.0, None
        part = 0.7 * max(0.0, 1 - abs(then - when) / _FAR)
        near = abs(then - when) <= timedelta(days=1)
        return part, Reason(Signal.DATES, (when.isoformat(),), (then.isoformat(),)) if near and part else None

    def _shared_speaker(self, words: Found) -> _Part:
        if not self.speaker:
            return 0.0, None
        there = {key for _, key in words.wanted}
        shared = [written for key, written in self.speaker.items() if key in there]
        part = len(shared) / len(self.speaker)
        return part, Reason(Signal.SPEAKER, tuple(shared), tuple(shared)) if part > 0.5 else None

    def _shared_story(self, passage: Passage) -> _Part:
        """The same for all passages of an article."""
        if passage.article not in self.stories:
            self.stories[passage.article] = self._shared_stories(passage)
        return self.stories[passage.article]

    def _shared_stories(self, passage: Passage) -> _Part:
        shared = {key: passage.story[key] for key in self.story if key in passage.story}
        weight = sum(self.story[key] for key in shared)
        keys = _most_telling(shared, self.story)[:_FEW_TOLD]
        mine, theirs = tuple(self.claim.story[key] for key in keys), tuple(shared[key] for key in keys)
        part = weight / (weight + _ENOUGH * self.rarity.of(""))
        return part, Reason(Signal.STORY, mine, theirs) if keys and part > _LITTLE else None


def _part(shared: Iterable[str], of: Mapping[str, float]) -> float:
    whole = sum(of.values())
    return sum(of[key] for key in shared) / whole if whole > 0 else 0.0


def _most_telling(shared: Iterable[str], rarity: Mapping[str, float]) -> list[str]:
    """Of what is shared that which says most, first."""
    return sorted((key for key in shared if rarity[key] > 0), key=lambda key: (-rarity[key], key))
