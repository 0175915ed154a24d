"""What is suggested for a question: the votes, then what the model makes of them, and what is most in doubt."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.agreement.reviews import reviews_of
from annotator.services import questions
from annotator.services.label_suggestions import Suggestion, suggested_labels
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


def suggested(desk: Desk, article: str) -> list[Suggestion]:
    """The suggestions in the order of the text: "complete ceasefire", "shelling", "three towns"."""
    with desk.app.app_context():
        user = desk.user("jo")
        views = questions.questions(user, article)
        found = suggested_labels(user, desk.project(), views)
        return [found[view.id] for view in views]


def test_where_all_agree_their_label_is_suggested(desk):
    *_, agreed = suggested(desk, reviewed(desk))
    assert agreed.votes == (("unverified", 2),)
    assert agreed.unanimous
    assert agreed.label == "unverified"
    assert agreed.probability > 0.8


def test_where_they_differ_the_most_probable_is_suggested_and_looked_at_first(desk):
    differing, alone, agreed = suggested(desk, reviewed(desk))
    assert differing.votes == (("sourced", 1), ("disputed", 1))
    assert not differing.unanimous
    assert differing.label in {"sourced", "disputed"}
    assert differing.doubt > alone.doubt > agreed.doubt
    assert (differing.rank, alone.rank, agreed.rank) == (1, 2, 3)


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
    model = fit(of_articles(reviews, 3), coders)
    posterior = model.posterior({"ada": 0, "ben": 1})
    assert posterior[0] > 0.7 > posterior[1]
    assert model.questions == 60
    assert model.posterior({"somebody new": 2})[2] == max(model.posterior({"somebody new": 2}))


def test_the_model_is_kept_until_another_article_opens(desk):
    article = reviewed(desk)
    suggested(desk, article)
    with counted_statements(desk.app) as kept:
        again = suggested(desk, article)
    assert not [each for each in kept if each.startswith(("INSERT", "DELETE"))]
    before = again[0]
    for number in range(3):
        other = desk.article(f"{STORY} {number}")
        for name in ("ada", "ben"):
            desk.mark(name, other, "complete ceasefire", "sourced")
            desk.submit(name, other)
    assert suggested(desk, article)[0] != before


def test_an_article_in_which_nobody_marked_anything_has_none(desk):
    article = desk.article()
    for name in ("ada", "ben"):
        desk.submit(name, article)
    assert suggested(desk, article) == []
