"""Generated reviewers, whose marks are known to mean which claim: what grouping is held against.

An article is a row of words of differing lengths with claims in it, some side by side, some inside another. A reviewer
misses claims, begins or ends a few words early or late, splits a claim in two, or marks two neighbours as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations
from random import Random

from annotator.domain.questions import Mark

MISSED, SPLIT, MERGED, NESTED, ADJACENT = 0.2, 0.06, 0.05, 0.06, 0.35
SHIFTS, WEIGHTS = (0, 1, 2, 3, 5), (54, 24, 12, 6, 4)
"""By how many words an end is off, and how often."""


@dataclass(frozen=True)
class Planted:
    """One article's marks; `claims` says for each mark which claims it means (two for a merged one)."""

    marks: list[Mark]
    claims: dict[str, frozenset[int]]


@dataclass(frozen=True)
class Score:
    """How a grouping does: pairs of marks found, pairs there are, pairs put together; questions, mixed questions."""

    found: int = 0
    there: int = 0
    together: int = 0
    questions: int = 0
    mixed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.found + other.found,
            self.there + other.there,
            self.together + other.together,
            self.questions + other.questions,
            self.mixed + other.mixed,
        )

    @property
    def f1(self) -> float:
        return 2 * self.found / (self.there + self.together)

    @property
    def mixed_share(self) -> float:
        return self.mixed / self.questions


def article(seed: int, reviewers: int) -> Planted:
    """The marks of so many reviewers in one generated article."""
    chance = Random(f"{seed} {reviewers}")
    words = [chance.choice((1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 11)) for _ in range(900)]
    places = [0, *accumulate(length + 1 for length in words)]
    claims = _claims(chance, len(words))
    marks: list[Mark] = []
    meant: dict[str, frozenset[int]] = {}
    for reviewer in range(reviewers):
        for number, (first, last, whose) in enumerate(_seen(chance, claims, len(words))):
            mark = Mark(f"r{reviewer}-{number}", f"reviewer {reviewer}", places[first], places[last + 1] - 1)
            marks.append(mark)
            meant[mark.id] = whose
    chance.shuffle(marks)
    return Planted(marks, meant)


def _claims(chance: Random, words: int) -> list[tuple[int, int]]:
    """First and last word of each claim, in order."""
    claims: list[tuple[int, int]] = []
    at = chance.randrange(10)
    while at + 30 < words:
        last = at + chance.randrange(5, 26)
        claims.append((at, last))
        if last - at >= 14 and chance.random() < NESTED:
            inside = at + chance.randrange(1, 5)
            claims.append((inside, inside + chance.randrange(3, 6)))
        at = last + 1 + (0 if chance.random() < ADJACENT else chance.randrange(1, 40))
    return claims


def _seen(chance: Random, claims: Sequence[tuple[int, int]], words: int) -> Iterable[tuple[int, int, frozenset[int]]]:
    """What one reviewer marks: first and last word, and the claims that are meant."""
    merged = -1
    for number, (first, last) in enumerate(claims):
        if number == merged or chance.random() < MISSED:
            continue
        following = claims[number + 1] if number + 1 < len(claims) else None
        if following and following[0] == last + 1 and chance.random() < MERGED:
            merged = number + 1
            yield (*_jittered(chance, first, following[1], words), frozenset({number, number + 1}))
        elif last - first >= 9 and chance.random() < SPLIT:
            middle = first + (last - first) // 2 + chance.randrange(-2, 3)
            yield (*_jittered(chance, first, middle, words), frozenset({number}))
            yield (*_jittered(chance, middle + 1, last, words), frozenset({number}))
        else:
            yield (*_jittered(chance, first, last, words), frozenset({number}))


def _jittered(chance: Random, first: int, last: int, words: int) -> tuple[int, int]:
    most = (last - first + 1) // 3
    early, late = (min(chance.choices(SHIFTS, WEIGHTS)[0], most) * chance.choice((-1, 1)) for _ in range(2))
    first = max(0, first + early)
    return first, max(first, min(last + late, words - 1))


def score(planted: Planted, groups: Iterable[Sequence[Mark]]) -> Score:
    """Pairs are of two reviewers. Where a merged mark belongs nobody can say, so it is in no pair."""
    groups = [[mark for mark in group if len(planted.claims[mark.id]) == 1] for group in groups]
    home = {mark.id: number for number, group in enumerate(groups) for mark in group}
    single = [mark for mark in planted.marks if mark.id in home]
    found = there = together = 0
    for one, other in combinations(single, 2):
        if one.reviewer == other.reviewer:
            continue
        same, grouped = planted.claims[one.id] == planted.claims[other.id], home[one.id] == home[other.id]
        there, together, found = there + same, together + grouped, found + (same and grouped)
    mixed = sum(len({planted.claims[mark.id] for mark in group}) > 1 for group in groups)
    return Score(found, there, together, len(groups), mixed)


def by_exact_offsets(marks: Iterable[Mark]) -> list[list[Mark]]:
    """The first wrong way: only what is marked from the same to the same character is the same claim."""
    groups: dict[tuple[int, int], list[Mark]] = {}
    for mark in marks:
        groups.setdefault((mark.start, mark.end), []).append(mark)
    return list(groups.values())


def by_overlap(marks: Iterable[Mark]) -> list[list[Mark]]:
    """The second wrong way: whatever overlaps, and what overlaps that, is the same claim."""
    groups: list[list[Mark]] = []
    reached = -1
    for mark in sorted(marks, key=lambda each: each.start):
        if mark.start >= reached:
            groups.append([])
        groups[-1].append(mark)
        reached = max(reached, mark.end)
    return groups
