"""A corrected article: which work goes on to it, what becomes of its claims, and that nothing of two texts is compared."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db
from annotator.domain.claims import Doubt
from annotator.domain.spans import Span
from annotator.domain.text import plain_blocks
from annotator.errors import Conflict, Forbidden, Invalid, NotFound
from annotator.formats.records import ArticleRecord
from annotator.models import ArticleVersion, Assignment, Outcome
from annotator.services import (
    adjudication,
    adjudication_phase,
    articles,
    checks,
    corrected_claims,
    datasets,
    giving,
    history,
    openness,
    questions,
    search,
    submission,
    versions,
)
from annotator.services import annotations as claims
from annotator.services.adjudication import Answer
from tests.support.desk import STORY, Desk

MENDED = "Editor's note: this story was corrected.\n\n" + STORY.replace("three towns", "four towns")


def correct(desk: Desk, article: str, text: str = MENDED, *, by: str = "mia", **more: Any) -> versions.Corrected:
    record = ArticleRecord(text, plain_blocks(text), hashlib.sha256(text.encode()).hexdigest())
    return desk.write(lambda: versions.add(desk.user(by), article, record, **more))


def review(desk: Desk, name: str, article: str) -> Assignment:
    with desk.app.app_context():
        return db.session.scalars(
            select(Assignment).where(Assignment.article_id == article, Assignment.user_id == desk.ids[name])
        ).one()


def number_of(desk: Desk, work: Assignment) -> int:
    with desk.app.app_context():
        return db.session.get_one(ArticleVersion, work.version_id).number


def waiting(desk: Desk, name: str, article: str) -> list[corrected_claims.Waiting]:
    with desk.app.app_context():
        return corrected_claims.waiting_of(review(desk, name, article))


def place(desk: Desk, name: str, article: str, claim: UUID, span: Span) -> None:
    desk.write(lambda: corrected_claims.place(desk.user(name), article, claim, span))


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def article(desk: Desk) -> str:
    return desk.article(title="Truce", url="https://example.org/truce")


def no_findings(desk: Desk) -> bool:
    with desk.app.app_context():
        return [str(each) for each in checks.findings()] == []


def test_open_work_goes_on_with_the_claims_that_are_certain(desk: Desk, article: str) -> None:
    kept = desk.mark("ada", article, "a complete ceasefire", note="Both.")
    changed = desk.mark("ada", article, "shelling in three towns", "disputed", reason="contradicted")
    done = correct(desk, article)
    assert (done.new, done.version.number, done.moved, done.staying) == (True, 2, 2, 0)
    assert (done.version.title, done.version.url) == ("Truce", "https://example.org/truce")
    one = desk.stored(kept)
    assert MENDED[one.start : one.end] == one.exact == "a complete ceasefire"
    assert (one.version, one.note, one.deleted_at) == (2, "Both.", None)
    (wait,) = waiting(desk, "ada", article)
    assert (wait.annotation.id, wait.doubt, wait.number) == (changed, Doubt.CHANGED, 1)
    assert wait.before.exact == "shelling in three towns"
    assert wait.proposal is not None
    assert MENDED[slice(*wait.proposal)] == "shelling in four towns"
    assert desk.stored(changed).deleted_at is not None
    assert no_findings(desk)


def test_a_claim_is_put_in_its_place_with_all_that_it_says(desk: Desk, article: str) -> None:
    claim = desk.mark("ada", article, "shelling in three towns", "disputed", reason="contradicted", note="Who?")
    correct(desk, article)
    (wait,) = waiting(desk, "ada", article)
    assert wait.proposal is not None
    with pytest.raises(Conflict, match="must be given a place"):
        desk.submit("ada", article)
    with pytest.raises(NotFound):
        place(desk, "ben", article, claim, wait.proposal)
    with pytest.raises(Invalid):
        place(desk, "ada", article, claim, Span(5, 5_000))
    place(desk, "ada", article, claim, wait.proposal)
    stored = desk.stored(claim)
    assert (stored.exact, stored.reason, stored.note, stored.deleted_at) == (
        "shelling in four towns",
        "contradicted",
        "Who?",
        None,
    )
    assert waiting(desk, "ada", article) == []
    with desk.app.app_context():
        steps = history.of(desk.user("ada"), claim).steps
    assert [(step.version, step.deleted, step.brought_back) for step in steps] == [
        (1, False, False),
        (2, True, False),
        (3, False, True),
    ]
    desk.submit("ada", article)
    assert no_findings(desk)


def test_a_dropped_claim_stays_deleted(desk: Desk, article: str) -> None:
    claim = desk.mark("ada", article, "shelling in three towns")
    correct(desk, article)
    desk.write(lambda: corrected_claims.drop(desk.user("ada"), article, claim))
    assert desk.stored(claim).deleted_at is not None
    with pytest.raises(NotFound):
        place(desk, "ada", article, claim, Span(0, 5))
    desk.submit("ada", article)
    assert no_findings(desk)


def test_what_waits_gets_a_new_proposal_with_the_next_correction(desk: Desk, article: str) -> None:
    claim = desk.mark("ada", article, "shelling in three towns")
    correct(desk, article)
    third = f"A line before it.\n\n{MENDED}"
    correct(desk, article, third)
    (wait,) = waiting(desk, "ada", article)
    assert (wait.annotation.id, wait.number) == (claim, 1)
    assert wait.proposal is not None
    assert third[slice(*wait.proposal)] == "shelling in four towns"
    # The words of the first text come back: to attach the claim again is still its reviewer's to say.
    correct(desk, article, STORY)
    (wait,) = waiting(desk, "ada", article)
    assert wait.proposal is not None
    assert STORY[slice(*wait.proposal)] == "shelling in three towns"
    assert no_findings(desk)


def test_submitted_work_stays_until_a_manager_asks(desk: Desk, article: str) -> None:
    claim = desk.mark("ada", article, "a complete ceasefire")
    desk.mark("ben", article, "a complete ceasefire")
    desk.submit("ada", article)
    done = correct(desk, article)
    assert (done.moved, done.staying) == (1, 1)
    assert [number_of(desk, review(desk, name, article)) for name in ("ada", "ben")] == [1, 2]
    assert desk.stored(claim).version == 1
    desk.submit("ben", article)
    # Both have submitted, on two texts: nothing of it is compared.
    with desk.app.app_context():
        assert not openness.is_open(article, 2)
        assert article not in db.session.scalars(openness.opened(desk.project())).all()
        with pytest.raises(Conflict):
            questions.questions(desk.user("jo"), article)
        assert [each.assignment.user.name for each in claims.list_for(desk.user("ben"), article)] == ["Ben"]
    with pytest.raises(Forbidden):
        desk.write(lambda: versions.look_again(desk.user("ada"), article))
    assert desk.write(lambda: versions.look_again(desk.user("mia"), article)).moved == 1
    assert review(desk, "ada", article).submitted_at is None
    desk.submit("ada", article)
    with desk.app.app_context():
        (question,) = questions.questions(desk.user("jo"), article)
        assert MENDED[question.start : question.end] == "a complete ceasefire"
    assert no_findings(desk)


def test_gold_stays_on_the_version_that_it_was_made_on(desk: Desk, article: str) -> None:
    for name in ("ada", "ben"):
        desk.mark(name, article, "a complete ceasefire")
        desk.submit(name, article)
    correct(desk, article)
    with desk.app.app_context():
        (question,) = questions.questions(desk.user("jo"), article)
        found = questions.to_adjudicate(desk.user("jo"), article, blocks=True)
        assert (found.version.number, found.article.version) == (1, 2)
    answer = Answer(Outcome.ACCEPT, annotation=question.versions[0].id, justification="Both say so.")
    desk.write(lambda: adjudication.decide(desk.user("jo"), article, question.id, answer))
    for act in (
        lambda: versions.look_again(desk.user("mia"), article),
        lambda: giving.give(desk.project(), article, desk.ids["ben"], by=None),
    ):
        with pytest.raises(Conflict, match="adjudicator has begun"):
            desk.write(act)
    with pytest.raises(Conflict, match="adjudicator has begun"):
        correct(desk, article, f"{MENDED}\n\nOnce more.", look_again=True)
    desk.write(lambda: adjudication_phase.finish(desk.user("jo"), article))
    correct(desk, article, f"{MENDED}\n\nOnce more.")
    with desk.app.app_context():
        gold, articles_ = (
            [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            for table in (
                datasets.table(desk.project(), "gold"),
                datasets.table(desk.project(), "articles"),
            )
        )
    assert [(row["article_version"], STORY[row["start"] : row["end"]]) for row in gold] == [(1, "a complete ceasefire")]
    assert articles_[0]["version"] in {1, 3}
    assert no_findings(desk)


def test_the_same_text_is_no_correction_and_only_a_manager_makes_one(desk: Desk, article: str) -> None:
    assert not correct(desk, article, STORY).new
    with pytest.raises(Forbidden):
        correct(desk, article, by="ada")
    with pytest.raises(NotFound):
        correct(desk, article, by="sam")
    assert correct(desk, article).version.number == 2


def test_search_finds_the_present_text_and_a_reviewer_theirs(desk: Desk, article: str) -> None:
    desk.submit("ada", article)
    correct(desk, article)

    def found(name: str, words: str) -> bool:
        with desk.app.app_context():
            user = desk.user(name)
            return bool(search.blocks(user, articles.get_for(user, article).access, words))

    assert [found(name, "four towns") for name in ("mia", "ben", "ada")] == [True, True, False]
    assert [found(name, "three towns") for name in ("mia", "ben", "ada")] == [False, False, True]


def test_what_was_put_aside_stays_so_where_it_is_certain_and_progress_begins_again(desk: Desk, article: str) -> None:
    desk.write(lambda: submission.mark_read(desk.user("ada"), article))
    correct(desk, article)
    assert (review(desk, "ada", article).read_until, review(desk, "ada", article).read_to_end_at) == (0, None)


def test_the_list_says_who_brought_which_version_and_what_is_of_it(desk: Desk, article: str) -> None:
    desk.submit("ada", article)
    correct(desk, article)
    with desk.app.app_context():
        listed = versions.listed(articles.managed(desk.user("mia"), article))
    assert [(each.version.number, each.by, each.reviews, each.submitted) for each in listed] == [
        (2, "Mia", 1, 0),
        (1, "the command line", 1, 1),
    ]
