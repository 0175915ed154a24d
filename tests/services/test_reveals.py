"""The reveal: who may, when, what reviewers see and change afterwards, and that nothing is shown before."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from annotator.db import db
from annotator.errors import Conflict, Forbidden, NotFound
from annotator.models import Assignment, Event, FirstVote, Outcome, Role, User
from annotator.services import adjudication, later_rounds, projects, reveals, submission
from annotator.services import annotations as claims_service
from annotator.services.adjudication import Answer
from annotator.services.assignments import find_work
from annotator.services.questions import questions
from tests.support.desk import Desk


class Case:
    """Ada and Ben have submitted an article of a blind project that reveals."""

    def __init__(self, app: Flask, *, submitted: bool = True) -> None:
        self.desk = Desk(app, discussion=True)
        self.article = self.desk.article()
        self.ada = self.desk.mark("ada", self.article, "complete ceasefire", "sourced")
        self.ben = self.desk.mark("ben", self.article, "a complete ceasefire", "disputed")
        self.desk.submit("ada", self.article)
        if submitted:
            self.desk.submit("ben", self.article)

    def reveal(self, name: str = "jo"):
        return self.desk.write(lambda: reveals.reveal(self.desk.user(name), self.article))

    def seen_by(self, name: str) -> set[UUID]:
        with self.desk.app.app_context():
            return {each.id for each in claims_service.list_for(self.desk.user(name), self.article)}

    def put(self, name: str, annotation: UUID, exact: str, label: str, *, version: int | None):
        claim = self.desk.claim(self.article, exact, label)
        user = self.desk.user
        return self.desk.write(
            lambda: claims_service.put(user(name), self.article, annotation, claim, if_version=version)
        )

    def decide(self) -> None:
        user = self.desk.user
        with self.desk.app.app_context():
            view = questions(user("jo"), self.article)[0]
        answer = Answer(Outcome.NOTHING_HERE)
        self.desk.write(lambda: adjudication.decide(user("jo"), self.article, view.id, answer))


@pytest.fixture
def case(app: Flask) -> Case:
    return Case(app)


@pytest.mark.parametrize("name", ["jo", "mia"])
def test_adjudicators_and_managers_reveal_with_name_and_time(case: Case, name: str) -> None:
    assert case.reveal(name).revealed_at is not None
    with case.desk.app.app_context():
        event = db.session.scalars(db.select(Event).where(Event.action == "article.reveal")).one()
        assert (event.user_id, event.chain) == (case.desk.ids[name], case.article)
        assert find_work(case.desk.user("ada"), case.article).assignment.round == 2


def test_to_reveal_again_changes_nothing(case: Case) -> None:
    moment = case.reveal().revealed_at
    assert case.reveal("mia").revealed_at == moment
    with case.desk.app.app_context():
        assert len(db.session.scalars(db.select(Event).where(Event.action == "article.reveal")).all()) == 1


@pytest.mark.parametrize(("name", "error"), [("ada", Forbidden), ("sam", NotFound)])
def test_others_may_not(case: Case, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        case.reveal(name)


def test_a_reviewer_of_the_article_never_reveals_it_whatever_else_they_are(case: Case) -> None:
    case.desk.write(lambda: projects.add_member(case.desk.project(), case.desk.user("ada"), Role.MANAGER))
    with pytest.raises(Conflict, match="as a reviewer"):
        case.reveal("ada")


def test_not_before_all_have_submitted(app: Flask) -> None:
    with pytest.raises(Conflict, match="not all submitted"):
        Case(app, submitted=False).reveal()


def test_not_after_the_first_decision(case: Case) -> None:
    case.decide()
    with pytest.raises(Conflict, match="has begun"):
        case.reveal("mia")


def test_not_in_a_project_that_does_not_reveal(case: Case) -> None:
    case.desk.write(lambda: projects.change(case.desk.project(), {"discussion": False}))
    with pytest.raises(Conflict, match="settings"):
        case.reveal()


def test_reviewers_see_only_their_own_claims_before_and_all_afterwards(case: Case) -> None:
    assert case.seen_by("ada") == {case.ada}
    case.reveal()
    assert case.seen_by("ada") == case.seen_by("ben") == {case.ada, case.ben}


def test_while_somebody_new_reviews_it_nobody_sees_anything(case: Case) -> None:
    def another() -> None:
        user = User(email="kit@example.org", name="Kit")
        db.session.add(user)
        db.session.flush()
        projects.add_member(case.desk.project(), user, Role.REVIEWER)
        version = find_work(case.desk.user("ada"), case.article).version.id
        db.session.add(Assignment(article_id=case.article, version_id=version, user_id=user.id))

    case.reveal()
    case.desk.write(another)
    assert case.seen_by("ada") == {case.ada}


def test_afterwards_reviewers_change_their_own_claims_and_the_first_votes_stay(case: Case) -> None:
    with pytest.raises(Conflict, match="Reopen"):
        case.put("ada", case.ada, "complete ceasefire", "disputed", version=1)
    case.reveal()
    saved = case.put("ada", case.ada, "complete ceasefire", "disputed", version=1)
    assert saved.annotation.round == later_rounds.ROUND
    assert case.put("ada", UUID(int=3), "three towns", "sourced", version=None).annotation.round == 2
    with pytest.raises(NotFound):
        case.put("ada", case.ben, "a complete ceasefire", "sourced", version=1)
    with case.desk.app.app_context():
        assert db.session.scalars(db.select(FirstVote.annotation_id)).all() == [case.ada]


def test_the_first_decision_ends_it(case: Case) -> None:
    case.reveal()
    case.decide()
    with pytest.raises(Conflict, match="being adjudicated"):
        case.put("ada", case.ada, "complete ceasefire", "disputed", version=1)
    assert case.seen_by("ada") == {case.ada, case.ben}


def test_nothing_is_to_reopen_afterwards(case: Case) -> None:
    case.reveal()
    with pytest.raises(Conflict, match="was revealed"):
        case.desk.write(lambda: submission.reopen(case.desk.user("ada"), case.article))
