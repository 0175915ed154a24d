"""In a blind project an adjudicator never learns a name before the article is finished: not by any page, call or export."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from annotator.db import db, transaction
from annotator.domain.claims import Relation
from annotator.models import Decision, MergeStrategy, Outcome, Role, User
from annotator.services import adjudication, adjudication_phase, links, projects, questions, rounds
from annotator.services.adjudication import Answer
from tests.support.desk import Desk
from tests.support.nonces import masked
from tests.support.people import Browser

PAGES = (
    "/",
    "/projects",
    "/projects/truce",
    "/projects/truce/articles",
    "/projects/truce/articles?q=truce",
    "/projects/truce/labels",
    "/projects/truce/guideline",
    "/projects/truce/export",
    "/articles/{article}",
    "/articles/{article}/adjudicate",
    "/articles/{article}/adjudicate?order=doubt",
    "/articles/{article}/adjudicate/fragment?question={question}",
    "/articles/{article}/adjudicate/agreed",
    "/articles/{article}/adjudicate/first-pass",
    "/claims/{claim}",
    "/claims/{gold}",
    "/claims/{claim}/history",
    "/claims/{gold}/history",
    "/api/v1/articles/{article}",
    "/api/v1/articles/{article}/annotations",
    "/api/v1/articles/{article}/questions",
    "/api/v1/articles/{article}/link-questions",
    "/articles/{article}/adjudicate?kind=links",
    "/api/v1/articles/{article}/first-pass",
    "/api/v1/annotations/{claim}",
    "/api/v1/projects/truce/articles",
    "/api/v1/projects/truce/links",
    *(
        f"/api/v1/projects/truce/export?layer={layer}&format=csv"
        for layer in ("gold", "annotations", "evidence", "links", "articles", "decisions", "dissent")
    ),
)

Look = Callable[[str], list[str]]


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app, merge_strategy=MergeStrategy.UNANIMOUS)


@pytest.fixture
def places(desk: Desk) -> dict[str, str]:
    """An article with questions of many kinds: one decided, one sent back and answered, one linked."""
    article = desk.article(title="The truce")
    ada = desk.mark("ada", article, "three towns", "unverified", reason="no-source")
    other = desk.mark("ada", article, "complete ceasefire", "sourced")
    desk.mark("ben", article, "three towns", "unverified", reason="no-source")
    desk.mark("ben", article, "a complete ceasefire", "disputed")
    desk.mark("ben", article, "separate incidents", "unverified")
    desk.write(
        lambda: links.create(desk.user("ada"), "truce", links.Proposal(ada, other, Relation.QUALIFIES, None, ""))
    )
    for name in ("ada", "ben"):
        desk.submit(name, article)
    with desk.app.app_context():
        views = {view.versions[0].exact: view for view in questions.questions(desk.user("jo"), article)}
    sent, taken = views["separate incidents"], views["a complete ceasefire"]

    def decide(question: questions.QuestionView, answer: Answer) -> Decision:
        return desk.write(lambda: adjudication.decide(desk.user("jo"), article, question.id, answer))

    back = decide(sent, Answer(Outcome.SEND_BACK, justification="Whose?"))
    desk.write(lambda: rounds.answer(desk.user("ben"), article, back.id, "Theirs."))
    gold = decide(taken, Answer(Outcome.ACCEPT, annotation=taken.versions[0].id)).gold_id
    return {"article": article, "question": str(sent.id), "claim": str(other), "gold": str(gold)}


@pytest.fixture
def look(desk: Desk, places: dict[str, str]) -> Look:
    """Everything that a person is sent, one text for each page."""

    def see(name: str) -> list[str]:
        browser = Browser(desk.app, desk.app.test_client()).sign_in(f"{name}@example.org")
        answers = [(page, browser.get(page.format(**places))) for page in PAGES]
        assert {answer.status_code for page, answer in answers if "first-pass" not in page} == {200}
        return masked(f"{page} {answer.headers} {answer.text}" for page, answer in answers)

    return see


def swap_names(desk: Desk) -> None:
    """Ada and Ben exchange their names; their ids, and all that they did, stay."""
    with desk.app.app_context(), transaction():
        for name, called in (("ada", "Ben"), ("ben", "Ada")):
            db.session.execute(update(User).where(User.id == desk.ids[name]).values(name=called))


def test_an_adjudicators_day_is_the_same_whoever_is_who(desk: Desk, look: Look) -> None:
    before = look("jo")
    swap_names(desk)
    for one, other in zip(before, look("jo"), strict=True):
        assert one == other


def test_no_name_is_told_at_all(look: Look) -> None:
    for page in look("jo"):
        assert "Ada" not in page, page[:200]
        assert "Ben" not in page, page[:200]


def test_the_comparison_would_see_a_name(desk: Desk, look: Look) -> None:
    """The positive control: a manager who adjudicates too sees names, so for them the two days differ."""
    desk.write(lambda: projects.add_member(desk.project(), desk.user("jo"), Role.MANAGER))
    before = look("jo")
    swap_names(desk)
    differing = sum(one != other for one, other in zip(before, look("jo"), strict=True))
    assert differing > len(PAGES) / 4


def _decided(desk: Desk, article: str, question: UUID, answer: Answer) -> Decision:
    return adjudication.decide(desk.user("jo"), article, question, answer)


def test_names_are_told_once_the_article_is_finished(desk: Desk, look: Look, places: dict[str, str]) -> None:
    article = places["article"]
    with desk.app.app_context():
        waiting = [view for view in questions.questions(desk.user("jo"), article) if view.is_open]
    for view in waiting:
        answer = Answer(Outcome.NOTHING_HERE, replaces=view.decision.id if view.decision else None)
        desk.write(partial(_decided, desk, article, view.id, answer))
    desk.write(lambda: adjudication_phase.finish(desk.user("jo"), article))
    told = {page.strip("'\"").split()[0]: page for page in look("jo")}
    for path in ("/articles/{article}/adjudicate", "/claims/{gold}/history", "/api/v1/articles/{article}/annotations"):
        assert "Ada" in told[path]
        assert "Ben" in told[path]
