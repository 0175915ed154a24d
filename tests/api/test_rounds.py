"""Second rounds over the API: what came back to a reviewer, changing just that, and answering it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.support.program import Office, path_of

ASKED = "Does the statement speak of the whole province?"


class Case:
    """Ada and Ben differ about the ceasefire; Jo sent that question back."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.article = office.article()
        self.ada = office.ada.mark(self.article, "complete ceasefire", "sourced")
        self.ben = office.ben.mark(self.article, "a complete ceasefire", "disputed")
        self.towns = office.ada.mark(self.article, "three towns", "unverified")
        office.submit(self.article)
        self.question = office.jo.get(f"/articles/{self.article}/questions").json["items"][0]["id"]
        self.decision = self.decide({"outcome": "send_back", "justification": ASKED})["id"]

    def decide(self, answer: dict) -> dict:
        made = self.office.jo.post(f"/articles/{self.article}/decisions", {"question": self.question, **answer})
        assert made.status_code == 201, made.text
        return made.json

    @property
    def address(self) -> str:
        return f"/articles/{self.article}/rounds/{self.decision}/answer"

    def asked(self, program) -> list[dict]:
        return program.get("/rounds").json["items"]


@pytest.fixture
def case(office: Office) -> Case:
    return Case(office)


def test_a_question_that_came_back_is_listed_until_it_is_answered(case: Case) -> None:
    (asked,) = case.asked(case.office.ada)
    assert (asked["asks"], asked["exact"], asked["article"]) == (ASKED, "a complete ceasefire", case.article)
    assert set(asked) == {
        "decision", "question", "project", "article", "start", "end", "exact", "asks", "asked_at", "note", "answered_at",
    }  # fmt: skip
    assert case.office.ada.post(case.address, {"note": "Only of the city."}).status_code == 200
    assert case.asked(case.office.ada) == []
    (answered,) = case.office.ada.get(f"/articles/{case.article}/rounds").json["items"]
    assert answered["note"] == "Only of the city."
    assert answered["answered_at"]
    assert case.asked(case.office.jo) == case.asked(case.office.sam) == []


def test_a_claim_in_the_passage_may_change_and_says_so(case: Case) -> None:
    body = case.office.ada.claim(case.article, "complete ceasefire", "disputed")
    changed = case.office.ada.put(path_of(case.article, case.ada), body, version=1)
    assert (changed.status_code, changed.json["after_reveal"], changed.json["version"]) == (200, True, 2)
    assert case.office.ada.get(f"/annotations/{case.towns}").json["after_reveal"] is False


def test_elsewhere_nothing_changes(case: Case, refused) -> None:
    body = case.office.ada.claim(case.article, "shelling")
    problem = refused(case.office.ada.put(path_of(case.article, uuid4()), body), 409)
    assert "one passage" in problem["detail"]
    refused(case.office.ada.delete(f"/annotations/{case.towns}", version=1), 409)


def test_answering_is_repeatable_and_can_be_taken_back(case: Case, refused) -> None:
    for _ in range(2):
        assert case.office.ada.post(case.address).status_code == 200
    refused(case.office.ada.post(case.address, {"note": "other"}), 409)
    assert case.office.ada.delete(case.address).json["answered_at"] is None
    assert case.office.ada.post(case.address, {"note": "other"}).status_code == 200


def test_only_who_was_asked_may_answer(case: Case, refused) -> None:
    for program in (case.office.jo, case.office.mia, case.office.sam):
        refused(program.post(case.address), 404)
    refused(case.office.nobody.post(case.address), 401)
    refused(case.office.sam.get(f"/articles/{case.article}/rounds"), 404)


@pytest.mark.parametrize("body", [{"note": 1}, {"note": "x" * 2_001}, {"words": ""}, [], {"note": "a\u0000"}])
def test_nonsense_is_refused(case: Case, refused, body: object) -> None:
    refused(case.office.ada.post(case.address, body), 422)


def test_a_decision_closes_the_round(case: Case, refused) -> None:
    case.decide({"outcome": "nothing_here", "justification": "", "replaces": case.decision})
    assert case.asked(case.office.ada) == []
    refused(case.office.ada.post(case.address), 409)
    refused(case.office.ada.delete(f"/annotations/{case.ada}", version=1), 409)


def test_nothing_of_the_other_reviewer_reaches_the_one_who_is_asked(app: Flask) -> None:
    """Two worlds: in one Ben does nothing after he was asked, in the other he changes, deletes, marks and answers."""
    idle, busy = Case(Office(app)), None
    busy = idle
    before = _seen(busy)
    office = busy.office
    body = office.ben.claim(busy.article, "a complete ceasefire", "sourced")
    assert office.ben.put(path_of(busy.article, busy.ben), body, version=1).status_code == 200
    assert office.ben.delete(f"/annotations/{busy.ben}", version=2).status_code == 200
    office.ben.mark(busy.article, "complete ceasefire on Sunday", "unverified")
    assert office.ben.post(busy.address, {"note": "I had misread it."}).status_code == 200
    assert _seen(busy) == before


def test_a_count_of_answers_would_be_seen(case: Case) -> None:
    """The positive control: what the comparison above does with one number that depends on Ben."""

    def leaking() -> list[object]:
        asked = case.office.jo.get(f"/articles/{case.article}/questions").json["items"][0]
        return [*_seen(case), asked["round"]["answered"]]

    before = leaking()
    case.office.ben.post(case.address)
    assert leaking() != before


def _seen(case: Case) -> list[object]:
    """Everything that the API tells Ada."""
    ada, article = case.office.ada, case.article
    paths = ("/rounds", f"/articles/{article}/rounds", f"/articles/{article}/annotations", f"/articles/{article}")
    answers = [ada.get(path) for path in (*paths, "/projects", f"/projects/{case.office.desk.slug}/articles")]
    refusals = [ada.get(f"/articles/{article}/questions"), ada.get(f"/annotations/{case.ben}")]
    refusals.append(ada.post(f"/articles/{article}/rounds/{case.decision}/answer", {"note": 1}))
    return [(each.status_code, each.get_data()) for each in (*answers, *refusals)]


def test_the_adjudicator_reads_the_round_at_its_question(case: Case) -> None:
    body = case.office.ada.claim(case.article, "complete ceasefire", "disputed")
    case.office.ada.put(path_of(case.article, case.ada), body, version=1)
    case.office.ada.post(case.address, {"note": "Only of the city."})
    question = case.office.jo.get(f"/articles/{case.article}/questions").json["items"][0]
    assert UUID(question["id"]) == UUID(case.question)
    found = question["round"]
    assert (found["decision"], found["open"], found["answered"], found["asked"]) == (case.decision, True, 1, 2)
    assert sorted(each["note"] for each in found["answers"]) == ["", "Only of the city."]
    (vote,) = found["changed"]
    assert vote["annotation"] == str(case.ada)
    assert vote["first"] == {"label": "Sourced", "exact": "complete ceasefire"}
    assert vote["present"] == {"label": "Disputed", "exact": "complete ceasefire"}
