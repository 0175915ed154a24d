"""Which claims are taken for the same: as many as possible, then as alike as possible."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement import pairing
from annotator.agreement.pairing import Labelled, Pair, paired, span_f1
from annotator.domain.spans import iou


def claims(most: int) -> st.SearchStrategy[list[Labelled]]:
    claim = st.builds(lambda start, length: Labelled(start, start + length, 0), st.integers(0, 25), st.integers(1, 12))
    return st.lists(claim, max_size=most)


def best_by_trying(mine: list[Labelled], theirs: list[Labelled]) -> tuple[int, float]:
    """How many pairs there can be, and how much the best of these have in common."""
    if len(mine) > len(theirs):
        mine, theirs = theirs, mine
    tried = []
    for chosen in permutations(theirs, len(mine)):
        alike = [iou(left, right) for left, right in zip(mine, chosen, strict=True)]
        tried.append((sum(one > 0 for one in alike), sum(alike)))
    return max(tried)


@given(claims(5), claims(5))
def test_no_other_pairing_has_more_pairs_or_more_in_common(mine, theirs):
    found = paired(mine, theirs)
    count, alike = best_by_trying(mine, theirs)
    assert len(found) == count
    assert abs(sum(iou(*pair) for pair in found) - alike) < 1e-9
    assert len({id(pair.theirs) for pair in found}) == len(found)


@given(claims(12), claims(12))
def test_in_a_very_large_group_the_closest_go_first_and_nobody_is_left_who_could_pair(mine, theirs):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pairing, "LARGEST_GROUP", 0)
        found = paired(mine, theirs)
    assert all(iou(*pair) > 0 for pair in found)
    assert 2 * len(found) >= len(paired(mine, theirs)) >= len(found)


def test_claims_beside_each_other_are_no_pair():
    assert paired([Labelled(0, 5, 0)], [Labelled(5, 9, 0)]) == []


def test_one_claim_has_one_partner():
    whole, left, right = Labelled(0, 10, 0), Labelled(0, 4, 0), Labelled(4, 10, 0)
    assert paired([whole], [left, right]) == [Pair(whole, right)]


def test_a_pair_can_be_close_and_exact():
    pair = Pair(Labelled(0, 10, 0), Labelled(0, 5, 1))
    assert pair.close
    assert not pair.exact
    assert not Pair(Labelled(0, 10, 0), Labelled(0, 4, 0)).close


def test_two_who_marked_nothing_have_no_f1():
    assert span_f1([], []) == (None, None, None, None)


def test_who_marked_nothing_agrees_with_nobody_who_did():
    assert span_f1([Labelled(0, 5, 0)], []) == (0, 0, 0, 0)
