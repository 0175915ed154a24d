"""The words of a passage for comparing it with others: each with the key under which its forms are one word.

The key is no linguist's stem: it takes common English endings away and the article that Arabic writes onto a word, so
that "strikes", "struck by a strike" and "striking" meet. Scripts without blanks between words give pairs of signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

import regex

from annotator.domain.search_words import folded, is_written_without_blanks
from annotator.matching.days import MONTHS, WEEKDAYS
from annotator.matching.languages.english import TABLE
from annotator.matching.languages.table import phrases

_JOINTS = "'’.\u05f3\u05f4\u200c"
"""What may stand within a word."""

_WORD = regex.compile(rf"[\p{{L}}\p{{M}}]++(?:[{_JOINTS}][\p{{L}}\p{{M}}]++)*+")
_BEYOND_LATIN = re.compile("[^\x00-\u024f\u2010-\u205e€]")
_LATIN = "A-Za-zªµºÀ-ÖØ-öø-\u024f"
_LATIN_WORD = re.compile(f"[{_LATIN}]+(?:['’.][{_LATIN}]+)*")
"""The same in a text that holds nothing beyond Latin letters and punctuation: found in half the time."""

_LATIN_CAPITAL_WORD = re.compile(f"[A-ZÀ-ÖØ-öø-\u024f]{_LATIN_WORD.pattern.replace('+', '*', 1)}")
"""At least those of them that begin with a capital, and what follows a capital within a word."""

_CAPITAL_WORD = regex.compile(rf"(?<![\p{{L}}\p{{M}}])(?<![\p{{L}}\p{{M}}][{_JOINTS}])(?=\p{{Lu}}){_WORD.pattern}")
ROW = "\n"
"""No key is written so."""

_ENDS_A_SENTENCE = frozenset('.!?…:;؟。\n"“”«»„‘([')
_ENDINGS = ("ingly", "ings", "ing", "ions", "ion", "edly", "ers", "ies", "ied", "ed", "er", "es", "s", "e", "y")
_SHORTEST = 3
"""How many letters of a word must be left, so that "is" and "red" keep theirs."""

_SHORTEST_OF_LONG = 5
"""The same for endings that also end other words: "station" is no form of "state"."""

_DERIVING = frozenset({"ions", "ion", "ers", "er", "ingly", "edly"})
_ONTO_ARABIC = ("وال", "بال", "كال", "فال", "لل", "ال", "و")
_LONGEST = 40
HEAD = _SHORTEST
"""So many letters no key is without, if its word has them."""

FUNCTION_WORDS = phrases(
    "a about after against all also although am among an and any are around as at away back be because been before being",
    "between both but by came can come could day days did do does doing down during each even ever every few first for",
    "from further get give go had has have having he her here hers him his how however i if in into is it its itself",
    "just last later less like made make many may me might more most much must my near new no nor not now of off on once",
    "one only onto or other our out over own people per put said same saw say says see she should since so some still",
    "such take than that the their them then there these they this those three through time to told too took two under",
    "until up upon us very was way we week well went were what when where which while who whom whose why will with",
    "within without would year years yet you your",
)
"""English words that hold a sentence together and say little of what it is about; none of them is looked up."""

UNTOLD = (
    FUNCTION_WORDS
    | TABLE.numbers
    | TABLE.weak_numbers
    | (frozenset(MONTHS) - TABLE.doubtful_months)
    | frozenset(WEEKDAYS)
)
"""What is compared as a number or as a date, or not at all."""


class Word(NamedTuple):
    """A word as it is written, from `start` on; `name` if it is written as a name is, `first` at the head of a sentence.

    `telling`: it says what the text is about.
    """

    start: int
    end: int
    written: str
    key: str
    name: bool
    first: bool
    telling: bool


_word = partial(tuple.__new__, Word)
"""What `Word._make` does, without its check: thousands of words are read for one claim."""


@lru_cache(maxsize=256)
def words_of(text: str) -> tuple[Word, ...]:
    """The words of the text in order, without figures. The time is proportional to the text.

    The last passages read are kept: who looks for the counterparts of one claim does so for the next one, too.
    """
    return tuple(_words(text))


def telling(text: str) -> list[Word]:
    """The words of the text that say what it is about, in order."""
    return [word for word in words_of(text) if word.telling]


def written_in(text: str) -> list[str]:
    """The words of the text in order, only as they are written: a tenth of the work."""
    return _LATIN_WORD.findall(text) if _is_latin(text) else _WORD.findall(text)


@lru_cache(maxsize=65_536)
def key_in(written: str) -> str:
    """The key of what `written_in` gives; ROW if it is no word but a row of signs, of which `words_of` gives the pairs."""
    known = _known(written)
    return ROW if known is None else known[0]


def told_in(text: str) -> list[tuple[str, str]]:
    """What `telling` finds: the key of each word, and how it is written. It takes a fraction of the time."""
    known = [(_known(written), written) for written in written_in(text)]
    if any(read is None for read, _ in known):
        return [(word.key, word.written) for word in telling(text)]
    return [(read[0], written) for read, written in known if read is not None and read[1]]


def keeps_head(written: str) -> bool:
    """Whether the word's key begins with its own first HEAD letters, in lower case: only endings are taken from it."""
    return written.isalpha() and written.isascii() and len(written) <= _LONGEST


def names_in(text: str) -> list[Word]:
    """Those of the words that are names, without a look at the others."""
    return [word for word in _capital_words(text) if word.name]


def may_name(text: str, keys: Container[str]) -> bool:
    """Whether a name with one of these keys may stand in the text: told in a tenth of the time if not."""
    return not _is_latin(text) or any(key_in(written) in keys for written in _LATIN_CAPITAL_WORD.findall(text))


def _is_latin(text: str) -> bool:
    return text.isascii() or _BEYOND_LATIN.search(text) is None


def _capital_words(text: str) -> Iterator[Word]:
    for match in _CAPITAL_WORD.finditer(text):
        start = before = match.start()
        while before > 0 and not _is_letter(text[before - 1]):
            before -= 1
        word = _read(text, start, match.end(), before)
        if word is not None:
            yield word


def _is_letter(sign: str) -> bool:
    """As the patterns see it: a letter, or a mark on one."""
    return sign.isalpha() or (not sign.isascii() and unicodedata.category(sign).startswith("M"))


def _words(text: str) -> Iterator[Word]:
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = _read(text, start, end, before)
        if word is None:
            yield from _pairs(match.group(), start)
        else:
            yield word
        before = end


def _read(text: str, start: int, end: int, before: int) -> Word | None:
    """The word [start, end), where the one before ends at `before`; None for a row of signs."""
    written = text[start:end]
    known = _known(written)
    if known is None:
        return None
    key, says, within, at_head = known
    first = before == 0 or (start - before > 1 and not _ENDS_A_SENTENCE.isdisjoint(text[before:start]))
    return _word((start, end, written, key, at_head if first else within, first, says))


@lru_cache(maxsize=65_536)
def _known(written: str) -> tuple[str, bool, bool, bool] | None:
    """The word's key, whether it is telling, and a name within a sentence and at its head; None for a row of signs."""
    if len(written) > _LONGEST or (not written.isascii() and is_written_without_blanks(written)):
        return None
    says = written.casefold() not in UNTOLD
    return key_of(written), says, says and _is_name(written, first=False), says and _is_name(written, first=True)


def _is_name(written: str, *, first: bool) -> bool:
    """Whether it is written as a name is: in capitals, or with one where a sentence does not begin."""
    if not written[0].isupper():
        return False
    return not first or (len(written) > 1 and written.replace(".", "").isupper())


def _pairs(written: str, start: int) -> Iterator[Word]:
    """Every two signs in a row: what two texts share of a script in which nobody sees where a word ends."""
    signs = written[: _LONGEST * 50]
    for at in range(max(1, len(signs) - 1)):
        pair = signs[at : at + 2]
        yield Word(start + at, start + at + len(pair), pair, pair, name=False, first=False, telling=True)


@lru_cache(maxsize=65_536)
def key_of(written: str) -> str:
    """The key under which a word's forms are one."""
    word = folded(written.removesuffix("’s").removesuffix("'s")).replace(" ", "")
    if not word.isascii():
        return _without_article(word)
    if len(word) <= _SHORTEST:
        return word
    return _base(word)


def forms_of(written: str) -> tuple[str, ...]:
    """The forms in which the index of a search may hold the word, itself first."""
    word = folded(written.removesuffix("’s").removesuffix("'s"))
    if not word.isascii():
        bare = _without_article(word)
        return tuple(dict.fromkeys((word, bare, f"ال{bare}"))) if bare != word or _is_arabic(word) else (word,)
    if " " in word or len(word) <= _SHORTEST:
        return (word,)
    base = _base(word)
    ended = [f"{base}{ending}" for ending in ("", "s", "e", "es", "ed", "ing", "y", "ies", "ion")]
    doubled = f"{base}{base[-1]}"
    ended += [f"{doubled}{ending}" for ending in ("", "ed", "ing")]
    return tuple(dict.fromkeys((word, *ended)))


def _base(word: str) -> str:
    """The word without its ending; doubled consonants are one, so that "stopped" meets "stop" and "killed" "kill"."""
    for ending in _ENDINGS:
        least = _SHORTEST_OF_LONG if ending in _DERIVING else _SHORTEST
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    if len(word) > _SHORTEST and word[-1] == word[-2]:
        word = word[:-1]
    return word.removesuffix("e").removesuffix("i") if len(word) > _SHORTEST + 1 else word


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[0] <= "\u06ff" if word else False


def _without_article(word: str) -> str:
    if _is_arabic(word):
        for prefix in _ONTO_ARABIC:
            if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST:
                return word.removeprefix(prefix)
    return word
