"""Giving by hand, taking back, the pool and one more reviewer: what is kept, what is refused, and what others learn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import select, update

from annotator.db import db, now, transaction
from annotator.domain.dealing import Lack
from annotator.errors import AnnotatorError, Conflict, NotFound
from annotator.models import (
    Annotation,
    Article,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Event,
    Outcome,
    Role,
    User,
)
from annotator.services import (
    adjudication,
    articles,
    assignment_lists,
    dealing,
    events,
    giving,
    members,
    openness,
    pool,
    projects,
    submission,
)
from annotator.services import annotations as claims_service
from annotator.services.adjudication import Answer
from tests.support.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    desk.write(lambda: add_reviewer(desk, "cem"))
    return desk


def add_reviewer(desk: Desk, name: str) -> None:
    user = User(email=f"{name}@example.org", name=name.title())
    db.session.add(user)
    db.session.flush()
    desk.ids[name] = user.id
    projects.add_member(desk.project(), user, Role.REVIEWER)


def give(desk: Desk, article_id: str, name: str) -> bool:
    return desk.write(lambda: giving.give(desk.project(), article_id, desk.ids[name], by=desk.user("mia")))


def take(desk: Desk, article_id: str, name: str) -> bool:
    return desk.write(lambda: giving.take(desk.project(), article_id, desk.ids[name], by=desk.user("mia")))


def send_back(desk: Desk, article_id: str, name: str) -> bool:
    return desk.write(lambda: giving.send_back(desk.project(), article_id, desk.ids[name], by=desk.user("mia")))


def assign(desk: Desk) -> dealing.AssignReport:
    return desk.write(lambda: dealing.assign(desk.project(), by=desk.user("mia")))


def kinds(desk: Desk, article_id: str) -> dict[str, str]:
    """The kind of each person's assignment."""
    with desk.app.app_context():
        rows = db.session.execute(
            select(User.name, Assignment.kind)
            .join(User, User.id == Assignment.user_id)
            .where(Assignment.article_id == article_id)
        )
        return {name.lower(): kind.value for name, kind in rows}


def is_open(desk: Desk, article_id: str) -> bool:
    with desk.app.app_context():
        return openness.is_open(article_id, desk.project().reviewers)


def age(desk: Desk, article_id: str, name: str, days: int) -> None:
    """Nobody has touched the review for so many days."""

    def set_back() -> None:
        review = db.session.scalars(
            select(Assignment).where(Assignment.article_id == article_id, Assignment.user_id == desk.ids[name])
        ).one()
        review.created_at = now() - timedelta(days=days)
        review.active_at = None
        db.session.execute(
            update(Annotation)
            .where(Annotation.assignment_id == review.id)
            .values(updated_at=now() - timedelta(days=days))
        )

    desk.write(set_back)


def begin_adjudication(desk: Desk, article_id: str, name: str = "jo") -> None:
    answer = Answer(Outcome.EDIT, claim=desk.claim(article_id, "ceasefire", "unverified"))
    desk.write(lambda: adjudication.decide(desk.user(name), article_id, None, answer))


# By hand


def test_what_is_given_by_hand_is_a_review_like_any_other(desk: Desk) -> None:
    article_id = desk.article(assign=False)
    assert give(desk, article_id, "cem")
    assert not give(desk, article_id, "cem"), "to repeat it changes nothing"
    assert kinds(desk, article_id) == {"cem": "review"}
    desk.mark("cem", article_id, "three towns")
    with desk.app.app_context():
        assert list(events.check()) == []
        said = db.session.scalars(select(Event.action).where(Event.chain == article_id).order_by(Event.seq)).all()
    assert said == ["article.import", "assignment.create", "annotation.create"]


def test_only_reviewers_of_the_project_can_be_given_an_article(desk: Desk) -> None:
    article_id = desk.article(assign=False)
    for name in ("sam", "jo"):
        with pytest.raises(NotFound):
            give(desk, article_id, name)
    with pytest.raises(NotFound):
        give(desk, "2222222222222222", "ada")


def test_what_nobody_touched_can_be_taken_back_without_a_trace_for_the_reviewer(desk: Desk) -> None:
    article_id = desk.article()
    assert take(desk, article_id, "ada")
    assert not take(desk, article_id, "ada")
    assert kinds(desk, article_id) == {"ben": "review"}
    with desk.app.app_context(), pytest.raises(NotFound):
        articles.get_for(desk.user("ada"), article_id)


def test_what_was_begun_is_not_taken_but_returned_with_its_marks(desk: Desk) -> None:
    article_id = desk.article()
    claim = desk.mark("ada", article_id, "three towns")
    with pytest.raises(Conflict, match="Return it to the pool instead"):
        take(desk, article_id, "ada")
    assert send_back(desk, article_id, "ada")
    assert kinds(desk, article_id) == {"ada": "returned", "ben": "review"}
    assert desk.stored(claim).deleted_at is None


def test_a_claim_that_was_deleted_again_is_work_too(desk: Desk) -> None:
    article_id = desk.article()
    claim = desk.mark("ada", article_id, "three towns")
    desk.write(lambda: claims_service.delete(desk.user("ada"), claim, if_version=1))
    with pytest.raises(Conflict):
        take(desk, article_id, "ada")


def test_a_submitted_review_stays(desk: Desk) -> None:
    article_id = desk.article()
    desk.submit("ada", article_id)
    for act in (take, send_back):
        with pytest.raises(Conflict):
            act(desk, article_id, "ada")


def test_who_returned_an_article_sees_their_marks_and_changes_nothing(desk: Desk) -> None:
    article_id = desk.article()
    claim = desk.mark("ada", article_id, "three towns")
    send_back(desk, article_id, "ada")
    with pytest.raises(Conflict, match="back to the pool"):
        desk.mark("ada", article_id, "ceasefire")
    with pytest.raises(Conflict, match="back to the pool"):
        desk.submit("ada", article_id)
    with pytest.raises(Conflict):
        desk.write(lambda: claims_service.delete(desk.user("ada"), claim, if_version=1))
    with desk.app.app_context():
        assert [each.id for each in claims_service.list_for(desk.user("ada"), article_id)] == [claim]
        assert assignment_lists.next_for(desk.user("ada"), desk.project()) is None
        (listed,) = assignment_lists.own_list(desk.user("ada"), desk.project())
        assert (listed.kind, listed.returned_at is None) == (AssignmentKind.RETURNED, False)


def test_given_again_it_is_a_review_with_its_marks(desk: Desk) -> None:
    article_id = desk.article()
    claim = desk.mark("ada", article_id, "three towns")
    send_back(desk, article_id, "ada")
    assert give(desk, article_id, "ada")
    desk.submit("ada", article_id)
    desk.submit("ben", article_id)
    assert is_open(desk, article_id)
    with desk.app.app_context():
        assert claim in [each.id for each in claims_service.list_for(desk.user("jo"), article_id)]


def test_returned_work_counts_for_nothing(desk: Desk) -> None:
    article_id = desk.article()
    claim = desk.mark("ada", article_id, "three towns")
    send_back(desk, article_id, "ada")
    assert assign(desk).assigned == 1
    assert kinds(desk, article_id) == {"ada": "returned", "ben": "review", "cem": "review"}
    desk.submit("ben", article_id)
    assert not is_open(desk, article_id)
    desk.submit("cem", article_id)
    assert is_open(desk, article_id)
    with desk.app.app_context():
        assert claim not in [each.id for each in claims_service.list_for(desk.user("jo"), article_id)]
        with pytest.raises(NotFound):
            claims_service.get_for(desk.user("jo"), claim)


# Abandoned reviews


def returning(desk: Desk, days: int) -> None:
    desk.write(lambda: projects.change(desk.project(), {"return_after_days": days}))


def test_only_what_lay_for_longer_than_the_project_allows_goes_back(desk: Desk) -> None:
    returning(desk, 10)
    old, young, read, marked = (desk.article(f"Story {n} of a ceasefire.", assign=False) for n in range(4))
    for article_id in (old, young, read, marked):
        give(desk, article_id, "ada")
    for article_id in (old, read, marked):
        desk.mark("ada", article_id, "ceasefire")
        age(desk, article_id, "ada", 11)
    age(desk, young, "ada", 9)
    desk.mark("ada", marked, "Story")
    desk.write(
        lambda: db.session.execute(
            update(Assignment)
            .where(Assignment.article_id == read, Assignment.user_id == desk.ids["ada"])
            .values(active_at=now() - timedelta(days=2))
        )
    )
    assert desk.write(lambda: pool.return_abandoned(desk.project())) == 1
    assert kinds(desk, old)["ada"] == "returned"
    for article_id in (young, read, marked):
        assert kinds(desk, article_id)["ada"] == "review"
    assert desk.write(lambda: pool.return_abandoned(desk.project())) == 0


def test_a_project_without_a_bound_returns_nothing(desk: Desk) -> None:
    article_id = desk.article()
    age(desk, article_id, "ada", 1000)
    assert desk.write(lambda: pool.return_abandoned(desk.project())) == 0


def test_assign_takes_abandoned_work_back_and_gives_it_to_somebody_else(desk: Desk) -> None:
    returning(desk, 10)
    article_id = desk.article()
    (holder, *_) = sorted(kinds(desk, article_id))
    desk.mark(holder, article_id, "three towns")
    age(desk, article_id, holder, 11)
    report = assign(desk)
    assert (report.returned, report.assigned) == (1, 1)
    assert kinds(desk, article_id)[holder] == "returned"
    assert assign(desk) == dealing.AssignReport(0)


def test_it_is_never_given_back_by_itself_to_who_let_it_lie(desk: Desk) -> None:
    article_id = desk.article()
    for name in ("ada", "ben", "cem"):
        if name in kinds(desk, article_id):
            desk.mark(name, article_id, "three towns")
            send_back(desk, article_id, name)
    report = assign(desk)
    assert report.assigned == 1
    assert [each.why for each in report.short] == [(Lack.RETURNED,)]


def test_what_was_reopened_or_given_again_is_not_abandoned_at_once(desk: Desk) -> None:
    returning(desk, 10)
    reopened, again = desk.article(), desk.article("Another ceasefire.")
    desk.submit("ada", reopened)
    desk.mark("ada", again, "ceasefire")
    send_back(desk, again, "ada")
    age(desk, reopened, "ada", 30)
    age(desk, again, "ada", 30)
    desk.write(lambda: submission.reopen(desk.user("ada"), reopened))
    give(desk, again, "ada")
    assert desk.write(lambda: pool.return_abandoned(desk.project())) == 0


# Capacity


def test_assign_respects_what_each_can_take_and_says_who_is_full(desk: Desk) -> None:
    def bound() -> None:
        for name, most in (("ada", 1), ("ben", 1), ("cem", 3)):
            members.set_capacity(desk.project(), desk.ids[name], most)

    desk.write(bound)
    for number in range(3):
        desk.article(f"Story {number} of a ceasefire.", assign=False)
    report = assign(desk)
    assert report.assigned == 5
    assert [(each.missing, each.why) for each in report.short] == [(1, (Lack.FULL,))]


def test_room_comes_back_with_each_submit(desk: Desk) -> None:
    desk.write(lambda: projects.change(desk.project(), {"reviewers": 1}))
    for name in ("ada", "ben", "cem"):
        desk.write(lambda name=name: members.set_capacity(desk.project(), desk.ids[name], int(name == "ada")))  # type: ignore[misc]
    first, second = (desk.article(f"Story {number} of a ceasefire.", assign=False) for number in range(2))
    assert assign(desk).assigned == 1
    assert assign(desk).assigned == 0
    desk.submit("ada", first)
    assert assign(desk).assigned == 1
    assert kinds(desk, second) == {"ada": "review"}


# One more


def test_one_more_reviewer_closes_the_article_until_they_submit(desk: Desk) -> None:
    article_id = desk.article()
    desk.submit("ada", article_id)
    desk.submit("ben", article_id)
    assert is_open(desk, article_id)
    person = desk.write(lambda: dealing.one_more(desk.project(), article_id, by=desk.user("mia")))
    assert person.name == "Cem"
    assert not is_open(desk, article_id)
    with pytest.raises(Conflict):
        begin_adjudication(desk, article_id)
    desk.submit("cem", article_id)
    assert is_open(desk, article_id)


def test_nobody_new_comes_to_an_article_in_adjudication_or_revealed(desk: Desk) -> None:
    article_id, revealed = desk.article(), desk.article("Another ceasefire.")
    desk.submit("ada", article_id)
    desk.submit("ben", article_id)
    begin_adjudication(desk, article_id)
    desk.write(lambda: db.session.execute(update(Article).where(Article.id == revealed).values(revealed_at=now())))
    for each, why in ((article_id, "has begun"), (revealed, "was revealed")):
        with pytest.raises(Conflict, match=why):
            desk.write(lambda each=each: dealing.one_more(desk.project(), each))  # type: ignore[misc]
        with pytest.raises(Conflict, match=why):
            give(desk, each, "cem")
    desk.write(lambda: projects.change(desk.project(), {"reviewers": 3}))
    assert assign(desk).assigned == 0


def test_one_more_is_refused_with_the_reason_when_there_is_nobody(desk: Desk) -> None:
    article_id = desk.article()
    desk.write(lambda: members.set_capacity(desk.project(), desk.ids["cem"], 0))
    with pytest.raises(Conflict, match="as many open reviews as they can take"):
        desk.write(lambda: dealing.one_more(desk.project(), article_id))


# Never both


@pytest.mark.parametrize("kind", [each for each in AssignmentKind if each is not AssignmentKind.ADJUDICATION])
def test_who_worked_on_an_article_in_any_way_does_not_adjudicate_it(desk: Desk, kind: AssignmentKind) -> None:
    article_id = desk.article()
    for name in ("ada", "ben"):
        desk.submit(name, article_id)
    desk.write(lambda: projects.add_member(desk.project(), desk.user("cem"), Role.ADJUDICATOR))

    def work() -> None:
        version = db.session.scalars(select(Assignment.version_id).where(Assignment.article_id == article_id)).first()
        state = AssignmentState.SUBMITTED if kind is AssignmentKind.REVIEW else AssignmentState.NEW
        db.session.add(
            Assignment(article_id=article_id, version_id=version, user_id=desk.ids["cem"], kind=kind, state=state)
        )

    desk.write(work)
    with pytest.raises(Conflict, match="somebody else must adjudicate"):
        begin_adjudication(desk, article_id, "cem")
    begin_adjudication(desk, article_id)


def test_an_adjudicator_is_never_given_their_article(desk: Desk) -> None:
    article_id = desk.article()
    for name in ("ada", "ben"):
        desk.submit(name, article_id)
    begin_adjudication(desk, article_id)
    desk.write(lambda: projects.add_member(desk.project(), desk.user("jo"), Role.REVIEWER))
    with pytest.raises(Conflict):
        give(desk, article_id, "jo")


def together(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same moment; what each gave or raised."""
    barrier, results = threading.Barrier(len(acts)), cast(list[object], [None] * len(acts))

    def run(number: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[number] = act()
        except AnnotatorError as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(results)


def test_given_and_adjudicated_at_the_same_moment_only_one_of_them_happens(
    desk: Desk, rounds: Callable[[int, int], int]
) -> None:
    """Jo takes an article on while Mia gives it to Jo: never both, and nobody meets an error that is not a sentence."""
    desk.write(lambda: projects.add_member(desk.project(), desk.user("jo"), Role.REVIEWER))
    seen = set()
    for number in range(rounds(12, 200)):
        article_id = desk.article(f"Story {number} of a ceasefire.", assign=False)
        for name in ("ada", "ben"):
            give(desk, article_id, name)
            desk.submit(name, article_id)
        together(lambda a=article_id: begin_adjudication(desk, a), lambda a=article_id: give(desk, a, "jo"))  # type: ignore[misc]
        kind = kinds(desk, article_id)["jo"]
        seen.add(kind)
        with desk.app.app_context():
            assert is_open(desk, article_id) is (kind == "adjudication")
    assert seen <= {"adjudication", "review"}
    with desk.app.app_context():
        assert list(events.check()) == []


def test_two_dealings_at_the_same_moment_give_each_article_its_number(
    desk: Desk, rounds: Callable[[int, int], int]
) -> None:
    for number in range(rounds(5, 60)):
        article_id = desk.article(f"Story {number} of a ceasefire.", assign=False)
        results = together(lambda: assign(desk), lambda: assign(desk), lambda a=article_id: give(desk, a, "cem"))  # type: ignore[misc]
        assert not [each for each in results if isinstance(each, Exception)]
        held = kinds(desk, article_id)
        assert set(held.values()) == {"review"}
        assert len(held) - (0 if len(held) == 2 else 1) == 2, held
    with desk.app.app_context():
        assert list(events.check()) == []


def test_a_save_and_a_return_at_the_same_moment_lose_nothing(desk: Desk, rounds: Callable[[int, int], int]) -> None:
    """Either the claim is stored and went back with the rest, or its reviewer is told; the chain holds."""
    for number in range(rounds(8, 100)):
        article_id = desk.article(f"Story {number} of a ceasefire.", assign=False)
        give(desk, article_id, "ada")
        saved, _ = together(
            lambda a=article_id: desk.mark("ada", a, "ceasefire"),  # type: ignore[misc]
            lambda a=article_id: send_back(desk, a, "ada"),  # type: ignore[misc]
        )
        assert kinds(desk, article_id) == {"ada": "returned"}
        with desk.app.app_context():
            stored = len(claims_service.list_for(desk.user("ada"), article_id))
        assert stored == (0 if isinstance(saved, Conflict) else 1)
    with desk.app.app_context(), transaction():
        assert list(events.check()) == []
