"""A reviewer who was asked again, and the adjudicator who decides meanwhile: whatever meets, one of both comes first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from annotator.db import db
from annotator.models import Event, Outcome, SecondRoundAnswer
from annotator.services import adjudication, events
from annotator.services.adjudication import Answer
from annotator.services.questions import questions
from tests.support.desk import Desk
from tests.support.program import Program

ROUNDS = 8


class Sent:
    """An article whose one question was sent back."""

    def __init__(self, desk: Desk, number: int) -> None:
        self.desk = desk
        self.article = desk.article(title=f"Story {number}")
        self.claim = desk.mark("ada", self.article, "complete ceasefire", "sourced")
        desk.mark("ben", self.article, "complete ceasefire", "disputed")
        for name in ("ada", "ben"):
            desk.submit(name, self.article)
        with desk.app.app_context():
            self.question = questions(desk.user("jo"), self.article)[0].id
        back = Answer(Outcome.SEND_BACK, justification="Which?")
        self.decision = desk.write(lambda: adjudication.decide(desk.user("jo"), self.article, self.question, back).id)

    def decide(self, jo: Program, **answer: Any) -> TestResponse:
        body = {"question": str(self.question), "justification": "", "replaces": self.decision, **answer}
        return jo.post(f"/articles/{self.article}/decisions", body)

    def change(self, ada: Program, body: dict[str, Any]) -> TestResponse:
        return ada.put(f"/articles/{self.article}/annotations/{self.claim}", body, version=1)

    def answer(self, ada: Program) -> TestResponse:
        return ada.post(f"/articles/{self.article}/rounds/{self.decision}/answer", {"note": "Looked."})

    def order(self) -> list[str]:
        """What was recorded, in its order; the chain holds."""
        with self.desk.app.app_context():
            assert list(events.check()) == []
            query = select(Event.action).where(Event.chain == self.article).order_by(Event.seq)
            return list(db.session.scalars(query))


def at_once(*acts: Callable[[], TestResponse]) -> list[int]:
    """The statuses of what is done at the same moment."""
    start = Barrier(len(acts))

    def act(number: int) -> int:
        start.wait()
        return acts[number]().status_code

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, range(len(acts))))


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def ada(desk: Desk) -> Program:
    return Program(desk.app, desk.ids["ada"])


@pytest.fixture
def jo(desk: Desk) -> Program:
    return Program(desk.app, desk.ids["jo"])


def test_a_change_comes_before_the_decision_or_is_refused(desk: Desk, ada: Program, jo: Program) -> None:
    for number in range(ROUNDS):
        sent = Sent(desk, number)
        body = ada.claim(sent.article, "complete ceasefire", "disputed")
        changed, decided = at_once(
            lambda sent=sent, body=body: sent.change(ada, body),  # type: ignore[misc]
            lambda sent=sent: sent.decide(jo, outcome="nothing_here"),  # type: ignore[misc]
        )
        assert decided == 201
        assert changed in {200, 409}
        recorded = sent.order()
        if changed == 200:
            assert recorded.index("annotation.change") < len(recorded) - 1 - recorded[::-1].index("decision.make")
        else:
            assert "annotation.change" not in recorded
        assert desk.stored(sent.claim).version == (2 if changed == 200 else 1)


def test_an_answer_comes_before_the_decision_or_is_refused(desk: Desk, ada: Program, jo: Program) -> None:
    for number in range(ROUNDS):
        sent = Sent(desk, number)
        answered, decided = at_once(
            lambda sent=sent: sent.answer(ada),  # type: ignore[misc]
            lambda sent=sent: sent.decide(jo, outcome="nothing_here"),  # type: ignore[misc]
        )
        assert decided == 201
        assert answered in {200, 409}
        assert ("round.answer" in sent.order()) is (answered == 200)
        with desk.app.app_context():
            answers = db.session.scalars(
                select(SecondRoundAnswer.answered_at).where(SecondRoundAnswer.decision_id == sent.decision)
            )
            assert sum(each is not None for each in answers) == (1 if answered == 200 else 0)


def test_nobody_takes_what_they_have_not_read(desk: Desk, ada: Program, jo: Program) -> None:
    """The adjudicator takes the claim as it was: if the reviewer's change came first, the taking is refused."""
    for number in range(ROUNDS):
        sent = Sent(desk, number)
        body = ada.claim(sent.article, "complete ceasefire", "disputed")
        taken = {"outcome": "accept", "annotation": str(sent.claim), "version": 1}
        changed, decided = at_once(
            lambda sent=sent, body=body: sent.change(ada, body),  # type: ignore[misc]
            lambda sent=sent, taken=taken: sent.decide(jo, **taken),  # type: ignore[misc]
        )
        assert sorted([changed, decided]) in ([200, 409], [201, 409])
        if decided == 409:
            assert sent.decide(jo, **taken | {"version": 2}).status_code == 201


def test_without_naming_a_version_a_change_is_taken_unread(desk: Desk, ada: Program, jo: Program) -> None:
    """The positive control: what the version in the decision is for."""
    sent = Sent(desk, 1)
    assert sent.change(ada, ada.claim(sent.article, "complete ceasefire", "disputed")).status_code == 200
    decided = sent.decide(jo, outcome="accept", annotation=str(sent.claim))
    assert decided.json["gold"]["label"] == "disputed"
