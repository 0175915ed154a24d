"""Two people do at the same moment what excludes the other's: one outcome, nothing half, and never a server error.

Every meeting is tried many times and both ways round; what stands afterwards is read from the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from annotator.db import db
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Decision,
    FirstVote,
    MergeStrategy,
    Role,
    SecondRoundAnswer,
)
from annotator.services import checks, projects
from tests.support.desk import Desk
from tests.support.people import Browser

pytestmark = pytest.mark.soak

Seeds = Callable[[int, int], Iterable[int]]
Call = Callable[[], TestResponse]

LATE = (0.0, 0.002, 0.005, 0.01, 0.15)
"""By how many seconds one of two comes later; with the last one nobody is in doubt who was first."""


class Meeting:
    """The people with their browsers, and an article that both reviewers have submitted."""

    def __init__(self, app: Flask) -> None:
        self.desk = Desk(app, merge_strategy=MergeStrategy.MAJORITY, merge_threshold=0.75, discussion=True)
        self.desk.write(lambda: projects.add_member(self.desk.project(), self.desk.user("sam"), Role.REVIEWER))
        self.browsers = {
            name: Browser(app, app.test_client()).sign_in(f"{name}@example.org") for name in ("ada", "ben", "jo", "mia")
        }
        self.tokens = {name: browser.csrf() for name, browser in self.browsers.items()}
        self.article = ""
        self.claims: list[UUID] = []

    def begin(self, number: int, *, submitted: tuple[str, ...] = ("ada", "ben")) -> None:
        desk = self.desk
        self.article = desk.article(title=f"Story {number}", assign=False)
        desk.write(self._assign)
        self.claims = [
            desk.mark("ada", self.article, "complete ceasefire", "sourced"),
            desk.mark("ben", self.article, "complete ceasefire", "sourced"),
            desk.mark("ben", self.article, "shelling", "unverified"),
        ]
        for name in submitted:
            desk.submit(name, self.article)

    def _assign(self) -> None:
        """To Ada and Ben, however many Sam has."""
        article = db.session.get_one(Article, self.article)
        version = _version_of(self.article)
        for name in ("ada", "ben"):
            db.session.add(Assignment(article_id=article.id, version_id=version, user_id=self.desk.ids[name]))

    def api(self, name: str, method: str, path: str, body: Any = None, version: int | None = None) -> TestResponse:
        headers = {"X-CSRFToken": self.tokens[name]} | ({"If-Match": f'"{version}"'} if version else {})
        client = self.browsers[name].client
        return client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    def form(self, name: str, path: str, **fields: str) -> TestResponse:
        return self.browsers[name].client.post(path, data={"csrf_token": self.tokens[name], **fields})

    def decide(self, question: UUID, **decision: Any) -> TestResponse:
        body = {"question": str(question), "outcome": "nothing_here", "justification": "Why?"} | decision
        return self.api("jo", "POST", f"/articles/{self.article}/decisions", body)

    def meet(self, number: int, *calls: Call) -> list[TestResponse]:
        """All calls at the same moment, one of them a little late in turn; no server error, and nothing half.

        In the first two meetings the late one waits for an answer to another: so both orders are seen on every machine.
        """
        start, answered = Barrier(len(calls)), Event()

        def run(place: int) -> TestResponse:
            start.wait()
            if place == number % 2 and number < 2:
                answered.wait()
            elif place == number % 2:
                # The moments in which they meet are spread, the other way round every second time.
                time.sleep(LATE[number // 2 % len(LATE)])
            try:
                return calls[place]()
            finally:
                answered.set()

        with ThreadPoolExecutor(len(calls)) as pool:
            answers = list(pool.map(run, range(len(calls))))
        assert [answer.text for answer in answers if answer.status_code >= 500] == []
        with self.desk.app.app_context():
            assert list(checks.findings()) == []
        return answers

    def count(self, *what: Any) -> int:
        with self.desk.app.app_context():
            return db.session.scalar(select(func.count()).where(*what)) or 0

    def standing(self) -> int:
        """How many decisions of the article stand."""
        of_article = select(Assignment.id).where(Assignment.article_id == self.article)
        return self.count(Decision.assignment_id.in_(of_article), Decision.undone_at.is_(None))

    def states(self) -> dict[str, AssignmentState]:
        """How far each review is, by the person's name."""
        names = {user_id: name for name, user_id in self.desk.ids.items()}
        reviews = select(Assignment).where(
            Assignment.article_id == self.article, Assignment.kind == AssignmentKind.REVIEW
        )
        with self.desk.app.app_context():
            return {names[each.user_id]: each.state for each in db.session.scalars(reviews)}


def _version_of(article_id: str) -> str:
    return db.session.scalars(select(ArticleVersion.id).where(ArticleVersion.article_id == article_id)).one()


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    return Meeting(app)


def outcomes(answers: Iterable[TestResponse]) -> list[int]:
    return [answer.status_code for answer in answers]


def test_a_review_is_reopened_or_the_first_question_is_decided(meeting: Meeting, seeds: Seeds) -> None:
    seen = set()
    for number in seeds(6, 200):
        meeting.begin(number)
        reopened, decided = outcomes(
            meeting.meet(
                number,
                partial(meeting.api, "ada", "POST", f"/articles/{meeting.article}/reopen", {}),
                partial(meeting.decide, meeting.claims[2]),
            )
        )
        assert (reopened, decided) in {(200, 409), (409, 201)}
        wanted = AssignmentState.IN_PROGRESS if reopened == 200 else AssignmentState.LOCKED
        assert meeting.states()["ada"] is wanted
        assert meeting.standing() == (decided == 201)
        seen.add(reopened)
    assert seen == {200, 409}


def test_one_more_reviewer_comes_or_the_first_question_is_decided(meeting: Meeting, seeds: Seeds) -> None:
    seen = set()
    for number in seeds(6, 200):
        meeting.begin(number)
        _, decided = outcomes(
            meeting.meet(
                number,
                partial(meeting.form, "mia", f"/projects/truce/articles/{meeting.article}/one-more"),
                partial(meeting.decide, meeting.claims[2]),
            )
        )
        came = "sam" in meeting.states()
        assert (came, decided) in {(True, 409), (False, 201)}
        assert meeting.standing() == (not came)
        seen.add(came)
    assert seen == {True, False}


def test_the_last_submit_and_one_more_reviewer_leave_an_article_that_is_open_or_not(
    meeting: Meeting, seeds: Seeds
) -> None:
    for number in seeds(6, 100):
        meeting.begin(number, submitted=("ada",))
        submitted, _ = outcomes(
            meeting.meet(
                number,
                partial(meeting.api, "ben", "POST", f"/articles/{meeting.article}/submit", {"confirm": True}),
                partial(meeting.form, "mia", f"/projects/truce/articles/{meeting.article}/one-more"),
            )
        )
        assert submitted == 200
        assert meeting.states() == {
            "ada": AssignmentState.SUBMITTED,
            "ben": AssignmentState.SUBMITTED,
            "sam": AssignmentState.NEW,
        }
        assert meeting.decide(meeting.claims[2]).status_code == 409


def sent_back(meeting: Meeting, number: int) -> str:
    """Ben's claim went back to the reviewers; the id of the decision."""
    meeting.begin(number)
    back = meeting.decide(meeting.claims[2], outcome="send_back")
    assert back.status_code == 201, back.text
    return str(back.json["id"])


def test_an_answer_comes_in_time_or_is_told_of_the_decision(meeting: Meeting, seeds: Seeds) -> None:
    seen = set()
    for number in seeds(6, 200):
        back = sent_back(meeting, number)
        path = f"/articles/{meeting.article}/rounds/{back}/answer"
        answered, decided = outcomes(
            meeting.meet(
                number,
                partial(meeting.api, "ben", "POST", path, {"note": "Those of the valley."}),
                partial(meeting.decide, meeting.claims[2], replaces=back),
            )
        )
        assert decided == 201
        assert answered in {200, 404, 409}
        kept = meeting.count(SecondRoundAnswer.decision_id == back, SecondRoundAnswer.answered_at.is_not(None))
        assert kept == (answered == 200)
        assert meeting.standing() == 1
        seen.add(answered == 200)
    assert seen == {True, False}


def test_a_claim_is_changed_in_the_second_round_or_is_decided_as_it_was(meeting: Meeting, seeds: Seeds) -> None:
    seen = set()
    for number in seeds(6, 200):
        back = sent_back(meeting, number)
        claim = meeting.desk.claim(meeting.article, "shelling")
        body = {"start": claim.start, "end": claim.end, "exact": "shelling", "label": "disputed"}
        own = meeting.claims[2]
        saved, decided = outcomes(
            meeting.meet(
                number,
                partial(meeting.api, "ben", "PUT", f"/articles/{meeting.article}/annotations/{own}", body, 1),
                partial(meeting.decide, own, outcome="accept", annotation=str(own), version=1, replaces=back),
            )
        )
        # Who accepts what they have read is told when it is another claim by now.
        assert (saved, decided) in {(200, 409), (409, 201), (403, 201)}
        assert meeting.count(FirstVote.annotation_id == own) == (saved == 200)
        with meeting.desk.app.app_context():
            assert db.session.get_one(Annotation, own).version == (2 if saved == 200 else 1)
        assert meeting.standing() == 1
        seen.add(saved == 200)
    assert seen == {True, False}


def test_a_first_pass_and_a_decision_by_hand_settle_a_question_once(meeting: Meeting, seeds: Seeds) -> None:
    seen = set()
    for number in seeds(6, 200):
        meeting.begin(number)
        preview = meeting.api("jo", "GET", f"/articles/{meeting.article}/first-pass").json
        [settled] = preview["settled"]
        passed, decided = meeting.meet(
            number,
            partial(meeting.api, "jo", "POST", f"/articles/{meeting.article}/first-pass", {}),
            partial(meeting.decide, settled["question"]),
        )
        assert decided.status_code in {201, 409}
        assert passed.status_code in {200, 201, 409}
        assert meeting.standing() == 1
        rules = (
            select(Decision.rule)
            .join(Assignment)
            .where(Assignment.article_id == meeting.article, Decision.undone_at.is_(None))
        )
        with meeting.desk.app.app_context():
            rule = db.session.scalars(rules).one()
        assert (rule == "") == (decided.status_code == 201)
        seen.add(rule == "")
    assert seen == {True, False}


def _of_versions(meeting: Meeting, name: str) -> list[Any]:
    """What each version of the article says of it, oldest first."""
    column = getattr(ArticleVersion, name)
    query = select(column).where(ArticleVersion.article_id == meeting.article).order_by(ArticleVersion.number)
    with meeting.desk.app.app_context():
        return list(db.session.scalars(query))


def test_of_two_corrections_of_details_one_is_told_of_the_other(meeting: Meeting, seeds: Seeds) -> None:
    meeting.desk.write(lambda: projects.add_member(meeting.desk.project(), meeting.desk.user("jo"), Role.MANAGER))
    seen = set()
    for number in seeds(6, 200):
        meeting.begin(number)
        path = f"/articles/{meeting.article}"
        one, other = outcomes(
            meeting.meet(
                number,
                partial(meeting.api, "mia", "PATCH", path, {"agency": "AP"}, 1),
                partial(meeting.api, "jo", "PATCH", path, {"publisher": "The Bay"}, 1),
            )
        )
        assert (one, other) in {(200, 412), (412, 200)}
        assert _of_versions(meeting, "agency") == ["AP" if one == 200 else ""]
        assert _of_versions(meeting, "publisher") == ["" if one == 200 else "The Bay"]
        seen.add(one)
    assert seen == {200, 412}


def test_a_correction_of_details_goes_on_to_the_newer_text_or_is_told_of_it(meeting: Meeting, seeds: Seeds) -> None:
    meeting.desk.write(lambda: projects.add_member(meeting.desk.project(), meeting.desk.user("jo"), Role.MANAGER))
    seen = set()
    for number in seeds(6, 200):
        meeting.begin(number)
        path = f"/articles/{meeting.article}"
        corrected, newer = outcomes(
            meeting.meet(
                number,
                partial(meeting.api, "mia", "PATCH", path, {"agency": "AP"}, 1),
                partial(meeting.api, "jo", "POST", f"{path}/versions", {"text": f"Calm on day {number}."}),
            )
        )
        assert (corrected, newer) in {(200, 201), (412, 201)}
        assert _of_versions(meeting, "agency") == ["AP" if corrected == 200 else ""] * 2
        seen.add(corrected)
    assert seen == {200, 412}
