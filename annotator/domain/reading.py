"""How far an article was read and for how long: what is counted, and how it is said."""

from __future__ import annotations

from datetime import datetime, timedelta

MINUTE = 60
HOUR = 60 * MINUTE


def percent(until: int, length: int) -> int:
    """How much of `length` code points was read, in whole percent; 100 only when it was read to the end."""
    return min(100, 100 * until // length) if length else 0


def counted(claimed: int, *, since: datetime, moment: datetime) -> tuple[int, datetime]:
    """Of `claimed` seconds those that can have passed since `since`, and the moment up to which time is counted then.

    So two tabs that report the same minute add one minute, and nobody can claim more time than has passed. Where all
    the time is claimed the fraction of a second is left for the next report, else reports that come early would
    lose a second each.
    """
    passed = max(0, int((moment - since).total_seconds()))
    if claimed < passed:
        return claimed, moment
    return passed, since + timedelta(seconds=passed)


def duration(seconds: int) -> str:
    """In words, "14 min" or "1 h 37 min"; nothing for no time at all."""
    if seconds <= 0:
        return ""
    if seconds < MINUTE:
        return "less than 1 min"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    return f"{seconds // HOUR} h {seconds % HOUR // MINUTE} min"
