"""Revealing and discussing over the API."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from annotator.services.naming import letters
from tests.support.program import Office, path_of


class Case:
    """Ada and Ben have submitted an article of a blind project that reveals."""

    def __init__(self, app: Flask) -> None:
        self.office = office = Office(app, discussion=True)
        self.article = office.article()
        self.ada = office.ada.mark(self.article, "complete ceasefire", "sourced")
        self.ben = office.ben.mark(self.article, "a complete ceasefire", "disputed")
        office.submit(self.article)
        self.question = office.jo.get(f"/articles/{self.article}/questions").json["items"][0]["id"]
        self.posts = f"/articles/{self.article}/questions/{self.question}/posts"

    def letter(self, name: str) -> str:
        ids = self.office.desk.ids
        return letters(self.article, [ids["ada"], ids["ben"]])[ids[name]]

    def reveal(self, program=None):
        return (program or self.office.jo).post(f"/articles/{self.article}/reveal")


@pytest.fixture
def case(app: Flask) -> Case:
    return Case(app)


def test_a_reveal_is_told_and_repeated_without_harm(case: Case) -> None:
    first = case.reveal()
    assert first.status_code == 200
    assert first.json["article"] == case.article
    assert case.reveal(case.office.mia).json == first.json


def test_who_may_not_reveal_is_refused(case: Case, refused) -> None:
    refused(case.reveal(case.office.ada), 403)
    refused(case.reveal(case.office.sam), 404)
    refused(case.reveal(case.office.nobody), 401)


def test_it_comes_before_the_first_decision_or_never(case: Case, refused) -> None:
    decision = {"question": case.question, "outcome": "nothing_here", "justification": ""}
    assert case.office.jo.post(f"/articles/{case.article}/decisions", decision).status_code == 201
    assert "has begun" in refused(case.reveal(case.office.mia), 409)["detail"]


def test_afterwards_reviewers_read_the_others_by_letter(case: Case) -> None:
    def listed() -> dict[str, str]:
        items = case.office.ada.get(f"/articles/{case.article}/annotations").json["items"]
        return {each["id"]: each["reviewer"] for each in items}

    assert listed() == {str(case.ada): "Ada"}
    case.reveal()
    assert listed() == {str(case.ada): "Ada", str(case.ben): f"Reviewer {case.letter('ben')}"}


def test_what_changes_afterwards_says_so(case: Case) -> None:
    case.reveal()
    body = case.office.ada.claim(case.article, "complete ceasefire", "disputed")
    changed = case.office.ada.put(path_of(case.article, case.ada), body, version=1)
    assert (changed.status_code, changed.json["after_reveal"]) == (200, True)


def test_a_thread_is_written_settled_and_opened_again(case: Case) -> None:
    written = case.office.jo.post(case.posts, {"text": "Which province?"})
    assert written.status_code == 200
    assert [(each["by"], each["own"], each["text"]) for each in written.json["posts"]] == [
        ("Jo", True, "Which province?")
    ]
    assert case.office.mia.post(case.posts, {"kind": "resolve"}).json["resolved"] is True
    assert case.office.jo.post(case.posts, {"kind": "reopen"}).json["resolved"] is False
    assert len(case.office.mia.get(case.posts).json["posts"]) == 3


def test_reviewers_read_it_only_after_the_reveal(case: Case, refused) -> None:
    for program in (case.office.ada, case.office.sam):
        refused(program.get(case.posts), 404)
        refused(program.post(case.posts, {"text": "Hello?"}), 404)
    case.reveal()
    assert case.office.ada.post(case.posts, {"text": "The north."}).status_code == 200
    (post,) = case.office.ben.get(case.posts).json["posts"]
    assert post["by"] == f"Reviewer {case.letter('ada')}"


@pytest.mark.parametrize(
    "body", [{}, {"text": " "}, {"text": "x" * 2_001}, {"text": 1}, {"kind": "shout"}, {"to": "x"}]
)
def test_nonsense_is_refused(case: Case, refused, body: object) -> None:
    refused(case.office.jo.post(case.posts, body), 422)


def test_what_is_no_question_has_no_thread(case: Case, refused) -> None:
    refused(case.office.jo.get(f"/articles/{case.article}/questions/{UUID(int=1)}/posts"), 404)
