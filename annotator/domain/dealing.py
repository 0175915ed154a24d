"""Who is to review what: evenly, within what each person can take, the articles of one group by the same people.

Pure: what stands already comes in, what is to be given goes out. The same input gives the same answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from math import inf


class Lack(StrEnum):
    """Why an article has too few reviewers, in the words that follow "because"."""

    NOBODY = "there are too few people with the role reviewer"
    FULL = "the others have as many open reviews as they can take"
    GROUP_FULL = "the reviewers of its group have as many open reviews as they can take"
    UNQUALIFIED = "others have not passed the training yet"
    RETURNED = "others left it lying, so that it went back to the pool"
    BEGUN = "its adjudication has begun"


@dataclass(frozen=True)
class Reviewer:
    """Somebody who can be given articles: `room` more of them (None: any number); `load` is what they have, in text."""

    id: str
    name: str = ""
    load: int = 0
    room: int | None = None
    qualified: bool = True


@dataclass(frozen=True)
class Piece:
    """An article that lacks `wanted` reviewers. `barred` are those who may not have it, `returned` among them."""

    id: str
    length: int
    wanted: int
    group: str = ""
    holders: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Short:
    """An article that still lacks `missing` reviewers, and why."""

    id: str
    missing: int
    why: tuple[Lack, ...]


@dataclass(frozen=True)
class Deal:
    """Who is given which article, as (article, person), and which articles stay short."""

    given: list[tuple[str, str]] = field(default_factory=list)
    short: list[Short] = field(default_factory=list)


def deal(pieces: Iterable[Piece], reviewers: Sequence[Reviewer]) -> Deal:
    """Give each piece its reviewers, in order; who has least text comes first, then who comes first by name.

    The people who have an article of a group get the group's other articles too: they alone could link its claims
    blind. While they have no room the rest of the group waits for them. Others join only where too few of them may
    have the article at all.
    """
    groups: defaultdict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        groups[piece.group or f"\0{piece.id}"].append(piece)
    table = _Table(reviewers)
    for members in groups.values():
        table.deal_group(members)
    return table.dealt


class _Table:
    """The state of one dealing."""

    def __init__(self, reviewers: Sequence[Reviewer]) -> None:
        self.reviewers = reviewers
        self.load = {each.id: each.load for each in reviewers}
        self.room = {each.id: each.room for each in reviewers}
        self.dealt = Deal()

    def deal_group(self, members: Sequence[Piece]) -> None:
        team = Counter(user_id for piece in members for user_id in piece.holders)
        for number, piece in enumerate(members):
            if piece.wanted > 0:
                self._deal(piece, team, ahead=len(members) - number)

    def _deal(self, piece: Piece, team: Counter[str], *, ahead: int) -> None:
        allowed = [each for each in self.reviewers if each.qualified and each.id not in piece.holders | piece.barred]
        mates = [each for each in allowed if team[each.id]]
        # Once enough people know the group, nobody else is let in for want of room.
        waits = len(mates) >= piece.wanted
        free = [each for each in (mates if waits else allowed) if self._has_room(each.id)]
        free.sort(key=lambda each: self._rank(each, team, ahead))
        for each in free[: piece.wanted]:
            self.dealt.given.append((piece.id, each.id))
            team[each.id] += 1
            self.load[each.id] += piece.length
            left = self.room[each.id]
            self.room[each.id] = None if left is None else left - 1
        missing = piece.wanted - min(piece.wanted, len(free))
        if missing:
            self.dealt.short.append(Short(piece.id, missing, self._why(piece, allowed, waits=waits)))

    def _has_room(self, user_id: str) -> bool:
        left = self.room[user_id]
        return left is None or left > 0

    def _rank(self, each: Reviewer, team: Counter[str], ahead: int) -> tuple[int, bool, int, float, str, str]:
        left = self.room[each.id]
        room = inf if left is None else left
        # Of two with as much text, who has more room comes first: so the room of all lasts for more articles.
        return -team[each.id], room < ahead, self.load[each.id], -room, each.name, each.id

    def _why(self, piece: Piece, allowed: Sequence[Reviewer], *, waits: bool) -> tuple[Lack, ...]:
        reasons = []
        if waits and piece.group:
            reasons.append(Lack.GROUP_FULL)
        elif any(not self._has_room(each.id) for each in allowed):
            reasons.append(Lack.FULL)
        others = [each for each in self.reviewers if each.id not in piece.holders]
        if any(not each.qualified for each in others):
            reasons.append(Lack.UNQUALIFIED)
        if any(each.id in piece.returned for each in others):
            reasons.append(Lack.RETURNED)
        return tuple(reasons) or (Lack.NOBODY,)


def split_groups(holders: Iterable[tuple[str, frozenset[str]]]) -> list[str]:
    """The groups, in order, of which two articles have different reviewers, so that nobody links their claims blind.

    An article with fewer or more of the same people does not split its group: it waits, or it was a hard one.
    """
    seen: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
    for group, people in holders:
        if group:
            seen[group].add(people)
    return sorted(
        group
        for group, teams in seen.items()
        if any(not (one <= other or other <= one) for one, other in combinations(teams, 2))
    )
