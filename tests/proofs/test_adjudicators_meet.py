"""Two adjudicators at one question at the same moment: one decision, and the other is told it and where to go."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from annotator.db import db
from annotator.models import Annotation, Assignment, AssignmentKind, Decision, Role
from annotator.services import events, projects
from tests.support.desk import Desk
from tests.support.people import Browser

ROUNDS = 8


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    desk.write(lambda: projects.add_member(desk.project(), desk.user("mia"), Role.ADJUDICATOR))
    return desk


def article_of_both(desk: Desk, number: int) -> str:
    article = desk.article(title=f"Story {number}")
    desk.mark("ada", article, "complete ceasefire", "sourced")
    desk.mark("ben", article, "complete ceasefire", "disputed")
    for name in ("ada", "ben"):
        desk.submit(name, article)
    return article


def browser(desk: Desk, name: str) -> Browser:
    return Browser(desk.app, desk.app.test_client()).sign_in(f"{name}@example.org")


def at_once(browsers: Sequence[Browser], article: str, bodies: Sequence[dict[str, Any]]) -> list[TestResponse]:
    """Everybody decides at the same moment; the answers in their order."""
    start = Barrier(len(browsers))
    tokens = [each.csrf() for each in browsers]

    def decide(number: int) -> TestResponse:
        start.wait()
        return browsers[number].client.post(
            f"/api/v1/articles/{article}/decisions", json=bodies[number], headers={"X-CSRFToken": tokens[number]}
        )

    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(decide, range(len(browsers))))


def question_of(each: Browser, article: str) -> dict[str, Any]:
    question: dict[str, Any] = each.get(f"/api/v1/articles/{article}/questions").json["items"][0]
    return question


def answers_to(question: dict[str, Any]) -> list[dict[str, Any]]:
    """Two that contradict each other."""
    common = {"question": question["id"], "justification": ""}
    accept = {"outcome": "accept", "annotation": question["versions"][0]["id"], "reasons": ["guideline"]}
    return [common | accept, common | {"outcome": "nothing_here", "reasons": ["not-a-claim"]}]


def stands(desk: Desk, article: str) -> tuple[int, int, int]:
    """How many decisions, gold claims and adjudications the article has, undone ones and deleted ones too."""
    of_article = (Assignment.article_id == article, Assignment.kind == AssignmentKind.ADJUDICATION)
    with desk.app.app_context():
        assert list(events.check()) == []
        return (
            db.session.scalar(select(func.count(Decision.id)).join(Assignment).where(*of_article)) or 0,
            db.session.scalar(select(func.count(Annotation.id)).join(Assignment).where(*of_article)) or 0,
            db.session.scalar(select(func.count(Assignment.id)).where(*of_article)) or 0,
        )


def test_of_two_adjudicators_one_decides_and_the_other_is_told(desk: Desk) -> None:
    people = {name: browser(desk, name) for name in ("jo", "mia")}
    winners = set()
    for number in range(ROUNDS):
        article = article_of_both(desk, number)
        bodies = answers_to(question_of(people["jo"], article))
        answers = dict(zip(people, at_once(list(people.values()), article, bodies), strict=True))
        assert sorted(answer.status_code for answer in answers.values()) == [201, 409]
        winner, loser = sorted(people, key=lambda name: answers[name].status_code)
        winners.add(winner)
        told = answers[loser].json
        assert told["decision"] == answers[winner].json
        assert told["detail"].startswith(f"{winner.title()} adjudicates this article and has decided this question.")
        assert "take another one from the project" in told["detail"]
        made = 1 if answers[winner].json["outcome"] == "accept" else 0
        assert stands(desk, article) == (1, made, 1)
        page = people[loser].get(f"/articles/{article}/adjudicate")
        assert page.status_code == 409
        assert f"{winner.title()} adjudicates this article" in page.text
        assert "/projects/truce" in page.text
    assert winners <= set(people)


def test_one_adjudicator_in_two_windows_decides_once(desk: Desk) -> None:
    windows = [browser(desk, "jo"), browser(desk, "jo")]
    for number in range(ROUNDS):
        article = article_of_both(desk, number)
        answers = at_once(windows, article, answers_to(question_of(windows[0], article)))
        first, second = sorted(answers, key=lambda answer: answer.status_code)
        assert (first.status_code, second.status_code) == (201, 409)
        assert second.json["decision"] == first.json
        assert "Undo or replace" in second.json["detail"]
        assert stands(desk, article)[0] == 1


def test_who_replaces_knowingly_is_not_refused(desk: Desk) -> None:
    """The positive control: the refusal is of what was not known, not of the second decision as such."""
    jo = browser(desk, "jo")
    article = article_of_both(desk, 0)
    accept, nothing = answers_to(question_of(jo, article))
    (first,) = at_once([jo], article, [accept])
    (second,) = at_once([jo], article, [nothing | {"replaces": first.json["id"]}])
    assert (first.status_code, second.status_code) == (201, 201)
    assert stands(desk, article)[0] == 2


@pytest.mark.parametrize("path", ["", "/fragment", "/agreed", "/first-pass"])
def test_a_reviewer_who_becomes_adjudicator_cannot_open_their_own_article(desk: Desk, path: str) -> None:
    article = article_of_both(desk, 0)
    desk.write(lambda: projects.add_member(desk.project(), desk.user("ada"), Role.ADJUDICATOR))
    ada = browser(desk, "ada")
    page = ada.get(f"/articles/{article}/adjudicate{path}")
    assert page.status_code == 409
    assert "You reviewed this article, so somebody else must adjudicate it." in page.text
    questions = ada.get(f"/api/v1/articles/{article}/questions")
    assert questions.status_code == 409
    body = {"question": None, "outcome": "nothing_here", "justification": ""}
    assert at_once([ada], article, [body])[0].status_code == 409
    assert stands(desk, article) == (0, 0, 0)
    assert f"/articles/{article}/adjudicate" not in ada.get("/projects/truce").text
