"""The board, the pool, capacity and training as a manager uses them, with forms alone; and what their people see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from annotator.db import db, now
from annotator.models import Assignment, AssignmentKind, Membership, Outcome, Role
from annotator.services import adjudication, adjudication_phase, dealing, projects, questions, settings, training
from annotator.services.adjudication import Answer
from tests.support.desk import STORY, Desk, counted_statements
from tests.support.people import Browser

BOARD = "/projects/truce/assignments"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def browser(desk: Desk, name: str) -> Browser:
    return Browser(desk.app, desk.app.test_client()).sign_in(f"{name.lower()}@example.org")


def held(desk: Desk, article_id: str) -> dict[str, str]:
    names = {user_id: name for name, user_id in desk.ids.items()}
    with desk.app.app_context():
        query = select(Assignment.user_id, Assignment.kind).where(Assignment.article_id == article_id)
        return {names[user_id]: kind.value for user_id, kind in db.session.execute(query)}


def told(mia: Browser, answer_to: object) -> str:
    """What the page says after the post."""
    assert getattr(answer_to, "status_code", 0) == 303
    return mia.get(getattr(answer_to, "headers")["Location"]).text  # noqa: B009 -- the answer's class is the client's own


def test_many_articles_are_given_to_one_person_at_once(desk: Desk) -> None:
    ids = [desk.article(f"Story {number} of a ceasefire.", assign=False) for number in range(3)]
    mia = browser(desk, "Mia")
    page = told(mia, mia.post(BOARD, {"articles": ids[:2], "reviewer": desk.ids["ada"], "act": "give"}))
    assert "2 articles given." in page
    assert [held(desk, each) for each in ids] == [{"ada": "review"}, {"ada": "review"}, {}]
    page = told(mia, mia.post(BOARD, {"articles": ids[:2], "reviewer": desk.ids["ada"], "act": "take"}))
    assert "2 articles taken back." in page
    assert held(desk, ids[0]) == {}


def test_a_button_of_a_row_acts_on_one_review(desk: Desk) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "three towns")
    mia = browser(desk, "Mia")
    page = mia.get(BOARD).text
    assert f'value="return:{article_id}:{desk.ids["ada"]}"' in page
    assert f'value="take:{article_id}:{desk.ids["ben"]}"' in page
    mia.post(BOARD, {"one": f"take:{article_id}:{desk.ids['ben']}"})
    page = told(mia, mia.post(BOARD, {"one": f"return:{article_id}:{desk.ids['ada']}"}))
    assert held(desk, article_id) == {"ada": "returned"}
    assert "Ada let it lie" in page


def test_what_cannot_be_done_is_said_and_the_rest_is_done(desk: Desk) -> None:
    begun, untouched = desk.article(), desk.article("Another ceasefire.")
    desk.mark("ada", begun, "three towns")
    mia = browser(desk, "Mia")
    page = told(mia, mia.post(BOARD, {"articles": [begun, untouched], "reviewer": desk.ids["ada"], "act": "take"}))
    assert "1 article taken back." in page
    assert "1 article not changed: They have begun with this article." in page


def test_a_group_that_is_split_by_hand_is_pointed_out(desk: Desk) -> None:
    first, second = (desk.article(f"Story {n} of a ceasefire.", assign=False, group="idlib") for n in range(2))
    mia = browser(desk, "Mia")
    page = told(mia, mia.post(BOARD, {"articles": first, "reviewer": desk.ids["ada"], "act": "give"}))
    assert "cannot link" not in page
    page = told(mia, mia.post(BOARD, {"articles": second, "reviewer": desk.ids["ben"], "act": "give"}))
    assert "nobody can link their claims blind" in page
    assert "(different reviewers)" in page


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"act": "give"},
        {"act": "give", "articles": "{article}"},
        {"act": "delete", "articles": "{article}", "reviewer": "{ada}"},
        {"one": "take"},
        {"one": "::"},
        {"one": "give:missing:nobody"},
        {"act": "give", "articles": ["missing", "\u2028"], "reviewer": "x" * 5000},
    ],
)
def test_a_damaged_form_changes_nothing(desk: Desk, form: dict[str, object]) -> None:
    article_id = desk.article()
    before = held(desk, article_id)
    filled = {
        name: value.format(article=article_id, ada=desk.ids["ada"]) if isinstance(value, str) else value
        for name, value in form.items()
    }
    assert browser(desk, "Mia").post(BOARD, filled).status_code == 303
    assert held(desk, article_id) == before


def test_the_board_is_searched_and_filtered_and_keeps_its_place(desk: Desk) -> None:
    desk.article("One ceasefire.", title="Truce in Hama")
    lacking = desk.article("Two ceasefires.", title="Shelling in Idlib", assign=False)
    mia = browser(desk, "Mia")
    assert "Shelling in Idlib" not in mia.get(f"{BOARD}?q=hama").text
    page = mia.get(f"{BOARD}?lacking=yes").text
    assert "Shelling in Idlib" in page
    assert "Truce in Hama" not in page
    assert "Shelling in Idlib" not in mia.get(f"{BOARD}?reviewer={desk.ids['ada']}").text
    assert "No article fits the filter" in mia.get(f"{BOARD}?stage=finished").text
    assert mia.get(f"{BOARD}?stage=nonsense&reviewer=nobody&after=nonsense").status_code == 200
    answer = mia.post(f"{BOARD}?lacking=yes", {"articles": lacking, "reviewer": desk.ids["ada"], "act": "give"})
    assert answer.headers["Location"].endswith("?lacking=yes")


def test_one_more_reviewer_from_the_list_of_articles(desk: Desk) -> None:
    desk.write(lambda: projects.add_member(desk.project(), desk.user("sam"), Role.REVIEWER))
    article_id = desk.article()
    before = held(desk, article_id)
    mia = browser(desk, "Mia")
    page = told(mia, mia.post(f"/projects/truce/articles/{article_id}/one-more"))
    assert "reviews this article too" in page
    assert len(held(desk, article_id)) == len(before) + 1
    page = told(mia, mia.post(f"/projects/truce/articles/{article_id}/one-more"))
    assert "Nobody can be given this article" in page


def test_abandoned_reviews_go_back_with_a_button_and_never_by_looking(desk: Desk) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "three towns")
    desk.write(lambda: projects.change(desk.project(), {"return_after_days": 5}))

    def back() -> None:
        db.session.execute(update(Assignment).values(created_at=now() - timedelta(days=9)))

    desk.write(back)
    mia = browser(desk, "Mia")
    page = mia.get("/projects/truce/progress").text
    assert "Return abandoned reviews (1)" in page, "Ada's claim is of today"
    for path in ("/projects/truce", "/projects/truce/progress", BOARD):
        mia.get(path)
    assert held(desk, article_id) == {"ada": "review", "ben": "review"}
    page = told(mia, mia.post("/projects/truce/return-abandoned"))
    assert "1 review returned to the pool" in page
    assert held(desk, article_id) == {"ada": "review", "ben": "returned"}
    ben = browser(desk, "Ben")
    assert "Returned to the pool" in ben.get("/projects/truce").text
    page = ben.get(f"/articles/{article_id}").text
    assert "Your marks are kept" in page
    assert "articles.submit" not in page


@pytest.mark.parametrize(
    ("written", "stored"), [("5", 5), ("0", 0), ("", None), (" 7 ", 7), ("-1", 3), ("ten", 3), ("9" * 400, 3), ("٣", 3)]
)
def test_capacity_is_set_on_the_page_of_people(desk: Desk, written: str, stored: int | None) -> None:
    mia = browser(desk, "Mia")
    path = f"/projects/truce/people/{desk.ids['ada']}/capacity"
    assert mia.post(path, {"capacity": "3"}).status_code == 303
    assert mia.post(path, {"capacity": written}).status_code == 303
    with desk.app.app_context():
        membership = db.session.get(Membership, (desk.project().id, desk.ids["ada"], Role.REVIEWER))
        assert membership is not None
        assert membership.capacity == stored
    assert mia.post(f"/projects/truce/people/{desk.ids['jo']}/capacity", {"capacity": "3"}).status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?sort=open", "?sort=oldest", "?sort=x&page=0&reviewer=nobody", "?page=" + "9" * 400]
)
def test_the_page_of_progress_stands_whatever_is_asked(desk: Desk, query: str) -> None:
    desk.article()
    page = browser(desk, "Mia").get(f"/projects/truce/progress{query}")
    assert page.status_code == 200
    assert "Longest untouched" in page.text


@pytest.mark.parametrize(
    "path", ["/projects/truce/assignments", "/projects/truce/progress", "/projects/truce/training"]
)
def test_more_articles_cost_no_more_statements(desk: Desk, path: str) -> None:
    def count() -> int:
        with counted_statements(desk.app) as statements:
            assert mia.get(path).status_code == 200
        return len(statements)

    mia = browser(desk, "Mia")
    for number in range(2):
        done = desk.article(f"Story {number} of a ceasefire.")
        desk.submit("ada", done)
        desk.submit("ben", done)
        desk.article(f"Story {number} of another ceasefire.")
    mia.get(path)
    few = count()
    for number in range(2, 7):
        done = desk.article(f"Story {number} of a ceasefire.")
        desk.submit("ada", done)
        desk.submit("ben", done)
        desk.article(f"Story {number} of another ceasefire.")
    assert count() == few


def names_in(page: str) -> set[str]:
    main = page.partition("<main")[2]
    return {name for name in ("Ada", "Ben") if re.search(rf"\b{name}\b", main)}


def test_an_adjudicator_of_a_blind_project_is_told_no_names_before_the_end(desk: Desk) -> None:
    article_id = desk.article()
    jo, path = browser(desk, "Jo"), "/projects/truce/articles"
    for name in ("ada", "ben"):
        assert names_in(jo.get(path).text) == set()
        desk.submit(name, article_id)
    assert names_in(jo.get(path).text) == set()
    assert "2 reviewers" in jo.get(path).text
    assert names_in(browser(desk, "Mia").get(path).text) == {"Ada", "Ben"}
    answer = Answer(Outcome.EDIT, claim=desk.claim(article_id, "ceasefire", "unverified"))
    desk.write(lambda: adjudication.decide(desk.user("jo"), article_id, None, answer))
    assert names_in(jo.get(path).text) == set()
    desk.write(lambda: adjudication_phase.finish(desk.user("jo"), article_id))
    assert names_in(jo.get(path).text) == {"Ada", "Ben"}


def test_an_adjudicator_who_reviews_does_not_find_their_article_by_its_stage(desk: Desk) -> None:
    article_id = desk.article(title="Reviewed by both")
    desk.write(lambda: projects.add_member(desk.project(), desk.user("ada"), Role.ADJUDICATOR))
    ada = browser(desk, "Ada")
    for name in ("ada", "ben"):
        desk.submit(name, article_id)
        for stage in ("in_review", "open"):
            assert "Reviewed by both" not in ada.get(f"/projects/truce/articles?stage={stage}").text
    assert "Reviewed by both" in browser(desk, "Mia").get("/projects/truce/articles?stage=open").text


# Training


def taught(desk: Desk) -> str:
    """A training article that Ada and Ben reviewed; Sam is new and has it."""
    article_id = desk.article()
    for name in ("ada", "ben"):
        desk.mark(name, article_id, "complete ceasefire")
        desk.submit(name, article_id)

    def teach() -> None:
        jo = desk.user("jo")
        for view in questions.questions(jo, article_id):
            answer = Answer(Outcome.ACCEPT, annotation=view.versions[0].id, justification="Both said so.")
            adjudication.decide(jo, article_id, view.id, answer)
        adjudication_phase.finish(jo, article_id)
        training.mark(desk.project(), article_id, on=True)
        settings.change(desk.project(), {"pass_mark": 0.9})
        projects.add_member(desk.project(), desk.user("sam"), Role.REVIEWER)
        dealing.assign(desk.project())

    desk.write(teach)
    return article_id


def test_a_trainee_is_led_from_the_article_to_what_they_missed(desk: Desk) -> None:
    article_id = taught(desk)
    sam = browser(desk, "Sam")
    page = sam.get(f"/articles/{article_id}").text
    assert "Training: the answers to this article are known" in page
    assert sam.get(f"/articles/{article_id}/feedback").status_code == 409
    desk.mark("sam", article_id, "The ministry")
    answer = sam.post(f"/articles/{article_id}/submit", {"confirm": "yes"})
    assert answer.headers["Location"] == f"/articles/{article_id}/feedback"
    page = sam.get(f"/articles/{article_id}/feedback").text
    assert "Both said so." in page
    assert "complete ceasefire" in page
    assert "90 % are needed" in page
    assert "Reopen" not in sam.get(f"/articles/{article_id}").text
    mia = browser(desk, "Mia")
    assert "below 90 %" in mia.get("/projects/truce/training").text
    for act in ("retry", "pass"):
        assert mia.post(f"/projects/truce/training/{desk.ids['sam']}/{act}").status_code == 303
    assert mia.post(f"/projects/truce/training/{desk.ids['sam']}/fail").status_code == 404
    assert "qualified on" in mia.get("/projects/truce/people").text


def test_an_article_is_marked_for_training_on_its_row(desk: Desk) -> None:
    article_id = taught(desk)
    mia = browser(desk, "Mia")
    path = f"/projects/truce/articles/{article_id}/training"
    page = told(mia, mia.post(path, {"on": "no"}))
    assert "Use for training" in page
    page = told(mia, mia.post(path, {"on": "yes"}))
    assert "Training article" in page
    other = desk.article(STORY + " Later.")
    page = told(mia, mia.post(f"/projects/truce/articles/{other}/training", {"on": "yes"}))
    assert "answers to this article are not known yet" in page


def test_a_second_look_says_what_it_is_and_ends_at_the_first_review(desk: Desk) -> None:
    article_id = taught(desk)

    def look() -> None:
        review = db.session.scalars(
            select(Assignment).where(Assignment.user_id == desk.ids["ada"], Assignment.kind == AssignmentKind.REVIEW)
        ).one()
        again = Assignment(
            article_id=article_id, version_id=review.version_id, user_id=review.user_id, kind=AssignmentKind.SECOND_LOOK
        )
        db.session.add(again)

    desk.write(look)
    ada = browser(desk, "Ada")
    assert ada.post("/projects/truce/next").headers["Location"] == f"/articles/{article_id}"
    page = ada.get(f"/articles/{article_id}").text
    assert "A second look" in page
    assert 'class="claim"' not in page.replace('<template id="waiting-card"><li class="claim">', "")
    assert ada.post(f"/articles/{article_id}/submit", {"confirm": "yes"}).status_code == 303
    page = ada.get(f"/articles/{article_id}").text
    assert "your second look is submitted" in page
    assert "complete ceasefire" in page
    assert "second look" in ada.get("/projects/truce").text


# Settings


def test_the_rules_of_giving_out_work_are_set_by_the_manager(desk: Desk) -> None:
    desk.submit("ada", desk.article())
    mia, path = browser(desk, "Mia"), "/projects/truce/settings"
    form = {
        "name": "Truce", "reviewers": "2", "blind": "blind", "evidence": "warn", "merge_strategy": "none",
        "merge_threshold": "0.75", "return_after_days": "14", "pass_mark": "80", "second_look_share": "10",
        "second_look_after_days": "28",
    }  # fmt: skip
    assert mia.post(path, form).status_code == 303
    with desk.app.app_context():
        project = desk.project()
        assert (project.return_after_days, project.pass_mark) == (14, 0.8)
        assert (project.second_look_share, project.second_look_after_days) == (0.1, 28)
    assert mia.get("/projects/truce/people").text.count("qualified on") == 1, "Ada has submitted a review, Ben has not"
    for name, bad in (
        ("return_after_days", "0"),
        ("pass_mark", "101"),
        ("second_look_share", "51"),
        ("second_look_after_days", "9" * 400),
    ):
        answer = mia.post(path, {**form, name: bad})
        assert answer.status_code == 422
        assert f'id="{name}-error"' in answer.text
    assert mia.post(path, {**form, "return_after_days": "", "pass_mark": ""}).status_code == 303
    with desk.app.app_context():
        assert (desk.project().return_after_days, desk.project().pass_mark) == (None, None)
