"""A question that came back, as the reviewer meets it: in lists, on the page of the article, and without script."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.models import Outcome
from annotator.services import adjudication, rounds
from annotator.services.adjudication import Answer
from annotator.services.questions import questions
from tests.support.desk import Desk
from tests.support.nonces import masked
from tests.support.people import Browser, open_browser

ASKED = "Does the statement speak of the <whole> province?"
SHOWN = "Does the statement speak of the &lt;whole&gt; province?"


class Case:
    """Jo sent back the question about the ceasefire."""

    def __init__(self, app: Flask) -> None:
        self.desk = desk = Desk(app)
        self.article = desk.article()
        self.claim = desk.mark("ada", self.article, "complete ceasefire", "sourced")
        desk.mark("ben", self.article, "a complete ceasefire", "disputed")
        for name in ("ada", "ben"):
            desk.submit(name, self.article)
        with app.app_context():
            self.question = questions(desk.user("jo"), self.article)[0].id
        back = Answer(Outcome.SEND_BACK, justification=ASKED)
        self.decision = self.decide(back)

    def decide(self, answer: Answer) -> str:
        desk = self.desk
        return desk.write(lambda: adjudication.decide(desk.user("jo"), self.article, self.question, answer).id)

    @property
    def page(self) -> str:
        return f"/articles/{self.article}"

    def post(self, browser: Browser, act: str = "answer", **form: str) -> str:
        address = f"{self.page}/rounds/{self.decision}/{act}"
        answer = browser.post(address, form, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture
def case(app: Flask) -> Case:
    return Case(app)


@pytest.fixture
def ada(case: Case) -> Browser:
    return open_browser(case.desk.app, "Ada")


@pytest.mark.parametrize("path", ["/", "/projects/truce"])
def test_the_question_is_listed_with_a_way_to_it_until_it_is_answered(case: Case, ada: Browser, path: str) -> None:
    page = ada.get(path).text
    assert SHOWN in page
    assert f"{case.page}#asked-{case.decision}" in page
    assert "Questions to you" not in open_browser(case.desk.app, "Mia").get(path).text
    case.post(ada)
    assert "Questions to you" not in ada.get(path).text


def test_the_page_of_the_article_asks_and_can_be_edited(case: Case, ada: Browser) -> None:
    page = ada.get(case.page).text
    assert SHOWN in page
    assert 'data-mode="again"' in page
    assert "labelbar" in page
    assert "Mark by quoting" in page
    assert ">Submit<" not in page
    assert "I have read to the end" not in page


def test_a_claim_in_the_passage_is_marked_without_script(case: Case, ada: Browser) -> None:
    answer = ada.post(f"{case.page}/claims", {"quote": "complete", "label": "disputed"}, follow_redirects=True)
    assert "The claim is saved." in answer.text
    refused = ada.post(f"{case.page}/claims", {"quote": "shelling", "label": "disputed"})
    assert refused.status_code == 409
    assert "one passage" in refused.text


def test_the_answer_is_told_and_closes_the_page_until_it_is_taken_back(case: Case, ada: Browser) -> None:
    page = case.post(ada, note="Only of the city.\r\nNot more.")
    assert "The adjudicator sees your answer." in page
    assert "Only of the city.\nNot more." in page
    assert 'data-mode="locked"' in page
    again = case.post(ada, "take-back")
    assert 'data-mode="again"' in again
    assert "Only of the city.\nNot more.</textarea>" in again


def test_the_question_can_be_talked_about_without_showing_what_others_marked(case: Case, ada: Browser) -> None:
    thread = f"{case.page}/questions/{case.question}"
    assert thread in ada.get(case.page).text
    page = ada.post(f"{thread}/posts", {"text": "Which province?"}, follow_redirects=True).text
    assert "Which province?" in page
    assert "a complete ceasefire" in page
    assert "Disputed" not in page
    assert "Ben" not in page


def test_a_late_answer_is_told_why_it_is_late(case: Case, ada: Browser) -> None:
    case.decide(Answer(Outcome.NOTHING_HERE, replaces=case.decision))
    page = case.post(ada, note="late")
    assert "went on with this question" in page
    assert ASKED not in page
    assert SHOWN not in page


def test_a_note_that_is_too_long_is_refused_in_words(case: Case, ada: Browser) -> None:
    assert "at most 2,000 characters" in case.post(ada, note="x" * 2_001)


def test_who_was_not_asked_gets_nothing(case: Case) -> None:
    for name in ("Jo", "Mia", "Sam"):
        browser = open_browser(case.desk.app, name)
        assert browser.post(f"{case.page}/rounds/{case.decision}/answer").status_code == 404
    page = open_browser(case.desk.app, "Mia").get(case.page).text
    assert SHOWN not in page


def test_the_answer_needs_the_token(case: Case, ada: Browser) -> None:
    assert ada.client.post(f"{case.page}/rounds/{case.decision}/answer", data={"note": ""}).status_code == 400


def test_no_page_tells_the_one_who_is_asked_of_the_other(case: Case, ada: Browser) -> None:
    """Ben changes, deletes and answers; what Ada is sent stays as it was, but for her own nonces."""

    def seen() -> list[str]:
        paths = ("/", "/projects/truce", case.page, f"{case.page}/blocks?start=0&end=50", "/claims")
        return masked(ada.get(path).text for path in paths)

    ada.get("/account")  # It takes what the sign-in had to say.
    before = seen()
    ben = open_browser(case.desk.app, "Ben")
    assert ben.post(f"{case.page}/claims", {"quote": "complete", "label": "sourced"}).status_code == 303
    case.post(ben, note="I had misread it.")
    assert seen() == before
    leaking = [*seen(), str(rounds_answered(case))]
    case.post(ben, "take-back")
    assert [*seen(), str(rounds_answered(case))] != leaking


def rounds_answered(case: Case) -> int:
    """What a leak would tell."""
    with case.desk.app.app_context():
        return rounds.state_of(case.article)[case.question].answered
