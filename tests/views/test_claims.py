"""The pages of claims: the list of one's own, a claim's address, its history, and the speakers for the form."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask

from annotator.domain.claims import Evidence, Speaker, Stance
from annotator.services import annotations as claims
from annotator.services import projects
from tests.support.desk import Desk
from tests.support.people import Browser, open_browser

HOSTILE = '"><script>alert(1)</script> {{ 7*7 }} \u202eabc'


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def signed_in(app: Flask, name: str) -> Browser:
    browser = open_browser(app, name)
    browser.get("/")
    return browser


@pytest.fixture
def ada(app: Flask, desk: Desk) -> Browser:
    return signed_in(app, "Ada")


def test_the_list_leads_from_each_claim_to_its_place(desk: Desk, ada: Browser) -> None:
    article = desk.article(title="Ceasefire announced")
    claim = desk.mark("ada", article, "three towns", "unverified", note="seen there", confidence=0.4)
    page = ada.get("/claims").text
    assert f'href="/articles/{article}#claim-{claim}"' in page
    for words in (
        "three towns",
        "Unverified",
        "lacks reason",
        "unsure",
        "seen there",
        "Ceasefire announced",
        "1 claim",
    ):
        assert words in page
    assert 'href="/claims"' in ada.get("/").text


def test_an_empty_list_says_what_to_do(desk: Desk, ada: Browser) -> None:
    assert "You have marked no claim yet" in ada.get("/claims").text
    desk.mark("ada", desk.article(), "three towns")
    assert "No claim of yours fits" in ada.get("/claims?q=nowhere").text
    assert "No claim of yours fits" in ada.get("/claims?project=elsewhere").text


@pytest.mark.parametrize(
    "query",
    [
        "q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "label=%F0%9F%98%80&state=gone&origin=x&order=random&project=%27",
        "q=" + "a%20" * 500,
        "q=%25_%5C",
        "lacking=&unsure=",
    ],
)
def test_whatever_the_address_asks_for_is_answered(desk: Desk, ada: Browser, query: str) -> None:
    desk.mark("ada", desk.article(), "three towns")
    answer = ada.get(f"/claims?{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("after", ["x", "~~~~", "%00", "2019-06-12~1"])
def test_a_damaged_part_is_refused_and_no_failure(ada: Browser, after: str) -> None:
    assert ada.get(f"/claims?after={after}").status_code in {400, 422}


def test_hostile_words_stay_words(desk: Desk, ada: Browser) -> None:
    article = desk.article(title=HOSTILE)
    evidence = (Evidence(Stance.SUPPORTS, source=HOSTILE, quote=HOSTILE),)
    claim = desk.mark("ada", article, "three towns", note=HOSTILE, speaker=Speaker(HOSTILE), evidence=evidence)
    desk.write(lambda: claims.delete(desk.user("ada"), claim, if_version=1))
    other = desk.mark("ada", article, "calm", note=HOSTILE, speaker=Speaker(HOSTILE), evidence=evidence)
    for path in ("/claims", f"/claims/{other}", f"/claims/{claim}/history", f"/claims/{other}/history"):
        answer = ada.get(path)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "{{ 7*7 }}" in answer.text


def test_a_claim_leads_its_owner_to_its_place_in_the_article(desk: Desk, ada: Browser) -> None:
    article = desk.article()
    claim = desk.mark("ada", article, "three towns")
    answer = ada.get(f"/claims/{claim}/place")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/articles/{article}#claim-{claim}")


def test_a_strangers_answer_is_that_for_no_claim(app: Flask, desk: Desk) -> None:
    claim = desk.mark("ada", desk.article(), "three towns")
    for name in ("Ben", "Jo", "Mia", "Sam"):
        browser = signed_in(app, name)
        for path in ("", "/history", "/place"):
            found, missing = browser.get(f"/claims/{claim}{path}"), browser.get(f"/claims/{uuid4()}{path}")
            assert (found.status_code, missing.status_code) == (404, 404)
            strip = re.compile(r'value="[^"]*"|nonce="[^"]*"')
            assert strip.sub("", found.text) == strip.sub("", missing.text)


def test_nothing_that_a_reviewer_is_sent_depends_on_the_others(app: Flask, desk: Desk, ada: Browser) -> None:
    article = desk.article()
    claim = desk.mark("ada", article, "three towns", speaker=Speaker("Mine"))
    paths = (
        "/claims",
        f"/claims/{claim}",
        f"/claims/{claim}/history",
        f"/claims/speakers/{article}",
        "/claims?q=towns&order=article",
    )

    def pages() -> list[str]:
        return [re.sub(r'name="csrf_token" value="[^"]*"', "", ada.get(path).text) for path in paths]

    before = pages()
    desk.mark("ben", article, "three towns", speaker=Speaker("Theirs"), note="Ben's")
    desk.submit("ben", article)
    assert pages() == before


def test_the_adjudicator_is_led_to_the_question(app: Flask, desk: Desk) -> None:
    article = desk.article()
    claim = desk.mark("ada", article, "three towns")
    desk.submit("ada", article)
    desk.submit("ben", article)
    jo = signed_in(app, "Jo")
    place = jo.get(f"/claims/{claim}/place").headers["Location"]
    assert place.startswith(f"/articles/{article}/adjudicate?question=")
    assert jo.get(place).status_code == 200
    history = jo.get(f"/claims/{claim}/history").text
    assert "its reviewer" in history
    assert "Ada" not in history.partition("<main")[2]
    assert "data-take" not in history


def test_the_history_says_in_words_what_changed(desk: Desk, ada: Browser) -> None:
    article = desk.article()
    claim = desk.mark("ada", article, "complete ceasefire", evidence=(Evidence(Stance.SUPPORTS, source="Ministry"),))
    desk.write(lambda: projects.write_guideline(desk.project(), "Mark claims."))
    changed = desk.claim(
        article, "a complete ceasefire", "disputed", reason="number-mismatch", speaker=Speaker("A", chain=("B", "C"))
    )
    desk.write(lambda: claims.put(desk.user("ada"), article, claim, changed, if_version=1))
    desk.write(lambda: projects.write_guideline(desk.project(), "Mark all claims."))
    page = ada.get(f"/claims/{claim}/history").text
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", page.partition('id="history"')[2])).split())
    for told in (
        "Marked",
        "Label Sourced → became Disputed",
        "Words “complete ceasefire” → became “a complete ceasefire”",
        "Reason nothing → became Number mismatch",
        "Relayed by nothing → became B → C",
        "Evidence removed supports it – Ministry",
        "Version 2 · you ·",
        "Guideline version 1 ; version 2 is in force now .".replace(" ;", ";").replace(" .", "."),
    ):
        assert told in words


def test_a_deleted_claim_says_so(desk: Desk, ada: Browser) -> None:
    claim = desk.mark("ada", desk.article(), "three towns")
    desk.write(lambda: claims.delete(desk.user("ada"), claim, if_version=1))
    assert ada.get(f"/claims/{claim}").headers["Location"] == f"/claims/{claim}/history"
    page = ada.get(f"/claims/{claim}/history").text
    assert "This claim is deleted." in page
    assert ">Deleted</h3>" in page


def test_speakers_are_told_as_the_fields_of_a_put(desk: Desk, ada: Browser) -> None:
    article = desk.article()
    desk.mark("ada", article, "three towns", speaker=Speaker("Ministry", chain=("Ministry", "Reuters")))
    assert ada.get(f"/claims/speakers/{article}").json == [{"name": "Ministry", "chain": ["Ministry", "Reuters"]}]


@pytest.mark.parametrize(
    "path", ["/claims/1", "/claims/not-a-uuid/history", "/claims/speakers/x", "/claims/speakers/%00"]
)
def test_what_is_no_claim_is_not_found(ada: Browser, path: str) -> None:
    assert ada.get(path).status_code in {400, 404, 422}
