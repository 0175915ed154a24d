"""Agreement over a project: which articles and reviewers count, and what it costs to ask."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.models import AssignmentState
from annotator.services import agreement, projects, submission
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
    assert len(many) == len(few) <= 14
    with counted_statements(desk.app) as kept:
        document(desk)
    assert len(kept) <= 6


def test_one_reviewer_for_each_article_agrees_with_nobody(app):
    desk = Desk(app, reviewers=1)
    article = desk.article()
    with desk.app.app_context():
        from annotator.services import assignments

        [name] = [assignment.user.name.lower() for assignment in assignments.of_project(desk.project())]
    desk.mark(name, article, "three towns")
    finish(desk, article, name)
    assert document(desk)["articles"] == 0
