"""The first pass by the project's rule: what it would take is shown first, and what it decides says so."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from annotator.db import db, transaction
from annotator.domain.decisions import Reason
from annotator.domain.merging import Left
from annotator.errors import Conflict, Forbidden, Invalid, NotFound
from annotator.models import Decision, MergeStrategy, Outcome, Role, User
from annotator.services import adjudication, adjudication_phase, datasets, events, first_pass, projects
from annotator.services.adjudication import Answer
from annotator.services.questions import questions
from tests.support.desk import Desk

MakeDesk = Callable[..., Desk]
FOUR = ("ada", "ben", "cleo", "dov")


@pytest.fixture
def make_desk(app: Flask) -> MakeDesk:
    """A project with four reviewers and a rule."""

    def make(strategy: MergeStrategy, threshold: float = 0.75) -> Desk:
        desk = Desk(app, reviewers=4, merge_strategy=strategy, merge_threshold=threshold)
        for name in FOUR[2:]:
            with app.app_context(), transaction():
                user = User(email=f"{name}@example.org", name=name.title())
                db.session.add(user)
                db.session.flush()
                projects.add_member(desk.project(), user, Role.REVIEWER)
                desk.ids[name] = user.id
        return desk

    return make


def marked(desk: Desk) -> str:
    """All agree on the towns; three of four on the ceasefire; two against two on the incidents; one marks the ministry."""
    article = desk.article()
    for name in FOUR:
        desk.mark(name, article, "three towns", "unverified", reason="no-source")
        desk.mark(name, article, "complete ceasefire", "disputed" if name == "dov" else "sourced")
        desk.mark(name, article, "separate incidents", "sourced" if name in {"ada", "ben"} else "disputed")
    desk.mark("ada", article, "The ministry", "sourced")
    for name in FOUR:
        desk.submit(name, article)
    return article


def preview(desk: Desk, article: str) -> tuple[list[str], dict[str, Left | None]]:
    with desk.app.app_context():
        found = first_pass.preview(desk.user("jo"), article)
        taken = [each.taken.exact for each in found.settled if each.taken]
        return taken, {each.view.versions[0].exact: each.merge.left for each in found.left}


def apply(desk: Desk, article: str, **given: Any) -> list[Decision]:
    return desk.write(lambda: first_pass.apply(desk.user("jo"), article, **given))


def decided(desk: Desk, article: str, question: UUID, answer: Answer) -> Decision:
    return adjudication.decide(desk.user("jo"), article, question, answer)


def _called(work: Callable[..., object], desk: Desk, name: str, article: str) -> object:
    return work(desk.user(name), article)


def open_questions(desk: Desk, article: str) -> list[str]:
    with desk.app.app_context():
        return [view.versions[0].exact for view in questions(desk.user("jo"), article) if view.is_open]


def test_the_preview_says_what_is_taken_and_why_the_rest_is_left(make_desk: MakeDesk) -> None:
    desk = make_desk(MergeStrategy.MAJORITY)
    article = marked(desk)
    assert preview(desk, article) == (
        ["complete ceasefire", "three towns"],
        {"The ministry": Left.TOO_FEW, "separate incidents": Left.TIED},
    )
    with desk.app.app_context():
        assert db.session.scalars(db.select(Decision)).all() == [], "looking decides nothing"


def test_every_decision_of_the_rule_says_so_and_can_be_undone(make_desk: MakeDesk) -> None:
    desk = make_desk(MergeStrategy.MAJORITY)
    article = marked(desk)
    made = apply(desk, article)
    assert [(each.outcome, each.rule, each.justification, each.reasons) for each in made] == [
        (Outcome.ACCEPT, "majority:0.75", "", [])
    ] * 2
    assert open_questions(desk, article) == ["The ministry", "separate incidents"]
    desk.write(lambda: adjudication.undo(desk.user("jo"), made[0].id))
    assert open_questions(desk, article) == ["complete ceasefire", "The ministry", "separate incidents"]
    with desk.app.app_context():
        assert list(events.check()) == []


def test_only_what_was_looked_at_is_settled(make_desk: MakeDesk) -> None:
    desk = make_desk(MergeStrategy.MAJORITY)
    article = marked(desk)
    with desk.app.app_context():
        ceasefire, towns = first_pass.preview(desk.user("jo"), article).settled
    assert ceasefire.taken is not None
    assert towns.taken is not None
    assert apply(desk, article, among={}) == []
    assert apply(desk, article, among={ceasefire.view.id: towns.taken.id}) == [], "another claim was shown"
    (made,) = apply(desk, article, among={ceasefire.view.id: ceasefire.taken.id})
    assert made.question == ceasefire.view.id


def test_unanimity_takes_only_what_all_agree_on(make_desk: MakeDesk) -> None:
    desk = make_desk(MergeStrategy.UNANIMOUS)
    article = marked(desk)
    taken, left = preview(desk, article)
    assert taken == ["three towns"]
    assert set(left.values()) == {Left.DIFFERS}
    assert [each.rule for each in apply(desk, article)] == ["unanimous"]


def test_what_a_person_said_is_never_overruled(make_desk: MakeDesk) -> None:
    desk = make_desk(MergeStrategy.MAJORITY)
    article = marked(desk)
    with desk.app.app_context():
        by_words = {view.versions[0].exact: view.id for view in questions(desk.user("jo"), article)}
    ask = Answer(Outcome.SEND_BACK, justification="Whose?")
    for words, answer in (("complete ceasefire", ask), ("three towns", Answer(Outcome.NOTHING_HERE))):
        desk.write(partial(decided, desk, article, by_words[words], answer))
    assert preview(desk, article)[0] == []
    assert apply(desk, article) == []


def test_without_a_rule_there_is_no_first_pass(app: Flask) -> None:
    desk = Desk(app)
    article = desk.article()
    desk.submit("ada", article)
    desk.submit("ben", article)
    with app.app_context(), pytest.raises(Conflict, match="no question by rule"):
        first_pass.preview(desk.user("jo"), article)


@pytest.mark.parametrize(("name", "error"), [("mia", Forbidden), ("ada", Forbidden), ("sam", NotFound)])
def test_others_may_not_look_nor_apply(make_desk: MakeDesk, name: str, error: type[Exception]) -> None:
    desk = make_desk(MergeStrategy.MAJORITY)
    article = marked(desk)
    for work in (first_pass.preview, first_pass.apply):
        with pytest.raises(error):
            desk.write(partial(_called, work, desk, name, article))


def test_the_export_says_in_words_what_decided(make_desk: MakeDesk) -> None:
    desk = make_desk(MergeStrategy.UNANIMOUS)
    article = marked(desk)
    apply(desk, article)
    for words in open_questions(desk, article):
        with desk.app.app_context():
            question = next(v.id for v in questions(desk.user("jo"), article) if v.versions[0].exact == words)
        answer = Answer(Outcome.NOTHING_HERE, reasons=[Reason.OVERSIGHT], justification="Slip.")
        desk.write(partial(decided, desk, article, question, answer))
    desk.write(lambda: adjudication_phase.finish(desk.user("jo"), article))
    with desk.app.app_context(), datasets.open_table(desk.project(), "decisions") as table:
        column = list(table.columns).index("justification")
        written = [row[column] for row in table.rows]
    assert written[0] == "by rule: all reviewers agree"
    assert set(written[1:]) == {"oversight: Slip."}


@pytest.mark.parametrize("threshold", [0.49, 1.01])
def test_a_threshold_is_a_share_of_at_least_half(app: Flask, threshold: float) -> None:
    desk = Desk(app)
    with pytest.raises(Invalid, match="no majority"):
        desk.write(lambda: projects.change(desk.project(), {"merge_threshold": threshold}))
