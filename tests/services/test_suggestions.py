"""Suggestions for one reviewer: what is open for them, putting one aside and bringing it back, on and off."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from annotator.db import db
from annotator.domain.preferences import Preferences
from annotator.domain.spans import Span
from annotator.errors import Conflict, NotFound
from annotator.models import Assignment, AssignmentState, DismissedSuggestion, Event, Role
from annotator.services import annotations as claims
from annotator.services import (
    articles,
    copies,
    copy_decisions,
    copy_finding,
    events,
    members,
    people,
    projects,
    suggestions,
)
from annotator.services.copy_decisions import Act
from tests.support.desk import STORY, Desk, counted_statements

FIRST, SECOND, THIRD = STORY.split("\n\n")
MOST_STATEMENTS = 10


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A project that offers suggestions, and Ada and Ben want them."""
    desk = Desk(app, suggestions=True)
    article_id = desk.article()
    for name in ("ada", "ben"):
        switch(desk, name, article_id, on=True)
    return desk


def switch(desk: Desk, name: str, article_id: str, *, on: bool) -> None:
    desk.write(lambda: suggestions.switch(desk.user(name), article_id, on=on))


def at(words: str, text: str = STORY) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def suggested(desk: Desk, name: str, article_id: str, text: str = STORY) -> list[str]:
    with desk.app.app_context():
        found = suggestions.look(desk.user(name), article_id)
        return [text[each.start : each.end] for each in found.suggestions]


def dismiss(desk: Desk, name: str, article_id: str, words: str) -> None:
    desk.write(lambda: suggestions.dismiss(desk.user(name), article_id, at(words)))


def restore(desk: Desk, name: str, article_id: str, words: str) -> None:
    desk.write(lambda: suggestions.restore(desk.user(name), article_id, at(words)))


def test_the_sentences_worth_a_look_are_suggested_with_their_why(desk: Desk) -> None:
    article_id = desk.article(STORY + "\n")
    assert suggested(desk, "ada", article_id) == [FIRST, SECOND, THIRD]
    with desk.app.app_context():
        found = suggestions.look(desk.user("ada"), article_id)
        assert [each.why for each in found.suggestions][1] == ("number", "quotation", "attribution")
        assert found.cues["quotation"] == (at('"except for one or two separate incidents."'),)


@pytest.mark.parametrize(("project", "person"), [(False, False), (False, True), (True, False)])
def test_both_the_project_and_the_person_must_want_them(app: Flask, project: bool, person: bool) -> None:
    desk = Desk(app, suggestions=True)
    article_id = desk.article()
    switch(desk, "ada", article_id, on=person)
    desk.write(lambda: projects.change(desk.project(), {"suggestions": project}))
    assert suggested(desk, "ada", article_id) == []
    with app.app_context():
        assert suggestions.look(desk.user("ada"), article_id).cues["attribution"]


def test_they_are_off_until_somebody_switches_them_on(app: Flask) -> None:
    desk = Desk(app)
    article_id = desk.article()
    with pytest.raises(Conflict, match="does not offer suggestions"):
        switch(desk, "ada", article_id, on=True)
    with app.app_context():
        assert not desk.project().suggestions
        assert not people.preferences_of(desk.user("ada")).suggestions


def test_the_switch_is_the_persons_own_and_keeps_their_other_choices(desk: Desk) -> None:
    article_id = desk.article(STORY + "\n")
    desk.write(lambda: people.set_preferences(desk.user("ada"), Preferences(single_keys=False)))
    switch(desk, "ada", article_id, on=True)
    with desk.app.app_context():
        assert people.preferences_of(desk.user("ada")).suggestions
        assert not people.preferences_of(desk.user("ada")).single_keys
    switch(desk, "ada", article_id, on=False)
    assert suggested(desk, "ada", article_id) == []
    assert len(suggested(desk, "ben", article_id)) == 3


def test_what_is_marked_is_not_suggested_and_comes_back_with_the_deletion(desk: Desk) -> None:
    article_id = desk.article(STORY + "\n")
    annotation_id = desk.mark("ada", article_id, "calm")
    desk.mark("ada", article_id, "ministry")
    assert suggested(desk, "ada", article_id) == [FIRST, THIRD]
    claim = "announced a complete ceasefire on Sunday.\n\nThe ministry said it"
    desk.mark("ada", article_id, claim)
    assert suggested(desk, "ada", article_id) == [THIRD]
    desk.write(lambda: claims.delete(desk.user("ada"), annotation_id, if_version=1))
    assert suggested(desk, "ada", article_id) == [THIRD]


def test_what_others_do_changes_nothing(desk: Desk) -> None:
    article_id = desk.article(STORY + "\n")
    before = suggested(desk, "ada", article_id)
    desk.mark("ben", article_id, "complete ceasefire")
    dismiss(desk, "ben", article_id, SECOND)
    assert suggested(desk, "ben", article_id) == [THIRD]
    assert suggested(desk, "ada", article_id) == before


def test_a_dismissed_one_is_gone_until_it_is_brought_back_and_both_are_on_record(desk: Desk) -> None:
    article_id = desk.article(STORY + "\n")
    for _ in range(2):
        dismiss(desk, "ada", article_id, SECOND)
    assert suggested(desk, "ada", article_id) == [FIRST, THIRD]
    for _ in range(2):
        restore(desk, "ada", article_id, SECOND)
    assert suggested(desk, "ada", article_id) == [FIRST, SECOND, THIRD]
    with desk.app.app_context():
        recorded = db.session.scalars(
            select(Event).where(Event.chain == article_id, Event.action.like("suggestion.%")).order_by(Event.seq)
        ).all()
        span: dict[str, Any] = at(SECOND)._asdict()
        assert [(each.action, json.loads(each.payload)) for each in recorded] == [
            ("suggestion.dismiss", span),
            ("suggestion.restore", span),
        ]
        assert recorded[0].user_id == desk.ids["ada"]
        assert list(events.check()) == []


def test_putting_aside_does_not_begin_the_review(desk: Desk) -> None:
    article_id = desk.article(STORY + "\n")
    dismiss(desk, "ada", article_id, SECOND)
    with desk.app.app_context():
        states = db.session.scalars(select(Assignment.state).where(Assignment.article_id == article_id)).all()
        assert set(states) == {AssignmentState.NEW}


@pytest.mark.parametrize("span", [Span(0, 1), Span(0, 10_000), Span(1, 59), Span(0, 10**9), Span(10_000, 10_001)])
def test_only_what_is_suggested_can_be_put_aside(desk: Desk, span: Span) -> None:
    article_id = desk.article(STORY + "\n")
    with pytest.raises(NotFound, match="Nothing is suggested there"):
        desk.write(lambda: suggestions.dismiss(desk.user("ada"), article_id, span))
    desk.write(lambda: suggestions.restore(desk.user("ada"), article_id, span))
    with desk.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(DismissedSuggestion)) == 0


def test_a_closed_article_is_left_as_it_is(desk: Desk) -> None:
    article_id = desk.article(STORY + "\n")
    dismiss(desk, "ada", article_id, FIRST)
    desk.submit("ada", article_id)
    for act in (dismiss, restore):
        with pytest.raises(Conflict):
            act(desk, "ada", article_id, FIRST)
    assert suggested(desk, "ada", article_id) == [SECOND, THIRD]


@pytest.mark.parametrize("name", ["jo", "mia", "sam"])
def test_whoever_does_not_review_the_article_finds_nothing(desk: Desk, name: str) -> None:
    article_id = desk.article(STORY + "\n")
    with desk.app.app_context(), pytest.raises(NotFound):
        suggestions.look(desk.user(name), article_id)
    for act in (dismiss, restore):
        with pytest.raises(NotFound):
            act(desk, name, article_id, FIRST)
    with pytest.raises(NotFound):
        switch(desk, name, article_id, on=True)


def test_without_the_role_nothing_is_put_aside(desk: Desk) -> None:
    article_id = desk.article(STORY + "\n")
    desk.write(lambda: members.remove(desk.project(), desk.ids["ada"], Role.REVIEWER))
    with pytest.raises(NotFound):
        dismiss(desk, "ada", article_id, FIRST)


def test_the_look_asks_the_same_few_questions_whatever_there_is(desk: Desk) -> None:
    text = "\n\n".join(f"The mayor said that {number} people came." for number in range(300))
    short, long = desk.article(STORY + "\n"), desk.article(text)
    for number in range(0, 300, 2):
        desk.mark("ada", long, f"that {number} people")
    for article_id, expected in ((short, 3), (long, 150)):
        with counted_statements(desk.app) as first:
            suggested(desk, "ada", article_id, text if article_id == long else STORY)
        with counted_statements(desk.app) as again:
            assert len(suggested(desk, "ada", article_id, text if article_id == long else STORY)) == expected
        assert len(again) < len(first) <= MOST_STATEMENTS


def copies_of_one_text(desk: Desk, *texts: str) -> list[str]:
    ids = [desk.article(text, publisher=f"Paper {n}") for n, text in enumerate(texts, 1)]
    with desk.app.app_context():
        copy_finding.find(desk.project())
    return ids


WIRE = (
    "The ministry said on Sunday that the ceasefire in the province was holding in all of the towns.\n\n"
    "Two lorries with food reached the camps at the border, where many thousands wait for the winter to end.\n\n"
    "Nobody could say who would keep the road open."
)
EDITED = f"Another headline\n\n{WIRE.replace('on Sunday ', '').replace('the winter', 'this winter')}\n\nMore soon."


def why(desk: Desk, name: str, article_id: str) -> dict[str, str]:
    with desk.app.app_context():
        found = suggestions.look(desk.user(name), article_id)
        text = articles.get_for(desk.user(name), article_id).version.text
        return {text[each.start : each.end]: each.why[0] for each in found.suggestions}


def test_what_a_person_marked_in_a_copy_is_offered_to_them_and_to_nobody_else(desk: Desk) -> None:
    first, second = copies_of_one_text(desk, WIRE, EDITED)
    before = {name: why(desk, name, second) for name in ("ada", "ben")}
    desk.mark("ada", first, "the ceasefire in the province was holding", "disputed")
    desk.mark("ada", first, "on Sunday")
    offered = why(desk, "ada", second)
    assert offered["the ceasefire in the province was holding"] == "you marked this in the copy by Paper 1"
    assert not any("Sunday" in words for words in offered)
    assert why(desk, "ben", second) == before["ben"]
    dismiss_in = at("the ceasefire in the province was holding", EDITED)
    desk.write(lambda: suggestions.dismiss(desk.user("ada"), second, dismiss_in))
    assert "the ceasefire in the province was holding" not in why(desk, "ada", second)
    desk.write(lambda: suggestions.restore(desk.user("ada"), second, dismiss_in))
    assert why(desk, "ada", second) == offered
    with pytest.raises(NotFound):
        desk.write(lambda: suggestions.dismiss(desk.user("ben"), second, dismiss_in))
    desk.mark("ada", second, "ceasefire in the province was holding", "disputed")
    assert "the ceasefire in the province was holding" not in why(desk, "ada", second)


def test_nothing_is_offered_of_what_somebody_rejected_as_a_copy(desk: Desk) -> None:
    first, second = copies_of_one_text(desk, WIRE, EDITED)
    desk.mark("ada", first, "Two lorries with food reached the camps", "disputed")
    assert "Two lorries with food reached the camps" in why(desk, "ada", second)

    def reject() -> None:
        [group] = copies.every_group(desk.project().id)
        copy_decisions.decide(desk.user("jo"), desk.slug, group.id, Act.REJECT)

    desk.write(reject)
    assert "Two lorries with food reached the camps" not in why(desk, "ada", second)


def test_own_marks_are_offered_where_the_project_suggests_nothing_until_the_person_wants_none(app: Flask) -> None:
    desk = Desk(app, suggestions=False)
    first, second = copies_of_one_text(desk, WIRE, EDITED)
    desk.mark("ada", first, "Two lorries with food reached the camps", "disputed")
    desk.mark("ada", first, "Nobody could say", "disputed")
    assert list(why(desk, "ada", second)) == ["Two lorries with food reached the camps", "Nobody could say"]
    desk.write(lambda: suggestions.dismiss(desk.user("ada"), second, at("Nobody could say", EDITED)))
    assert list(why(desk, "ada", second)) == ["Two lorries with food reached the camps"]
    with pytest.raises(Conflict):
        desk.write(lambda: suggestions.dismiss(desk.user("ada"), second, at("More soon", EDITED)))
    desk.write(lambda: suggestions.switch_offers(desk.user("ada"), second, on=False))
    assert why(desk, "ada", second) == {}
