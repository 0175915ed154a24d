"""How fast adjudicators decide: the median time between two decisions, and what that makes of the questions to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

PAUSE = timedelta(minutes=5)
"""Who takes longer than this has done something else; the time counts for no decision."""
TOGETHER = timedelta(seconds=1)
"""Decisions that are closer than this were made with one press, and share the time before it."""
ENOUGH = 5
"""A kind with fewer times than this is as fast as all kinds together."""


@dataclass(frozen=True)
class Made:
    """Somebody's decision on a question of a kind."""

    person: str
    kind: str
    at: datetime


@dataclass(frozen=True)
class Pace:
    """The median seconds for a question: over all kinds (None: nothing is known), and by kind where there are enough.

    `n` is the number of times that it rests on.
    """

    seconds: float | None
    by_kind: dict[str, float] = field(default_factory=dict)
    n: int = 0

    def for_kind(self, kind: str) -> float | None:
        """The median seconds for a question of this kind."""
        return self.by_kind.get(kind, self.seconds)

    def hours(self, questions: Iterable[tuple[str, int]]) -> float | None:
        """What the questions, as kinds with their numbers, will take; None where nothing is known."""
        if self.seconds is None:
            return None
        return sum(count * (self.for_kind(kind) or 0.0) for kind, count in questions) / 3600


def of(decisions: Iterable[Made]) -> Pace:
    """The pace of past decisions. The first of a sitting has no time, since nobody knows when it was begun."""
    by_person: defaultdict[str, list[Made]] = defaultdict(list)
    for each in decisions:
        by_person[each.person].append(each)
    times: defaultdict[str, list[float]] = defaultdict(list)
    for made in by_person.values():
        for kind, seconds in _times(sorted(made, key=lambda each: each.at)):
            times[kind].append(seconds)
    everything = [each for of_kind in times.values() for each in of_kind]
    by_kind = {str(kind): median(found) for kind, found in times.items() if len(found) >= ENOUGH}
    return Pace(median(everything) if everything else None, by_kind, len(everything))


def _times(made: list[Made]) -> Iterable[tuple[str, float]]:
    """The kind and the seconds of each decision of one person, in order, that followed another without a pause."""
    presses: list[list[Made]] = []
    for each in made:
        if presses and each.at - presses[-1][-1].at < TOGETHER:
            presses[-1].append(each)
        else:
            presses.append([each])
    for before, press in pairwise(presses):
        since = press[0].at - before[-1].at
        if since <= PAUSE:
            for each in press:
                yield each.kind, since.total_seconds() / len(press)
