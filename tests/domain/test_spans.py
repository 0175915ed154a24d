"""Overlap, the check against the text, segments, levels and graphemes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.spans import (
    Segment,
    Span,
    check,
    grapheme_ceiling,
    grapheme_floor,
    iou,
    levels,
    overlap,
    segments,
    snap_to_graphemes,
    union,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Named:
    id: str
    start: int
    end: int


@st.composite
def named_spans(draw: st.DrawFn, longest: int = 40) -> list[Named]:
    ranges = draw(st.lists(st.tuples(st.integers(0, longest), st.integers(1, longest)), max_size=12))
    return [Named(f"n{index}", start, start + length) for index, (start, length) in enumerate(ranges)]


@pytest.mark.parametrize(
    ("a", "b", "shared", "covered", "ratio"),
    [
        (Span(0, 5), Span(5, 9), 0, 9, 0.0),
        (Span(0, 5), Span(4, 9), 1, 9, 1 / 9),
        (Span(0, 10), Span(0, 10), 10, 10, 1.0),
        (Span(0, 10), Span(7, 10), 3, 10, 0.3),
        (Span(0, 2), Span(8, 10), 0, 4, 0.0),
        (Span(3, 3), Span(3, 3), 0, 0, 0.0),
    ],
)
def test_overlap_counts_code_points_of_half_open_ranges(
    a: Span, b: Span, shared: int, covered: int, ratio: float
) -> None:
    assert (overlap(a, b), union(a, b), iou(a, b)) == (shared, covered, ratio)
    assert (overlap(b, a), union(b, a), iou(b, a)) == (shared, covered, ratio)


def test_a_span_contains_what_lies_wholly_inside() -> None:
    assert Span(2, 8).contains(Span(2, 8))
    assert Span(2, 8).contains(Span(3, 4))
    assert not Span(2, 8).contains(Span(1, 4))
    assert not Span(2, 8).contains(Span(7, 9))
    assert (Span(2, 8).length, Span(8, 2).length) == (6, 0)


TEXT = "Calm 👨‍👩‍👧 in Idlib held."


@pytest.mark.parametrize(
    ("span", "exact", "field"),
    [
        (Span(-1, 4), "", "start"),
        (Span(4, 4), "", "end"),
        (Span(4, 2), "", "end"),
        (Span(0, len(TEXT) + 1), TEXT, "end"),
        (Span(0, 4), "calm", "exact"),
        (Span(0, 4), "Calm ", "exact"),
        # What a client would send that counted UTF-16 code units: each emoji takes two of them.
        (Span(17, 22), "Idlib", "exact"),
    ],
)
def test_a_span_that_does_not_fit_the_text_is_refused_by_field(span: Span, exact: str, field: str) -> None:
    problem = check(span, exact, length=len(TEXT), found=TEXT[span.start : span.end])
    assert problem is not None
    assert problem.field == field
    assert problem.message.endswith(".")


def test_an_end_after_the_text_says_where_the_text_ends() -> None:
    problem = check(Span(5, 230), "x", length=212, found="x")
    assert problem == ("end", "230 is after the last character (212).")


@given(st.text(min_size=1), st.data())
def test_a_quote_that_equals_its_slice_is_taken(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert check(Span(start, end), text[start:end], length=len(text), found=text[start:end]) is None


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [Segment(0, 10, ())]),
        ([Named("a", 0, 10)], [Segment(0, 10, ("a",))]),
        ([Named("a", 2, 5)], [Segment(0, 2, ()), Segment(2, 5, ("a",)), Segment(5, 10, ())]),
        # Nested, crossing, adjoining, and reaching beyond the block on both sides.
        (
            [Named("a", 0, 10), Named("b", 3, 6)],
            [Segment(0, 3, ("a",)), Segment(3, 6, ("a", "b")), Segment(6, 10, ("a",))],
        ),
        (
            [Named("b", 4, 10), Named("a", 0, 6)],
            [Segment(0, 4, ("a",)), Segment(4, 6, ("b", "a")), Segment(6, 10, ("b",))],
        ),
        ([Named("a", 0, 5), Named("b", 5, 10)], [Segment(0, 5, ("a",)), Segment(5, 10, ("b",))]),
        ([Named("a", -8, 4), Named("b", 4, 99)], [Segment(0, 4, ("a",)), Segment(4, 10, ("b",))]),
        ([Named("a", 20, 30), Named("b", 10, 12), Named("c", 5, 5)], [Segment(0, 10, ())]),
    ],
)
def test_segments_cut_a_block_where_spans_begin_and_end(spans: list[Named], expected: list[Segment]) -> None:
    assert segments(0, 10, spans) == expected


@given(named_spans(), st.integers(0, 30), st.integers(0, 30))
def test_segments_say_of_every_character_what_covers_it(spans: list[Named], start: int, length: int) -> None:
    end = start + length
    found = segments(start, end, spans)
    assert [at for segment in found for at in range(segment.start, segment.end)] == list(range(start, end))
    for segment in found:
        for at in range(segment.start, segment.end):
            assert segment.ids == tuple(span.id for span in spans if span.start <= at < span.end)


def test_an_empty_block_has_no_segments() -> None:
    assert segments(7, 7, [Named("a", 0, 10)]) == []


def clashes(spans: Sequence[Named], chosen: Mapping[str, int]) -> list[tuple[str, str]]:
    """Pairs that would be drawn over each other, or with the inner one further from the text."""
    wrong = []
    for a, b in combinations(spans, 2):
        inner, outer = sorted((a, b), key=lambda span: span.end - span.start)
        nested = outer.start <= inner.start and inner.end <= outer.end
        strictly = nested and (inner.start, inner.end) != (outer.start, outer.end)
        if (overlap(a, b) and chosen[a.id] == chosen[b.id]) or (strictly and chosen[inner.id] > chosen[outer.id]):
            wrong.append((a.id, b.id))
    return wrong


@given(named_spans())
def test_overlapping_spans_have_levels_of_their_own_the_inner_one_nearer_to_the_text(spans: list[Named]) -> None:
    chosen = levels(spans)
    assert set(chosen) == {span.id for span in spans}
    assert clashes(spans, chosen) == []
    assert set(chosen.values()) == set(range(1, max(chosen.values(), default=0) + 1))


@given(named_spans(), st.randoms(use_true_random=False))
def test_levels_do_not_depend_on_the_order_of_the_spans(spans: list[Named], random: object) -> None:
    shuffled = list(spans)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert levels(shuffled) == levels(spans)


def test_the_check_of_levels_notices_a_shared_and_a_turned_level() -> None:
    nested = [Named("outer", 0, 10), Named("inner", 2, 4)]
    assert clashes(nested, {"outer": 1, "inner": 1})
    assert clashes(nested, {"outer": 1, "inner": 2})
    assert not clashes(nested, {"outer": 2, "inner": 1})


def test_levels_of_nested_crossing_and_separate_spans() -> None:
    spans = [Named("outer", 0, 30), Named("inner", 5, 10), Named("crossing", 8, 20), Named("apart", 40, 50)]
    assert levels(spans) == {"inner": 1, "crossing": 2, "outer": 3, "apart": 1}


def test_adjoining_spans_share_the_level_nearest_to_the_text() -> None:
    assert levels([Named("a", 0, 5), Named("b", 5, 9), Named("c", 9, 20)]) == {"a": 1, "b": 1, "c": 1}


def test_nine_spans_over_one_word_have_nine_levels() -> None:
    spans = [Named(f"n{index}", 0, 10) for index in range(9)]
    assert sorted(levels(spans).values()) == list(range(1, 10))


GRAPHEMES = [
    "👨‍👩‍👧‍👦",  # a family, joined by ZWJ
    "🇸🇾",  # a flag: two regional indicators
    "👍🏽",  # a skin tone
    "e\u0301",  # a decomposed accent
    "x" + "\u0335" * 40,  # more marks on one letter than a context is long
    "क्षि",  # a Devanagari conjunct
    "한",  # Hangul jamo
    "\u0600١",  # an Arabic number sign, which goes before its digits
    "שָׁ",
    "\r\n",
    "𝔸",
    "\u00ad",
    "a",
    " ",
    "中",
    "\t",
    "\u200d",
]


@given(st.lists(st.sampled_from(GRAPHEMES), min_size=1, max_size=15).map("".join), st.data())
def test_snapping_widens_to_the_nearest_boundaries_of_the_whole_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    boundaries = [0, *(match.end() for match in regex.finditer(r"\X", text))]
    snapped = snap_to_graphemes(text, Span(start, end))
    assert snapped.start == max(at for at in boundaries if at <= start)
    assert snapped.end == min(at for at in boundaries if at >= end)


@pytest.mark.parametrize("grapheme", [each for each in GRAPHEMES if len(each) > 1])
def test_a_cut_inside_a_grapheme_moves_to_its_ends(grapheme: str) -> None:
    text = f"so {grapheme} so"
    end = 3 + len(grapheme)
    for cut in range(4, end):
        assert (grapheme_floor(text, cut), grapheme_ceiling(text, cut)) == (3, end)
    assert all(grapheme_floor(text, at) == grapheme_ceiling(text, at) == at for at in (0, 1, 3, end, len(text)))


def test_the_boundaries_of_a_long_line_of_flags_are_counted_from_its_start() -> None:
    text = "🇸🇾" * 500
    assert all(b - a == 2 for a, b in pairwise(sorted({grapheme_floor(text, at) for at in range(1001)})))
