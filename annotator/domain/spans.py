"""Spans of text: overlap, the check against the text, and the segments and levels that draw them.

Offsets are code points and every range is half-open, so [0, 5) and [5, 9) do not overlap.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, NamedTuple, Protocol

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Ranged(Protocol):
    """Anything that has a start and an end: a span, a block, an annotation."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class IdentifiedSpan(Ranged, Protocol):
    """A range that can be named, such as an annotation."""

    @property
    def id(self) -> str: ...


class Span(NamedTuple):
    """The range [start, end), in code points."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Number of code points; 0 for an empty or reversed range."""
        return max(0, self.end - self.start)

    def contains(self, other: Ranged) -> bool:
        """Whether `other` lies wholly inside this span; equal spans contain each other."""
        return self.start <= other.start and other.end <= self.end


def overlap(a: Ranged, b: Ranged) -> int:
    """Number of code points that both ranges cover."""
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def union(a: Ranged, b: Ranged) -> int:
    """Number of code points that at least one of the ranges covers."""
    return (a.end - a.start) + (b.end - b.start) - overlap(a, b)


def iou(a: Ranged, b: Ranged) -> float:
    """Intersection over union, from 0 (apart) to 1 (equal); two empty ranges have 0."""
    covered = union(a, b)
    return overlap(a, b) / covered if covered else 0.0


class SpanProblem(NamedTuple):
    """Why a span cannot be stored: the field at fault and a sentence for the person who sent it."""

    field: str
    message: str


def check(span: Span, exact: str, *, length: int, found: str) -> SpanProblem | None:
    """What is wrong with `span` as a place for the quote `exact`, or None.

    `length` is that of the article's text and `found` is `text[start:end]` of it, so that a caller may read the one
    slice instead of the whole text.
    """
    start, end = span
    if start < 0:
        return SpanProblem("start", f"{start} is before the first character (0).")
    if end <= start:
        return SpanProblem("end", f"{end} must be after start ({start}).")
    if end > length:
        return SpanProblem("end", f"{end} is after the last character ({length}).")
    if exact != found:
        return SpanProblem(
            "exact",
            f"The text from {start} to {end} is not this quote. Offsets count Unicode code points of the article's "
            "stored text; load the article again and mark the passage anew.",
        )
    return None


class Segment(NamedTuple):
    """A stretch of text that the same spans cover throughout."""

    start: int
    end: int
    ids: tuple[str, ...]


def segments(start: int, end: int, spans: Sequence[IdentifiedSpan]) -> list[Segment]:
    """Cut [start, end) wherever one of `spans` begins or ends; the segments follow each other without a gap.

    The ids of a segment stand in the order of `spans`. Empty spans and parts outside of the range count for nothing.
    Takes O(n log n) and the size of what is returned.
    """
    edges: list[tuple[int, bool, int]] = []
    for rank, span in enumerate(spans):
        opens, closes = max(start, span.start), min(end, span.end)
        if opens < closes:
            edges.append((opens, True, rank))
            edges.append((closes, False, rank))
    edges.sort()
    found: list[Segment] = []
    open_ranks: list[int] = []
    at = start
    for offset, opening, rank in edges:
        if offset > at:
            found.append(Segment(at, offset, tuple(spans[each].id for each in open_ranks)))
            at = offset
        if opening:
            insort(open_ranks, rank)
        else:
            del open_ranks[bisect_left(open_ranks, rank)]
    if at < end:
        found.append(Segment(at, end, ()))
    return found


def levels(spans: Iterable[IdentifiedSpan]) -> dict[str, int]:
    """The underline level of each span, 1 nearest to the text; spans that overlap never share one.

    The shortest span chooses first and takes the lowest level that nothing overlapping has. Whatever blocks an inner
    span overlaps its outer span as well, so the outer one always ends up further from the text.
    """
    chosen: dict[str, int] = {}
    taken: list[list[tuple[int, int]]] = []  # The disjoint ranges of each level, in order.
    for span in sorted(spans, key=lambda each: (each.end - each.start, each.start, each.id)):
        here = (span.start, span.end)
        for level, ranges in enumerate(taken, start=1):
            place = bisect_left(ranges, here)
            clear_before = place == 0 or ranges[place - 1][1] <= span.start
            clear_after = place == len(ranges) or span.end <= ranges[place][0]
            if clear_before and clear_after:
                ranges.insert(place, here)
                chosen[span.id] = level
                break
        else:
            taken.append([here])
            chosen[span.id] = len(taken)
    return chosen


# Between two characters of no special class a grapheme always ends (UAX #29, GB999), so counting may begin there.
_SAFE_CUT = regex.compile(r"(?r)(?<=\p{Grapheme_Cluster_Break=Other})(?=\p{Grapheme_Cluster_Break=Other})")
_GRAPHEME = regex.compile(r"\X")


def grapheme_floor(text: str, offset: int) -> int:
    """The last grapheme boundary at or before `offset`."""
    return _grapheme_around(text, offset).start


def grapheme_ceiling(text: str, offset: int) -> int:
    """The first grapheme boundary at or after `offset`."""
    return _grapheme_around(text, offset).end


def snap_to_graphemes(text: str, span: Span) -> Span:
    """`span` widened so that it splits no grapheme: no family of emoji, no letter and its accent, no CR LF."""
    return Span(grapheme_floor(text, span.start), grapheme_ceiling(text, span.end))


def _grapheme_around(text: str, offset: int) -> Span:
    """The grapheme that `offset` falls into the middle of, or [offset, offset) on a boundary."""
    if offset <= 0 or offset >= len(text):
        edge = min(max(offset, 0), len(text))
        return Span(edge, edge)
    safe = _SAFE_CUT.search(text, 0, offset + 1)
    for grapheme in _GRAPHEME.finditer(text, safe.start() if safe else 0):
        if grapheme.end() == offset:
            break
        if grapheme.end() > offset:
            start = grapheme.start()
            return Span(start, grapheme.end()) if start < offset else Span(offset, offset)
    return Span(offset, offset)
