"""P3 in a second round: a question came back to Ada and Ben, and nothing that Ada is sent tells what Ben makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from werkzeug.test import TestResponse

from annotator.models import Outcome
from annotator.services import adjudication, discussion, openness, questions, rounds
from annotator.services import annotations as claims
from tests.support.desk import Desk
from tests.support.nonces import masked
from tests.support.people import Browser
from tests.support.walk import Answer, attempts, looks, recorded, steps, take

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ADAS, BENS, BENS_OTHER, BENS_NEW = (UUID(int=number) for number in (1, 101, 102, 103))
Play = Callable[..., list[Answer]]


class Round:
    """Both have submitted, and Jo has sent back the question about the ceasefire."""

    def __init__(self, desk: Desk, clock: time_machine.Traveller) -> None:
        self.desk = desk
        self.clock = clock
        self.article = desk.article()
        self.put("ada", ADAS, "complete ceasefire")
        self.put("ben", BENS, "complete ceasefire on Sunday")
        self.put("ben", BENS_OTHER, "shelling in three towns")
        for who in ("ada", "ben"):
            desk.submit(who, self.article)
        with desk.app.app_context():
            self.asked, self.other = (view.id for view in questions.questions(desk.user("jo"), self.article))
        back = adjudication.Answer(outcome=Outcome.SEND_BACK, justification="Everywhere, or in Idlib?")
        self.decision = desk.write(
            lambda: adjudication.decide(desk.user("jo"), self.article, self.asked, back).id,
        )

    def put(
        self, who: str, annotation: UUID, exact: str, *, label: str = "sourced", version: int | None = None
    ) -> None:
        claim = self.desk.claim(self.article, exact, label)
        self.desk.write(
            lambda: claims.put(self.desk.user(who), self.article, annotation, claim, if_version=version),
        )

    def say(self, who: str, text: str) -> None:
        """Something about the question that was not sent back, of which only adjudicators and managers read."""
        self.desk.write(lambda: discussion.add(self.desk.user(who), self.article, self.other, text))

    def ben_answers(self) -> None:
        """He changes his claim, marks another one, answers; Jo and Mia speak of it elsewhere, and name Ada."""
        desk = self.desk
        self.put("ben", BENS, "complete ceasefire", label="disputed", version=1)
        self.put("ben", BENS_NEW, "ceasefire on Sunday", label="unverified")
        desk.write(lambda: rounds.answer(desk.user("ben"), self.article, self.decision, "Only in Idlib."))
        self.say("jo", "@Mia what do you think of what Reviewer B says?")
        self.say("mia", "@Ada should look.")

    def day_of_ada(self, *, only_looks: bool) -> list[Answer]:
        """She looks, changes her claim, answers, takes it back, and tries everything there is; or leaves after a look."""
        browser = Browser(self.desk.app, self.desk.app.test_client()).sign_in("ada@example.org")
        sent: list[Answer] = []
        world = {
            "slug": "truce",
            "article": self.article,
            "annotation": str(ADAS),
            "other": str(ADAS),
            "user": self.desk.ids["ben"],
            "label": "sourced",
        }
        walked = steps(self.desk.app, [world, world | {"annotation": str(BENS)}])

        def note(answer: TestResponse) -> None:
            sent.append(recorded(answer))
            # Of two things in one moment the order would be that of their random ids.
            self.clock.shift(1)

        def look() -> None:
            for step in looks(walked):
                note(take(browser, step))

        path = f"/api/v1/articles/{self.article}/rounds/{self.decision}/answer"
        claim = {"start": 25, "end": 43, "exact": "complete ceasefire", "label": "disputed"}
        own = f"/api/v1/articles/{self.article}/annotations/{ADAS}"
        note(browser.request("PUT", own, json=claim, headers={"If-Match": '"1"'}))
        note(browser.request("POST", path, json={"note": "In Idlib."}))
        look()
        if only_looks:
            return sent
        note(browser.request("DELETE", path))
        note(browser.get(f"/api/v1/articles/{self.article}/discussion"))
        for step in attempts(walked):
            if step.method != "PUT":
                note(take(browser, step))
        look()
        return sent


@pytest.fixture
def play(make_app, databases, tmp_path) -> Play:
    """Ada's second round in an installation of its own: play(ben_answers=True)."""

    def run(*, ben_answers: bool, only_looks: bool = False) -> list[Answer]:
        with time_machine.travel(MORNING, tick=False) as clock:
            app = make_app(database_url=databases.create(tmp_path))
            scene = Round(Desk(app, discussion=True), clock)
            clock.move_to(MORNING + timedelta(hours=1, minutes=17))
            if ben_answers:
                scene.ben_answers()
            clock.move_to(MORNING + timedelta(hours=5))
            return scene.day_of_ada(only_looks=only_looks)

    return run


def test_not_a_byte_tells_whether_the_other_reviewer_has_answered(play: Play) -> None:
    silent, answered = play(ben_answers=False), play(ben_answers=True)
    for position, (one, other) in enumerate(zip(masked(silent), masked(answered), strict=True)):
        assert one == other, f"answer {position}"
    assert not [status for status, _, _ in silent if status >= 500]
    # She was shown the question and let change her claim, answer, and take the answer back.
    words = "".join(text for _, _, text in silent)
    assert "Everywhere, or in Idlib?" in words
    assert "In Idlib." in words
    assert '"version":2' in words


def test_the_proof_notices_a_leak(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted leak: the other's claims are shown as after a reveal."""
    monkeypatch.setattr(openness, "sees_others", lambda *_: True)
    silent, answered = (play(ben_answers=answers, only_looks=True) for answers in (False, True))
    assert masked(silent) != masked(answered)
