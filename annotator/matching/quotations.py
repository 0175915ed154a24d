"""Where a text quotes: straight and curly marks, single and double, «guillemets», „low ones“ and 「corners」.

An apostrophe is no quotation mark: a single mark opens only before a word and closes only behind one. Of nested
quotations the outer one is found. A quotation lies in one stretch (a paragraph), except that one which is not closed
goes on to the end of its stretch when the next begins with the same mark, as several paragraphs of speech are set.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

import regex

from annotator.domain.spans import Ranged, Span

_MARK = regex.compile("[\"'“”„‟‘’‚‛«»‹›「」『』]")
_CLOSERS = {
    '"': '"',
    "'": "'",
    "“": '”“"',
    "„": '“”"',
    "‟": "”",
    "”": "”",
    "‘": "’'",
    "‚": "‘’",
    "‛": "’",
    "’": "’",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "「": "」",
    "『": "』",
}
_APOSTROPHES = frozenset("'’")
_OPEN_BEFORE = frozenset("([{—–-/¿¡\"'“‘«‹")
_ALWAYS_OPEN = frozenset("“„‟‚«‹「『")


@dataclass(frozen=True, slots=True)
class _Mark:
    at: int
    sign: str
    opens: bool
    closes: bool


def quotations(text: str, stretches: Sequence[Ranged]) -> list[Span]:
    """The quotations in `stretches`, marks included, in order."""
    found: list[Span] = []
    for stretch, after in zip_longest(stretches, stretches[1:]):
        found.extend(_in_stretch(text, stretch, text[after.start] if after is not None else ""))
    return found


def _in_stretch(text: str, stretch: Ranged, goes_on: str) -> list[Span]:
    marks = [_mark(text, match.start(), stretch) for match in _MARK.finditer(text, stretch.start, stretch.end)]
    marks = _without_possessives(text, marks)
    closing: dict[str, list[int]] = {}
    for mark in marks:
        if mark.closes:
            closing.setdefault(mark.sign, []).append(mark.at)
    found: list[Span] = []
    end = stretch.start
    for mark in marks:
        if mark.at < end or not mark.opens:
            continue
        place = _closed_at(mark, closing)
        if place is None and mark.sign == goes_on and mark.sign in _ALWAYS_OPEN:
            place = stretch.end - 1
        if place is not None and any(sign.isalnum() for sign in text[mark.at + 1 : min(place, mark.at + 40)]):
            end = place + 1
            found.append(Span(mark.at, end))
    return found


def _closed_at(mark: _Mark, closing: dict[str, list[int]]) -> int | None:
    """Where the first mark stands that closes this one."""
    places = [_first_after(closing.get(sign, ()), mark.at) for sign in _CLOSERS[mark.sign]]
    return min((place for place in places if place is not None), default=None)


def _first_after(places: Sequence[int], at: int) -> int | None:
    upcoming = bisect_right(places, at)
    return places[upcoming] if upcoming < len(places) else None


def _mark(text: str, at: int, stretch: Ranged) -> _Mark:
    """What the mark can be, by what stands on either side of it."""
    sign = text[at]
    before = text[at - 1] if at > stretch.start else " "
    after = text[at + 1] if at + 1 < stretch.end else " "
    free_before = before.isspace() or before in _OPEN_BEFORE
    opens = sign in _ALWAYS_OPEN or (sign in _CLOSERS and free_before and not after.isspace())
    if sign in "'‘’":
        # ’90s and ’tis begin with an apostrophe, don’t and workers’ hold one.
        opens = (
            sign != "’" and free_before and (after.isalpha() or after in '"“«[(' or (sign == "‘" and after.isalnum()))
        )
    if sign == "“" and not free_before and not after.isalnum():
        opens = False
    closes = sign in "」』" or (not after.isalnum() and (not before.isspace() or sign in "»›"))
    return _Mark(at, sign, opens, closes)


def _without_possessives(text: str, marks: list[_Mark]) -> list[_Mark]:
    """Without the apostrophe of "the workers' strike", where another mark that could close comes before one that opens."""
    possessive = {
        one.at
        for one, following in pairwise(mark for mark in marks if mark.sign in "'‘’")
        if one.sign in _APOSTROPHES
        and one.closes
        and not one.opens
        and text[one.at - 1 : one.at] in ("s", "S")
        and text[one.at + 1 : one.at + 2] == " "
        and text[one.at + 2 : one.at + 3].islower()
        and following.closes
        and not following.opens
    }
    return [mark for mark in marks if mark.at not in possessive]
