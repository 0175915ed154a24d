"""The days that a text names, as a calendar has them: "12 June", "2019-06-12", "on Sunday", "yesterday".

Days of the week and days without a year are those nearest to the day on which the text was published, not after it
for weekdays: news tells what was. English names and dates in figures are understood.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import regex

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = "|".join([*MONTHS, "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept?", "oct", "nov", "dec"])
_MAY_NAME = regex.compile(r"\d|day|tonight", regex.IGNORECASE)
"""What every text has that names a day: to look for it takes a tenth of the time."""

_HEADS = "".join(sorted({name[0] for name in (*MONTHS, *WEEKDAYS, "today", "yesterday")}))
_NAMED = regex.compile(
    rf"""
    \b(?=[\d{_HEADS}])(?:
    (?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)
    | \b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:\ of)?\ (?P<month>{_MONTH})\b(?:,?\ (?P<year>\d{{4}})\b)?
    | \b(?P<first>{_MONTH})\.?\ (?P<second>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,?\ (?P<then>\d{{4}})\b)?
    | \b(?P<weekday>{"|".join(WEEKDAYS)})\b
    | \b(?P<near>today|tonight|yesterday)\b)
    """,
    regex.VERBOSE | regex.IGNORECASE,
)


@lru_cache(maxsize=1_024)
def days_of(text: str, published: date | None) -> tuple[date, ...]:
    """The days that the text names, each once, in order; what cannot be placed without `published` is left out.

    Kept for the last passages read.
    """
    return tuple(dict.fromkeys(_days(text, published)))


def _days(text: str, published: date | None) -> Iterator[date]:
    if _MAY_NAME.search(text) is None:
        return
    for match in _NAMED.finditer(text):
        found = _day(match, published)
        if found is not None:
            yield found


def _day(match: regex.Match[str], published: date | None) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        if match["day"] or match["second"]:
            month = match["month"] or match["first"]
            year = match["year"] or match["then"]
            return _dated(int(match["day"] or match["second"]), month, int(year) if year else None, published)
        if published is None:
            return None
        if match["near"]:
            return published - timedelta(days=match["near"].casefold() == "yesterday")
        behind = (published.weekday() - WEEKDAYS.index(match["weekday"].casefold())) % 7
        return published - timedelta(days=behind)
    except (ValueError, OverflowError):
        return None


def _dated(day: int, month: str, year: int | None, published: date | None) -> date | None:
    number = next(at for at, name in enumerate(MONTHS, 1) if name.startswith(month.casefold()[:3]))
    if year is not None:
        return date(year, number, day)
    if published is None:
        return None
    # The year in which it lies nearest: in January "30 December" was a fortnight ago.
    near = [
        date(published.year + step, number, day) for step in (-1, 0, 1) if _exists(published.year + step, number, day)
    ]
    return min(near, key=lambda each: abs(each - published), default=None)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False
