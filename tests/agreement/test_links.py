"""Agreement on links, against numbers that were worked out by hand."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import pytest

from annotator.agreement import links
from annotator.agreement.links import NO_LINK, NO_PAIR, ONE_RELATION, Linked, LinkFigures, Question, figures

RELATIONS = ["contradicts", "qualifies", "corroborates", "supersedes→", "same_wire_origin"]
BOTH = ("ada", "ben")


def of(*given: Linked, questions: dict[str, Question] | None = None, articles: int = 2) -> LinkFigures:
    known = questions or {name: Question(int(name[1]) % 2, BOTH) for name in ("q0", "q1", "q2", "q3")}
    return figures(given, known, RELATIONS, articles=articles)


def test_pairs_and_relations_as_worked_out_by_hand() -> None:
    found = of(
        Linked("ada", "q0", "q1", "contradicts"),
        Linked("ben", "q1", "q0", "qualifies"),
        Linked("ada", "q0", "q3", "qualifies"),
        Linked("ben", "q0", "q3", "qualifies"),
        Linked("ada", "q2", "q1", "corroborates"),
        Linked("ben", "q2", "q3", "corroborates"),
    )
    # Two pairs in common, one more of each: 2 · 2 / 6.
    assert found.pairs.n == 6
    assert found.pairs.value == pytest.approx(4 / 6)
    # Do = (1/4)(2 + 0) = 1/2, De = 1 − (1 · 0 + 3 · 2)/(4 · 3) = 1/2.
    assert found.relations.n == 2
    assert found.relations.value == pytest.approx(0.0)
    assert (found.percent.value, found.percent.n) == (0.5, 2)
    assert found.pairs.why_no_interval == "An interval needs 10 articles or more."


def test_the_direction_counts_where_there_is_one() -> None:
    base = [Linked("ada", "q0", "q3", "qualifies"), Linked("ben", "q3", "q0", "qualifies")]
    same = of(*base, Linked("ada", "q0", "q1", "supersedes→"), Linked("ben", "q0", "q1", "supersedes→"))
    turned = of(*base, Linked("ada", "q0", "q1", "supersedes→"), Linked("ben", "q1", "q0", "supersedes→"))
    assert (same.percent.value, turned.percent.value) == (1.0, 0.5)
    assert same.relations.value == 1.0
    assert same.pairs.value == turned.pairs.value == 1.0


def test_a_claim_that_one_did_not_mark_could_not_be_linked_by_them() -> None:
    known = {"q0": Question(0, BOTH), "q1": Question(1, BOTH), "q2": Question(1, ("ada",))}
    found = of(Linked("ada", "q0", "q2", "qualifies"), Linked("ada", "q0", "q1", "qualifies"), questions=known)
    assert (found.left_out, found.pairs.value, found.pairs.n) == (1, 0.0, 1)
    assert (found.relations.value, found.relations.why) == (None, NO_PAIR)


def test_three_reviewers_make_three_pairs_of_reviewers() -> None:
    known = {"q0": Question(0, ("a", "b", "c")), "q1": Question(1, ("a", "b", "c"))}
    found = of(Linked("a", "q0", "q1", "qualifies"), Linked("b", "q0", "q1", "contradicts"), questions=known)
    # ab: both; ac and bc: one of them. 2 · 1 / (2 + 1 + 1).
    assert (found.pairs.value, found.pairs.n) == (0.5, 4)


def test_several_relations_of_one_reviewer_count_as_the_weightiest() -> None:
    found = of(
        Linked("ada", "q0", "q1", "qualifies"),
        Linked("ada", "q0", "q1", "contradicts"),
        Linked("ben", "q0", "q1", "contradicts"),
    )
    assert (found.pairs.value, found.several, found.percent.value) == (1.0, 1, 1.0)


def test_what_cannot_be_computed_says_why() -> None:
    nothing = of()
    assert (nothing.pairs.value, nothing.pairs.why, nothing.relations.why) == (None, NO_LINK, NO_PAIR)
    one = of(Linked("ada", "q0", "q1", "qualifies"), Linked("ben", "q0", "q1", "qualifies"))
    assert (one.relations.value, one.relations.why, one.pairs.value) == (None, ONE_RELATION, 1.0)


def plainly(given: list[Linked], known: dict[str, Question], reviewers: str) -> float:
    """The F1 of pairs, two reviewers at a time, by counting."""
    common = total = 0
    for one, other in combinations(reviewers, 2):
        able = {name for name, each in known.items() if {one, other} <= set(each.reviewers)}
        sets = [
            {frozenset((link.a, link.b)) for link in given if link.reviewer == who and {link.a, link.b} <= able}
            for who in (one, other)
        ]
        common += len(sets[0] & sets[1])
        total += len(sets[0]) + len(sets[1])
    return 2 * common / total


def random_links(seed: int) -> tuple[list[Linked], dict[str, Question]]:
    random = Random(seed)
    known = {f"q{number:02}": Question(number % 12, random.sample("abc", random.randint(1, 3))) for number in range(30)}
    given = []
    for _ in range(80):
        a, b = random.sample(sorted(known), 2)
        able = sorted(set(known[a].reviewers) & set(known[b].reviewers))
        given += [Linked(who, a, b, random.choice(RELATIONS)) for who in able if random.random() < 0.7]
    return given, known


@pytest.mark.parametrize("seed", range(10))
def test_it_is_what_plain_counting_gives(seed: int) -> None:
    given, known = random_links(seed)
    found = figures(given, known, RELATIONS, articles=12)
    assert found.pairs.value == pytest.approx(plainly(given, known, "abc"))
    low, value, high = found.pairs.low, found.pairs.value, found.pairs.high
    assert low is not None
    assert value is not None
    assert high is not None
    assert low < value < high
    assert figures(list(reversed(given)), known, RELATIONS, articles=12) == found


def test_the_counting_would_see_a_wrong_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: the overlap of Jaccard instead of positive agreement."""
    monkeypatch.setattr(links, "positive_agreement", lambda added: np.asarray(added[..., 1] / added[..., 0]))
    given, known = random_links(1)
    found = figures(given, known, RELATIONS, articles=12)
    assert found.pairs.value != pytest.approx(plainly(given, known, "abc"))
