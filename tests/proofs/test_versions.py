"""Carrying claims over into corrected articles: none may come to stand anywhere but where its very characters went.

The generator knows where every character went, so the truth is known without looking at either text. What is not carried
over is a person's work; how much that is, is printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from annotator.domain import carrying
from annotator.domain.carrying import Carrying, Outcome, carry
from annotator.domain.selectors import locate, quote
from annotator.domain.spans import Span
from tests.support.corrections import Corrected, corrected

Seeds = Callable[[int, int], Iterable[int]]
Carrier = Callable[[str, str, list[Span]], list[Carrying]]


def wrong(case: Corrected, carrier: Carrier = carry) -> list[tuple[Carrying, Span | None]]:
    """The claims that the carrier calls certain and that are not where their characters went, with where these are."""
    return [
        (found, place)
        for found, place in zip(carrier(case.old, case.new, case.spans), case.places, strict=True)
        if found.place is not None and found.place != place
    ]


@pytest.mark.soak
def test_no_claim_comes_to_stand_at_another_passage(seeds: Seeds) -> None:
    outcomes: Counter[Outcome] = Counter()
    there = proposed = 0
    for seed in seeds(40, 1_000):
        case = corrected(seed)
        assert wrong(case) == [], seed
        for found, place in zip(carry(case.old, case.new, case.spans), case.places, strict=True):
            outcomes[found.outcome] += 1
            if found.place is not None:
                assert case.new[slice(*found.place)] == case.old[slice(*found.span)], (seed, found)
            elif place is not None:
                there += 1
                proposed += found.proposal is not None and found.proposal.place == place
    people = outcomes[Outcome.ASKED] + outcomes[Outcome.GONE]
    total = outcomes.total()
    print(
        f"\n{total} claims: {outcomes[Outcome.CARRIED]} carried, {outcomes[Outcome.MOVED]} moved with their paragraph, "
        f"{outcomes[Outcome.ASKED]} proposed, {outcomes[Outcome.GONE]} gone: {people / total:.1%} left to people. "
        f"Of these {there} stand unchanged in the new text, and {proposed} of them where it is proposed."
    )
    assert people < total / 2


def first_occurrence(old: str, new: str, spans: list[Span]) -> list[Carrying]:
    """A carrier that takes the quote wherever it finds it."""
    found = []
    for span in spans:
        at = new.find(old[slice(*span)])
        place = None if at < 0 else Span(at, at + span.length)
        found.append(Carrying(span, Outcome.CARRIED, place))
    return found


def best_context(old: str, new: str, spans: list[Span]) -> list[Carrying]:
    """One that takes the place with most of the quote's context, as tools do that follow the W3C's model."""
    return [Carrying(span, Outcome.CARRIED, locate(new, quote(old, span), span.start)) for span in spans]


@pytest.mark.parametrize("careless", [first_occurrence, best_context])
def test_a_careless_carrier_is_noticed(careless: Carrier) -> None:
    assert any(wrong(corrected(seed), careless) for seed in range(40))


def test_one_side_that_is_taken_for_both_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "_before_anchor", carrying._after_anchor)
    assert any(wrong(corrected(seed)) for seed in range(40))


def test_the_truth_is_that_of_the_characters() -> None:
    case = corrected(3)
    for span, place in zip(case.spans, case.places, strict=True):
        assert place is None or case.old[slice(*span)] == case.new[slice(*place)]
    moved = replace(case, places=[place and Span(place.start + 1, place.end + 1) for place in case.places])
    assert wrong(moved)
