"""A question goes back to its reviewers in a real browser: they look again, change a claim, answer, and it is seen."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from annotator.db import db
from annotator.models import FirstVote, Label, Outcome
from annotator.services import adjudication, rounds
from annotator.services.adjudication import Answer
from annotator.services.questions import questions
from tests.support.desk import Desk
from tests.support.reader import at_work, let_in
from tests.support.typist import Typist

ASKED = "Does the statement speak of the whole province?"


class Case:
    """Ada and Ben differ about the ceasefire; Jo sent that question back."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.article = desk.article(title="The truce")
        self.ada = desk.mark("ada", self.article, "complete ceasefire", "sourced")
        desk.mark("ben", self.article, "a complete ceasefire", "disputed")
        self.towns = desk.mark("ada", self.article, "three towns", "unverified")
        for name in ("ada", "ben"):
            desk.submit(name, self.article)
        with desk.app.app_context():
            self.question = questions(desk.user("jo"), self.article)[0].id
        self.decision = self.decide(Answer(Outcome.SEND_BACK, justification=ASKED))

    def decide(self, answer: Answer) -> str:
        desk = self.desk
        return desk.write(lambda: adjudication.decide(desk.user("jo"), self.article, self.question, answer).id)

    def label(self, annotation: UUID) -> str:
        with self.desk.app.app_context():
            return db.session.get_one(Label, self.desk.stored(annotation).label_id).key

    def first_votes(self) -> int:
        with self.desk.app.app_context():
            return len(db.session.scalars(db.select(FirstVote)).all())

    def state(self) -> rounds.RoundState:
        with self.desk.app.app_context():
            return rounds.state_of(self.article)[self.question]


@pytest.fixture
def case(desk: Desk) -> Case:
    return Case(desk)


@pytest.fixture
def ada(app: Flask, case: Case, page: Page) -> Typist:
    return Typist(app, page, "ada@example.org")


def test_a_reviewer_looks_again_by_keyboard_and_the_adjudicator_sees_it(case: Case, ada: Typist, new_context) -> None:
    page = ada.page
    page.goto("/")
    ada.tab_to(page.get_by_role("link", name=ASKED)).press("Enter")
    expect(page.locator(".asked-words")).to_have_text(ASKED)
    at_work(page)
    ada.tab_to(page.locator(".asked-passage")).press("Enter")
    ada.to_text()
    ada.select_words("complete ceasefire on Sunday").press("2").saved()
    ada.keys("Control+z").saved()
    ada.keys("Control+Shift+z").saved()
    ada.tab_to(page.locator(f"#claim-{case.ada} .claim-head")).press("Enter")
    ada.press("2").saved()
    assert case.label(case.ada) == "disputed"
    assert case.first_votes() == 1
    ada.tab_to(page.get_by_label("Note to the adjudicator"))
    page.keyboard.type("Only of the city.")
    ada.tab_to(page.get_by_role("button", name="Answer")).press("Enter")
    expect(page.get_by_text("The adjudicator sees your answer.")).to_be_visible()
    assert ada.pointed == []
    jo = new_context().new_page()
    let_in(jo, case.desk.app, "jo@example.org")
    jo.goto(f"/articles/{case.article}/adjudicate?question={case.question}")
    seen = jo.locator(".round")
    expect(seen).to_contain_text("1 of 2 answered")
    expect(seen).to_contain_text("Only of the city.")
    expect(seen).to_contain_text("first complete ceasefire (Sourced), now complete ceasefire (Disputed)")


def test_outside_of_the_passage_nothing_is_sent(case: Case, ada: Typist) -> None:
    page = ada.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method in {"PUT", "DELETE"} else None)
    page.goto(f"/articles/{case.article}#claim-{case.towns}")
    expect(page.locator(".claim-form .claim-fields")).to_have_js_property("disabled", True)
    expect(page.locator(".claim-form [data-delete]")).to_be_hidden()
    page.keyboard.press("2")
    expect(page.locator("#hint")).to_contain_text("one passage")
    ada.select("shelling")
    page.keyboard.press("1")
    expect(page.locator("#hint")).to_contain_text("one passage")
    assert sent == []
    assert case.label(case.towns) == "unverified"


def test_a_decision_in_the_meantime_is_told_where_the_change_waits(case: Case, ada: Typist, complaints) -> None:
    page = ada.page
    page.goto(f"/articles/{case.article}#claim-{case.ada}")
    expect(page.locator(".claim-form .claim-fields")).to_have_js_property("disabled", False)
    case.decide(Answer(Outcome.NOTHING_HERE, replaces=case.decision))
    complaints.expect("status of 409")
    page.keyboard.press("2")
    expect(page.locator("#saving-notices")).to_contain_text("being adjudicated")
    assert case.label(case.ada) == "sourced"
