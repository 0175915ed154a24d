"""The figures of a project: what is counted where, and what is said when there is nothing to count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from annotator.agreement.report import NO_ARTICLE, NO_CLAIM, NOTHING_MARKED, Names, Report, report
from annotator.agreement.reviews import Coded, reviews_of
from annotator.agreement.sums import of_articles
from tests.agreement.published import interval, value

LABELS = 3
LENGTH = 200


Marked = dict[str, list[Coded]]


def article(**coders: Sequence[tuple[int, int, int]]) -> Marked:
    """An article of 200 characters; each coder gives (start, end, label)."""
    return {
        name: [Coded(f"{name}{number}", name, *claim) for number, claim in enumerate(claims)]
        for name, claims in coders.items()
    }


def of(*articles: Marked) -> Report:
    reviews, coders = reviews_of([(LENGTH, marked) for marked in articles])
    names = [f"article {at}" for at in range(len(articles))]
    days = [f"2026-01-{at + 1:02}" for at in range(len(articles))]
    return report(of_articles(reviews, LABELS), Names("xyz", coders, names, days))


def test_the_three_questions_are_answered_apart():
    found = of(article(ada=[(0, 10, 0), (20, 30, 1), (50, 60, 2)], ben=[(0, 10, 0), (22, 30, 2), (100, 110, 0)]))
    # Two of three claims each are the same, one of them with the same boundary, one with the same label.
    assert found.found.value == pytest.approx(2 / 3)
    assert found.found.n == 6
    assert found.exact.value == pytest.approx(1 / 2)
    assert (found.start_shift.value, found.end_shift.value) == (1.0, 0.0)
    assert (found.percent.value, found.percent.n) == (1 / 2, 2)
    assert (found.unanimous, found.conflicting, found.alone) == (1, 1, 2)


def test_who_finished_with_no_claim_counts_for_finding_and_not_for_labels():
    full = {"ada": [(0, 10, 0), (20, 30, 1)], "ben": [(0, 10, 0), (20, 30, 1)]}
    without, with_silent = of(article(**full)), of(article(**full, cyd=[]))
    assert without.found.value == 1
    assert with_silent.found.value == pytest.approx(8 / 16)
    assert with_silent.labels.value == without.labels.value == 1
    assert value(with_silent.u_alpha) < value(without.u_alpha)


def test_of_a_claim_that_was_split_the_longest_piece_speaks():
    found = of(article(ada=[(0, 30, 0)], ben=[(0, 30, 0)], cyd=[(0, 20, 0), (20, 30, 1)]))
    assert found.percent.value == 1
    assert (found.unanimous, found.conflicting, found.alone) == (1, 0, 0)


def test_each_pair_of_reviewers_has_its_own_figures():
    found = of(
        article(ada=[(0, 10, 0), (20, 30, 1)], ben=[(0, 10, 0), (20, 30, 1)]),
        article(ada=[(0, 10, 0)], cyd=[(40, 50, 0)]),
    )
    pairs = {each.reviewers: each for each in found.pairs}
    assert set(pairs) == {("ada", "ben"), ("ada", "cyd")}
    assert (pairs["ada", "ben"].found.value, pairs["ada", "ben"].labels.value) == (1, 1)
    assert pairs["ada", "cyd"].found.value == 0
    assert pairs["ada", "cyd"].labels.value is None
    assert "two reviewers" in pairs["ada", "cyd"].labels.why


def test_the_confusion_table_reads_the_same_in_both_directions():
    found = of(article(ada=[(0, 10, 0), (20, 30, 1)], ben=[(0, 10, 1), (20, 30, 1)]))
    assert found.confusion == [[0, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_what_lies_inside_a_longer_claim_of_the_same_reviewer_is_counted():
    found = of(article(ada=[(0, 30, 0), (5, 10, 1)], ben=[(0, 30, 0)]))
    assert found.left_out == 1


@pytest.mark.parametrize(
    ("articles", "why_found", "why_u_alpha"),
    [((), NO_ARTICLE, NO_ARTICLE), (({"ada": [], "ben": []},), NO_CLAIM, NOTHING_MARKED)],
    ids=["no article", "nothing marked"],
)
def test_nothing_to_count_is_said_in_words(articles, why_found, why_u_alpha):
    found = of(*(article(**coders) for coders in articles))
    assert (found.found.value, found.found.why) == (None, why_found)
    assert (found.u_alpha.value, found.u_alpha.why) == (None, why_u_alpha)
    for figure in (found.labels, found.percent, found.fleiss, found.ac1, found.cu_alpha):
        assert figure.value is None
        assert figure.why


def test_an_article_in_which_nobody_marked_anything_leaves_the_share_as_it_is():
    marked = article(ada=[(0, 10, 0)], ben=[(0, 10, 0)])
    both, alone = of(marked, article(ada=[], ben=[])).found, of(marked).found
    assert (both.value, both.n) == (alone.value, alone.n)


def test_with_ten_articles_there_are_intervals():
    random = np.random.default_rng(5)
    articles = []
    for _ in range(30):
        claims = [(start * 20, start * 20 + 10, int(random.integers(0, LABELS))) for start in range(5)]
        other = [claim for claim in claims if random.random() < 0.8]
        articles.append(article(ada=claims, ben=other))
    found = of(*articles)
    for figure in (found.found, found.u_alpha, found.binary_u_alpha, found.density):
        low, high = interval(figure)
        assert low <= value(figure) <= high
    assert of(*articles[:9]).found.low is None
