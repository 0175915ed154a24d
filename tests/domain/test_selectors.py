"""Quotes with their context, and finding them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.selectors import Quote, locate, occurrences, quote
from annotator.domain.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "They spoke of a complete ceasefire. Others denied that a complete ceasefire held, or that calm did."

FAMILY = "👨‍👩‍👧‍👦"

PIECES = [FAMILY, "e\u0301", "🇸🇾", "שָׁ", "\r\n", "\r", "a", "a", " ", "b", "中", "\u0600١", "\u00a0"]
hostile = st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map("".join)


def test_a_quote_carries_the_words_and_what_stands_around_them() -> None:
    span = Span(16, 34)
    assert quote(TEXT, span, context=10) == Quote("complete ceasefire", "poke of a ", ". Others d")


def test_the_edges_of_the_text_end_the_context() -> None:
    assert quote("calm", Span(0, 4)) == Quote("calm", "", "")
    assert quote("so calm now", Span(3, 7)) == Quote("calm", "so ", " now")


def test_the_context_leaves_out_a_grapheme_that_it_would_cut() -> None:
    text = f"{FAMILY} calm {FAMILY}"
    assert quote(text, Span(8, 12), context=5) == Quote("calm", " ", " ")
    assert quote(text, Span(8, 12), context=8) == Quote("calm", f"{FAMILY} ", f" {FAMILY}")


def test_a_span_inside_a_long_grapheme_has_no_context() -> None:
    text = "x" + "\u0335" * 90
    assert quote(text, Span(45, 46)) == Quote("\u0335", "", "")


@given(hostile, st.integers(0, 40), st.data())
def test_context_begins_and_ends_between_graphemes(text: str, context: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = quote(text, Span(start, end), context=context)
    assert found.exact == text[start:end]
    assert text[:start].endswith(found.prefix)
    assert text[end:].startswith(found.suffix)
    assert max(len(found.prefix), len(found.suffix)) <= context
    boundaries = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    assert not found.prefix or start - len(found.prefix) in boundaries
    assert not found.suffix or end + len(found.suffix) in boundaries
    # No more is left out than the one grapheme that would be cut.
    assert not any(start - context <= at < start - len(found.prefix) for at in boundaries)
    assert not any(end + len(found.suffix) < at <= end + context for at in boundaries)


def test_occurrences_may_overlap() -> None:
    assert list(occurrences("aaaa", "aa")) == [Span(0, 2), Span(1, 3), Span(2, 4)]
    assert list(occurrences("aaaa", "b")) == []
    assert list(occurrences("aaaa", "")) == []


@pytest.mark.parametrize(
    ("wanted", "hint", "start"),
    [
        (Quote("complete ceasefire", "of a "), None, 16),
        (Quote("complete ceasefire", "that a "), None, 57),
        (Quote("complete ceasefire", "", " held"), None, 57),
        # Context goes before nearness, nearness decides between equals.
        (Quote("complete ceasefire", "of a "), 57, 16),
        (Quote("complete ceasefire"), 50, 57),
        (Quote("complete ceasefire"), 20, 16),
        (Quote("calm", "nothing like it"), None, 90),
    ],
)
def test_the_context_then_the_hint_chooses_among_several(wanted: Quote, hint: int | None, start: int) -> None:
    assert locate(TEXT, wanted, hint) == Span(start, start + len(wanted.exact))


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [(Quote("Complete ceasefire"), 16), (Quote(""), 0), (Quote("complete ceasefire"), None), (Quote("a"), None)],
)
def test_what_is_absent_or_could_be_two_places_is_left_to_a_person(wanted: Quote, hint: int | None) -> None:
    assert locate(TEXT, wanted, hint) is None


def test_two_places_equally_near_are_left_to_a_person() -> None:
    assert locate("calm..calm", Quote("calm"), 3) is None


@given(hostile, st.data())
def test_every_span_is_found_again_in_its_own_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    assert locate(text, quote(text, span), span.start) == span


@pytest.mark.parametrize("fold", [str.casefold, lambda text: text.replace("’", "'"), str.strip])
def test_nothing_is_folded_while_looking(fold: Callable[[str], str]) -> None:
    exact = " The army’s calm "
    assert locate(f"So{exact}held", Quote(exact)) == Span(2, 2 + len(exact))
    assert locate(f"So{exact}held".replace(exact, f"[{fold(exact)}]"), Quote(exact)) is None
