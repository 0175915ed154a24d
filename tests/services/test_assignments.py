"""Assignments: what comes next, how a review begins, and who finds one."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db
from annotator.errors import NotFound
from annotator.models import Assignment, AssignmentKind, AssignmentState, Outcome, Role
from annotator.services import adjudication, articles, assignment_lists, overview, projects
from annotator.services.adjudication import Answer
from tests.support.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def following(desk: Desk, name: str = "ada") -> str | None:
    with desk.app.app_context():
        found = assignment_lists.next_for(desk.user(name), desk.project())
        return found.article_id if found else None


def state(desk: Desk, article_id: str, name: str = "ada") -> AssignmentState:
    with desk.app.app_context():
        found = articles.get_for(desk.user(name), article_id).assignment
        assert found is not None
        return found.state


def test_what_was_begun_comes_before_what_is_new_and_then_the_order_of_the_project(desk: Desk) -> None:
    first, second, third = (desk.article(f"Story {number} of a ceasefire.") for number in range(3))
    assert following(desk) == first
    desk.mark("ada", third, "ceasefire")
    assert following(desk) == third
    desk.submit("ada", third)
    assert following(desk) == first
    desk.submit("ada", first)
    desk.submit("ada", second)
    assert following(desk) is None


def test_what_comes_next_does_not_depend_on_others(desk: Desk) -> None:
    first, second = desk.article(), desk.article("Another ceasefire.")
    before = following(desk)
    desk.mark("ben", second, "ceasefire")
    desk.submit("ben", first)
    assert following(desk) == before == first


def test_the_first_change_begins_a_review(desk: Desk) -> None:
    article_id = desk.article()
    assert state(desk, article_id) is AssignmentState.NEW
    desk.mark("ada", article_id, "complete ceasefire")
    assert state(desk, article_id) is AssignmentState.IN_PROGRESS
    assert state(desk, article_id, "ben") is AssignmentState.NEW


def test_the_adjudicator_s_own_assignment_is_no_review(desk: Desk) -> None:
    article_id = desk.article()
    for name in ("ada", "ben"):
        desk.submit(name, article_id)
    answer = Answer(Outcome.EDIT, claim=desk.claim(article_id, "three towns", "unverified"))
    desk.write(lambda: adjudication.decide(desk.user("jo"), article_id, None, answer))
    for act in (lambda: desk.submit("jo", article_id), lambda: desk.mark("jo", article_id, "ceasefire")):
        with pytest.raises(NotFound):
            act()
    with desk.app.app_context():
        assert assignment_lists.own_list(desk.user("jo"), desk.project()) == []


def test_strangers_and_people_without_the_article_find_nothing(desk: Desk) -> None:
    article_id = desk.article()
    desk.write(lambda: projects.add_member(desk.project(), desk.user("sam"), Role.REVIEWER))
    for name in ("sam", "jo", "mia"):
        with pytest.raises(NotFound):
            desk.submit(name, article_id)


@pytest.mark.parametrize("kind", list(AssignmentKind))
@pytest.mark.parametrize("theirs", list(AssignmentState))
def test_whatever_another_has_in_whatever_state_changes_nothing_of_what_comes_next(
    desk: Desk, kind: AssignmentKind, theirs: AssignmentState
) -> None:
    first, second = desk.article(), desk.article("Another ceasefire.")

    def seen() -> tuple[object, ...]:
        with desk.app.app_context():
            ada, project = desk.user("ada"), desk.project()
            own = [(each.article_id, each.kind, each.state) for each in assignment_lists.own_list(ada, project)]
            (shown,) = [each for each in overview.of(ada) if each.project.id == project.id]
            return following(desk), own, shown.next_review, shown.in_progress, shown.new, shown.done

    def change() -> None:
        for review in db.session.scalars(select(Assignment).where(Assignment.user_id == desk.ids["ben"])):
            review.kind, review.state = kind, theirs

    before = seen()
    desk.write(change)
    assert seen() == before
    # What would catch a list that never changes: Ada's own work shows.
    desk.submit("ada", first)
    assert seen() != before
    assert following(desk) == second


@pytest.mark.parametrize(
    ("kind", "comes"),
    [
        (AssignmentKind.TRAINING, True),
        (AssignmentKind.SECOND_LOOK, True),
        (AssignmentKind.RETURNED, False),
        (AssignmentKind.ADJUDICATION, False),
    ],
)
def test_training_comes_before_all_and_what_was_returned_never(
    desk: Desk, kind: AssignmentKind, *, comes: bool
) -> None:
    first, second = desk.article(), desk.article("Another ceasefire.")
    desk.mark("ada", first, "ceasefire")

    def change() -> None:
        wanted = (Assignment.user_id == desk.ids["ada"]) & (Assignment.article_id == second)
        db.session.scalars(select(Assignment).where(wanted)).one().kind = kind

    desk.write(change)
    assert following(desk) == (second if kind is AssignmentKind.TRAINING else first)
    desk.submit("ada", first)
    assert following(desk) == (second if comes else None)
