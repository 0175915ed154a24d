"""The model of a project's labels: what it suggests, and when it is fitted anew."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.agreement.reviews import reviews_of
from annotator.services import questions, suggested_labels
from annotator.services.suggested_labels import Suggestion
from tests.support.desk import STORY, Desk, counted_statements


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def reviewed(desk: Desk, text: str = STORY) -> str:
    """Both agree on one claim, differ on another, and Ben alone marks a third."""
    article = desk.article(text)
    for name, label in (("ada", "sourced"), ("ben", "disputed")):
        desk.mark(name, article, "complete ceasefire", label)
        desk.mark(name, article, "three towns", "unverified")
    desk.mark("ben", article, "shelling", "sourced")
    for name in ("ada", "ben"):
        desk.submit(name, article)
    return article


def suggested(desk: Desk, article: str) -> tuple[list[Suggestion], list[int]]:
    """The suggestions for "complete ceasefire", "shelling" and "three towns", and their places in the order of doubt."""
    with desk.app.app_context():
        user = desk.user("jo")
        views = questions.questions(user, article)
        doubt = suggested_labels.of_questions(user, desk.project(), views)
        return [doubt.suggestions[view.id] for view in views], [doubt.order.index(view.id) for view in views]


def test_where_all_agree_their_label_is_suggested(desk):
    (*_, agreed), _ = suggested(desk, reviewed(desk))
    assert agreed.unanimous
    assert agreed.label.key == "unverified"
    assert agreed.probability > 0.8


def test_where_they_differ_the_most_probable_is_suggested_and_looked_at_first(desk):
    (differing, alone, agreed), places = suggested(desk, reviewed(desk))
    assert not differing.unanimous
    assert differing.label.key in {"sourced", "disputed"}
    assert differing.probability < alone.probability < agreed.probability
    assert (differing.voters, alone.voters) == (2, 1)
    assert places == [0, 1, 2]


def test_who_is_reliable_weighs_more_where_two_differ():
    from annotator.agreement.model import fit
    from annotator.agreement.reviews import Coded
    from annotator.agreement.sums import of_articles

    # Ada and Cyd always say the same; Ben every other time something else.
    marked = {
        name: [
            Coded(f"{name}{at}", name, 10 * at, 10 * at + 8, (at + (at % 2 if name == "ben" else 0)) % 3)
            for at in range(60)
        ]
        for name in ("ada", "ben", "cyd")
    }
    reviews, coders = reviews_of([(700, marked)])
    model = fit(of_articles(reviews, 3), coders, "xyz")
    posterior = model.posterior({"ada": "x", "ben": "y"})
    assert posterior["x"] > 0.7 > posterior["y"]
    assert model.questions == 60
    unknown = model.posterior({"somebody new": "z"})
    assert unknown["z"] == max(unknown.values())


def test_the_model_is_kept_until_another_article_opens(desk):
    article = reviewed(desk)
    suggested(desk, article)
    with counted_statements(desk.app) as kept:
        again = suggested(desk, article)
    assert not [each for each in kept if each.startswith(("INSERT", "DELETE"))]
    before = again[0][0]
    for number in range(3):
        other = desk.article(f"{STORY} {number}")
        for name in ("ada", "ben"):
            desk.mark(name, other, "complete ceasefire", "sourced")
            desk.submit(name, other)
    assert suggested(desk, article)[0][0] != before


def test_an_article_in_which_nobody_marked_anything_has_none(desk):
    article = desk.article()
    for name in ("ada", "ben"):
        desk.submit(name, article)
    assert suggested(desk, article) == ([], [])
