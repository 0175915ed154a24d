"""A question that is sent back: who is asked, what they may change, what they answer, and what the adjudicator sees."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from annotator.db import db
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import Annotation, AssignmentState, Decision, Event, FirstVote, Outcome
from annotator.services import adjudication, datasets, history, rounds
from annotator.services import annotations as claims_service
from annotator.services.adjudication import Answer
from annotator.services.assignments import find_work
from annotator.services.questions import questions
from tests.support.desk import Desk, counted_statements

ASKED = "Does the statement speak of the whole province?"


class Case:
    """Ada and Ben differ about the ceasefire; Jo sent that question back."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.article = desk.article()
        self.ada = desk.mark("ada", self.article, "complete ceasefire", "sourced")
        self.ben = desk.mark("ben", self.article, "a complete ceasefire", "disputed")
        self.towns = desk.mark("ada", self.article, "three towns", "unverified")
        desk.submit("ada", self.article)
        desk.submit("ben", self.article)
        self.question = self.view("ceasefire").id
        self.decision = self.decide(self.question, Answer(Outcome.SEND_BACK, justification=ASKED))

    def decide(self, question: UUID, answer: Answer) -> str:
        desk = self.desk
        return desk.write(lambda: adjudication.decide(desk.user("jo"), self.article, question, answer).id)

    def view(self, words: str):
        with self.desk.app.app_context():
            found = questions(self.desk.user("jo"), self.article)
            return next(view for view in found if any(words in each.exact for each in view.versions))

    def put(self, name: str, annotation: UUID, exact: str, label: str, *, version: int | None):
        claim = self.desk.claim(self.article, exact, label)
        user = self.desk.user
        return self.desk.write(
            lambda: claims_service.put(user(name), self.article, annotation, claim, if_version=version)
        )

    def delete(self, name: str, annotation: UUID, version: int):
        user = self.desk.user
        return self.desk.write(lambda: claims_service.delete(user(name), annotation, if_version=version))

    def answer(self, name: str, note: str = "", decision: str = ""):
        user = self.desk.user
        return self.desk.write(lambda: rounds.answer(user(name), self.article, decision or self.decision, note))

    def asked(self, name: str):
        with self.desk.app.app_context():
            return rounds.questions_to(self.desk.user(name))

    def state(self):
        with self.desk.app.app_context():
            return rounds.state_of(self.article)[self.question]


@pytest.fixture
def case(app: Flask) -> Case:
    return Case(Desk(app))


def actions(desk: Desk) -> list[str]:
    with desk.app.app_context():
        return list(db.session.scalars(db.select(Event.action).where(Event.chain != "").order_by(Event.seq)))


def test_every_reviewer_of_the_article_is_asked_whoever_marked_it(case: Case) -> None:
    for name in ("ada", "ben"):
        (asked,) = case.asked(name)
        assert (asked.words, asked.exact, asked.decision_id) == (ASKED, "a complete ceasefire", case.decision)
    assert case.asked("jo") == case.asked("mia") == case.asked("sam") == []
    with case.desk.app.app_context():
        assignment = find_work(case.desk.user("ada"), case.article).assignment
        assert (assignment.round, assignment.state) == (2, AssignmentState.LOCKED)


def test_a_claim_in_the_passage_changes_and_the_first_vote_is_kept(case: Case) -> None:
    saved = case.put("ada", case.ada, "complete ceasefire", "disputed", version=1)
    assert (saved.annotation.version, saved.annotation.round) == (2, 2)
    case.put("ada", case.ada, "complete ceasefire on Sunday", "disputed", version=2)
    with case.desk.app.app_context():
        (first,) = db.session.scalars(db.select(FirstVote)).all()
        assert (first.annotation_id, first.version, first.end - first.start) == (case.ada, 1, len("complete ceasefire"))
    (vote,) = case.state().votes
    assert (vote.first.label, vote.first.exact) == ("Sourced", "complete ceasefire")
    assert (vote.present.label, vote.present.exact) == ("Disputed", "complete ceasefire on Sunday")


def test_a_claim_in_the_passage_can_be_deleted_and_brought_back(case: Case) -> None:
    case.delete("ada", case.ada, 1)
    assert case.desk.stored(case.ada).round == 2
    assert case.state().votes[0].present is None
    case.put("ada", case.ada, "complete ceasefire", "sourced", version=2)
    with case.desk.app.app_context():
        assert db.session.scalars(db.select(FirstVote.version)).all() == [1]


def test_a_claim_that_overlaps_the_passage_can_be_made(case: Case) -> None:
    new = UUID(int=7)
    assert case.put("ben", new, "announced a complete", "disputed", version=None).annotation.round == 2
    (vote,) = case.state().votes
    assert (vote.annotation_id, vote.first) == (new, None)


def test_nothing_outside_of_the_passage_can_be_changed(case: Case) -> None:
    with pytest.raises(Conflict, match="one passage"):
        case.put("ada", UUID(int=8), "shelling", "sourced", version=None)
    with pytest.raises(Conflict, match="one passage"):
        case.put("ada", case.towns, "three towns", "sourced", version=1)
    with pytest.raises(Conflict, match="one passage"):
        case.put("ada", case.ada, "shelling", "sourced", version=1)
    with pytest.raises(Conflict, match="one passage"):
        case.delete("ada", case.towns, 1)
    with pytest.raises(NotFound):
        case.put("ada", case.ben, "complete ceasefire", "sourced", version=1)


def test_a_claim_that_was_decided_stays_although_it_reaches_into_the_passage(app: Flask) -> None:
    desk = Desk(app)
    article = desk.article()
    wide = desk.mark("ada", article, "Both governments announced a complete ceasefire on Sunday.", "sourced")
    desk.mark("ben", article, "ceasefire", "disputed")
    for name in ("ada", "ben"):
        desk.submit(name, article)
    with app.app_context():
        first, second = (view.id for view in questions(desk.user("jo"), article))
    jo = lambda: desk.user("jo")  # noqa: E731 -- the person of the context in which it is called
    desk.write(lambda: adjudication.decide(jo(), article, first, Answer(Outcome.ACCEPT, annotation=wide)))
    back = Answer(Outcome.SEND_BACK, justification=ASKED)
    desk.write(lambda: adjudication.decide(jo(), article, second, back))
    with pytest.raises(Conflict, match="decided about this claim"):
        desk.write(lambda: claims_service.delete(desk.user("ada"), wide, if_version=1))


def test_an_answer_is_noted_and_closes_the_passage(case: Case) -> None:
    case.put("ada", case.ada, "complete ceasefire", "disputed", version=1)
    case.answer("ada", "Only of the city.")
    assert case.asked("ada") == []
    assert len(case.asked("ben")) == 1
    state = case.state()
    assert (state.answered, len(state.answers), state.open) == (1, 2, True)
    assert {each.note for each in state.answers} == {"Only of the city.", ""}
    with pytest.raises(Conflict, match="being adjudicated"):
        case.put("ada", case.ada, "complete ceasefire", "sourced", version=2)
    assert {"round.ask", "round.answer"} <= set(actions(case.desk))


def test_the_same_answer_again_changes_nothing_and_another_one_is_refused(case: Case) -> None:
    case.answer("ada", "Yes.")
    before = actions(case.desk)
    case.answer("ada", "Yes.")
    assert actions(case.desk) == before
    with pytest.raises(Conflict, match="Take the answer back"):
        case.answer("ada", "No.")


def test_an_answer_taken_back_opens_the_passage_again(case: Case) -> None:
    case.answer("ada", "Yes.")
    case.desk.write(lambda: rounds.take_back(case.desk.user("ada"), case.article, case.decision))
    assert [asked.note for asked in case.asked("ada")] == ["Yes."]
    assert case.put("ada", case.ada, "complete ceasefire", "disputed", version=1).changed
    case.answer("ada", "No.")


@pytest.mark.parametrize(("name", "error"), [("jo", NotFound), ("mia", NotFound), ("sam", NotFound)])
def test_only_who_was_asked_can_answer(case: Case, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        case.answer(name)
    with pytest.raises(NotFound):
        case.answer("ada", decision="2222222222222222")


@pytest.mark.parametrize("note", ["x" * 2_001, "a\x00b", "\ud800"])
def test_a_note_that_cannot_be_stored_is_refused(case: Case, note: str) -> None:
    with pytest.raises(Invalid):
        case.answer("ada", note)


def test_the_decision_ends_the_round(case: Case) -> None:
    case.decide(case.question, Answer(Outcome.NOTHING_HERE, replaces=case.decision))
    assert case.asked("ada") == []
    assert not case.state().open
    with pytest.raises(Conflict, match="went on"):
        case.answer("ada")
    with pytest.raises(Conflict, match="being adjudicated"):
        case.put("ada", case.ada, "complete ceasefire", "disputed", version=1)


def test_undoing_the_decision_ends_the_round(case: Case) -> None:
    case.desk.write(lambda: adjudication.undo(case.desk.user("jo"), case.decision))
    assert case.asked("ben") == []
    with pytest.raises(Conflict):
        case.delete("ada", case.ada, 1)


def test_the_question_keeps_its_id_when_the_claim_that_founded_it_goes(case: Case) -> None:
    founder = min((case.ada, case.ben), key=lambda each: case.desk.stored(each).created_at)
    assert founder == case.question
    case.delete("ada", founder, 1)
    case.put("ada", UUID(int=9), "complete ceasefire on Sunday", "disputed", version=None)
    view = case.view("a complete ceasefire")
    assert (view.id, view.decision.id) == (case.question, case.decision)
    assert {each.id for each in view.versions} == {case.ben, UUID(int=9)}


def test_a_question_that_everybody_gave_up_can_still_be_decided(case: Case) -> None:
    case.delete("ada", case.ada, 1)
    case.delete("ben", case.ben, 1)
    with case.desk.app.app_context():
        view = questions(case.desk.user("jo"), case.article)[0]
        assert (view.id, view.versions, view.is_open) == (case.question, [], True)
    case.decide(case.question, Answer(Outcome.NOTHING_HERE, replaces=case.decision))
    with case.desk.app.app_context():
        view = questions(case.desk.user("jo"), case.article)[0]
        assert (view.id, view.is_open, view.decision.outcome) == (case.question, False, Outcome.NOTHING_HERE)
    standing = Answer(Outcome.EDIT, claim=case.desk.claim(case.article, "complete ceasefire"), replaces=None)
    with pytest.raises(Conflict, match="decided already"):
        case.decide(case.question, standing)


def test_the_first_round_asks_the_database_as_often_as_before(app: Flask) -> None:
    desk = Desk(app)
    article = desk.article()
    desk.mark("ada", article, "three towns")
    claim = desk.claim(article, "complete ceasefire")
    with app.app_context():
        ada = desk.user("ada")
        with counted_statements(app) as statements:
            claims_service.put(ada, article, UUID(int=1), claim, if_version=None)
    assert len(statements) == 4, statements


def test_the_votes_of_others_are_not_told_to_a_reviewer(case: Case) -> None:
    before = case.asked("ada")
    case.put("ben", case.ben, "a complete ceasefire", "sourced", version=1)
    case.answer("ben", "I had misread it.")
    assert case.asked("ada") == before


def test_the_state_needs_as_many_statements_for_many_changes_as_for_one(case: Case) -> None:
    def count() -> int:
        with case.desk.app.app_context(), counted_statements(case.desk.app) as statements:
            rounds.state_of(case.article)
        return len(statements)

    case.put("ada", case.ada, "complete ceasefire", "disputed", version=1)
    one = count()
    for number, words in enumerate(("a complete", "complete", "ceasefire", "ceasefire on"), 20):
        case.put("ben", UUID(int=number), words, "sourced", version=None)
    assert count() == one


def test_deleted_and_decided_are_what_is_stored(case: Case) -> None:
    with case.desk.app.app_context():
        assert db.session.get_one(Decision, case.decision).undone_at is None
        assert db.session.get_one(Annotation, case.towns).round == 1


def test_history_and_export_say_what_was_given_after_the_blind_round(case: Case) -> None:
    case.put("ada", case.ada, "complete ceasefire", "disputed", version=1)
    with case.desk.app.app_context():
        steps = history.of(case.desk.user("ada"), case.ada).steps
        assert [step.later for step in steps] == [False, True]
        table = datasets.table(case.desk.project(), "annotations")
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert {row["exact"]: row["round"] for row in rows if row["reviewer"] == "Ada"} == {
        "complete ceasefire": 2,
        "three towns": 1,
    }
