"""The claims behind a figure are as many as the figure counts, in the very articles that it counts them in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement import selection
from annotator.agreement.reviews import Coded, Reviews, reviews_of
from annotator.agreement.selection import Kind, Selection
from annotator.agreement.sums import of_articles
from tests.agreement.test_sums import LABELS, articles

selections = st.builds(
    Selection,
    st.sampled_from(Kind),
    st.sampled_from([(), (0,), (0, 1), (1, 2)]),
    st.sampled_from([(), (0,), (0, 1), (2, 2)]),
)


@given(articles(), selections)
def test_as_many_are_listed_as_are_counted(given_articles, wanted):
    reviews, _ = reviews_of(given_articles)
    sums = of_articles(reviews, LABELS)
    # What is left out or was missed has no second label.
    if wanted.kind in (Kind.MISSED, Kind.LEFT_OUT):
        wanted = Selection(wanted.kind, wanted.coders)
    listed = selection.claims(reviews, sums, wanted)
    where = [int(reviews.articles[reviews.reviews[each[0]]]) for each in listed]
    assert np.bincount(where, minlength=sums.count).tolist() == selection.count(sums, wanted).tolist()
    assert where == sorted(where)
    assert len(set(listed)) == len(listed) or wanted.kind is Kind.MISSED


def test_listed(story: Reviews) -> None:
    def of(kind: Kind, **only: tuple[int, ...]) -> list[set[str]]:
        found = selection.claims(story, of_articles(story, LABELS), Selection(kind, **only))
        return [{story.ids[at] for at in each} for each in found]

    assert of(Kind.SAME) == [{"a1", "b1"}, {"a2", "b2"}]
    assert of(Kind.EXACT) == [{"a1", "b1"}]
    assert of(Kind.SHIFTED) == [{"a2", "b2"}]
    assert of(Kind.AGREED) == of(Kind.UNANIMOUS) == [{"a1", "b1"}]
    assert of(Kind.DIFFERING) == of(Kind.CONFLICTING) == [{"a2", "b2"}]
    assert of(Kind.SAME, labels=(2, 1)) == [{"a2", "b2"}]
    assert of(Kind.SAME, labels=(2, 2)) == []
    assert of(Kind.MISSED) == of(Kind.ALONE) == [{"a3"}]
    assert of(Kind.ALONE, coders=(1,)) == []
    assert of(Kind.LEFT_OUT) == []


@pytest.fixture
def story() -> Reviews:
    marked = {
        "a": [Coded("a1", "a", 0, 10, 0), Coded("a2", "a", 20, 30, 1), Coded("a3", "a", 40, 50, 0)],
        "b": [Coded("b1", "b", 0, 10, 0), Coded("b2", "b", 20, 28, 2)],
    }
    return reviews_of([(60, marked)])[0]
