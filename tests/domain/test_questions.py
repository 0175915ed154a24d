"""Reviewers' marks become the adjudicator's questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain import grouping
from annotator.domain.grouping import group_marks
from annotator.domain.questions import Kind, Mark, Question, group, suggested
from annotator.domain.spans import overlap

PEOPLE = {"a": "Ada", "b": "Ben", "c": "Cem", "d": "Dee"}


def mark(name: str, start: int, end: int, **fields: object) -> Mark:
    """The mark "b2" is Ben's second."""
    return Mark(name, PEOPLE[name[0]], start, end, **fields)  # type: ignore[arg-type]


def names(questions: list[Question]) -> list[list[str]]:
    return [[each.id for each in question.marks] for question in questions]


CASES = {
    "nobody marked anything": ([], []),
    "equal": ([mark("a", 0, 10), mark("b", 0, 10)], [["a", "b"]]),
    "apart": ([mark("a", 0, 10), mark("b", 10, 20)], [["a"], ["b"]]),
    "one reviewer's equal marks": ([mark("a1", 0, 10), mark("a2", 0, 10)], [["a1"], ["a2"]]),
    "crossing with more than 0.3": ([mark("a", 0, 10), mark("b", 5, 15)], [["a", "b"]]),
    "exactly 0.3": ([mark("a", 0, 10), mark("b", 7, 10)], [["a", "b"]]),
    "below 0.3": ([mark("a", 0, 10), mark("b", 7, 11)], [["a"], ["b"]]),
    "exactly 0.3 at other lengths": ([mark("a", 0, 130), mark("b", 91, 130)], [["a", "b"]]),
    "average of exactly 0.3": ([mark("a", 0, 10), mark("b", 0, 10), mark("c", 7, 10)], [["a", "b", "c"]]),
    "average below 0.3": ([mark("a", 0, 10), mark("b", 0, 9), mark("c", 7, 10)], [["b", "a"], ["c"]]),
    "a chain: a and c share nothing": ([mark("a", 0, 10), mark("b", 5, 15), mark("c", 10, 20)], [["a", "b"], ["c"]]),
    "the closest pair first": ([mark("a", 0, 10), mark("b", 5, 15), mark("c", 6, 16)], [["a"], ["b", "c"]]),
    "no reviewer twice": ([mark("a", 0, 10), mark("b1", 0, 10), mark("b2", 0, 9)], [["b2"], ["a", "b1"]]),
    "both nest": (
        [mark("a1", 0, 100), mark("a2", 20, 60), mark("b1", 0, 90), mark("b2", 20, 66)],
        [["b1", "a1"], ["a2", "b2"]],
    ),
    "one nests": ([mark("a1", 0, 100), mark("b1", 0, 100), mark("a2", 10, 20)], [["a1", "b1"], ["a2"]]),
    "a long and a short one": ([mark("a", 0, 100), mark("b", 40, 50)], [["a"], ["b"]]),
    "a split in two": ([mark("a", 0, 100), mark("b1", 0, 60), mark("b2", 62, 100)], [["b1", "a", "b2"]]),
    "a split in three": (
        [mark("a", 0, 90), mark("b1", 0, 30), mark("b2", 30, 60), mark("b3", 60, 90)],
        [["b1", "a", "b2", "b3"]],
    ),
    "a split, exactly 80 % inside": ([mark("a", 0, 50), mark("b", 0, 40), mark("b2", 42, 52)], [["b", "a", "b2"]]),
    "a split, less than 80 % inside": ([mark("a", 0, 50), mark("b", 0, 40), mark("b2", 43, 53)], [["b", "a"], ["b2"]]),
    "a piece that most others contain": (
        [mark("a", 0, 50), mark("b", 0, 50), mark("c", 0, 38), mark("d", 40, 49)],
        [["c", "a", "b", "d"]],
    ),
    "a piece that half of the others contain": (
        [mark("a", 0, 50), mark("b", 0, 40), mark("d", 41, 49)],
        [["b", "a"], ["d"]],
    ),
    "a piece inside a piece is nested": (
        [mark("a", 0, 100), mark("b1", 0, 60), mark("b2", 62, 100), mark("b3", 62, 75)],
        [["b1", "a", "b2"], ["b3"]],
    ),
    "a piece joins the closer of two questions": (
        [mark("a1", 0, 90), mark("b1", 0, 90), mark("a2", 30, 60), mark("b2", 30, 60), mark("c", 52, 60)],
        [["a1", "b1"], ["a2", "b2", "c"]],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_marks_that_mean_the_same_claim_are_one_question(case: str) -> None:
    marks, expected = CASES[case]
    assert names(group(marks, set(PEOPLE.values()))) == expected


def table_disagrees() -> set[str]:
    return {case for case, (marks, expected) in CASES.items() if names(group(marks, ())) != expected}


@pytest.mark.parametrize(
    ("fault", "wrong", "noticed_by"),
    [
        ("_alike_on_average", lambda *_: True, "a chain: a and c share nothing"),
        ("_is_alike", lambda shared, covered: shared / covered > 0.3, "exactly 0.3"),
        ("_is_piece_of", lambda *_: False, "a split in two"),
        ("_is_piece_of", lambda *_: True, "one nests"),
        ("contains", lambda a, b: overlap(a, b) > 0.8 * (b.end - b.start), "a split, exactly 80 % inside"),
    ],
)
def test_the_table_notices_a_wrong_rule(
    monkeypatch: pytest.MonkeyPatch, fault: str, wrong: object, noticed_by: str
) -> None:
    assert table_disagrees() == set()
    monkeypatch.setattr(grouping, fault, wrong)
    assert noticed_by in table_disagrees()


@st.composite
def some_marks(draw: st.DrawFn, most: int = 14) -> list[Mark]:
    places = st.tuples(st.sampled_from("abcd"), st.integers(0, 40), st.integers(1, 30), st.sampled_from("xy"))
    drawn = draw(st.lists(places, max_size=most))
    return [
        mark(f"{who}{index}", start, start + length, label=label)
        for index, (who, start, length, label) in enumerate(drawn)
    ]


@given(some_marks(), st.randoms(use_true_random=False))
def test_the_order_of_the_marks_never_matters(marks: list[Mark], random: Random) -> None:
    shuffled = list(marks)
    random.shuffle(shuffled)
    assert group(shuffled, PEOPLE.values()) == group(marks, PEOPLE.values())


@given(some_marks())
def test_labels_have_no_say_in_the_grouping(marks: list[Mark]) -> None:
    assert names(group(marks, ())) == names(group([replace(each, label="") for each in marks], ()))


@given(some_marks())
def test_every_mark_stands_in_exactly_one_question(marks: list[Mark]) -> None:
    asked = Counter(each.id for question in group(marks, ()) for each in question.marks)
    assert asked == Counter(each.id for each in marks)


@given(some_marks())
def test_a_reviewer_is_in_a_question_once_or_with_pieces_that_do_not_overlap(marks: list[Mark]) -> None:
    for question in group(marks, ()):
        for one, other in combinations(question.marks, 2):
            assert one.reviewer != other.reviewer or not overlap(one, other)


@given(some_marks(most=30))
def test_the_sweep_finds_the_pairs_that_comparing_everything_finds(marks: list[Mark]) -> None:
    marks.sort(key=lambda each: (each.start, each.end, each.id))
    everything = {
        (first, second)
        for (first, a), (second, b) in combinations(enumerate(marks), 2)
        if a.reviewer != b.reviewer
        and 10 * overlap(a, b) >= 3 * ((a.end - a.start) + (b.end - b.start) - overlap(a, b))
    }
    found = [(pair.first, pair.second) for pair in grouping._candidates(marks)]
    assert len(found) == len(set(found))
    assert set(found) == everything


@given(some_marks())
def test_the_middles_find_every_container(marks: list[Mark]) -> None:
    for index, around in grouping.covering_middle(marks, marks):
        assert {at for at, each in enumerate(marks) if grouping.contains(each, marks[index])} <= set(around)


def test_grouping_works_on_anything_with_a_reviewer_and_a_span() -> None:
    assert group_marks([mark("b", 0, 9), mark("a", 0, 10)]) == [[mark("b", 0, 9), mark("a", 0, 10)]]


def ask(*marks: Mark, reviewers: tuple[str, ...] = ("Ada", "Ben")) -> Question:
    (question,) = group(marks, reviewers)
    return question


FULL = {
    "label": "disputed",
    "target": "content",
    "reason": "contradicted",
    "speaker": "Russian military",
    "speaker_kind": "named_institution",
    "mode": "paraphrased",
    "chain": ("Russian military", "Reuters"),
    "event_start": date(2019, 6, 12),
    "event_end": date(2019, 6, 12),
}


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({}, ()),
        ({"created_at": datetime(2020, 1, 1, tzinfo=UTC)}, ()),
        ({"label": "sourced"}, (Kind.LABEL,)),
        ({"start": 1}, (Kind.BOUNDARY,)),
        ({"end": 19}, (Kind.BOUNDARY,)),
        ({"target": "attribution"}, (Kind.FIELDS,)),
        ({"reason": "hedged"}, (Kind.FIELDS,)),
        ({"speaker": "Turkey"}, (Kind.FIELDS,)),
        ({"speaker_kind": "relayed"}, (Kind.FIELDS,)),
        ({"mode": "quoted"}, (Kind.FIELDS,)),
        ({"chain": ("Reuters",)}, (Kind.FIELDS,)),
        ({"event_start": None}, (Kind.FIELDS,)),
        ({"event_end": date(2019, 6, 13)}, (Kind.FIELDS,)),
        ({"links": frozenset({("contradicts", "q9")})}, (Kind.LINK,)),
        ({"links": frozenset({("contradicts", "q9")}), "end": 18}, (Kind.BOUNDARY, Kind.LINK)),
        ({"label": "sourced", "reason": "", "end": 18}, (Kind.LABEL, Kind.BOUNDARY, Kind.FIELDS)),
    ],
)
def test_the_kind_is_the_first_difference_and_all_are_listed(
    change: dict[str, object], differs: tuple[Kind, ...]
) -> None:
    ada = mark("a", 0, 20, **FULL)
    question = ask(ada, replace(ada, id="b", reviewer="Ben", **change))  # type: ignore[arg-type]
    assert question.differs == differs
    assert question.kind == (differs[0] if differs else Kind.AGREED)


def test_a_question_that_not_every_reviewer_marked_is_some_before_all_else() -> None:
    question = ask(mark("a", 0, 20, label="x"), mark("b", 0, 18, label="y"), reviewers=("Ada", "Ben", "Cem"))
    assert question.kind is Kind.SOME
    assert question.differs == (Kind.SOME, Kind.LABEL, Kind.BOUNDARY)


def test_what_the_only_reviewer_marked_is_agreed() -> None:
    assert ask(mark("a", 0, 20), reviewers=("Ada",)).kind is Kind.AGREED


def test_a_reviewer_who_split_the_claim_has_marked_it() -> None:
    question = ask(mark("a", 0, 100), mark("b1", 0, 60), mark("b2", 62, 100))
    assert question.differs == (Kind.BOUNDARY,)
    assert (question.start, question.end) == (0, 100)


def test_a_question_under_a_longer_mark_names_the_question_of_that_mark() -> None:
    questions = group([mark("a1", 0, 100), mark("b1", 0, 100), mark("a2", 20, 60), mark("a3", 40, 50)], ())
    assert {question.id: question.covered_by for question in questions} == {
        "a1": (),
        "a2": ("a1",),
        "a3": ("a1", "a2"),
    }


def test_a_long_mark_of_one_reviewer_is_linked_and_not_merged() -> None:
    long, short, beside = group([mark("a", 0, 100), mark("b", 40, 50), mark("c", 95, 105)], ())
    assert (long.covered_by, short.covered_by, beside.covered_by) == ((), ("a",), ())


@given(some_marks())
def test_no_two_questions_cover_each_other(marks: list[Mark]) -> None:
    covered = {question.id: set(question.covered_by) for question in group(marks, ())}
    assert all(own not in above and not any(own in covered[each] for each in above) for own, above in covered.items())


def test_the_suggested_mark_shares_most_with_the_others() -> None:
    question = ask(mark("a", 0, 20), mark("b", 2, 20), mark("c", 2, 30))
    assert suggested(question).id == "b"


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([mark("b", 0, 20), mark("a", 2, 20)], "b"),  # Two always share the same: the earlier one.
        ([mark("a", 0, 18), mark("b", 0, 20)], "b"),  # Equally early: the longer one.
        ([mark("b", 0, 20), mark("a", 0, 20)], "a"),  # Equal marks: always the same one of them.
    ],
)
def test_among_equals_the_earlier_then_the_longer_mark_is_suggested(marks: list[Mark], expected: str) -> None:
    assert suggested(ask(*marks)).id == expected


MORNING = datetime(2020, 1, 12, 9, tzinfo=UTC)


def test_a_question_keeps_the_id_of_the_mark_that_was_there_first() -> None:
    founder = mark("b", 2, 20, created_at=MORNING)
    later = mark("a", 0, 20, created_at=MORNING + timedelta(hours=1))
    latest = mark("c", 0, 19, created_at=MORNING + timedelta(hours=2))
    assert ask(founder).id == ask(founder, later).id == ask(founder, later, latest).id == "b"


def test_without_times_the_first_mark_by_place_gives_the_id() -> None:
    assert ask(mark("b", 0, 20), mark("a", 2, 20)).id == "b"
    # An old mark, of which no time is known, comes before all that have one.
    assert ask(mark("b", 0, 20, created_at=MORNING), mark("a", 2, 20)).id == "a"


def frozen(questions: list[Question]) -> dict[str, frozenset[str]]:
    return {question.id: frozenset(each.id for each in question.marks) for question in questions}


@given(some_marks(), st.data())
def test_deciding_a_question_changes_no_question(marks: list[Mark], data: st.DataObject) -> None:
    before = group(marks, PEOPLE.values())
    chosen = [question for question in before if data.draw(st.booleans())]
    assert group(marks, PEOPLE.values(), decided=frozen(chosen)) == before


@given(some_marks(), some_marks(), st.data())
def test_a_decided_question_never_changes_for_new_marks(old: list[Mark], new: list[Mark], data: st.DataObject) -> None:
    new = [replace(each, id=f"{each.id}new") for each in new]
    chosen = [question for question in group(old, PEOPLE.values()) if data.draw(st.booleans())]
    after = group([*old, *new], PEOPLE.values(), decided=frozen(chosen))
    by_id = {question.id: question for question in after}
    assert len(by_id) == len(after)
    for question in chosen:
        assert replace(by_id[question.id], arrived=(), covered_by=()) == replace(question, covered_by=())
    placed = Counter(each.id for question in after for each in (*question.marks, *question.arrived))
    assert placed == Counter(each.id for each in [*old, *new])


def test_a_mark_that_would_have_joined_a_decided_question_is_shown_as_arrived() -> None:
    marks = [mark("a", 0, 20), mark("b", 0, 18)]
    decided = frozen(group(marks, ("Ada", "Ben")))
    late, elsewhere = mark("c1", 1, 20), mark("c2", 40, 60)
    first, second = group([*marks, late, elsewhere], ("Ada", "Ben"), decided=decided)
    assert (first.id, first.marks, first.arrived) == ("b", (marks[1], marks[0]), (late,))
    assert (second.id, second.marks, second.arrived) == ("c2", (elsewhere,), ())


def test_a_piece_that_comes_late_is_shown_as_arrived() -> None:
    marks = [mark("a", 0, 100), mark("b1", 0, 60)]
    decided = frozen(group(marks, ()))
    (question,) = group([*marks, mark("b2", 62, 100)], (), decided=decided)
    assert [each.id for each in question.arrived] == ["b2"]


def test_a_decided_question_keeps_its_id_and_marks_when_they_would_not_be_grouped_today() -> None:
    marks = [mark("a", 0, 20), mark("b", 50, 60)]
    (question,) = group(marks, (), decided={"q": {"a", "b"}})
    assert (question.id, question.marks) == ("q", tuple(marks))


def test_a_decided_question_of_which_no_mark_is_left_is_not_returned() -> None:
    assert group([], ("Ada",), decided={"q": {"gone"}}) == []


def test_an_arrival_goes_to_the_decided_question_with_more_marks_beside_it() -> None:
    marks = [mark("a", 0, 20), mark("b", 0, 20), mark("c", 0, 20), mark("d", 0, 20)]
    found = group(marks, (), decided={"one": {"a"}, "two": {"b", "c"}})
    assert {question.id: [each.id for each in question.arrived] for question in found} == {"one": [], "two": ["d"]}


def test_a_long_article_of_many_reviewers_is_grouped_whole() -> None:
    random = Random(12)
    marks = []
    for claim in range(400):
        start = random.randrange(60_000)
        for who in "abcd":
            edge = start + random.randrange(-4, 5) + 10
            marks.append(mark(f"{who}{claim}", edge, edge + random.randrange(40, 60)))
    questions = group(marks, PEOPLE.values())
    assert sum(len(question.marks) for question in questions) == 1600
    assert Counter(len(question.marks) for question in questions)[4] > 250
