"""A reviewer's reading: how far, how long, and that nothing else is touched by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from annotator.db import db
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import Assignment, AssignmentState, Event
from annotator.services import articles, reading, submission
from tests.support.desk import STORY, Desk, counted_statements

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def assignment(desk: Desk, article_id: str, name: str = "ada") -> Assignment:
    with desk.app.app_context():
        found = articles.get_for(desk.user(name), article_id).assignment
        assert found is not None
        return found


def report(desk: Desk, article_id: str, until: int = 0, seconds: int = 0, *, name: str = "ada") -> Assignment:
    return desk.write(lambda: reading.report(desk.user(name), article_id, until=until, seconds=seconds))


def test_the_furthest_place_counts(desk: Desk) -> None:
    article_id = desk.article()
    for until in (40, 90, 10):
        report(desk, article_id, until)
    assert assignment(desk, article_id).read_until == 90
    assert assignment(desk, article_id, "ben").read_until == 0


def test_beyond_the_text_nothing_can_be_read(desk: Desk) -> None:
    article_id = desk.article()
    report(desk, article_id, len(STORY))
    with pytest.raises(Invalid, match="after the last character"):
        report(desk, article_id, len(STORY) + 1)


def test_time_is_added_up_to_what_has_passed_since_the_last_report(desk: Desk) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        article_id = desk.article()
        clock.shift(timedelta(seconds=40))
        assert report(desk, article_id, seconds=30).active_seconds == 30
        clock.shift(timedelta(seconds=30))
        assert report(desk, article_id, seconds=30).active_seconds == 60
        # The same half minute in a second tab.
        assert report(desk, article_id, seconds=30).active_seconds == 60
        clock.shift(timedelta(seconds=10))
        assert report(desk, article_id, seconds=3_600).active_seconds == 70


def test_before_the_first_report_only_the_time_since_it_was_given_can_be_claimed(desk: Desk) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        article_id = desk.article()
        clock.shift(timedelta(seconds=20))
        assert report(desk, article_id, seconds=600).active_seconds == 20


def test_reading_writes_no_event_and_begins_nothing(desk: Desk) -> None:
    article_id = desk.article()
    with desk.app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Event))
    report(desk, article_id, len(STORY), 5)
    with desk.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Event)) == before
    found = assignment(desk, article_id)
    assert found.state is AssignmentState.NEW
    assert found.read_to_end_at is None, "to scroll to the end is not to say that one has read it"


def test_a_closed_assignment_takes_no_report(desk: Desk) -> None:
    article_id = desk.article()
    desk.submit("ada", article_id)
    with pytest.raises(Conflict, match="Reopen"):
        report(desk, article_id, 10, 5)


@pytest.mark.parametrize("name", ["sam", "jo", "mia"])
def test_who_does_not_review_the_article_finds_nothing(desk: Desk, name: str) -> None:
    article_id = desk.article()
    with pytest.raises(NotFound):
        report(desk, article_id, 10, 5, name=name)


def test_who_says_that_they_read_to_the_end_has_read_everything(desk: Desk) -> None:
    article_id = desk.article()
    desk.write(lambda: submission.mark_read(desk.user("ada"), article_id))
    assert assignment(desk, article_id).read_until == len(STORY)


def test_the_text_is_not_read_once_more_with_each_block(desk: Desk) -> None:
    article_id = desk.article()
    with counted_statements(desk.app) as statements, desk.app.app_context():
        version = articles.get_for(desk.user("mia"), article_id, blocks=True).version
        blocks = [version.text[block.start : block.end] for block in version.blocks]
    assert "\n\n".join(blocks) == STORY.strip()
    assert [statement.count("article_version.text") for statement in statements if "article_block" in statement] == [0]
