"""The form for the details of an article: what it stores, what it refuses, and what it shows when somebody was faster."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask

from annotator.domain.claims import Relation
from annotator.formats.records import ArticleDetails
from annotator.services import articles, links, suggestions
from annotator.views import layouts
from tests.services.test_article_details import FACTS, JANUARY, contradiction, details, put
from tests.services.test_versions import correct
from tests.support.desk import STORY, Desk
from tests.support.people import Browser
from tests.views.test_versions import browser


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def article(desk: Desk) -> str:
    return desk.article(**FACTS)


@pytest.fixture
def mia(desk: Desk) -> Browser:
    return browser(desk, "mia")


def values(page: str) -> dict[str, str]:
    """What stands in the fields of the form, by name."""
    fields = re.findall(r"<input[^>]*>", page[page.index('<form class="form"') :])
    found = {}
    for field in fields:
        name, value = re.search(r'name="(\w+)"', field), re.search(r'value="([^"]*)"', field)
        if name and name[1] != "csrf_token":
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_manager_corrects_details_and_all_see_them_with_their_history(desk: Desk, mia: Browser, article: str) -> None:
    path = f"/articles/{article}/details"
    assert path in mia.get(f"/articles/{article}").text
    sent = values(mia.get(path).text)
    assert {name: sent[name] for name in FACTS} == {name: str(value) for name, value in FACTS.items()}
    stored = mia.post(path, sent | {"agency": "Reuters", "published": "2020-01-12", "byline": ""})
    assert (stored.status_code, stored.headers["Location"]) == (303, f"/articles/{article}/versions")
    page = words(mia.get(f"/articles/{article}/versions").text)
    assert "Corrected: agency, byline, published." in page
    for change in ("Agency: AP", "Byline: A. Roe", "Published: 12 June 2019"):
        assert change in page
    assert "Mia" in page
    ada = browser(desk, "ada")
    seen = words(ada.get(f"/articles/{article}/versions").text)
    assert "Agency: AP → became Reuters" in seen
    assert "Mia" not in seen
    shown = ada.get(f"/articles/{article}").text
    assert "Reuters" in shown
    assert "12 January 2020" in shown
    assert "Edit details" not in shown


def test_what_a_field_cannot_take_is_said_there_and_nothing_is_stored(desk: Desk, mia: Browser, article: str) -> None:
    path = f"/articles/{article}/details"
    sent = values(mia.get(path).text)
    wrong: dict[str, Any] = {
        "published": "12.1.2020",
        "language": "Portuguese of Brazil",
        "url": "nowhere",
        "title": "a\x07",
    }
    refused = mia.post(path, sent | wrong | {"publisher": "The Sea"})
    assert refused.status_code == 422
    for name in wrong:
        assert f'id="{name}-error"' in refused.text
    assert values(refused.text)["publisher"] == "The Sea"
    assert details(desk, article).details == ArticleDetails(**FACTS)
    for damaged in ({"edition": ""}, {"edition": "x"}, {"edition": "0"}):
        assert mia.post(path, sent | {"publisher": "The Sea"} | damaged).status_code == 422
    assert mia.get(f"{path}?version=2").status_code == 404


def test_who_was_slower_sees_what_stands_and_chooses(desk: Desk, mia: Browser, article: str) -> None:
    path = f"/articles/{article}/details"
    sent = values(mia.get(path).text)
    put(desk, article, agency="Reuters", publisher="The Lake")
    late = mia.post(path, sent | {"publisher": "The Sea"})
    assert late.status_code == 412
    assert "Somebody changed the details of this article meanwhile" in late.text
    assert "It says “The Lake” now." in late.text
    again = values(late.text)
    # What was left alone follows the newer state, what was written is kept.
    assert (again["agency"], again["publisher"]) == ("Reuters", "The Sea")
    assert details(desk, article).details.publisher == "The Lake"
    assert mia.post(path, again).status_code == 303
    stands = details(desk, article).details
    assert (stands.agency, stands.publisher) == ("Reuters", "The Sea")
    # A damaged form overwrites nothing either.
    for was in ("", "[]", "{", '{"agency": 5}'):
        late = mia.post(path, sent | {"was": was, "publisher": "The Hill"})
        assert late.status_code == 412
        assert "It says “Reuters” now." in late.text


def test_details_of_an_earlier_version_are_corrected_by_themselves(desk: Desk, mia: Browser, article: str) -> None:
    correct(desk, article)
    path = f"/articles/{article}/details"
    assert f"{path}?version=1" in mia.get(f"/articles/{article}/versions").text
    sent = values(mia.get(f"{path}?version=1").text)
    assert mia.post(f"{path}?version=1", sent | {"title": "Truce, first edition"}).status_code == 303
    assert details(desk, article, 1).details.title == "Truce, first edition"
    assert details(desk, article).details.title == "Truce"


def test_contradictions_that_the_day_speaks_against_are_listed_for_who_may_see_them(desk: Desk, mia: Browser) -> None:
    one, other, _ = contradiction(desk)
    path = f"/articles/{one}/details"
    stored = mia.post(path, values(mia.get(path).text) | {"published": "2020-01-12"})
    assert stored.status_code == 303
    # The articles have not opened: a manager is told nothing of what reviewers linked.
    assert "contradict" not in mia.get(f"/articles/{one}/versions").text
    page = browser(desk, "ada").get(f"/articles/{one}/versions").text
    assert "Contradictions that the dates speak against" in page
    assert f"/projects/truce/compare/{one}/{other}" in page.replace("&amp;", "&") or "compare" in page
    for article in (one, other):
        for name in ("ada", "ben"):
            desk.submit(name, article)
    put(desk, one, published=FACTS["published"])
    mia.post(path, values(mia.get(path).text) | {"published": "2020-01-12"})
    page = mia.get(f"/articles/{one}/versions").text
    assert "1 contradiction cannot be one with the dates as they are now" in page
    assert "Contradictions that the dates speak against" in page


def test_an_answer_to_a_manager_depends_on_no_links_of_reviewers(desk: Desk, mia: Browser) -> None:
    """The same correction with and without a contradiction of Ada's: not a byte differs but what is random."""
    one, other = (desk.article(f"{STORY} {word}", **FACTS) for word in ("Then.", "Later."))
    first, second = desk.mark("ada", one, "three towns"), desk.mark("ada", other, "it was calm")
    path = f"/articles/{one}/details"

    def corrected(day: date) -> str:
        stored = mia.post(path, values(mia.get(path).text) | {"published": str(day)})
        page = mia.get(f"/articles/{one}/versions").text
        put(desk, one, published=FACTS["published"])
        told = re.sub(r'<section class="section" aria-labelledby="corrected">.*?</section>', "", page, flags=re.DOTALL)
        masked = re.sub(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"|content="[^"]*"', "", told)
        return f"{stored.status_code} {masked}"

    before = corrected(JANUARY)
    desk.write(lambda: links.create(desk.user("ada"), "truce", links.Proposal(first, second, Relation.CONTRADICTS)))
    assert corrected(JANUARY) == before


def test_a_corrected_language_cuts_and_suggests_anew(desk: Desk) -> None:
    """What a process keeps of a version goes by the language that its text counts as."""
    text = "Reports: " + "He said: er kam am 3. Mai mit 20 Leuten. " * 200
    article = desk.article(text, language="en")

    def cut_and_found() -> tuple[list[int], int]:
        with desk.app.app_context():
            version = articles.get_for(desk.user("ada"), article).version
            cues = suggestions.look(desk.user("ada"), article).cues
            return [part.start for part in layouts.layout_of(version).parts], sum(map(len, cues.values()))

    english = cut_and_found()
    put(desk, article, language="de")
    german = cut_and_found()
    assert [one == other for one, other in zip(english, german, strict=True)] == [False, False]
    put(desk, article, language="en")
    assert cut_and_found() == english
