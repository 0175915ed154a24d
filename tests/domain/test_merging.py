"""What a rule settles: ties and contradictions stay open, and what is taken is always one reviewer's own claim."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.domain.decisions import Reason, justification, majority_rule, rule_words
from annotator.domain.merging import Left, Merge, majority, unanimous
from annotator.domain.questions import Mark, Question, group

SPAN = (10, 20)


def question(*votes: str | Mark, reviewers: int) -> Question:
    """One question: each vote a label (the same span) or a mark of its own, by reviewers 0, 1, 2 …"""
    marks = [
        vote if isinstance(vote, Mark) else Mark(f"m{number}", f"r{number}", *SPAN, label=vote)
        for number, vote in enumerate(votes)
    ]
    (found,) = group(marks, {f"r{number}" for number in range(reviewers)})
    return found


def by(number: int, start: int, end: int, label: str = "sourced", **fields: Any) -> Mark:
    return Mark(f"m{number}", f"r{number}", start, end, label=label, **fields)


@pytest.mark.parametrize(
    ("votes", "reviewers", "threshold", "expected"),
    [
        (["a", "a", "a", "b"], 4, 0.75, None),
        (["a", "a", "a"], 4, 0.75, None),
        (["a"] * 4, 4, 0.75, None),
        (["a", "b"], 2, 0.5, Left.TIED),
        (["a", "a", "b", "b"], 4, 0.5, Left.TIED),
        (["a", "b", "c"], 3, 0.5, Left.TIED),
        (["a", "a", "b"], 3, 0.5, Left.TOO_FEW),
        (["a", "a"], 3, 0.6, Left.TOO_FEW),
        (["a", "a", "a", "b", "b"], 5, 0.5, Left.TOO_FEW),
        (["a", "a", "a", "a", "b", "b"], 6, 0.5, Left.TOO_FEW),
        (["a", "a", "a", "b"], 4, 0.8, Left.TOO_FEW),
        (["a"], 2, 0.5, Left.TOO_FEW),
    ],
)
def test_a_majority_counts_all_reviewers_and_never_two_against_one(
    votes: list[str], reviewers: int, threshold: float, expected: Left | None
) -> None:
    merge = majority(question(*votes, reviewers=reviewers), reviewers, threshold)
    assert merge.left is expected
    assert (merge.taken is None) is (expected is not None)


def test_what_is_taken_says_whether_somebody_was_overruled() -> None:
    merge = majority(question("a", "a", "a", "b", reviewers=4), 4, 0.75)
    assert (merge.votes, merge.reviewers, merge.overruled, merge.boundary) == (3, 4, True, False)
    assert merge.taken is not None
    assert merge.taken.label == "a"


def test_the_boundary_is_that_of_those_who_gave_the_label() -> None:
    marks = [by(0, 10, 20), by(1, 10, 20), by(2, 10, 24), by(3, 8, 30, "disputed")]
    merge = majority(question(*marks, reviewers=4), 4, 0.75)
    assert merge.taken is not None
    assert (merge.taken.start, merge.taken.end, merge.boundary) == (10, 20, True)


def test_boundaries_that_share_as_much_are_a_tie() -> None:
    marks = [by(0, 10, 20), by(1, 10, 20), by(2, 10, 24), by(3, 10, 24)]
    assert majority(question(*marks, reviewers=4), 4, 0.75) == Merge(None, Left.BOUNDARY_TIED, 4, 4)
    two = [by(0, 10, 20), by(1, 10, 24)]
    assert majority(question(*two, reviewers=2), 2, 0.75).left is Left.BOUNDARY_TIED


def test_fields_and_links_that_contradict_each_other_stay_open() -> None:
    agreeing = [by(number, *SPAN, speaker="Ministry") for number in range(3)]
    assert majority(question(*agreeing, reviewers=3), 3, 0.75).taken is not None
    one_differs = [*agreeing[:2], by(2, *SPAN, speaker="Army")]
    assert majority(question(*one_differs, reviewers=3), 3, 0.75).left is Left.FIELDS
    linked = Mark("m2", "r2", *SPAN, label="sourced", speaker="Ministry", links=frozenset({("qualifies", "x")}))
    assert majority(question(*agreeing[:2], linked, reviewers=3), 3, 0.75).left is Left.FIELDS


def test_fields_of_those_who_are_overruled_do_not_count() -> None:
    marks = [*(by(number, *SPAN) for number in range(3)), by(3, *SPAN, "disputed", speaker="Army")]
    assert majority(question(*marks, reviewers=4), 4, 0.75).taken is not None


def test_who_gives_two_labels_in_one_question_is_for_neither() -> None:
    marks = [by(0, 10, 30), by(1, 10, 30), by(2, 10, 30)]
    pieces = [Mark("m3", "r3", 10, 19, label="sourced"), Mark("m4", "r3", 21, 30, label="disputed")]
    found = question(*marks, *pieces, reviewers=4)
    merge = majority(found, 4, 0.75)
    assert (merge.votes, merge.left) == (3, None)
    assert majority(found, 4, 0.8).left is Left.TOO_FEW


def test_unanimity_is_agreement_in_everything() -> None:
    assert unanimous(question("a", "a", reviewers=2), 2).taken is not None
    for votes in (["a", "b"], ["a"]):
        assert unanimous(question(*votes, reviewers=2), 2).left is Left.DIFFERS
    for mark in (by(1, 10, 22), by(1, *SPAN, speaker="Army")):
        assert unanimous(question(by(0, *SPAN), mark, reviewers=2), 2).left is Left.DIFFERS


@pytest.mark.parametrize(
    ("reasons", "note", "rule", "cell"),
    [
        ((), "", "", ""),
        ((), "As worded.", "", "As worded."),
        ((Reason.GUIDELINE, Reason.OVERSIGHT), "", "", "guideline; oversight"),
        ((Reason.GUIDELINE, Reason.OVERSIGHT), "As worded.", "", "guideline; oversight: As worded."),
        ((), "", majority_rule(0.75), "by rule: at least 0.75 of the reviewers give this label"),
        ((), "", "unanimous", "by rule: all reviewers agree"),
    ],
)
def test_a_justification_stands_in_one_cell(reasons: tuple[Reason, ...], note: str, rule: str, cell: str) -> None:
    assert justification(reasons, note, rule) == cell


def test_a_stored_threshold_reads_as_it_was_set() -> None:
    assert majority_rule(2 / 3) == "majority:0.666667"
    assert rule_words(majority_rule(0.8)) == "by rule: at least 0.8 of the reviewers give this label"
