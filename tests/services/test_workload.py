"""What is before people: open reviews by person, what lies longest, and what waits for the adjudicators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from annotator.db import db, now
from annotator.domain.claims import Relation
from annotator.domain.questions import Kind
from annotator.models import Assignment, Decision, Outcome
from annotator.services import (
    adjudication,
    adjudication_load,
    adjudication_phase,
    links,
    members,
    projects,
    questions,
    workload,
)
from annotator.services.adjudication import Answer
from tests.support.desk import Desk, counted_statements
from tests.support.people import open_browser


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def people(desk: Desk) -> dict[str, workload.PersonLoad]:
    with desk.app.app_context():
        return {each.user.name.lower(): each for each in workload.people(desk.project())}


def back(desk: Desk, article_id: str, name: str, days: int) -> None:
    wanted = (Assignment.article_id == article_id) & (Assignment.user_id == desk.ids[name])
    moment = now() - timedelta(days=days)
    desk.write(lambda: db.session.execute(update(Assignment).where(wanted).values(created_at=moment)))


def test_everybody_s_open_reviews_and_room_are_counted(desk: Desk) -> None:
    first, second = desk.article(), desk.article("Another ceasefire.")
    desk.mark("ada", first, "ceasefire")
    desk.submit("ben", first)
    back(desk, second, "ada", 9)
    desk.write(lambda: members.set_capacity(desk.project(), desk.ids["ada"], 3))
    found = people(desk)
    assert (found["ada"].open, found["ada"].done, found["ada"].room) == (2, 0, 1)
    assert (found["ben"].open, found["ben"].done, found["ben"].room) == (1, 1, None)
    assert found["ada"].since is not None
    assert (now() - found["ada"].since).days == 9


def test_what_lies_longest_comes_first_and_pages_follow_one_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workload, "PAGE", 3)
    ids = [desk.article(f"Story {number} of a ceasefire.") for number in range(4)]
    for days, article_id in enumerate(ids, 1):
        back(desk, article_id, "ada", days)
    desk.write(lambda: projects.change(desk.project(), {"return_after_days": 3}))
    with desk.app.app_context():
        pages = [workload.waiting(desk.project(), number=number) for number in (1, 2, 3)]
        assert [page.pages for page in pages] == [3, 3, 3]
        rows = [row for page in pages for row in page.rows]
        assert len({row.review.id for row in rows}) == 8
        assert [row.since for row in rows] == sorted(row.since for row in rows)
        assert [row.review.article_id for row in rows[:4]] == ids[::-1]
        assert [row.abandoned for row in rows[:4]] == [True, True, False, False]
        assert workload.waiting(desk.project(), number=99).number == 3
        assert {row.review.user.name for row in workload.waiting(desk.project(), reviewer=desk.ids["ben"]).rows} == {
            "Ben"
        }


def opened(desk: Desk, number: int) -> str:
    """An article with one question of each of four kinds."""
    article_id = desk.article(f"Alpha beta gamma. Delta epsilon zeta. Eta theta. Iota kappa {number}.")
    for name, label, boundary in (("ada", "sourced", "Delta epsilon"), ("ben", "disputed", "Delta epsilon zeta")):
        desk.mark(name, article_id, "Alpha beta", label)
        desk.mark(name, article_id, boundary)
        desk.mark(name, article_id, "Eta theta")
    desk.mark("ada", article_id, "Iota")
    for name in ("ada", "ben"):
        desk.submit(name, article_id)
    return article_id


def load(desk: Desk) -> adjudication_load.Load:
    with desk.app.app_context():
        return adjudication_load.of(desk.project())


def test_the_questions_that_wait_are_those_the_adjudicator_will_meet(desk: Desk) -> None:
    article_id = opened(desk, 1)
    desk.article("Nobody has submitted this ceasefire.")
    found = load(desk)
    with desk.app.app_context():
        met = [view.kind for view in questions.questions(desk.user("jo"), article_id)]
    assert sorted(found.questions.elements()) == sorted(met)
    assert (found.articles, found.sampled, found.estimated, found.hours) == (1, 1, False, None)
    assert found.questions == {Kind.LABEL: 1, Kind.BOUNDARY: 1, Kind.AGREED: 1, Kind.SOME: 1}


def test_many_open_articles_are_estimated_from_some_and_it_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        opened(desk, number)
    exact = load(desk)
    monkeypatch.setattr(adjudication_load, "SAMPLE", 2)
    found = load(desk)
    assert (found.estimated, found.sampled, found.articles) == (True, 2, 6)
    assert found.questions == exact.questions, "all are alike here, so the estimate is exact"


def test_a_linked_pair_is_one_question_wherever_it_is_met(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = desk.article("A truce began."), desk.article("The market was open.")
    for name in ("ada", "ben"):
        ends = desk.mark(name, here, "A truce began"), desk.mark(name, there, "The market was open")
        proposal = links.Proposal(*ends, Relation.QUALIFIES)
        desk.write(lambda name=name, proposal=proposal: links.create(desk.user(name), desk.slug, proposal))  # type: ignore[misc]
        desk.submit(name, here)
    assert (load(desk).links, load(desk).total) == (1, 2)
    for name in ("ada", "ben"):
        desk.submit(name, there)
    assert (load(desk).links, load(desk).total) == (1, 3)
    monkeypatch.setattr(adjudication_load, "SAMPLE", 1)
    assert (load(desk).links, load(desk).estimated) == (1, True)
    assert "Links between claims" in open_browser(desk.app, "Mia").get("/projects/truce/progress").text


def test_hours_come_from_past_speed(desk: Desk) -> None:
    first = opened(desk, 1)
    opened(desk, 2)

    def decide() -> None:
        jo = desk.user("jo")
        for view in questions.questions(jo, first):
            adjudication.decide(jo, first, view.id, Answer(Outcome.ACCEPT, annotation=view.versions[0].id))

    desk.write(decide)

    def spread() -> None:
        start = now() - timedelta(hours=1)
        for number, decision in enumerate(db.session.scalars(select(Decision).order_by(Decision.decided_at))):
            decision.decided_at = start + timedelta(seconds=30 * number)

    desk.write(spread)
    found = load(desk)
    assert (found.articles, found.begun, found.pace.n, found.pace.seconds) == (1, 1, 3, 30)
    assert found.hours == pytest.approx(4 * 30 / 3600)
    desk.write(lambda: adjudication_phase.finish(desk.user("jo"), first))
    assert load(desk).begun == 0


def test_more_articles_cost_no_more_statements(desk: Desk) -> None:
    def count() -> int:
        with counted_statements(desk.app) as statements, desk.app.app_context():
            project = desk.project()
            before = len(statements)
            workload.people(project)
            workload.waiting(project)
            adjudication_load.of(project)
            return len(statements) - before

    opened(desk, 0)
    few = count()
    for number in range(1, 8):
        opened(desk, number)
    assert count() == few
