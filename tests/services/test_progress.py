"""How far a project is: five states of an article, the adjudicator's queue, and the list of articles."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from annotator.models import AssignmentState, Outcome, Role
from annotator.services import adjudication, adjudication_phase, dealing, progress, projects
from annotator.services.adjudication import Answer
from annotator.services.progress import Filters, Found
from tests.support.desk import Desk, counted_statements


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def states(desk: Desk) -> dict[str, int]:
    with desk.app.app_context():
        return {state: count for state, count in progress.of(desk.project()).states.items() if count}


def queue(desk: Desk, name: str = "jo") -> list[str]:
    with desk.app.app_context():
        return [each.article.id for each in progress.queue(desk.user(name), desk.project())]


def adjudicate(desk: Desk, article_id: str, name: str = "jo") -> None:
    answer = Answer(Outcome.EDIT, claim=desk.claim(article_id, "ceasefire", "unverified"))
    desk.write(lambda: adjudication.decide(desk.user(name), article_id, None, answer))


def test_an_article_goes_through_five_states(desk: Desk) -> None:
    article_id = desk.article(assign=False)
    assert states(desk) == {"unassigned": 1}
    desk.write(lambda: dealing.assign(desk.project()))
    assert states(desk) == {"in_review": 1}
    desk.submit("ada", article_id)
    assert states(desk) == {"in_review": 1}
    desk.submit("ben", article_id)
    assert states(desk) == {"open": 1}
    adjudicate(desk, article_id)
    assert states(desk) == {"in_adjudication": 1}
    desk.write(lambda: adjudication_phase.finish(desk.user("jo"), article_id))
    assert states(desk) == {"finished": 1}


def test_progress_counts_each_person_s_reviews(desk: Desk) -> None:
    first, second = desk.article(), desk.article("Another ceasefire.")
    desk.mark("ada", first, "ceasefire")
    desk.submit("ben", first)
    desk.submit("ben", second)
    with desk.app.app_context():
        people = {user.name: dict(counts) for user, counts in progress.of(desk.project()).people}
    assert people == {
        "Ada": {AssignmentState.IN_PROGRESS: 1, AssignmentState.NEW: 1},
        "Ben": {AssignmentState.SUBMITTED: 2},
    }


def test_the_queue_holds_what_is_open_to_this_adjudicator(desk: Desk) -> None:
    waiting, opened, taken = desk.article(), desk.article("A ceasefire."), desk.article("Another ceasefire.")
    desk.write(lambda: projects.add_member(desk.project(), desk.user("ada"), Role.ADJUDICATOR))
    desk.write(lambda: projects.add_member(desk.project(), desk.user("sam"), Role.ADJUDICATOR))
    desk.submit("ada", waiting)
    for article_id in (opened, taken):
        desk.submit("ada", article_id)
        desk.submit("ben", article_id)
    assert queue(desk) == [opened, taken]
    assert queue(desk, "ada") == [], "she reviewed them"
    adjudicate(desk, taken, "sam")
    assert queue(desk) == [opened]
    assert queue(desk, "sam") == [opened, taken]
    desk.write(lambda: adjudication_phase.finish(desk.user("sam"), taken))
    assert queue(desk, "sam") == [opened, taken], "finished ones come last"


def found(desk: Desk, name: str = "mia", *, everything: bool = True, after: str = "", **wanted: Any) -> Found:
    with desk.app.app_context():
        return progress.articles(
            desk.user(name), desk.project(), everything=everything, after=after, filters=Filters(**wanted)
        )


def test_words_search_titles_first_sentences_and_groups(desk: Desk) -> None:
    titled = desk.article("One.", title="Truce in Hama")
    grouped = desk.article("Two.", group="hama 2020")
    desk.article("Three.", title="100% of Aleppo")
    assert {each.article.id for each in found(desk, words="HAMA").articles} == {titled, grouped}
    assert found(desk, words="nothing of the kind").total == 0
    assert found(desk, words="100%").total == 1
    assert found(desk, words="%' OR 1=1 --").total == 0


def test_reviewers_find_only_what_was_given_to_them(desk: Desk) -> None:
    own = desk.article()
    desk.article("Nobody has it.", assign=False)
    assert [each.article.id for each in found(desk, "ada", everything=False).articles] == [own]
    assert [review.user.name for review in found(desk, "ada", everything=False).articles[0].reviews] == ["Ada"]
    assert found(desk, "mia").total == 2


def test_the_state_that_is_filtered_by_is_one_s_own(desk: Desk) -> None:
    article_id = desk.article()
    desk.submit("ben", article_id)
    assert found(desk, "ada", everything=False, state=AssignmentState.SUBMITTED).total == 0
    assert found(desk, "ben", everything=False, state=AssignmentState.SUBMITTED).total == 1
    assert found(desk, "mia", state=AssignmentState.SUBMITTED).total == 1


def test_pages_follow_one_another_without_gap_or_repetition(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PAGE", 3)
    ids = [desk.article(f"Story {number}.", assign=False) for number in range(7)]
    seen: list[str] = []
    after = ""
    while True:
        page = found(desk, after=after)
        assert page.total == 7
        seen += [each.article.id for each in page.articles]
        if not page.next:
            break
        after = page.next
    assert seen == ids


def test_many_articles_cost_no_more_statements(desk: Desk) -> None:
    def count() -> tuple[int, int]:
        with counted_statements(desk.app) as statements, desk.app.app_context():
            mia, project = desk.user("mia"), desk.project()
            before = len(statements)
            progress.of(project)
            first = len(statements) - before
            progress.articles(mia, project, everything=True)
            return first, len(statements) - before - first

    desk.article()
    one = count()
    for number in range(8):
        desk.article(f"Story {number}.")
    assert count() == one
