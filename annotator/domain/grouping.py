"""Which of the reviewers' overlapping marks mean the same claim.

Exact offsets miss most of the marks that mean the same claim, and chains of overlaps mix different claims. So the
grouping goes by how much two marks share (intersection over union), ignores labels, and takes two stages: marks of
different reviewers first, then the pieces of a claim that one reviewer split. The order of the input never matters.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from annotator.domain.spans import IdentifiedSpan, Ranged, Span, iou, overlap, union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ALIKE = Fraction(3, 10)
"""Intersection over union from which two marks may mean the same claim."""

CONTAINED = Fraction(8, 10)
"""Share of a mark from which a longer one counts as containing it."""

_ALIKE_PART, _ALIKE_OF = ALIKE.as_integer_ratio()
_CONTAINED_PART, _CONTAINED_OF = CONTAINED.as_integer_ratio()


class ReviewersSpan(IdentifiedSpan, Protocol):
    """A span of at least one character that a reviewer marked."""

    @property
    def reviewer(self) -> str: ...


M = TypeVar("M", bound=ReviewersSpan)


def group_marks(marks: Iterable[M]) -> list[list[M]]:
    """The marks in groups that mean the same claim, each mark in one.

    A reviewer has one mark in a group, or several that do not overlap where they split what the others marked whole.
    """
    return _with_pieces(_alike(sorted(marks, key=_place)))


def _place(mark: IdentifiedSpan) -> tuple[int, int, str]:
    return (mark.start, mark.end, mark.id)


def _alike(marks: Sequence[M]) -> list[list[M]]:
    """Stage one: join groups by falling likeness of their closest marks, never two marks of one reviewer.

    `marks` are in order of their place; so are the groups and their members.
    """
    group_of = list(range(len(marks)))
    members = {index: [index] for index in group_of}
    reviewers = {index: {mark.reviewer} for index, mark in enumerate(marks)}
    for pair in sorted(_candidates(marks)):
        one, other = group_of[pair.first], group_of[pair.second]
        # Two marks of one group share its reviewers too.
        if not reviewers[one].isdisjoint(reviewers[other]):
            continue
        if not _alike_on_average([marks[at] for at in members[one]], [marks[at] for at in members[other]]):
            continue
        for index in members[other]:
            group_of[index] = one
        members[one] += members.pop(other)
        reviewers[one] |= reviewers.pop(other)
    return [[marks[index] for index in sorted(each)] for each in sorted(members.values(), key=min)]


class _Pair(NamedTuple):
    """Two marks that may mean the same claim, by falling likeness, then by place (indexes into the ordered marks)."""

    unlikeness: float
    first: int
    second: int


def _candidates(marks: Sequence[M]) -> Iterator[_Pair]:
    """Pairs of marks of different reviewers with an intersection over union of at least ALIKE, in one sweep.

    Lengths of such a pair differ by less than a factor of four, so a mark is only held against those of its own class
    of lengths and the two next to it on either side; and a mark of which less than ALIKE is left to share is dropped.
    Both keep an article-long mark from being compared with everything inside it.
    """
    open_by_class: dict[int, list[int]] = defaultdict(list)
    for second, mark in enumerate(marks):
        start, end, reviewer = mark.start, mark.end, mark.reviewer
        length_class = (end - start).bit_length()
        for near in range(length_class - 2, length_class + 3):
            if near not in open_by_class:
                continue
            still_open = [first for first in open_by_class[near] if _can_share(marks[first], start)]
            open_by_class[near] = still_open
            for first in still_open:
                other = marks[first]
                if other.reviewer == reviewer:
                    continue
                # As overlap() and union() say, but worked out once: here is where grouping spends its time.
                shared = (end if end < other.end else other.end) - start
                covered = (end - start) + (other.end - other.start) - shared
                if _is_alike(shared, covered):
                    yield _Pair(-shared / covered, first, second)
        open_by_class[length_class].append(second)


def _can_share(mark: ReviewersSpan, start: int) -> bool:
    """Whether enough of `mark` lies behind `start` for a mark that begins there to be alike."""
    return (mark.end - start) * _ALIKE_OF >= (mark.end - mark.start) * _ALIKE_PART


def _is_alike(shared: int, covered: int) -> bool:
    # In whole numbers, since 0.3 as a floating-point number would refuse some pairs at exactly the threshold.
    return shared * _ALIKE_OF >= covered * _ALIKE_PART


def _alike_on_average(mine: Sequence[M], theirs: Sequence[M]) -> bool:
    if len(mine) == len(theirs) == 1:
        return True  # Nothing but the candidate pair itself.
    part, of = 0, 1
    for a in mine:
        for b in theirs:
            covered = union(a, b)
            part, of = part * covered + overlap(a, b) * of, of * covered
    return part * _ALIKE_OF >= of * _ALIKE_PART * len(mine) * len(theirs)


def _with_pieces(groups: list[list[M]]) -> list[list[M]]:
    """Stage two: a left-over single mark joins the question that it is a piece of, else it stays on its own."""
    joined = [list(each) for each in groups if len(each) > 1]
    singles = [each[0] for each in groups if len(each) == 1]
    stage_one = [tuple(each) for each in joined]
    if not singles or not joined:
        return groups
    apart: list[list[M]] = []
    hulls = [_hull(each) for each in stage_one]
    around = dict(covering_middle(singles, hulls))
    # Longest first: of two pieces of one reviewer that overlap, the inner one is a claim of its own.
    for index in sorted(range(len(singles)), key=lambda i: (singles[i].start - singles[i].end, _place(singles[i]))):
        single = singles[index]
        homes = [home for home in around[index] if _is_piece_of(single, stage_one[home], joined[home])]
        if homes:
            joined[min(homes, key=lambda home: (-iou(single, hulls[home]), hulls[home]))].append(single)
        else:
            apart.append([single])
    return joined + apart


def _is_piece_of(single: ReviewersSpan, question: Sequence[M], now: Iterable[M]) -> bool:
    """Whether most of the question's other reviewers contain `single`, and its own reviewer's marks are beside it.

    A mark inside another mark of the same reviewer is a nested claim, not a piece. `now` also has the pieces that
    joined already; these have no say in whether others join.
    """
    others = [mark for mark in question if mark.reviewer != single.reviewer]
    containing = sum(contains(mark, single) for mark in others)
    if containing * 2 <= len(others):
        return False
    return not any(mark.reviewer == single.reviewer and overlap(mark, single) for mark in now)


def contains(longer: Ranged, shorter: Ranged) -> bool:
    """Whether at least CONTAINED of `shorter` lies in `longer`."""
    return overlap(longer, shorter) * _CONTAINED_OF >= (shorter.end - shorter.start) * _CONTAINED_PART


def _hull(ranges: Sequence[Ranged]) -> Span:
    return Span(min(each.start for each in ranges), max(each.end for each in ranges))


def covering_middle(shorter: Sequence[Ranged], longer: Sequence[Ranged]) -> Iterator[tuple[int, list[int]]]:
    """For each of `shorter` (by index) those of `longer` that cover its middle, which whatever contains it must do."""
    middles = sorted(((each.start + each.end) // 2, index) for index, each in enumerate(shorter))
    waiting = sorted(range(len(longer)), key=lambda index: longer[index].start, reverse=True)
    current: list[tuple[int, int]] = []
    for middle, index in middles:
        while waiting and longer[waiting[-1]].start <= middle:
            opening = waiting.pop()
            heappush(current, (longer[opening].end, opening))
        while current and current[0][0] <= middle:
            heappop(current)
        yield index, [each for _, each in current]
