"""Which of some words stand in passages: of the thousands that are gone through for one claim few matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from annotator.matching.words import HEAD, ROW, keeps_head, key_in, words_of, written_in


class Found(NamedTuple):
    """What stands in a passage: how many words, and in order the wanted ones, as they are written, with their keys."""

    total: int
    wanted: list[tuple[str, str]]


class Wanted:
    """The words with these keys, which are looked for in one passage after the other."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = frozenset(keys)
        self._heads = frozenset(key[:HEAD] for key in self._keys)
        self._seen: set[str] = set()
        self._key_of: dict[str, str] = {}

    def found(self, text: str) -> Found:
        """Those that stand in the text."""
        words, key_of = written_in(text), self._key_of
        self._look_at(set(words) - self._seen)
        wanted = [(written, key_of[written]) for written in words if written in key_of]
        if all(key != ROW for _, key in wanted):
            return Found(len(words), wanted)
        every = words_of(text)
        return Found(len(every), [(word.written, word.key) for word in every if word.key in self._keys])

    def _look_at(self, new: set[str]) -> None:
        """Keep the keys of those words, as they are written, that are wanted, and of rows of signs."""
        self._seen |= new
        heads = self._heads
        # Most words begin otherwise than all that are looked for, and nobody need know their keys.
        for written in [each for each in new if each[:HEAD].lower() in heads or not keeps_head(each)]:
            key = key_in(written)
            if key == ROW or key in self._keys:
                self._key_of[written] = key
