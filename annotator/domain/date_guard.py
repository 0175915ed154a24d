"""When two claims can contradict each other: only where they are about the same time.

The time of a claim is its event date, a day or a range. A claim without one is about the day on which its article was
published. A claim of which neither is known may be about any time: nothing speaks against it, and the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from annotator.domain.claims import Relation
from annotator.domain.days import days

INSTEAD = (Relation.SUPERSEDES, Relation.QUALIFIES)
"""What is offered where two claims are about different times."""

_WHAT_INSTEAD = (
    "Use “supersedes” if the later one reports a later event or a newer figure, or “qualifies” if one limits the other. "
    "If a date is wrong, change it in its claim; the day of an article is for a manager to correct."
)


@dataclass(frozen=True)
class Window:
    """The days, both included, that a claim is about; `published` says that they are those of its article."""

    first: date
    last: date
    published: bool = False

    def __str__(self) -> str:
        words = days(self.first, self.last)
        return f"{words} (when its article was published: it has no event date)" if self.published else words


@dataclass(frozen=True)
class Dated:
    """A claim's words and its window, if anything is known of its time."""

    exact: str
    window: Window | None


def window_of(event_start: date | None, event_end: date | None, published: date | None) -> Window | None:
    """The window of a claim with these dates, in an article published on that day."""
    if event_start is not None:
        return Window(event_start, event_end or event_start)
    return Window(published, published, published=True) if published is not None else None


def overlap(one: Window | None, other: Window | None) -> bool:
    """Whether the two may be about the same time."""
    if one is None or other is None:
        return True
    return one.first <= other.last and other.first <= one.last


def is_later(one: Window | None, other: Window | None) -> bool:
    """Whether the first is known to be about a later time than the second."""
    return one is not None and other is not None and one.first > other.last


def refusal(relation: Relation, one: Dated, other: Dated) -> str:
    """Why the relation cannot join the two, with both windows and what to use instead; empty where it can."""
    if relation is not Relation.CONTRADICTS or overlap(one.window, other.window):
        return ""
    return (
        f"Claims about different times can both be true: {_quoted(one)} is about {one.window}, "
        f"{_quoted(other)} about {other.window}. {_WHAT_INSTEAD}"
    )


def _quoted(claim: Dated) -> str:
    words = claim.exact if len(claim.exact) <= 80 else claim.exact[:79].rstrip() + "…"
    return f"“{words}”"
