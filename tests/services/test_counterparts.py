"""Counterparts of a claim: of which articles, for whom, and in how many questions to the database."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask

from annotator.errors import NotFound
from annotator.services import counterpart_candidates, counterparts, search_postings
from annotator.services.counterparts import Counterpart
from tests.support.desk import Desk, counted_statements

FIRST = "Ceasefire in Idlib\n\nTens of thousands fled Idlib before the ceasefire.\n\nNobody spoke of it."
SECOND = "Idlib again\n\nSome 300,000 people have fled from Idlib, relief workers said.\n\nIt rained."
UNASSIGNED = "Idlib in secret\n\nHundreds of thousands fled Idlib before the ceasefire, a note says."


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def claim(desk: Desk) -> UUID:
    first = desk.article(FIRST, title="Ceasefire in Idlib", published=date(2019, 6, 12))
    desk.article(SECOND, title="Idlib again", publisher="Coast Daily", published=date(2019, 6, 13))
    desk.article("Nothing\n\nCakes were eaten.", title="Nothing")
    desk.article(UNASSIGNED, title="Idlib in secret", assign=False)
    return desk.mark("ada", first, "Tens of thousands fled Idlib")


def found(desk: Desk, claim: UUID, name: str = "ada") -> list[Counterpart]:
    with desk.app.app_context():
        return counterparts.find(desk.user(name), claim).passages


def test_a_passage_says_where_it_stands_and_why_it_is_listed(desk: Desk, claim: UUID) -> None:
    best = found(desk, claim)[0]
    assert SECOND[best.start : best.end] == best.text == SECOND.split("\n\n")[1]
    assert (best.heading, best.publisher, best.published) == ("Idlib again", "Coast Daily", date(2019, 6, 13))
    assert "Number “Tens of thousands” ↔ “300,000”, which differ" in [why.words for why in best.why]


def test_neither_the_claims_own_article_nor_one_that_may_not_be_read_is_among_them(desk: Desk, claim: UUID) -> None:
    assert {passage.heading for passage in found(desk, claim)} == {"Idlib again"}


def test_a_claim_of_somebody_else_is_not_there(desk: Desk, claim: UUID) -> None:
    for name in ("ben", "sam", "mia"):
        with pytest.raises(NotFound):
            found(desk, claim, name)
    with pytest.raises(NotFound):
        found(desk, uuid4())


def test_what_others_mark_changes_nothing(desk: Desk, claim: UUID) -> None:
    before = found(desk, claim)
    desk.mark("ben", before[0].article_id, "300,000 people", "disputed", note="Tens of thousands fled Idlib")
    desk.submit("ben", before[0].article_id)
    assert found(desk, claim) == before


def test_the_same_is_found_where_articles_are_too_many_to_be_told_one_by_one(
    desk: Desk, claim: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [(each.article_id, each.start) for each in found(desk, claim)]
    monkeypatch.setattr(counterparts, "FEW", 0)
    assert [(each.article_id, each.start) for each in found(desk, claim)] == few


def test_the_same_is_found_where_their_blocks_are_too_many_to_be_read_one_by_one(
    desk: Desk, claim: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [(each.article_id, each.start) for each in found(desk, claim)]
    monkeypatch.setattr(search_postings, "FEW_BLOCKS", 0)
    assert [(each.article_id, each.start) for each in found(desk, claim)] == few


def test_common_words_find_passages_together(desk: Desk, claim: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counterpart_candidates, "COMMON", 1)
    assert found(desk, claim)[0].heading == "Idlib again"


def test_the_questions_to_the_database_do_not_depend_on_what_is_found(desk: Desk, claim: UUID) -> None:
    counts = []
    for _ in range(2):
        with counted_statements(desk.app) as statements:
            found(desk, claim)
        counts.append(len(statements))
        for number in range(5):
            desk.article(f"Idlib {number}\n\nTens of thousands fled Idlib, {number} said.", title=f"Idlib {number}")
    assert counts[0] == counts[1] <= 20


HOSTILE = ("' OR 1=1 --", '"NEAR(a b)*"', "words:truce & !x | ('y')", "停火", "\u0301!?", "12,,,,3 %s :a", "x" * 5_000)


def test_no_claim_is_an_error(desk: Desk) -> None:
    text = "\n\n".join(HOSTILE)
    article = desk.article(text, title=text[:200])
    desk.article(text + "!", title="Again")
    for exact in HOSTILE:
        found(desk, desk.mark("ada", article, exact))
