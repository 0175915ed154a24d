"""Reading and submitting as the server answers them: reports, what stands in the lists, and what comes next."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.db import db
from annotator.models import Assignment
from annotator.services import articles
from tests.support.desk import STORY, Desk
from tests.support.people import Browser, open_browser

OWN = "1 h 37 min"
PERCENT = "42\u00a0%"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def ada(app: Flask, desk: Desk) -> Browser:
    return open_browser(app, "Ada")


def read_a_part(desk: Desk, article_id: str, name: str = "ada") -> None:
    """Forty-two percent in 97 minutes."""

    def note() -> None:
        found = db.session.query(Assignment).filter_by(article_id=article_id, user_id=desk.ids[name]).one()
        found.read_until, found.active_seconds = len(STORY) * 425 // 1000, 97 * 60 + 5

    desk.write(note)


def words(page: str) -> str:
    """The page with its entities for blanks as they are meant."""
    return page.replace("&nbsp;", "\u00a0")


def test_a_report_is_answered_with_what_is_stored(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    answer = ada.post(f"/articles/{article_id}/reading", {"until": "90", "seconds": "0"})
    assert (answer.status_code, answer.json) == (200, {"until": 90, "seconds": 0, "time": ""})
    with desk.app.app_context():
        found = articles.get_for(desk.user("ada"), article_id).assignment
        assert found is not None
        assert found.read_until == 90


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"until": "5"},
        {"seconds": "5"},
        {"until": "", "seconds": "5"},
        {"until": "-1", "seconds": "5"},
        {"until": "1.5", "seconds": "5"},
        {"until": "5", "seconds": "٣"},
        {"until": "5", "seconds": "1e3"},
        {"until": "5", "seconds": "5\n"},
        {"until": "9" * 10, "seconds": "5"},
        {"until": str(len(STORY) + 1), "seconds": "5"},
        {"until": ["5", "6"], "seconds": "5"},
        {"until": "5", "seconds": "5", "user": "ben"},
    ],
)
def test_nonsense_is_refused(desk: Desk, ada: Browser, form: dict[str, object]) -> None:
    article_id = desk.article()
    assert ada.post(f"/articles/{article_id}/reading", form).status_code == 422
    assert ada.request("POST", f"/articles/{article_id}/reading", json={"until": 5, "seconds": 5}).status_code == 422


def test_a_report_needs_the_token_and_an_open_review(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    address, form = f"/articles/{article_id}/reading", {"until": "5", "seconds": "1"}
    assert ada.client.post(address, data=form).status_code == 400
    assert ada.get(address).status_code == 405
    desk.submit("ada", article_id)
    assert ada.post(address, form).status_code == 409


def test_the_owner_sees_their_reading_on_every_page_that_lists_the_article(desk: Desk, ada: Browser) -> None:
    article_id = desk.article(title="A truce")
    read_a_part(desk, article_id)
    for path in ("/", "/projects/truce", "/projects/truce/articles", f"/articles/{article_id}"):
        page = words(ada.get(path).text)
        assert OWN in page, path
        assert PERCENT in page, path
    review = words(ada.get(f"/articles/{article_id}/review").text)
    assert f"You have read {PERCENT} of the text." in review
    assert f"{OWN} of work" in review


def test_whoever_comes_back_in_the_middle_is_led_to_where_they_stopped(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    assert "Go on where you stopped" not in ada.get(f"/articles/{article_id}").text
    read_a_part(desk, article_id)
    assert 'id="go-on" href="#b2"' in ada.get(f"/articles/{article_id}").text
    ada.post(f"/articles/{article_id}/read")
    assert "Go on where you stopped" not in ada.get(f"/articles/{article_id}").text


@pytest.mark.parametrize("name", ["Ben", "Jo", "Mia"])
def test_nobody_else_sees_how_far_or_how_long_somebody_read(app: Flask, desk: Desk, name: str) -> None:
    article_id = desk.article()
    browser = open_browser(app, name)
    read_a_part(desk, article_id)
    for state in ("open", "submitted"):
        for path in ("/", "/projects/truce", "/projects/truce/articles", f"/articles/{article_id}"):
            page = words(browser.get(path).text)
            assert OWN not in page, (state, path)
            assert PERCENT not in page, (state, path)
        for path in ("", "/annotations"):
            assert "5825" not in browser.get(f"/api/v1/articles/{article_id}{path}").text
        for reviewer in ("ada", "ben"):
            desk.submit(reviewer, article_id)
        assert OWN not in browser.get(f"/articles/{article_id}/adjudicate").text


def test_no_claim_is_an_answer_that_is_said_so_and_submitted_with_the_reading(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    page = ada.get(f"/articles/{article_id}").text
    assert "Read to the end, no claim here</span>" in page
    review = ada.get(f"/articles/{article_id}/review").text
    assert "“No claim here” is an answer like any other" in review
    assert "I have read to the end, and there is no claim here" in review
    for _ in range(2):
        answer = ada.post(f"/articles/{article_id}/submit", {"confirm": "yes", "read": "yes"})
        assert answer.headers["Location"] == f"/articles/{article_id}"
    with desk.app.app_context():
        found = articles.get_for(desk.user("ada"), article_id).assignment
        assert found is not None
        assert found.read_to_end_at is not None


def test_the_review_names_claims_fields_and_sentences_with_the_way_to_each(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    claim = desk.mark("ada", article_id, "complete ceasefire")
    review = ada.get(f"/articles/{article_id}/review").text
    assert f'href="/articles/{article_id}#claim-{claim}"' in review
    assert "lacks a speaker, evidence that supports it" in review
    assert review.index("The ministry said") < review.index("Residents reported")
    start = STORY.index("Residents")
    assert f'href="/articles/{article_id}#b3" class="serif" dir="auto" data-passage="{start} {len(STORY)}"' in review


def test_after_the_submit_the_next_article_is_offered_until_there_is_none(desk: Desk, ada: Browser) -> None:
    first, second = desk.article(), desk.article("It was calm.")
    ada.post(f"/articles/{first}/submit", {"confirm": "yes"})
    page = ada.get(f"/articles/{first}").text
    assert "You submitted this article" in page
    assert "Next article" in page
    assert ada.post("/projects/truce/next").headers["Location"] == f"/articles/{second}"
    ada.post(f"/articles/{second}/submit", {"confirm": "yes"})
    page = ada.get(f"/articles/{second}").text
    assert "It was the last one that was given to you here." in page
    assert "Next article" not in page


def test_a_submitted_article_offers_no_second_submit(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    desk.submit("ada", article_id)
    review = ada.get(f"/articles/{article_id}/review").text
    assert f'action="/articles/{article_id}/submit"' not in review
