"""Agreement over a project: which articles and reviewers count, and what it costs to ask."""

from __future__ import annotations

from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import String, cast, delete, select, update

from annotator.db import db, now, transaction
from annotator.errors import Busy
from annotator.models import (
    AgreementReport,
    AgreementSums,
    Annotation,
    Assignment,
    AssignmentKind,
    AssignmentState,
    FirstVote,
    Label,
)
from annotator.services import agreement, agreement_reading, agreement_store, labels, projects, submission
from tests.support.desk import STORY, Desk, counted_statements


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def document(desk: Desk) -> dict:
    with desk.app.app_context():
        return agreement.as_document(agreement.of_project(desk.project()))


def reviewed(desk: Desk, text: str = STORY) -> str:
    """An article in which Ada and Ben mark two claims, agree on one label, and one marks a third."""
    article = desk.article(text)
    desk.mark("ada", article, "complete ceasefire")
    desk.mark("ben", article, "a complete ceasefire", "disputed")
    for name in ("ada", "ben"):
        desk.mark(name, article, "three towns", "unverified")
    desk.mark("ben", article, "shelling")
    return article


def finish(desk: Desk, article: str, *names: str) -> None:
    for name in names or ("ada", "ben"):
        desk.submit(name, article)


def test_the_figures_of_one_article(desk):
    finish(desk, reviewed(desk))
    found = document(desk)
    assert found["articles"] == 1
    assert found["found"]["any_overlap"]["value"] == pytest.approx(4 / 5)
    assert found["boundaries"]["exact"]["value"] == pytest.approx(1 / 2)
    assert found["labels"]["percent"]["value"] == pytest.approx(1 / 2)
    assert found["claims"] == {"unanimous": 1, "conflicting": 1, "marked_by_one": 1}
    assert [(pair["reviewers"], pair["articles"]) for pair in found["pairs"]] in (
        [(["Ada", "Ben"], 1)],
        [(["Ben", "Ada"], 1)],
    )
    assert found["confusion"]["labels"] == ["sourced", "disputed", "unverified"]
    assert found["confusion"]["counts"] == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]


def test_nothing_counts_before_everybody_has_submitted(desk):
    article = reviewed(desk)
    before = document(desk)
    finish(desk, article, "ada")
    assert document(desk) == before
    assert before["articles"] == 0
    assert "No article" in before["found"]["any_overlap"]["why"]
    finish(desk, article, "ben")
    assert document(desk)["articles"] == 1


def test_an_article_that_was_reopened_counts_no_more(desk):
    article = reviewed(desk)
    finish(desk, article)
    reopened = desk.write(lambda: submission.reopen(desk.user("ada"), article))
    assert reopened.state is AssignmentState.IN_PROGRESS
    assert document(desk)["articles"] == 0


def seen_by(desk: Desk, name: str) -> int:
    with desk.app.app_context():
        return agreement.of_project(desk.project(), viewer=desk.user(name)).report.articles


def test_a_manager_who_reviews_learns_nothing_before_their_own_review_is_locked(desk):
    finish(desk, reviewed(desk))
    assert (seen_by(desk, "ada"), seen_by(desk, "mia")) == (0, 1)
    desk.write(lambda: projects.change(desk.project(), {"blind": False}))
    assert seen_by(desk, "ada") == 1


def test_deleted_claims_do_not_count(desk):
    from annotator.services import annotations as claims

    article = reviewed(desk)
    alone = desk.mark("ada", article, "nobody could say")
    desk.write(lambda: claims.delete(desk.user("ada"), alone, if_version=1))
    finish(desk, article)
    assert document(desk)["claims"]["marked_by_one"] == 1


def test_who_submitted_without_a_claim_counts_for_finding(desk):
    article = desk.article()
    desk.mark("ada", article, "three towns")
    finish(desk, article)
    found = document(desk)
    assert found["found"]["any_overlap"]["value"] == 0
    assert found["labels"]["alpha"]["value"] is None


def test_the_number_of_statements_is_the_same_for_many_articles(desk):
    finish(desk, reviewed(desk))
    with counted_statements(desk.app) as few:
        document(desk)
    for number in range(4):
        finish(desk, reviewed(desk, f"{STORY}\n\nNumber {number}."))
    with counted_statements(desk.app) as many:
        document(desk)
    # The project itself is looked up too, and what was worked out is stored.
    assert len(many) == len(few) <= 19
    with counted_statements(desk.app) as kept:
        document(desk)
    assert len(kept) <= 7


def test_one_reviewer_for_each_article_agrees_with_nobody(app):
    desk = Desk(app, reviewers=1)
    article = desk.article()
    with desk.app.app_context():
        from annotator.services import assignment_lists

        [name] = [assignment.user.name.lower() for assignment in assignment_lists.of_project(desk.project())]
    desk.mark(name, article, "three towns")
    finish(desk, article, name)
    assert document(desk)["articles"] == 0


def from_nothing(desk: Desk) -> dict:
    """The figures without anything that was kept."""
    with desk.app.app_context(), transaction():
        db.session.execute(delete(AgreementSums))
        db.session.execute(delete(AgreementReport))
    return document(desk)


def reopened(desk: Desk, article: str) -> None:
    desk.write(lambda: submission.reopen(desk.user("ada"), article))


def with_other_claims(desk: Desk, article: str) -> None:
    reopened(desk, article)
    desk.mark("ada", article, "nobody could say", "disputed")
    desk.submit("ada", article)


def with_another_label(desk: Desk, _article: str) -> None:
    facts = labels.LabelFacts("Opinion", "Not a claim.", 4, False, False, [], [])
    desk.write(lambda: labels.add(desk.project(), "opinion", facts, by=desk.user("mia")))


def with_one_more_article(desk: Desk, _article: str) -> None:
    finish(desk, reviewed(desk, f"{STORY}\n\nAnother."))


def with_another_reviewer(desk: Desk, article: str) -> None:
    def give() -> None:
        version = db.session.scalars(select(Assignment.version_id).where(Assignment.article_id == article)).first()
        assert version
        mia = desk.ids["mia"]
        db.session.add(Assignment(article_id=article, version_id=version, user_id=mia, kind=AssignmentKind.REVIEW))

    desk.write(give)


CHANGES = [reopened, with_other_claims, with_another_label, with_one_more_article, with_another_reviewer]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_is_kept_is_never_used_for_another_state(desk, change):
    article = reviewed(desk)
    finish(desk, article)
    before = document(desk)
    change(desk, article)
    after = document(desk)
    assert after != before
    assert after == from_nothing(desk)


def test_a_fingerprint_that_forgets_something_is_noticed(desk, monkeypatch):
    # Positive control: the state of a review has no part in it.
    monkeypatch.setattr(agreement_reading, "_words", lambda review: review.id)
    article = reviewed(desk)
    finish(desk, article)
    document(desk)
    with_other_claims(desk, article)
    assert document(desk) != from_nothing(desk)


def test_only_what_changed_is_worked_out_again(desk):
    first = reviewed(desk)
    finish(desk, first)
    document(desk)
    with desk.app.app_context():
        kept_bytes = db.session.scalars(select(AgreementSums)).one().sums
    second = reviewed(desk, f"{STORY}\n\nAnother.")
    finish(desk, second)
    with counted_statements(desk.app) as statements:
        both = document(desk)
    [claims] = [each for each in statements if "coalesce(first_vote" in each]
    assert claims.count("IN (?)") or claims.count("IN (%(article_id_1_1)s")
    with desk.app.app_context():
        stored = {each.article_id: each.sums for each in db.session.scalars(select(AgreementSums))}
    assert stored[first] == kept_bytes
    assert both == from_nothing(desk)


def test_a_failure_to_keep_the_figures_does_not_fail_the_reader(desk, monkeypatch, caplog):
    def busy() -> AbstractContextManager[None]:
        raise Busy

    monkeypatch.setattr(agreement_store, "aside", busy)
    finish(desk, reviewed(desk))
    assert document(desk)["articles"] == 1
    assert "not stored: Busy" in caplog.text


def test_inside_a_transaction_nothing_is_kept_and_nobody_waits(desk):
    finish(desk, reviewed(desk))
    with desk.app.app_context(), transaction():
        assert agreement.of_project(desk.project()).report.articles == 1
    with desk.app.app_context():
        assert db.session.scalars(select(AgreementSums)).all() == []


def second_round(desk: Desk, article: str) -> None:
    """Ada moves a claim, gives it another label, deletes another and makes a new one, knowing what Ben marked."""

    def change() -> None:
        mine = db.session.scalars(
            select(Annotation).join(Assignment).where(Assignment.user_id == desk.ids["ada"]).order_by(Annotation.start)
        ).all()
        moved, deleted = mine
        other = db.session.scalars(select(Label).where(Label.key == "disputed")).one()
        for each in mine:
            vote = FirstVote(annotation_id=each.id, version=1, start=each.start, end=each.end, label_id=each.label_id)
            db.session.add(vote)
            each.round = 2
        moved.start, moved.label_id = moved.start - 2, other.id
        deleted.deleted_at = now()
        facts = {"assignment_id": moved.assignment_id, "label_id": other.id, "exact": "Both", "start": 0, "end": 4}
        db.session.add(Annotation(id=uuid4(), round=2, **facts))

    desk.write(change)


def test_what_was_changed_after_the_blind_round_counts_as_it_was(desk):
    article = reviewed(desk)
    finish(desk, article)
    before = document(desk)
    second_round(desk, article)
    assert document(desk) == before == from_nothing(desk)


def test_counting_the_present_state_would_be_noticed(desk, monkeypatch):
    # Positive control: the later round counts too.
    article = reviewed(desk)
    finish(desk, article)
    before = document(desk)
    second_round(desk, article)
    present = select(
        cast(Annotation.id, String), Annotation.assignment_id, Annotation.start, Annotation.end, Annotation.label_id
    ).join(Assignment, Assignment.id == Annotation.assignment_id)
    monkeypatch.setattr(agreement_reading, "blind_claims", lambda **_: present)
    assert from_nothing(desk) != before


def test_a_label_that_is_added_while_the_figures_are_read_does_no_harm(desk, monkeypatch):
    article = reviewed(desk)
    finish(desk, article)
    read = agreement_reading.reviews

    def meanwhile(*given, **named):
        # Another connection adds a label and gives it to a claim, after the labels were read.
        with desk.app.app_context():
            with_another_label(desk, article)
        with desk.app.app_context(), transaction():
            label = db.session.scalars(select(Label.id).where(Label.key == "opinion")).one()
            db.session.execute(update(Annotation).values(label_id=label))
        return read(*given, **named)

    monkeypatch.setattr(agreement_reading, "reviews", meanwhile)
    found = document(desk)
    assert found["articles"] == 1
    assert len(found["by_label"]) == 3
