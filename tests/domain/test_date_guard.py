"""When claims may contradict each other, and what two of them have in common in origin."""

from __future__ import annotations

from datetime import date

import pytest

from annotator.domain.claims import Relation
from annotator.domain.date_guard import Dated, Window, is_later, overlap, refusal, window_of
from annotator.domain.days import days
from annotator.domain.independence import Origin, shared

JUNE, JULY, JANUARY = date(2019, 6, 12), date(2019, 7, 1), date(2020, 1, 12)


def test_a_claim_without_a_date_is_about_the_day_of_its_article() -> None:
    assert window_of(JUNE, JULY, JANUARY) == Window(JUNE, JULY)
    assert window_of(JUNE, None, JANUARY) == Window(JUNE, JUNE)
    assert window_of(None, None, JANUARY) == Window(JANUARY, JANUARY, published=True)
    assert window_of(None, None, None) is None


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (Window(JUNE, JULY), Window(JULY, JANUARY), True),
        (Window(JUNE, JANUARY), Window(JULY, JULY), True),
        (Window(JUNE, JUNE), Window(JULY, JANUARY), False),
        # Nothing speaks against a claim that may be about any time.
        (Window(JUNE, JUNE), None, True),
        (None, None, True),
    ],
)
def test_windows_overlap_where_they_share_a_day(one: Window | None, other: Window | None, *, together: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is together
    assert is_later(one, other) is False
    assert is_later(other, one) is not together


def test_only_a_contradiction_needs_one_time_and_the_refusal_names_both_windows() -> None:
    complete = Dated("complete ceasefire", Window(JUNE, JUNE))
    calm = Dated("except for one or two separate incidents", Window(JANUARY, JANUARY, published=True))
    words = refusal(Relation.CONTRADICTS, complete, calm)
    assert "“complete ceasefire” is about 12 June 2019, " in words
    assert "about 12 January 2020 (when its article was published: it has no event date)" in words
    assert "“supersedes”" in words
    assert "“qualifies”" in words
    assert [refusal(relation, complete, calm) for relation in Relation if relation is not Relation.CONTRADICTS] == [
        ""
    ] * 4
    assert refusal(Relation.CONTRADICTS, complete, complete) == ""


def test_days_in_words() -> None:
    assert days(JUNE, JUNE) == "12 June 2019"
    assert days(JUNE, date(2019, 6, 14)) == "12 to 14 June 2019"
    assert days(JUNE, JULY) == "12 June to 1 July 2019"
    assert days(JUNE, JANUARY) == "12 June 2019 to 12 January 2020"


def test_shared_origin_is_the_agency_or_a_speaker_of_the_relay() -> None:
    left = Origin("Reuters", ("Russian military", "Russian news agencies"))
    assert shared(left, Origin(" reuters ", ("Turkey",))) == ["Both articles are copy of Reuters."]
    assert shared(left, Origin("AFP", ("Interfax", "russian  military"))) == [
        "Both claims go back to Russian military."
    ]
    assert shared(Origin(), Origin()) == []
