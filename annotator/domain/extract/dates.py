"""Dates of publication as articles write them. A date that can be read in two ways is not read."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)[.,]{0,2}\s{1,4}"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_TIME = r"(?:(?:t|,?\s{1,4}(?:at\s{1,4})?)\d{1,2}[:.]\d{2}[\w :.+\-()/]{0,40})?"
_FORMS = [
    re.compile(rf"(?:{_WEEKDAY})?{form}{_TIME}", re.ASCII)
    for form in (
        r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})",
        rf"{_MONTH}\s{{1,4}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,4}}(?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s{{1,4}}{_MONTH},?\s{{1,4}}(?P<year>\d{{4}})",
    )
]
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMERIC = re.compile(r"\d{1,2}[./\-]\d{1,2}[./\-]\d{4}", re.ASCII)
LONGEST = 90
"""A longer line is not only a date."""


def iso_date(text: str) -> date | None:
    """The day that exactly "YYYY-MM-DD" names, or None."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def date_of_line(line: str) -> date | None:
    """The day of a line that is nothing but a date, perhaps with weekday and time; None for any other line.

    Reads "January 12, 2020", "Sunday, 12 January 2020, 14:05 GMT" and "2020-01-12T14:05:00Z".
    """
    if len(line) > LONGEST:
        return None
    for form in _FORMS:
        found = form.fullmatch(line.strip().lower())
        if found:
            parts = found.groupdict()
            month = int(parts["number"]) if "number" in parts else _MONTHS.get(parts["month"], 0)
            return _day(int(parts["year"]), month, int(parts["day"]))
    return None


def is_ambiguous_date(line: str) -> bool:
    """Whether the line is a date in figures ("01/12/2020"), whose day and month cannot be told apart."""
    return len(line) <= LONGEST and _NUMERIC.fullmatch(line.strip()) is not None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
