"""What a text counts, as intervals: "tens of thousands" is from 20,000 to 99,999, "at least 30" is 30 and more.

English number words and the figures of any script are understood. Years, days of a month and times count nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from annotator.matching.words import FUNCTION_WORDS, key_of

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES: dict[str, float] = {
    **{word: value for value, word in enumerate(_ONES.split())},
    **{word: value * 10 for value, word in enumerate(_TENS.split(), 2)},
}
_SCALES: dict[str, float] = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3, "dozen": 12, "score": 20,
}  # fmt: skip
_SEVERAL: dict[str, tuple[float, float]] = {
    "tens": (20, 99), "dozens": (24, 99), "scores": (40, 99), "hundreds": (200, 999), "thousands": (2e3, 9_999),
    "millions": (2e6, 9.9e6), "billions": (2e9, 9.9e9), "several": (3, 9), "handful": (3, 7), "couple": (2, 2),
    "half": (0.5, 0.5), "quarter": (0.25, 0.25), "third": (1 / 3, 1 / 3),
}  # fmt: skip
_MANY_SCALES = {"hundreds": 1e2, "thousands": 1e3, "millions": 1e6, "billions": 1e9}
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"

_FIGURE = r"\d{1,3}(?:[,.\u00a0\u202f\u2009'’٬]\d{3})+(?![\d])(?:[.٫]\d+)?|\d+(?:[.,٫]\d+)?"
_WORDS = "|".join(
    sorted({*_VALUES, *_SCALES, *_SEVERAL} - {"m", "mn", "bn", "tn", "k", "score"}, key=len, reverse=True)
)
_NUMBER = regex.compile(rf"(?<![\w.:/-])(?:[$€£¥]\s?)?(?:{_FIGURE})|\b(?:{_WORDS})\b", regex.IGNORECASE)
_PIECE = regex.compile(
    rf"(?P<gap>\s*(?:-|\s|,?\s+and\s+|\s+of\s+(?:a\s+|an\s+)?|\s+a\s+)?)(?:(?P<figure>{_FIGURE})|(?P<word>\b(?:{_WORDS}|m|mn|bn|tn|k)\b))",
    regex.IGNORECASE,
)
_NO_COUNT_AFTER = regex.compile(
    rf"\s?(?:st|nd|rd|th)\b|[:/-]\d|\s(?:{_MONTHS})\b|\s?(?:am|pm|a\.m|p\.m|gmt|utc)\b", regex.IGNORECASE
)
_NO_COUNT_BEFORE = regex.compile(rf"(?:\b(?:{_MONTHS})\.?\s|\d[:/.-]|\bcovid-)$", regex.IGNORECASE)
_YEAR = regex.compile(r"(?:1[5-9]|20)\d\d")
_UNIT = regex.compile(r"\s?(?:%|‰|٪|percent(?:age)?\b|per\s+cent\b)", regex.IGNORECASE)
_MONEY = regex.compile(
    r"\s?(?:[$€£¥]|(?:dollars?|euros?|pounds?|yen|yuan|francs?|crowns?|roubles?|rubles?|rupees?|lira)\b)",
    regex.IGNORECASE,
)
_NOUN = regex.compile(r"[\p{L}\p{M}]+")
_BEFORE = 28
_MODIFIER = regex.compile(
    r"(?P<least>at least|no fewer than|no less than|a minimum of|not less than)"
    r"|(?P<more>more than|over|above|upwards of|in excess of|exceed(?:s|ed|ing)?|beyond|greater than)"
    r"|(?P<less>fewer than|less than|under|below|nearly|almost|close to|up to|at most|as many as|no more than|not more than|just short of)"
    r"|(?P<about>about|around|some|roughly|approximately|an estimated|estimated at|estimated)",
    regex.IGNORECASE,
)
_MOST_PIECES = 8
_A_THOUSAND = 1_000
_SHORT = frozenset({"m", "mn", "bn", "tn", "k"})
"""Scales that are only written onto figures."""

_PARTS = frozenset({"one", "third", "half", "quarter"})
"""Words that by themselves mostly count nothing."""

_OTHERWISE = 0.6
"""What is left when the texts do not say that the same is counted."""

_SMALL = 10
_ORDERS_APART = 2.0
"""Beyond a factor of a hundred two numbers hardly count the same; what one report plays down is that far from another."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """From `low` to `high` of what `kind` ("", "%" or "money") and the key `noun` say, as it is `written`."""

    start: int
    end: int
    written: str
    low: float
    high: float
    kind: str = ""
    noun: str = ""


@lru_cache(maxsize=1_024)
def quantities_of(text: str) -> tuple[Quantity, ...]:
    """What the text counts or measures, in order; kept for the last passages read."""
    return tuple(_quantities(text))


def closeness(one: Quantity, other: Quantity) -> float:
    """From 0 to 1: 1 where the intervals meet and count the same, less the further they lie apart.

    Two different counts of the same are worth showing: that is what a fact-check is about. So numbers that differ by
    less than an order of magnitude are close, too.
    """
    if one.kind != other.kind:
        return 0
    if one.low <= other.high and other.low <= one.high:
        near = 1.0
    else:
        smaller, larger = (one.high, other.low) if one.high < other.low else (other.high, one.low)
        apart = math.log10(larger / smaller) if smaller > 0 else _ORDERS_APART
        near = max(0.0, 0.75 * (1 - apart / _ORDERS_APART))
    if one.noun and one.noun == other.noun:
        return near
    return near * _OTHERWISE * min(_weight(one), _weight(other))


def meet(one: Quantity, other: Quantity) -> bool:
    """Whether both can be true of the same."""
    return one.kind == other.kind and one.low <= other.high and other.low <= one.high


def _weight(quantity: Quantity) -> float:
    """Small whole numbers stand in every text, so that two texts share one says little."""
    return 1.0 if quantity.kind or quantity.high >= _SMALL else 0.4


def _quantities(text: str) -> Iterator[Quantity]:
    done = 0
    for match in _NUMBER.finditer(text):
        if match.start() < done:
            continue
        found = _read(text, match.start(), match.end())
        done = found[0]
        if found[1]:
            yield found[1]


def _read(text: str, start: int, first_end: int) -> tuple[int, Quantity | None]:
    """The number that begins at `start`, with where it ends."""
    at = start
    money = text[start] in "$€£¥"
    if money:
        at = start + 1 + (text[start + 1 : start + 2] == " ")
    low, high, end, figures = _run(text, at)
    if end == at:
        return first_end, None
    if figures and (_NO_COUNT_AFTER.match(text, end) or _NO_COUNT_BEFORE.search(text, max(0, start - 12), start)):
        return end, None
    after = end
    kind = "money" if money else ""
    if (unit := _UNIT.match(text, end)) is not None:
        kind, after = "%", unit.end()
    elif (unit := _MONEY.match(text, end)) is not None:
        kind, after = "money", unit.end()
    written = text[start:after]
    if not kind and _YEAR.fullmatch(written):
        return end, None
    if (
        not kind
        and not figures
        and written.casefold() in {"one", "third", "half", "quarter", "ten", "m", "k"} - {"ten"}
    ):
        return end, None
    return after, Quantity(start, after, written, *_modified(text, start, low, high), kind, _noun(text, after))


class _Run:
    """A run of figures and number words: its value so far, and whether it is nothing but a figure."""

    def __init__(self) -> None:
        self.whole = (0.0, 0.0)
        self.part: tuple[float, float] | None = None
        self.bare = False
        self.pieces = 0

    @property
    def value(self) -> tuple[float, float]:
        part = self.part or (0.0, 0.0)
        return self.whole[0] + part[0], self.whole[1] + part[1]

    def takes(self, piece: regex.Match[str]) -> bool:
        """Whether the piece goes on with the number; it is taken then."""
        gap = piece["gap"].strip().casefold()
        if self.pieces == 0 and piece["gap"]:
            return False
        if piece["figure"] is not None:
            taken = self._takes_figure(piece["figure"])
        elif self.part is None:
            taken = self._begins_with(piece["word"].casefold())
        else:
            taken = self._goes_on_with(piece["word"].casefold(), self.part, gap)
        self.pieces += taken
        return taken

    def _takes_figure(self, figure: str) -> bool:
        if self.pieces:
            return False
        self.part = (_value(figure),) * 2
        self.bare = True
        return True

    def _begins_with(self, word: str) -> bool:
        if word in _SEVERAL:
            self.part = _SEVERAL[word]
        elif word in _SHORT or word not in _VALUES | _SCALES:
            return False
        else:
            self.part = ((_VALUES | _SCALES)[word],) * 2
        return True

    def _goes_on_with(self, word: str, part: tuple[float, float], gap: str) -> bool:
        scale = _SCALES.get(word) or (_MANY_SCALES.get(word) if gap.startswith("of") else None)
        if scale is not None:
            self.part = (part[0] * scale, part[1] * scale)
            self.bare = False
            if scale >= _A_THOUSAND and word in _SCALES:
                self.whole, self.part = self.value, (0.0, 0.0)
            return True
        if word in _VALUES and gap in {"", "-", "and"} and not self.bare and _fits(part[0], _VALUES[word]):
            self.part = (part[0] + _VALUES[word], part[1] + _VALUES[word])
            return True
        return False


def _run(text: str, at: int) -> tuple[float, float, int, bool]:
    """The value of a run of figures and number words from `at` on, where it ends, and whether it is a bare figure."""
    run, end = _Run(), at
    while run.pieces < _MOST_PIECES:
        piece = _PIECE.match(text, end)
        if piece is None or not run.takes(piece):
            break
        end = piece.end()
    return *run.value, end, run.bare


def _fits(before: float, value: float) -> bool:
    """Whether the value is the next part of a number: "twenty-five", "two hundred and six", never "two three"."""
    return before == 0 or (before >= 100 and value < 100) or (20 <= before < 100 and before % 10 == 0 and value < 10)


def _value(figure: str) -> float:
    plain = regex.sub(r"[\u00a0\u202f\u2009'’٬]", "", figure).replace("٫", ".")
    if regex.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif regex.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", plain):
        plain = plain.replace(".", "")
    try:
        return min(float(plain.replace(",", ".")), 1e18)
    except ValueError:
        return 0.0


def _modified(text: str, start: int, low: float, high: float) -> tuple[float, float]:
    """The interval with what stands before it: "more than", "about", "up to"."""
    found = max(_MODIFIER.finditer(text, max(0, start - _BEFORE), start), key=lambda match: match.end(), default=None)
    if found is None or text[found.end() : start].strip(" \u00a0a(") != "":
        return low, high
    if found["least"] or found["more"]:
        return low, high * 2
    if found["less"]:
        return low * 0.8, high
    return low * 0.9, high * 1.1


def _noun(text: str, at: int) -> str:
    """The key of what is counted: the last of the two words behind that is none of the little ones."""
    noun = ""
    end = at
    for match in _NOUN.finditer(text, at, at + 60):
        if text[end : match.start()].strip(" -\u00a0") or len(noun.split()) > 1:
            break
        word = match.group()
        if word.casefold() in FUNCTION_WORDS - {"people"}:
            if word.casefold() in {"of", "more", "other", "new"}:
                end = match.end()
                continue
            break
        noun = key_of(word)
        break
    return noun
