"""The labels of a project: keys that stay, and claims that outlive the retirement of their label."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import Event, Label
from annotator.services import annotations as claims_service
from annotator.services import labels, projects
from annotator.services.labels import LabelFacts
from tests.support.desk import Desk

OPINION = LabelFacts(
    name="Opinion",
    definition="Nobody could check it.",
    tone=5,
    needs_speaker=True,
    needs_reason=False,
    stances=["supports"],
    reasons=[("forecast", "It speaks of what is to come.")],
)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def add(desk: Desk, key: str = "opinion", facts: LabelFacts = OPINION) -> None:
    desk.write(lambda: labels.add(desk.project(), key, facts, by=desk.user("mia")))


def act(desk: Desk, key: str, what: Any) -> None:
    desk.write(lambda: what(labels.get(desk.project(), key), by=desk.user("mia")))


def keys(desk: Desk, *, retired: bool = True) -> list[str]:
    with desk.app.app_context():
        return [label.key for label in projects.labels_of(desk.project(), retired=retired)]


def events_of(desk: Desk) -> list[str]:
    with desk.app.app_context():
        return sorted(db.session.scalars(select(Event.action).where(Event.action.like("label.%"))))


def test_a_new_label_comes_last_with_all_that_was_said_of_it(desk: Desk) -> None:
    add(desk)
    assert keys(desk) == ["sourced", "disputed", "unverified", "opinion"]
    with desk.app.app_context():
        label = labels.get(desk.project(), "opinion")
        assert (label.name, label.tone, label.needs_speaker, label.needs_reason) == ("Opinion", 5, True, False)
        assert (label.stances, label.reasons) == (
            ["supports"],
            [{"key": "forecast", "help": "It speaks of what is to come."}],
        )
    assert events_of(desk) == ["label.add"]


@pytest.mark.parametrize("key", ["", "Opinion", "o pinion", "-opinion", "opinion-", "ö", "a" * 33, "../x", "a\n"])
def test_a_key_of_other_characters_is_refused_at_its_field(desk: Desk, key: str) -> None:
    with pytest.raises(Invalid) as caught:
        add(desk, key)
    assert [problem.field for problem in caught.value.problems] == ["key"]
    assert len(keys(desk)) == 3


@pytest.mark.parametrize("name", ["", "   ", "\t"])
def test_a_label_needs_a_name(desk: Desk, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        add(desk, facts=replace(OPINION, name=name))
    assert [problem.field for problem in caught.value.problems] == ["name"]
    with pytest.raises(Invalid):
        desk.write(
            lambda: labels.change(
                labels.get(desk.project(), "sourced"), replace(OPINION, name=name), by=desk.user("mia")
            )
        )


def test_a_key_is_never_used_twice_not_even_that_of_a_retired_label(desk: Desk) -> None:
    act(desk, "sourced", labels.retire)
    with pytest.raises(Conflict, match="sourced"):
        add(desk, "sourced")


def test_changing_a_label_leaves_its_key_and_its_claims(desk: Desk) -> None:
    article_id = desk.article()
    annotation_id = desk.mark("ada", article_id, "complete ceasefire", "sourced")
    desk.write(lambda: labels.change(labels.get(desk.project(), "sourced"), OPINION, by=desk.user("mia")))
    assert keys(desk) == ["sourced", "disputed", "unverified"]
    with desk.app.app_context():
        label = labels.get(desk.project(), "sourced")
        assert label.name == "Opinion"
        assert desk.stored(annotation_id).label_id == label.id


def test_a_retired_label_keeps_its_claims_and_can_come_back(desk: Desk) -> None:
    article_id = desk.article()
    annotation_id = desk.mark("ada", article_id, "complete ceasefire", "disputed")
    act(desk, "disputed", labels.retire)
    act(desk, "disputed", labels.retire)
    assert keys(desk, retired=False) == ["sourced", "unverified"]
    with desk.app.app_context():
        disputed = labels.get(desk.project(), "disputed")
        assert desk.stored(annotation_id).label_id == disputed.id
        assert labels.uses(desk.project()) == {disputed.id: 1}
    with pytest.raises(Invalid):
        desk.mark("ada", article_id, "three towns", "disputed")
    act(desk, "disputed", labels.restore)
    desk.mark("ada", article_id, "three towns", "disputed")
    assert events_of(desk) == ["label.restore", "label.retire"]


def test_the_last_label_in_use_cannot_be_retired(desk: Desk) -> None:
    act(desk, "sourced", labels.retire)
    act(desk, "disputed", labels.retire)
    with pytest.raises(Conflict, match="last label"):
        act(desk, "unverified", labels.retire)
    assert keys(desk, retired=False) == ["unverified"]


def test_a_label_moves_up_one_place_and_the_first_stays(desk: Desk) -> None:
    def up(key: str) -> None:
        desk.write(lambda: labels.move_up(desk.project(), labels.get(desk.project(), key), by=desk.user("mia")))

    up("unverified")
    assert keys(desk) == ["sourced", "unverified", "disputed"]
    up("unverified")
    up("unverified")
    assert keys(desk) == ["unverified", "sourced", "disputed"]


def test_deleted_claims_are_not_counted(desk: Desk) -> None:
    article_id = desk.article()
    annotation_id = desk.mark("ada", article_id, "complete ceasefire")
    desk.write(lambda: claims_service.delete(desk.user("ada"), annotation_id, if_version=1))
    with desk.app.app_context():
        assert labels.uses(desk.project()) == {}


def test_a_label_of_another_project_is_not_found(desk: Desk) -> None:
    def look() -> Label:
        return labels.get(projects.create("other", "Other"), "opinion")

    add(desk)
    with pytest.raises(NotFound):
        desk.write(look)


def test_reasons_are_read_from_lines_and_written_as_lines() -> None:
    text = "document: A document in hand.\n\n  no-source :  Nobody: is named.  \nbare"
    reasons = labels.reasons_from(text)
    assert reasons == [("document", "A document in hand."), ("no-source", "Nobody: is named."), ("bare", "")]
    as_stored = [{"key": key, "help": words} for key, words in reasons]
    assert labels.reasons_from(labels.reasons_as_text(as_stored)) == reasons


@pytest.mark.parametrize(("text", "line"), [("ok: x\nNot a key: y", 2), (": y", 1), ("a: 1\nb: 2\na: 3", 3)])
def test_a_line_that_is_no_reason_is_named(text: str, line: int) -> None:
    with pytest.raises(Invalid, match=f"Line {line}:") as caught:
        labels.reasons_from(text)
    assert caught.value.problems[0].field == "reasons"
