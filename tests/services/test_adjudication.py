"""From several reviewers' claims to gold: who may decide, what a decision does, and how it is taken back."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask

from annotator.db import db
from annotator.domain.claims import Claim
from annotator.domain.questions import Kind
from annotator.errors import Conflict, Forbidden, Invalid, NotFound
from annotator.models import Assignment, AssignmentKind, AssignmentState, Outcome, Role
from annotator.services import adjudication, adjudication_phase, events, projects, submission
from annotator.services import annotations as claims_service
from annotator.services.adjudication import Answer
from annotator.services.naming import letters
from annotator.services.questions import questions
from tests.support.desk import Desk, counted_statements


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def article(desk: Desk) -> str:
    """Both agree on "three towns"; boundary and label of the ceasefire differ; Ben alone marks the incidents."""
    article = desk.article()
    desk.mark("ada", article, "three towns", "unverified")
    desk.mark("ben", article, "three towns", "unverified")
    desk.mark("ada", article, "complete ceasefire", "sourced")
    desk.mark("ben", article, "a complete ceasefire", "disputed")
    desk.mark("ben", article, "separate incidents", "unverified")
    desk.submit("ada", article)
    desk.submit("ben", article)
    return article


def decide(desk: Desk, article: str, question: UUID | None, answer: Answer, name: str = "jo"):
    return desk.write(lambda: adjudication.decide(desk.user(name), article, question, answer))


def views(desk: Desk, article: str):
    with desk.app.app_context():
        return {
            view.versions[0].exact if view.versions else view.decision.gold.exact: view
            for view in questions(desk.user("jo"), article)
        }


def gold(desk: Desk, article: str) -> list[str]:
    with desk.app.app_context():
        work = db.session.scalar(
            db.select(Assignment).where(
                Assignment.article_id == article, Assignment.kind == AssignmentKind.ADJUDICATION
            )
        )
        return [each.exact for each in claims_service.own(work.id)] if work else []


def test_the_questions_say_what_differs(desk: Desk, article: str) -> None:
    found = views(desk, article)
    assert [(view.kind, view.differs) for view in found.values()] == [
        (Kind.LABEL, (Kind.LABEL, Kind.BOUNDARY)),
        (Kind.SOME, (Kind.SOME,)),
        (Kind.AGREED, ()),
    ]


def test_nobody_adjudicates_before_all_have_submitted(desk: Desk) -> None:
    article = desk.article()
    desk.submit("ada", article)
    with desk.app.app_context(), pytest.raises(Conflict, match="not open"):
        questions(desk.user("jo"), article)


def test_a_reviewer_of_the_article_never_adjudicates_it(desk: Desk, article: str) -> None:
    desk.write(lambda: projects.add_member(desk.project(), desk.user("ada"), Role.ADJUDICATOR))
    with desk.app.app_context(), pytest.raises(Conflict, match="You reviewed"):
        questions(desk.user("ada"), article)


@pytest.mark.parametrize(("name", "error"), [("ben", Forbidden), ("mia", Forbidden), ("sam", NotFound)])
def test_others_may_not_adjudicate(desk: Desk, article: str, name: str, error: type[Exception]) -> None:
    with desk.app.app_context(), pytest.raises(error):
        questions(desk.user(name), article)


def test_accept_copies_the_claim_and_locks_the_reviews(desk: Desk, article: str) -> None:
    view = views(desk, article)["a complete ceasefire"]
    chosen = view.versions[1]
    decision = decide(desk, article, view.id, Answer(Outcome.ACCEPT, annotation=chosen.id, justification="as worded"))
    assert gold(desk, article) == ["complete ceasefire"]
    assert {(source.annotation_id, source.chosen) for source in decision.sources} == {
        (each.id, each.id == chosen.id) for each in view.versions
    }
    with pytest.raises(Conflict):
        desk.write(lambda: submission.reopen(desk.user("ada"), article))
    with desk.app.app_context():
        states = set(db.session.scalars(db.select(Assignment.state).where(Assignment.kind == AssignmentKind.REVIEW)))
        assert states == {AssignmentState.LOCKED}
    assert views(desk, article)["a complete ceasefire"].decision.id == decision.id


def test_an_edit_may_change_any_field(desk: Desk, article: str) -> None:
    view = views(desk, article)["a complete ceasefire"]
    claim = desk.claim(article, "announced a complete ceasefire", "disputed", note="wider")
    decide(desk, article, view.id, Answer(Outcome.EDIT, annotation=view.versions[0].id, claim=claim))
    assert gold(desk, article) == ["announced a complete ceasefire"]


def test_a_claim_that_nobody_marked_becomes_gold(desk: Desk, article: str) -> None:
    claim = desk.claim(article, "nobody could say who had fired", "unverified")
    decision = decide(desk, article, None, Answer(Outcome.EDIT, claim=claim))
    assert gold(desk, article) == ["nobody could say who had fired"]
    assert views(desk, article)["nobody could say who had fired"].id == decision.gold_id


def test_a_decided_question_is_not_decided_again_by_mistake(desk: Desk, article: str) -> None:
    view = views(desk, article)["separate incidents"]
    first = decide(desk, article, view.id, Answer(Outcome.NOTHING_HERE))
    take = Answer(Outcome.ACCEPT, annotation=view.versions[0].id)
    with pytest.raises(Conflict) as refused:
        decide(desk, article, view.id, take)
    assert "decided already" in str(refused.value)
    second = decide(desk, article, view.id, Answer(Outcome.ACCEPT, view.versions[0].id, replaces=first.id))
    assert second.replaces_id == first.id
    assert gold(desk, article) == ["separate incidents"]
    third = decide(desk, article, view.id, Answer(Outcome.NOTHING_HERE, replaces=second.id))
    assert gold(desk, article) == []
    desk.write(lambda: adjudication.undo(desk.user("jo"), third.id))
    assert views(desk, article)["separate incidents"].decision is None


def test_finish_waits_for_the_last_question(desk: Desk, article: str) -> None:
    desk.write(lambda: adjudication.accept_agreed(desk.user("jo"), article))
    assert gold(desk, article) == ["three towns"]
    with pytest.raises(Conflict) as refused:
        desk.write(lambda: adjudication_phase.finish(desk.user("jo"), article))
    assert len(refused.value.details["open"]) == 2
    found = views(desk, article)
    decide(desk, article, found["a complete ceasefire"].id, Answer(Outcome.NOTHING_HERE))
    sent = decide(desk, article, found["separate incidents"].id, Answer(Outcome.SEND_BACK, justification="Whose?"))
    with pytest.raises(Conflict):
        desk.write(lambda: adjudication_phase.finish(desk.user("jo"), article))
    decide(desk, article, found["separate incidents"].id, Answer(Outcome.NOTHING_HERE, replaces=sent.id))
    assert desk.write(lambda: adjudication_phase.finish(desk.user("jo"), article)).state is AssignmentState.SUBMITTED
    with pytest.raises(Conflict, match="finished"):
        desk.write(lambda: adjudication.undo(desk.user("jo"), sent.id))
    desk.write(lambda: adjudication_phase.reopen(desk.user("jo"), article))
    with desk.app.app_context():
        assert list(events.check()) == []


def test_an_article_without_any_claim_can_be_finished(desk: Desk) -> None:
    article = desk.article()
    desk.submit("ada", article)
    desk.submit("ben", article)
    assert desk.write(lambda: adjudication_phase.finish(desk.user("jo"), article)).state is AssignmentState.SUBMITTED


def test_answers_that_do_not_fit_are_refused(desk: Desk, article: str) -> None:
    found = views(desk, article)
    ceasefire, towns = found["a complete ceasefire"], found["three towns"]
    for answer in (
        Answer(Outcome.ACCEPT),
        Answer(Outcome.ACCEPT, annotation=towns.versions[0].id),
        Answer(Outcome.EDIT),
        Answer(Outcome.SEND_BACK),
    ):
        with pytest.raises(Invalid):
            decide(desk, article, ceasefire.id, answer)
    with pytest.raises(Invalid):
        decide(desk, article, None, Answer(Outcome.NOTHING_HERE))
    with pytest.raises(NotFound):
        decide(desk, article, uuid4(), Answer(Outcome.NOTHING_HERE))
    with desk.app.app_context():
        kinds = set(db.session.scalars(db.select(Assignment.kind)))
        assert kinds == {AssignmentKind.REVIEW}, "a refused first decision must not begin the adjudication"


def test_a_second_adjudicator_finds_the_article_taken(desk: Desk, article: str) -> None:
    desk.write(lambda: projects.add_member(desk.project(), desk.user("mia"), Role.ADJUDICATOR))
    view = views(desk, article)["separate incidents"]
    decide(desk, article, view.id, Answer(Outcome.NOTHING_HERE))
    with pytest.raises(Conflict, match=r"Jo adjudicates this article.*take another one") as refused:
        decide(desk, article, views(desk, article)["three towns"].id, Answer(Outcome.NOTHING_HERE), "mia")
    assert refused.value.details == {}
    with pytest.raises(Conflict, match="has decided this question") as refused:
        decide(desk, article, view.id, Answer(Outcome.NOTHING_HERE), "mia")
    assert set(refused.value.details) == {"decision"}


def test_looking_at_the_questions_costs_the_same_however_many_there_are(desk: Desk) -> None:
    counts = []
    for claims in (1, 60):
        text = "word " * 100 + str(claims)
        article = desk.article(text)
        for name in ("ada", "ben"):
            for n in range(claims):
                _put(desk, name, article, n)
            desk.submit(name, article)
        with counted_statements(desk.app) as statements:
            views(desk, article)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_letters_are_shuffled_for_each_article_but_stay(desk: Desk) -> None:
    people = [f"person{n}" for n in range(6)]
    first = letters("article1", people)
    assert first == letters("article1", people[::-1])
    assert sorted(first.values()) == list("ABCDEF")
    assert len({tuple(letters(f"article{n}", people).items()) for n in range(20)}) > 1


def _put(desk: Desk, name: str, article: str, n: int) -> None:
    claim = _word(n)
    desk.write(lambda: claims_service.put(desk.user(name), article, uuid4(), claim, if_version=None))


def _word(n: int) -> Claim:
    return Claim(n * 5, n * 5 + 4, "word", "sourced")
