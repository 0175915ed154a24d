"""The search page: what is found, for whom, and where it leads."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.domain.claims import Evidence, Speaker, Stance
from annotator.domain.search_words import excerpt, highlighted, places
from tests.support.desk import Desk
from tests.support.people import Browser

KINDS = ("articles", "claims", "speakers", "evidence")


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    article = desk.article(title="Truce", publisher="Coast Daily", language="en-GB")
    desk.article("Another ceasefire elsewhere.", title="Elsewhere", publisher="Inland Gazette", language="de")
    evidence = (Evidence(Stance.SUPPORTS, source="A treaty", quote="The ceasefire is complete."),)
    desk.mark("ada", article, "complete ceasefire", speaker=Speaker("Ceasefire Ministry"), evidence=evidence)
    return desk


def look(desk: Desk, name: str, query: str) -> str:
    browser = Browser(desk.app, desk.app.test_client()).sign_in(f"{name}@example.org")
    return browser.get(f"/projects/truce/search?{query}").text


def test_every_kind_is_found_with_its_words_marked(desk: Desk) -> None:
    for kind in KINDS:
        page = look(desk, "ada", f"q=ceasefire&kind={kind}")
        assert "<mark>" in page, kind
        assert ("2 results" if kind == "articles" else "1 result<") in page, kind
    assert "?at=1:" in look(desk, "ada", "q=ceasefire")
    assert "#b1" in look(desk, "ada", "q=ceasefire")


def test_what_others_marked_is_not_found_before_it_is_open(desk: Desk) -> None:
    for name in ("ben", "jo", "mia"):
        for kind in KINDS[1:]:
            assert "Nothing found" in look(desk, name, f"q=ceasefire&kind={kind}"), (name, kind)


def test_filters_narrow(desk: Desk) -> None:
    for query in ("source=coast", "language=en-GB"):
        page = look(desk, "ada", f"q=ceasefire&{query}")
        assert "1 result<" in page
        assert "Inland Gazette" not in page
    assert "Nothing found" in look(desk, "ada", "q=ceasefire&kind=claims&label=disputed")
    assert "Nothing found" in look(desk, "ada", "q=ceasefire&kind=claims&speaker=nobody")
    assert "1 result<" in look(desk, "ada", "q=ceasefire&kind=claims&own=y&label=sourced")
    assert "Nothing found" in look(desk, "ada", "q=ceasefire&since=2020-01-01")


@pytest.mark.parametrize(
    "query", ["", "q=%00", "q=%22", "q=*&page=-1", "q=a&page=x", "q=a&kind=none&label=none", "q=%25&kind=claims"]
)
def test_no_query_is_an_error(desk: Desk, query: str) -> None:
    assert "<h1" in look(desk, "ada", query)


def test_words_are_found_at_their_places_and_a_phrase_only_as_a_whole() -> None:
    text = "The Café’s complete  ceasefire, a ceasefire; 双方停火。"
    found = [text[start:end] for start, end in places(text, ["cafe", "complete", "ceasefire", "停火"])]
    assert found == ["Café", "complete  ceasefire", "ceasefire", "停火"]
    assert [text[start:end] for start, end in places(text, ["a ceasefire"])] == ["a ceasefire"]
    assert places(text, ["peace", "-"]) == []


def test_words_are_marked_in_whatever_way_they_are_written() -> None:
    assert highlighted("The Café’s calm.", ["cafe", "s", "CALM"]) == [
        ("The ", False), ("Café", True), ("’", False), ("s", True), (" ", False), ("calm", True), (".", False),
    ]  # fmt: skip
    assert ("停火", True) in highlighted("双方停火。", ["停火"])
    cut = excerpt("word " * 500 + "ceasefire " + "word " * 500, ["ceasefire"], 100)
    assert ("ceasefire", True) in cut
    assert sum(len(piece) for piece, _ in cut) < 120
