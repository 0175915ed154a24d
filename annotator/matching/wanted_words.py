"""Which of some words stand in passages: of the thousands that are gone through for one claim few matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from annotator.matching.words import ROW, key_in, words_of, written_in


class Found(NamedTuple):
    """What stands in a passage: how many words, and in order the wanted ones, as they are written, with their keys."""

    total: int
    wanted: list[tuple[str, str]]


class Wanted:
    """The words with these keys, which are looked for in one passage after the other."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = frozenset(keys)
        self._or_row = self._keys | {ROW}

    def found(self, text: str) -> Found:
        """Those that stand in the text."""
        words, keys = written_in(text), self._or_row
        wanted = [(written, key) for written in words if (key := key_in(written)) in keys]
        if all(key != ROW for _, key in wanted):
            return Found(len(words), wanted)
        every = words_of(text)
        return Found(len(every), [(word.written, word.key) for word in every if word.key in self._keys])
