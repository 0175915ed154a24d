"""What differs between two states of a claim: every field is told, nothing else, and evidence is known again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.claim_changes import Change, differences, same

CLAIM: dict[str, Any] = {"start": 4, "end": 13, "exact": "ceasefire", "label": "sourced", "target": "content"}
A = {"stance": "supports", "source": "A"}
B = {"stance": "refutes", "url": "https://example.org/b"}
C = {"stance": "mentions", "quote": "calm"}


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("label", "sourced", "disputed"),
        ("reason", None, "hedged"),
        ("note", "old", None),
        ("confidence", 0.5, 0.9),
        ("event_start", None, "2019-06-12"),
        ("claim_text", "a", "b"),
        ("origin", "suggestion-accepted", "suggestion-edited"),
    ],
)
def test_a_changed_field_is_the_only_change(field: str, before: Any, after: Any) -> None:
    def with_value(value: Any) -> dict[str, Any]:
        return {**CLAIM, field: value} if value is not None else {k: v for k, v in CLAIM.items() if k != field}

    assert differences(with_value(before), with_value(after)) == [Change(field, before, after)]


def test_a_moved_boundary_is_told_by_its_words() -> None:
    moved = {**CLAIM, "start": 0, "exact": "The ceasefire"}
    assert differences(CLAIM, moved) == [Change("span", "ceasefire", "The ceasefire")]


def test_the_same_words_at_another_place_are_a_change() -> None:
    assert differences(CLAIM, {**CLAIM, "start": 40, "end": 49}) == [Change("span", "ceasefire", "ceasefire")]


def test_a_speaker_is_told_part_by_part() -> None:
    before = {**CLAIM, "speaker": {"name": "Military", "chain": ["Military", "Reuters"]}}
    after = {**CLAIM, "speaker": {"name": "Military", "kind": "named_institution"}}
    assert differences(before, after) == [
        Change("speaker.kind", None, "named_institution"),
        Change("speaker.chain", ["Military", "Reuters"], None),
    ]


def test_evidence_that_comes_and_goes() -> None:
    assert differences({**CLAIM, "evidence": [A]}, {**CLAIM, "evidence": [A, B]}) == [Change("evidence", None, B)]
    assert differences({**CLAIM, "evidence": [A, B]}, {**CLAIM, "evidence": [B]}) == [Change("evidence", A, None, 1)]


def test_evidence_of_the_same_source_was_changed_not_replaced() -> None:
    after = {**A, "stance": "refutes", "quote": "said so"}
    assert differences({**CLAIM, "evidence": [B, A]}, {**CLAIM, "evidence": [B, after]}) == [
        Change("evidence.stance", "supports", "refutes", 2),
        Change("evidence.quote", None, "said so", 2),
    ]


def test_evidence_in_another_order() -> None:
    assert differences({**CLAIM, "evidence": [A, B, C]}, {**CLAIM, "evidence": [C, A, B]}) == [
        Change("evidence.order", 3, 3)
    ]


def test_equal_pieces_of_evidence_are_counted() -> None:
    assert differences({**CLAIM, "evidence": [A, A]}, {**CLAIM, "evidence": [A]}) == [Change("evidence", A, None, 2)]


items = st.lists(st.sampled_from([A, B, C, {**A, "quote": "x"}, {**B, "source": "A"}]), max_size=5)
states = st.builds(
    lambda start, label, note, evidence: {
        **CLAIM,
        "start": start,
        "label": label,
        **({"note": note} if note else {}),
        **({"evidence": evidence} if evidence else {}),
    },
    st.integers(0, 3),
    st.sampled_from(["sourced", "disputed"]),
    st.sampled_from(["", "n", "m"]),
    items,
)


@given(states, states)
def test_states_are_the_same_exactly_when_nothing_differs(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert same(one, other) is (one == other)
