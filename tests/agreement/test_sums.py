"""The columns over many articles come to what each article comes to when it is worked out plainly by itself."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement import matches, overlaps, sums
from annotator.agreement.reviews import Coded, reviews_of
from annotator.agreement.sums import Sums, joined, of_article, of_articles
from annotator.agreement.tallies import Tallies
from tests.agreement import plain

LABELS = 3
LENGTH = 60
Marked = dict[str, list[Coded]]


@st.composite
def articles(draw: st.DrawFn, most_claims: int = 8) -> list[tuple[int, Marked]]:
    """Articles with two to four coders whose claims overlap, nest, split and fall together."""
    found = []
    place = st.tuples(st.integers(0, 40), st.integers(1, 20), st.integers(0, LABELS - 1))
    for _ in range(draw(st.integers(1, 4))):
        coders = draw(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=4, unique=True))
        marked: Marked = {}
        for coder in coders:
            claims = draw(st.lists(place, max_size=most_claims))
            marked[coder] = [
                Coded(f"{number:02}{coder}", coder, start, start + length, label)
                for number, (start, length, label) in enumerate(claims)
            ]
        found.append((LENGTH, marked))
    return found


def check(given_articles: list[tuple[int, Marked]]) -> None:
    """Compare every column with the plain sums of each article."""
    reviews, coders = reviews_of(given_articles)
    found = of_articles(reviews, LABELS)
    tallies = Tallies.of(found)
    for number, (length, marked) in enumerate(given_articles):
        expected = plain.of_article(marked, length, LABELS)
        assert found.units[number] == pytest.approx(expected.units, rel=1e-12)
        assert tallies.detection[number].tolist() == expected.detection.tolist()
        assert tallies.labels[number] == pytest.approx(expected.labels, rel=1e-12)
        counted = (tallies.unanimous[number], tallies.conflicting[number], tallies.alone[number])
        assert counted == (expected.unanimous, expected.conflicting, expected.alone)
        here = found.articles == number
        assert found.left_out[here].sum() == expected.left_out
        confusions = {
            (coders[found.coders[one]], coders[found.coders[other]]): confusion
            for one, other, confusion in confusions_of(found, number)
        }
        for names, pair in expected.pairs.items():
            assert confusions.get(names, np.zeros((LABELS, LABELS))).tolist() == pair.confusion.tolist()
        of_this = found.articles[found.matches.one] == number
        shifts = zip(found.matches.start_shift[of_this], found.matches.end_shift[of_this], strict=True)
        assert Counter(shifts) == Counter(expected.shifts)
    rated = [plain.of_article(marked, length, LABELS).rated for length, marked in given_articles]
    assert Counter(map(tuple, tallies.rated.tolist())) == Counter(map(tuple, np.concatenate(rated).tolist()))


def confusions_of(found: Sums, article: int):
    """For each two reviews of an article that met: (review, review, label by label)."""
    chosen = np.flatnonzero(found.articles[found.matches.one] == article)
    together = set(zip(found.matches.one[chosen].tolist(), found.matches.other[chosen].tolist(), strict=True))
    for one, other in together:
        confusion = np.zeros((LABELS, LABELS), dtype=int)
        for at in chosen:
            if (found.matches.one[at], found.matches.other[at]) == (one, other):
                confusion[found.matches.label[at], found.matches.other_label[at]] += 1
        yield one, other, confusion


@given(articles())
def test_the_columns_come_to_what_each_article_comes_to_by_itself(given_articles):
    check(given_articles)


@given(articles(most_claims=3))
def test_so_they_do_where_few_claims_overlap(given_articles):
    check(given_articles)


@given(articles(most_claims=4))
def test_it_does_not_matter_how_many_articles_are_worked_out_at_a_time(given_articles):
    reviews, _ = reviews_of(given_articles)
    whole = of_articles(reviews, LABELS)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sums, "MOST_CLAIMS", 3)
        assert same(of_articles(reviews, LABELS), whole)
    one_by_one = [of_articles(reviews.part(at, at + 1), LABELS) for at in range(len(given_articles))]
    assert same(joined(one_by_one, LABELS), whole)


def same(one: Sums, other: Sums) -> bool:
    columns = [
        (each.articles, each.coders, each.claims, each.left_out, *each.matches, *each.ballots) for each in (one, other)
    ]
    equal = all(np.array_equal(*both) for both in zip(*columns, strict=True))
    return equal and np.allclose(one.units, other.units, rtol=1e-12)


def test_a_claim_that_is_left_out_of_the_pairing_would_be_noticed(monkeypatch):
    # Positive control: the plain cases are settled wrongly.
    crossed = [(LENGTH, {"a": [Coded("1", "a", 0, 10, 0)], "b": [Coded("2", "b", 0, 4, 0), Coded("3", "b", 4, 10, 1)]})]
    check(crossed)
    settle = matches._plainly_paired
    monkeypatch.setattr(matches, "_plainly_paired", lambda *given: (settle(*given)[0][:0], settle(*given)[1]))
    with pytest.raises(AssertionError):
        check(crossed)


def test_overlaps_are_found_within_articles_and_between_coders_only():
    marked = {"a": [Coded("1", "a", 0, 10, 0), Coded("2", "a", 5, 12, 0)], "b": [Coded("3", "b", 10, 20, 0)]}
    reviews, _ = reviews_of([(20, marked), (20, {"a": [Coded("4", "a", 0, 20, 0)], "b": []})])
    found = overlaps.find(reviews)
    assert list(zip(found.one, found.other, found.shared, found.covered, strict=True)) == [(1, 2, 2, 15)]
    assert overlaps.count(reviews).tolist() == [2, 0]


def test_nothing_at_all_has_no_sums():
    reviews, _ = reviews_of([])
    found = of_articles(reviews, LABELS)
    assert found.count == 0
    assert of_article({"a": [], "b": []}, 10, LABELS).count == 1
