"""Two sets of claims against each other: pairs by place, each claim once, and the score of both together."""

from __future__ import annotations

from annotator.domain.comparison import Marked, compare, mean_score


def marks(*places: tuple[int, int, str]) -> list[Marked]:
    return [Marked(f"{start}-{end}-{label}", start, end, label) for start, end, label in places]


def test_claims_meet_by_place_whatever_their_label() -> None:
    found = compare(marks((0, 10, "a"), (20, 30, "b")), marks((0, 12, "a"), (20, 30, "c"), (50, 60, "a")))
    assert [(pair.same_label, pair.same_boundary) for pair in found.pairs] == [(True, False), (False, True)]
    assert [mark.start for mark in found.only_other] == [50]
    assert found.only_one == []


def test_the_closest_meet_first_and_each_claim_once() -> None:
    found = compare(marks((0, 10, "a"), (2, 12, "a")), marks((2, 12, "a")))
    assert [(pair.one.start, pair.other.start) for pair in found.pairs] == [(2, 2)]
    assert [mark.start for mark in found.only_one] == [0]


def test_neighbours_and_slight_overlaps_do_not_meet() -> None:
    found = compare(marks((0, 10, "a"), (30, 60, "a")), marks((10, 20, "a"), (55, 90, "a")))
    assert found.pairs == []


def test_the_score_is_good_only_where_claims_are_found_and_labelled() -> None:
    known = marks((0, 10, "a"), (20, 30, "b"))
    assert compare(known, known).score == 1.0
    assert compare([], known).score == 0.0
    assert compare(marks((0, 10, "a")), known).score == 2 * 1 / 3
    assert compare(marks((0, 10, "b"), (20, 30, "b")), known).score == 2 * 1 / 4
    everything = marks(*((10 * n, 10 * n + 10, "a") for n in range(6)))
    assert compare(everything, known).score == 2 * 1 / 8
    assert compare([], []).score == 1.0


def test_no_score_has_no_mean() -> None:
    assert mean_score([]) is None
    assert mean_score([0.5, 1.0]) == 0.75
