"""Training and second looks: given first, counted nowhere, told to their person, drawn so that it can be repeated."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from annotator.db import db, now
from annotator.domain.dealing import Lack
from annotator.errors import Conflict, NotFound
from annotator.models import Assignment, AssignmentKind, Event, Membership, Outcome, Role, User
from annotator.services import (
    adjudication,
    adjudication_phase,
    assignment_lists,
    dealing,
    events,
    members,
    openness,
    projects,
    qualification,
    questions,
    second_looks,
    settings,
    submission,
    training,
)
from annotator.services import annotations as claims_service
from annotator.services.adjudication import Answer
from tests.support.desk import STORY, Desk

KNOWN = (("complete ceasefire", "sourced"), ("shelling in three towns", "disputed"))


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def finished(desk: Desk, text: str = STORY, known: tuple[tuple[str, str], ...] = KNOWN) -> str:
    """An article that Ada and Ben reviewed alike and Jo has finished."""
    article_id = desk.article(text)
    for name in ("ada", "ben"):
        for exact, label in known:
            desk.mark(name, article_id, exact, label)
        desk.submit(name, article_id)

    def settle() -> None:
        jo = desk.user("jo")
        for view in questions.questions(jo, article_id):
            answer = Answer(Outcome.ACCEPT, annotation=view.versions[0].id, justification="Both parties said so.")
            adjudication.decide(jo, article_id, view.id, answer)
        adjudication_phase.finish(jo, article_id)

    desk.write(settle)
    return article_id


def join(desk: Desk, name: str) -> None:
    def add() -> None:
        user = User(email=f"{name}@example.org", name=name.title())
        db.session.add(user)
        db.session.flush()
        desk.ids[name] = user.id
        projects.add_member(desk.project(), user, Role.REVIEWER)

    desk.write(add)


def teach(desk: Desk, *article_ids: str, mark: float = 0.8) -> None:
    """Training on these articles from now on; Cem is new."""

    def begin() -> None:
        for article_id in article_ids:
            training.mark(desk.project(), article_id, on=True, by=desk.user("mia"))
        settings.change(desk.project(), {"pass_mark": mark}, by=desk.user("mia"))

    desk.write(begin)
    join(desk, "cem")


def assign(desk: Desk) -> dealing.AssignReport:
    return desk.write(lambda: dealing.assign(desk.project(), by=desk.user("mia")))


def qualified(desk: Desk, name: str) -> bool:
    with desk.app.app_context():
        membership = db.session.get(Membership, (desk.project().id, desk.ids[name], Role.REVIEWER))
        return membership is not None and membership.qualified_at is not None


def test_only_an_article_with_known_answers_can_be_a_training_article(desk: Desk) -> None:
    article_id = desk.article()
    with pytest.raises(Conflict, match="must be finished"):
        desk.write(lambda: training.mark(desk.project(), article_id, on=True))
    with pytest.raises(NotFound):
        desk.write(lambda: training.mark(desk.project(), "2222222222222222", on=True))
    known = finished(desk, STORY + " Later.")
    assert desk.write(lambda: training.mark(desk.project(), known, on=True))
    assert not desk.write(lambda: training.mark(desk.project(), known, on=True))


def test_new_reviewers_are_given_training_and_nothing_else(desk: Desk) -> None:
    lesson = finished(desk)
    teach(desk, lesson)
    desk.write(lambda: projects.change(desk.project(), {"reviewers": 3}))
    real = desk.article("A later ceasefire.", assign=False)
    report = assign(desk)
    assert (report.training, report.assigned) == (1, 2)
    assert [(each.id, each.why) for each in report.short] == [(real, (Lack.UNQUALIFIED,))]
    with desk.app.app_context():
        following = assignment_lists.next_for(desk.user("cem"), desk.project())
        assert following is not None
        assert (following.article_id, following.kind) == (lesson, AssignmentKind.TRAINING)
    assert assign(desk).training == 0


def test_who_has_reviewed_here_before_needs_no_training(desk: Desk) -> None:
    teach(desk, finished(desk))
    assert qualified(desk, "ada")
    assert not qualified(desk, "cem")


def test_the_trainee_sees_the_answers_only_after_their_submit(desk: Desk) -> None:
    lesson = finished(desk)
    teach(desk, lesson)
    assign(desk)
    own = [desk.mark("cem", lesson, "a complete ceasefire"), desk.mark("cem", lesson, "The ministry", "unverified")]
    with desk.app.app_context():
        assert [each.id for each in claims_service.list_for(desk.user("cem"), lesson)] == own, "and nobody else's"
        with pytest.raises(Conflict, match="when you have submitted"):
            training.feedback(desk.user("cem"), lesson)
    desk.submit("cem", lesson)
    with desk.app.app_context():
        told = training.feedback(desk.user("cem"), lesson)
        (pair,) = told.comparison.pairs
        assert (pair.same_label, pair.same_boundary) == (True, False)
        assert told.justifications[pair.other.id] == "Both parties said so."
        assert [told.claims[each.id].exact for each in told.comparison.only_other] == ["shelling in three towns"]
        assert [told.claims[each.id].exact for each in told.comparison.only_one] == ["The ministry"]
        assert told.comparison.score == 0.5
    with pytest.raises(Conflict, match="seen the answers"):
        desk.write(lambda: submission.reopen(desk.user("cem"), lesson))


@pytest.mark.parametrize("name", ["ada", "jo", "sam"])
def test_feedback_is_for_the_trainee_alone(desk: Desk, name: str) -> None:
    lesson = finished(desk)
    with desk.app.app_context(), pytest.raises(NotFound):
        training.feedback(desk.user(name), lesson)


def test_training_counts_nowhere(desk: Desk) -> None:
    lesson = finished(desk)
    teach(desk, lesson)
    assign(desk)
    claim = desk.mark("cem", lesson, "complete ceasefire", "unverified")
    with desk.app.app_context():
        assert openness.is_open(lesson, 2), "an unfinished training closes nothing"
        assert claim not in [each.id for each in claims_service.list_for(desk.user("jo"), lesson)]
        assert len(questions.views_of(lesson)) == 2
    desk.submit("cem", lesson)
    with desk.app.app_context():
        assert len(questions.views_of(lesson)) == 2


def test_the_mean_of_all_training_articles_decides(desk: Desk) -> None:
    first, second = finished(desk), finished(desk, "It was calm in the town.", (("calm", "unverified"),))
    teach(desk, first, second, mark=0.7)
    assign(desk)
    for exact, label in KNOWN:
        desk.mark("cem", first, exact, label)
    desk.submit("cem", first)
    assert not qualified(desk, "cem"), "one article is still to be done"
    desk.mark("cem", second, "calm", "sourced")
    desk.submit("cem", second)
    assert not qualified(desk, "cem")
    with desk.app.app_context():
        (cem,) = [each for each in qualification.trainees(desk.project()) if each.user.name == "Cem"]
        assert (cem.done, cem.mean) == (True, 0.5)


def test_who_reaches_the_mark_is_given_articles(desk: Desk) -> None:
    lesson = finished(desk)
    teach(desk, lesson)
    assign(desk)
    for exact, label in KNOWN:
        desk.mark("cem", lesson, exact, label)
    desk.submit("cem", lesson)
    assert qualified(desk, "cem")
    desk.write(lambda: projects.change(desk.project(), {"reviewers": 3}))
    desk.article("A later ceasefire.", assign=False)
    assert assign(desk).assigned == 3


def test_a_manager_lets_somebody_pass_or_gives_another_try(desk: Desk) -> None:
    lesson = finished(desk)
    teach(desk, lesson)
    assign(desk)
    claim = desk.mark("cem", lesson, "The ministry")
    desk.submit("cem", lesson)
    assert desk.write(lambda: qualification.another_try(desk.project(), desk.ids["cem"], by=desk.user("mia"))) == 1
    assert desk.stored(claim).deleted_at is not None, "kept in the history"
    with desk.app.app_context():
        assert list(events.check()) == []
        assert claims_service.list_for(desk.user("cem"), lesson) == []
    for exact, label in KNOWN:
        desk.mark("cem", lesson, exact, label)
    desk.submit("cem", lesson)
    assert qualified(desk, "cem")
    join(desk, "dee")
    assert desk.write(lambda: qualification.let_pass(desk.project(), desk.ids["dee"], by=desk.user("mia")))
    assert qualified(desk, "dee")
    with pytest.raises(NotFound):
        desk.write(lambda: qualification.let_pass(desk.project(), desk.ids["jo"], by=desk.user("mia")))


def test_an_article_that_is_none_for_training_any_more_is_taken_from_who_has_not_begun(desk: Desk) -> None:
    lesson = finished(desk)
    teach(desk, lesson)
    assign(desk)
    desk.write(lambda: training.mark(desk.project(), lesson, on=False))
    with desk.app.app_context():
        assert assignment_lists.next_for(desk.user("cem"), desk.project()) is None


# Second looks


def looking(desk: Desk, share: float = 0.5, *, days: int = 30) -> None:
    """Second looks from now on, and every review was submitted so many days ago."""

    def change() -> None:
        projects.change(desk.project(), {"second_look_share": share, "second_look_after_days": 21})
        db.session.execute(
            update(Assignment)
            .where(Assignment.submitted_at.is_not(None))
            .values(submitted_at=now() - timedelta(days=days))
        )

    desk.write(change)


def looks(desk: Desk) -> list[Assignment]:
    with desk.app.app_context():
        query = select(Assignment).where(Assignment.kind == AssignmentKind.SECOND_LOOK)
        return list(db.session.scalars(query.order_by(Assignment.id)))


def force(monkeypatch: pytest.MonkeyPatch, number: float) -> None:
    """Every lot is this number."""
    monkeypatch.setattr(second_looks, "lot", lambda _: number)


def test_the_draw_takes_its_share_and_can_be_repeated() -> None:
    lots = [second_looks.lot(f"review-{number}") for number in range(4000)]
    assert all(0 <= each < 1 for each in lots)
    assert abs(sum(each < 0.1 for each in lots) / 4000 - 0.1) < 0.02
    assert second_looks.lot("review-7") == lots[7]


def test_due_reviews_come_back_once_and_the_draw_is_on_record(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    force(monkeypatch, 0.2)
    article_id = finished(desk)
    looking(desk)
    assert assign(desk).second_looks == 2
    assert assign(desk).second_looks == 0
    assert {each.article_id for each in looks(desk)} == {article_id}
    with desk.app.app_context():
        drawn = db.session.scalars(select(Event.payload).where(Event.action == "second_look.draw")).one()
        assert '"considered":2' in drawn
        assert list(events.check()) == []


@pytest.mark.parametrize("fault", ["too early", "not drawn", "not finished", "no reviewer any more"])
def test_what_is_not_due_does_not_come_back(desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    force(monkeypatch, 0.7 if fault == "not drawn" else 0.2)
    article_id = finished(desk)
    looking(desk, days=20 if fault == "too early" else 30)
    if fault == "not finished":
        desk.write(lambda: adjudication_phase.reopen(desk.user("jo"), article_id))
    if fault == "no reviewer any more":
        for name in ("ada", "ben"):
            desk.write(lambda name=name: members.remove(desk.project(), desk.ids[name], Role.REVIEWER))  # type: ignore[misc]
    assert assign(desk).second_looks == 0


def test_a_second_look_is_fresh_and_the_first_review_stays_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    force(monkeypatch, 0.2)
    article_id = finished(desk)
    with desk.app.app_context():
        first = [each.id for each in claims_service.list_for(desk.user("ada"), article_id)]
    looking(desk)
    assign(desk)
    with desk.app.app_context():
        following = assignment_lists.next_for(desk.user("ada"), desk.project())
        assert following is not None
        assert following.kind is AssignmentKind.SECOND_LOOK
        assert claims_service.list_for(desk.user("ada"), article_id) == []
    again = desk.mark("ada", article_id, "a complete ceasefire", "unverified")
    with pytest.raises(Conflict, match="first review"):
        desk.write(lambda: claims_service.delete(desk.user("ada"), first[0], if_version=1))
    with desk.app.app_context():
        assert [each.id for each in claims_service.list_for(desk.user("ada"), article_id)] == [again]
        assert again not in [each.id for each in claims_service.list_for(desk.user("jo"), article_id)]
        assert len(questions.views_of(article_id)) == 2
    desk.submit("ada", article_id)
    with desk.app.app_context():
        assert [each.id for each in claims_service.list_for(desk.user("ada"), article_id)] == first
        assert assignment_lists.next_for(desk.user("ada"), desk.project()) is None
        (own,) = second_looks.figures(desk.project(), user=desk.user("ada"))
        assert (own.looks, own.found.hits, own.found.n) == (1, 1, 2)
        assert (own.same_label.hits, own.same_label.n) == (0, 1)
        assert own.found.low is not None
        assert own.found.high is not None
        assert 0 < own.found.low < 0.5 < own.found.high < 1
        assert second_looks.figures(desk.project(), user=desk.user("ben")) == []


def test_an_open_second_look_tells_the_others_nothing_and_closes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    force(monkeypatch, 0.2)
    article_id = finished(desk)
    looking(desk)
    assign(desk)
    with desk.app.app_context():
        assert openness.is_open(article_id, 2)
        assert [each.article_id for each in assignment_lists.own_list(desk.user("jo"), desk.project())] == []


def test_a_look_without_a_case_has_no_share(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    force(monkeypatch, 0.2)
    article_id = finished(desk, "Nothing to mark here.", ())
    looking(desk)
    assign(desk)
    desk.submit("ada", article_id)
    with desk.app.app_context():
        (own,) = second_looks.figures(desk.project())
        assert (own.found.n, own.found.low, own.same_label.high) == (0, None, None)
