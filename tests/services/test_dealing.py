"""Dealing articles out: evenly, groups together, the same whoever repeats it, and no adjudicator to their article."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db, now
from annotator.domain.dealing import Lack, Short
from annotator.models import Assignment, AssignmentKind, Outcome, Role, User
from annotator.services import adjudication, dealing, projects
from annotator.services.adjudication import Answer
from annotator.services.dealing import AssignReport
from tests.support.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def more_reviewers(desk: Desk, *names: str) -> None:
    def add() -> None:
        for name in names:
            user = User(email=f"{name}@example.org", name=name.title())
            db.session.add(user)
            db.session.flush()
            desk.ids[name] = user.id
            projects.add_member(desk.project(), user, Role.REVIEWER)

    desk.write(add)


def some_articles(desk: Desk, count: int, **facts: str) -> list[str]:
    return [desk.article(f"Story {number} of {count}{facts}.", assign=False, **facts) for number in range(count)]


def deal(desk: Desk) -> AssignReport:
    return desk.write(lambda: dealing.assign(desk.project(), by=desk.user("mia")))


def dealt(desk: Desk) -> dict[str, set[str]]:
    """The reviewers of each article, by name."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    with desk.app.app_context():
        query = select(Assignment.article_id, User.name).join(User, User.id == Assignment.user_id)
        for article_id, name in db.session.execute(query.where(Assignment.kind == AssignmentKind.REVIEW)):
            found[article_id].add(name)
    return dict(found)


def test_each_article_gets_its_reviewers_and_each_reviewer_as_much(desk: Desk) -> None:
    more_reviewers(desk, "cem", "dee")
    some_articles(desk, 12)
    assert deal(desk).assigned == 24
    reviewers = dealt(desk)
    assert [len(names) for names in reviewers.values()] == [2] * 12
    assert Counter(name for names in reviewers.values() for name in names) == {"Ada": 6, "Ben": 6, "Cem": 6, "Dee": 6}


def test_a_long_article_counts_for_as_much_as_it_is_long(desk: Desk) -> None:
    desk.write(lambda: projects.change(desk.project(), {"reviewers": 1}))
    desk.article("A very long story. " * 50, assign=False)
    some_articles(desk, 6)
    deal(desk)
    shares = Counter(name for names in dealt(desk).values() for name in names)
    assert sorted(shares.values()) == [1, 6]


def test_articles_of_one_group_go_to_the_same_people(desk: Desk) -> None:
    more_reviewers(desk, "cem", "dee")
    groups = {name: some_articles(desk, 3, group=name) for name in ("idlib", "hama", "aleppo")}
    deal(desk)
    reviewers = dealt(desk)
    for members in groups.values():
        assert len({frozenset(reviewers[article_id]) for article_id in members}) == 1
    later = desk.article("One more of Idlib.", assign=False, group="idlib")
    deal(desk)
    assert dealt(desk)[later] == reviewers[groups["idlib"][0]]


def test_to_repeat_it_adds_nothing(desk: Desk) -> None:
    some_articles(desk, 5)
    deal(desk)
    before = dealt(desk)
    assert deal(desk) == AssignReport(0, [])
    assert dealt(desk) == before


def test_the_same_project_is_dealt_in_the_same_way(desk: Desk) -> None:
    """Once taken back and dealt again, everything is as before: nothing depends on chance or on ids of the moment."""
    more_reviewers(desk, "cem")
    some_articles(desk, 7)
    deal(desk)
    before = dealt(desk)
    desk.write(lambda: db.session.execute(db.delete(Assignment)))
    assert dealt(desk) == {}
    deal(desk)
    assert dealt(desk) == before


def test_who_adjudicates_an_article_never_reviews_it(desk: Desk) -> None:
    article_id = desk.article()
    other = desk.article("Another story altogether.")
    for name in ("ada", "ben"):
        desk.submit(name, article_id)
    settled = Answer(Outcome.EDIT, claim=desk.claim(article_id, "three towns", "unverified"))
    desk.write(lambda: adjudication.decide(desk.user("jo"), article_id, None, settled))
    desk.write(lambda: projects.add_member(desk.project(), desk.user("jo"), Role.REVIEWER))
    desk.write(lambda: projects.change(desk.project(), {"reviewers": 3}))
    report = deal(desk)
    assert dealt(desk) == {article_id: {"Ada", "Ben"}, other: {"Ada", "Ben", "Jo"}}
    assert [(each.id, each.missing, each.why) for each in report.short] == [(article_id, 1, (Lack.BEGUN,))]


def test_too_few_reviewers_are_reported_by_article(desk: Desk) -> None:
    desk.write(lambda: projects.change(desk.project(), {"reviewers": 3}))
    ids = some_articles(desk, 2)
    report = deal(desk)
    assert report.assigned == 4
    assert report.short == [Short(each, 1, (Lack.NOBODY,)) for each in ids]
    more_reviewers(desk, "cem")
    assert deal(desk) == AssignReport(2, [])


def test_a_disabled_person_is_given_nothing(desk: Desk) -> None:
    def disable() -> None:
        desk.user("ben").disabled_at = now()

    desk.write(disable)
    (article_id,) = some_articles(desk, 1)
    assert len(deal(desk).short) == 1
    assert dealt(desk) == {article_id: {"Ada"}}


def test_fewer_wanted_reviewers_take_nothing_away(desk: Desk) -> None:
    article_id = desk.article()
    desk.write(lambda: projects.change(desk.project(), {"reviewers": 1}))
    assert deal(desk) == AssignReport(0, [])
    assert dealt(desk) == {article_id: {"Ada", "Ben"}}
