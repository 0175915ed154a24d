"""What the script asks about the text: cues, suggestions, and what becomes of one; each by its address."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.domain.claims import Origin
from annotator.services import projects
from tests.support.desk import STORY, Desk
from tests.support.people import Browser, open_browser

SECOND = STORY.split("\n\n")[1]
START, END = STORY.index(SECOND), STORY.index(SECOND) + len(SECOND)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app, suggestions=True)


def browser(desk: Desk, name: str) -> Browser:
    return open_browser(desk.app, name)


def suggested(browser: Browser, article_id: str) -> list[str]:
    return [
        STORY[each["start"] : each["end"]] for each in browser.get(f"/articles/{article_id}/cues").json["suggestions"]
    ]


def test_cues_are_pairs_of_offsets_by_kind_and_suggestions_are_off_at_first(desk: Desk) -> None:
    article_id = desk.article()
    answer = browser(desk, "Ada").get(f"/articles/{article_id}/cues").json
    pairs = answer["cues"]["number"]
    assert [STORY[start:end] for start, end in zip(pairs[::2], pairs[1::2], strict=True)] == ["one or two", "three"]
    assert set(answer["cues"]) == {"number", "date", "quotation", "attribution", "hedge", "superlative"}
    assert answer["suggestions"] == []


def test_one_switches_them_on_dismisses_brings_back_and_switches_off(desk: Desk) -> None:
    article_id = desk.article()
    ada, ben = browser(desk, "Ada"), browser(desk, "Ben")
    path = f"/articles/{article_id}/suggestions"
    assert ada.post(f"{path}/on").status_code == 204
    assert suggested(ada, article_id) == STORY.split("\n\n")
    assert suggested(ben, article_id) == []
    assert ada.post(f"{path}/{START}-{END}/dismiss").status_code == 204
    assert SECOND not in suggested(ada, article_id)
    assert ada.post(f"{path}/{START}-{END}/restore").status_code == 204
    assert SECOND in suggested(ada, article_id)
    assert ada.post(f"{path}/off").status_code == 204
    assert suggested(ada, article_id) == []


def test_a_project_that_does_not_offer_them_says_so(desk: Desk) -> None:
    article_id = desk.article()
    desk.write(lambda: projects.change(desk.project(), {"suggestions": False}))
    ada = browser(desk, "Ada")
    for end in ("on", "off", f"{START}-{END}/dismiss"):
        answer = ada.post(f"/articles/{article_id}/suggestions/{end}")
        assert answer.status_code == 409
        assert "does not offer suggestions" in answer.text


@pytest.mark.parametrize(
    "place", ["0-1", "5-3", f"{9**9}-{9**9}", f"{10**12}-{10**12 + 1}", "a-b", "-1-2", "1", "1-2-3"]
)
def test_a_place_without_a_suggestion_is_not_found(desk: Desk, place: str) -> None:
    article_id = desk.article()
    ada = browser(desk, "Ada")
    ada.post(f"/articles/{article_id}/suggestions/on")
    assert ada.post(f"/articles/{article_id}/suggestions/{place}/dismiss").status_code == 404


def test_looking_changes_nothing_and_changing_needs_the_token(desk: Desk) -> None:
    article_id = desk.article()
    ada = browser(desk, "Ada")
    for end in ("on", "off", f"{START}-{END}/dismiss", f"{START}-{END}/restore"):
        path = f"/articles/{article_id}/suggestions/{end}"
        assert ada.get(path).status_code == 405
        assert ada.client.post(path).status_code == 400


@pytest.mark.parametrize("name", ["Jo", "Mia", "Sam"])
def test_only_reviewers_of_the_article_find_them(desk: Desk, name: str) -> None:
    article_id = desk.article()
    other = browser(desk, name)
    assert other.get(f"/articles/{article_id}/cues").status_code == 404
    assert other.post(f"/articles/{article_id}/suggestions/on").status_code == 404


def test_what_ben_does_changes_not_one_byte_of_what_ada_is_sent(desk: Desk) -> None:
    article_id = desk.article()
    ada, ben = browser(desk, "Ada"), browser(desk, "Ben")
    for each in (ada, ben):
        each.post(f"/articles/{article_id}/suggestions/on")
    before = ada.get(f"/articles/{article_id}/cues")
    desk.mark("ben", article_id, "complete ceasefire", origin=Origin.SUGGESTION_ACCEPTED)
    ben.post(f"/articles/{article_id}/suggestions/{START}-{END}/dismiss")
    desk.submit("ben", article_id)
    after = ada.get(f"/articles/{article_id}/cues")
    assert suggested(ben, article_id) != suggested(ada, article_id)
    assert (before.data, sorted(before.headers)) == (after.data, sorted(after.headers))


@pytest.mark.parametrize("offered", [True, False])
def test_the_page_has_the_suggestions_only_where_the_project_offers_them(app: Flask, offered: bool) -> None:
    desk = Desk(app, suggestions=offered)
    article_id = desk.article()
    page = browser(desk, "Ada").get(f"/articles/{article_id}").text
    assert ('id="suggestions-pane"' in page) is offered
    assert ('id="suggestions-tab"' in page) is offered
