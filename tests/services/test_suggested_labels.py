"""What the votes suggest: what all say, else what is most probable; and the questions in the order of doubt."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.db import db, transaction
from annotator.models import Role, User
from annotator.services import projects, suggested_labels
from annotator.services.questions import QuestionView, views_of
from annotator.services.suggested_labels import Doubt
from tests.support.desk import Desk

THREE = ("ada", "ben", "cleo")


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A project with three reviewers."""
    desk = Desk(app, reviewers=3)
    with app.app_context(), transaction():
        user = User(email="cleo@example.org", name="Cleo")
        db.session.add(user)
        db.session.flush()
        projects.add_member(desk.project(), user, Role.REVIEWER)
        desk.ids["cleo"] = user.id
    return desk


def suggested(desk: Desk, **labels: str) -> tuple[dict[str, QuestionView], Doubt]:
    """Questions on these words ("_" for a blank), labelled so by Ada, Ben and Cleo ("-" for not marked)."""
    article = desk.article()
    for words, given in labels.items():
        for name, label in zip(THREE, given.split(), strict=True):
            if label != "-":
                desk.mark(name, article, words.replace("_", " "), label)
    for name in THREE:
        desk.submit(name, article)
    with desk.app.app_context():
        views = views_of(article)
        doubt = suggested_labels.of_questions(desk.user("jo"), desk.project(), views)
        return {view.versions[0].exact.replace(" ", "_"): view for view in views}, doubt


def test_what_all_say_is_suggested_as_that(desk: Desk) -> None:
    views, doubt = suggested(desk, three_towns="disputed disputed disputed", shelling="sourced - -")
    towns, shelling = doubt.suggestions[views["three_towns"].id], doubt.suggestions[views["shelling"].id]
    assert (towns.label.key, towns.unanimous, towns.voters) == ("disputed", True, 3)
    assert (shelling.label.key, shelling.unanimous, shelling.voters) == ("sourced", True, 1)


def test_else_the_most_probable_with_its_probability(desk: Desk) -> None:
    views, doubt = suggested(
        desk,
        three_towns="disputed disputed sourced",
        shelling="sourced sourced sourced",
        calm="disputed disputed disputed",
    )
    found = doubt.suggestions[views["three_towns"].id]
    assert (found.label.key, found.unanimous) == ("disputed", False)
    assert 0.5 < found.probability < 1


def test_the_most_doubtful_come_first(desk: Desk) -> None:
    views, doubt = suggested(
        desk,
        three_towns="sourced sourced sourced",
        shelling="sourced disputed unverified",
        calm="disputed disputed sourced",
    )
    words = {view.id: exact for exact, view in views.items()}
    assert [words[each] for each in doubt.order] == ["shelling", "calm", "three_towns"]


def test_without_a_vote_there_is_nothing_to_suggest(desk: Desk) -> None:
    _, doubt = suggested(desk)
    assert (doubt.suggestions, doubt.order) == ({}, [])
