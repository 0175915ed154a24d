"""Where things stand in a picture of time: days become places, and what would overlap stands on lanes of its own.

The picture has a row for each group (a speaker, an article), in it lanes, and on a lane marks with their words above
them. Places are in pixels of the picture; days are cut at nothing finer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from annotator.domain.days import MONTHS

WIDTH = 1088
MARGIN = 12
AXIS = 34
"""The height of the axis above the rows."""
HEADING = 30
LANE = 40
GAP = 14
"""Between what stands on one lane."""
DOT = 10
"""The width of a mark of one day, and the least of a longer one."""
LONGEST = 44
"""So many characters of an entry's words are drawn."""
MOST_TICKS = 8

_NARROW, _WIDE = 7.2, 14.0


@dataclass(frozen=True)
class Entry:
    """What is drawn: on the days from `first` to `last`, both included. `published` is drawn beside it if it is given."""

    key: str
    group: str
    words: str
    first: date
    last: date
    published: date | None = None


@dataclass(frozen=True)
class Placed:
    """An entry in the picture: [left, right) is its mark, `middle` its height.

    Its words begin where the mark does, or end where it ends if there is no room for them on its right (`ends`).
    """

    entry: Entry
    words: str
    left: float
    right: float
    middle: float
    ends: bool
    published: float | None

    @property
    def centre(self) -> float:
        """The middle of the mark, from left to right."""
        return (self.left + self.right) / 2

    @property
    def is_day(self) -> bool:
        """Whether it is drawn as a dot."""
        return self.entry.first == self.entry.last

    @property
    def extent(self) -> tuple[float, float]:
        """From where to where nothing else may stand on its lane."""
        width = width_of(self.words)
        places = [self.left, self.right, self.right - width if self.ends else self.left + width]
        if self.published is not None:
            places.append(self.published)
        return min(places), max(places)


@dataclass(frozen=True)
class Row:
    """A group with its entries; `top` is where its heading stands."""

    group: str
    top: float
    lanes: int
    placed: list[Placed]


@dataclass(frozen=True)
class Tick:
    """A day on the axis, in words."""

    place: float
    words: str


@dataclass(frozen=True)
class Picture:
    """The whole picture; without entries it has no rows and no ticks."""

    width: int
    height: float
    ticks: list[Tick]
    rows: list[Row]

    def find(self, key: str) -> Placed | None:
        """The entry of that key."""
        return next((each for row in self.rows for each in row.placed if each.entry.key == key), None)


def draw(entries: Sequence[Entry], width: int = WIDTH) -> Picture:
    """The picture of `entries`: groups in the order of their first day, the one without a name last."""
    if not entries:
        return Picture(width, AXIS, [], [])
    scale = _scale(entries, width)
    groups: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=_order):
        groups.setdefault(entry.group, []).append(entry)
    rows: list[Row] = []
    top = float(AXIS)
    for group in sorted(groups, key=lambda name: (not name, list(groups).index(name))):
        lanes = _lanes([_placed(entry, scale) for entry in groups[group]])
        placed = [
            _at_height(each, top + HEADING + LANE * number + LANE * 0.65)
            for number, lane in enumerate(lanes)
            for each in lane
        ]
        rows.append(Row(group, top, len(lanes), placed))
        top += HEADING + LANE * len(lanes)
    return Picture(width, top + MARGIN, list(_ticks(scale)), rows)


def width_of(words: str) -> float:
    """About how wide words are drawn: letters of East Asia are twice as wide as others."""
    return sum(_WIDE if unicodedata.east_asian_width(letter) in "WF" else _NARROW for letter in words)


def legible(words: str, longest: int = LONGEST) -> str:
    """Words on one line without signs that a picture cannot hold, cut to `longest` characters."""
    kept = " ".join(
        "".join(each for each in words if unicodedata.category(each) not in _UNSEEN or each.isspace()).split()
    )
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})


@dataclass(frozen=True)
class _Scale:
    """The days of the picture and how wide each is."""

    first: date
    days: int
    width: int

    @property
    def day(self) -> float:
        return (self.width - 2 * MARGIN) / self.days

    def place(self, day: date) -> float:
        """Where a day begins."""
        return MARGIN + (day - self.first).days * self.day


def _scale(entries: Sequence[Entry], width: int) -> _Scale:
    days = [day for each in entries for day in (each.first, each.last, each.published) if day is not None]
    return _Scale(min(days), (max(days) - min(days)).days + 1, width)


def _order(entry: Entry) -> tuple[date, date, str]:
    return (entry.first, entry.last, entry.key)


def _placed(entry: Entry, scale: _Scale) -> Placed:
    left, right = scale.place(entry.first), scale.place(entry.last) + scale.day
    if entry.first == entry.last or right - left < DOT:
        middle = min(max((left + right) / 2, MARGIN + DOT / 2), scale.width - MARGIN - DOT / 2)
        left, right = middle - DOT / 2, middle + DOT / 2
    words = legible(entry.words)
    ends = left + width_of(words) > scale.width
    published = scale.place(entry.published) + scale.day / 2 if entry.published is not None else None
    return Placed(entry, words, left, right, 0.0, ends, published)


def _at_height(placed: Placed, middle: float) -> Placed:
    return replace(placed, middle=middle)


def _lanes(placed: Iterable[Placed]) -> list[list[Placed]]:
    """Each on the first lane on which there is room for it; in the order in which they come."""
    lanes: list[list[Placed]] = []
    for each in placed:
        begins, ends = each.extent
        free = next(
            (
                lane
                for lane in lanes
                if all(begins >= other.extent[1] + GAP or ends + GAP <= other.extent[0] for other in lane)
            ),
            None,
        )
        if free is None:
            lanes.append([each])
        else:
            free.append(each)
    return lanes


def _ticks(scale: _Scale) -> Iterable[Tick]:
    """Days, first days of months, or first days of years: the finest of which there are not too many."""
    last = date.fromordinal(scale.first.toordinal() + scale.days - 1)
    for step in (1, 2, 7, 14):
        if scale.days // step <= MOST_TICKS:
            for offset in range(0, scale.days, step):
                on = date.fromordinal(scale.first.toordinal() + offset)
                yield Tick(scale.place(on) + scale.day / 2, f"{on.day} {MONTHS[on.month - 1][:3]} {on.year}")
            return
    months = (last.year - scale.first.year) * 12 + last.month - scale.first.month
    for step in _MONTHS:
        if months // step <= MOST_TICKS:
            yield from _firsts_of_months(scale, last, step)
            return


_MONTHS = (1, 2, 3, 6, *(12 * years * 10**power for power in range(5) for years in (1, 2, 5)))


def _firsts_of_months(scale: _Scale, last: date, step: int) -> Iterable[Tick]:
    number = scale.first.year * 12 + scale.first.month - 1
    number -= number % step
    while number <= last.year * 12 + last.month - 1:
        year, month = divmod(number, 12)
        number += step
        if year < 1:
            continue
        on = date(year, month + 1, 1)
        if on >= scale.first:
            yield Tick(scale.place(on), str(year) if step % 12 == 0 else f"{MONTHS[month][:3]} {year}")
