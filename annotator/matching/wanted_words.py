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
        self._key_of = _Known(self._keys)

    def found(self, text: str) -> Found:
        """Those that stand in the text."""
        words, key_of = written_in(text), self._key_of
        wanted = [(written, key) for written in words if (key := key_of[written])]
        if all(key != ROW for _, key in wanted):
            return Found(len(words), wanted)
        every = words_of(text)
        return Found(len(every), [(word.written, word.key) for word in every if word.key in self._keys])


class _Known(dict[str, str]):
    """Of words as they are written the key, if it is one of `keys` or ROW, else nothing; kept once it was looked for."""

    def __init__(self, keys: frozenset[str]) -> None:
        super().__init__()
        self._keys = keys | {ROW}
        self._heads = frozenset(key[:HEAD] for key in keys)

    def __missing__(self, written: str) -> str:
        # Most words begin otherwise than all that are looked for, and nobody need know their keys.
        if written[:HEAD].lower() not in self._heads and keeps_head(written):
            key = ""
        else:
            key = key_in(written)
            key = key if key in self._keys else ""
        self[written] = key
        return key
