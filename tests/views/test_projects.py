"""The pages of projects: the list, making one, the overview by role, dealing out, articles, settings."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db, transaction
from annotator.models import Assignment, Project, Role
from annotator.services import members, projects
from tests.support.desk import Desk, counted_statements
from tests.support.people import Browser, OpenBrowser, open_browser

PAGES = ("", "/articles", "/people", "/labels", "/guideline", "/settings", "/import", "/export")
FOR_MANAGERS = ("/people", "/settings", "/labels/new", "/labels/sourced", "/guideline/edit", "/import")


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def browser(desk: Desk, name: str) -> Browser:
    return open_browser(desk.app, name)


def project_form(**fields: str) -> dict[str, str]:
    given = {"name": "Hama", "slug": "hama", "reviewers": "2", "blind": "blind", "evidence": "warn"}
    return {**given, "merge_strategy": "none", "merge_threshold": "0.75", **fields}


@pytest.mark.parametrize(
    "page", [*PAGES, "/labels/new", "/guideline/edit", "/export/download", "/import/2222222222222222"]
)
def test_a_stranger_finds_no_project(idlib: str, open_browser: OpenBrowser, page: str) -> None:
    assert open_browser("Sam").get(f"/projects/{idlib}{page}").status_code == 404


@pytest.mark.parametrize("page", FOR_MANAGERS)
@pytest.mark.parametrize("name", ["Ada", "Jo"])
def test_without_the_role_a_member_is_told_which_one_it_takes(
    idlib: str, open_browser: OpenBrowser, page: str, name: str
) -> None:
    answer = open_browser(name).get(f"/projects/{idlib}{page}")
    assert answer.status_code == 403
    assert "you need the role manager" in answer.text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["Mia", "Kim"])
def test_managers_and_administrators_see_every_page(
    idlib: str, open_browser: OpenBrowser, page: str, name: str
) -> None:
    assert open_browser(name).get(f"/projects/{idlib}{page}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/next",
        "/assign",
        "/people/2222222222222222/reviewer/remove",
        "/labels/sourced/retire",
        "/import/2222222222222222/discard",
    ],
)
def test_what_changes_something_is_not_done_by_looking(idlib: str, open_browser: OpenBrowser, path: str) -> None:
    answer = open_browser("Mia").get(f"/projects/{idlib}{path}")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_the_list_shows_one_s_own_projects(idlib: str, open_browser: OpenBrowser) -> None:
    assert "Idlib ceasefires" in open_browser("Ada").get("/projects").text
    page = open_browser("Sam").get("/projects").text
    assert "Idlib ceasefires" not in page
    assert "You are in no project yet" in page


def test_whoever_makes_a_project_manages_it(app: Flask, idlib: str, open_browser: OpenBrowser) -> None:
    kim = open_browser("Kim")
    answer = kim.post("/projects/new", project_form(reviewers="3", blind="open", evidence="required", description="A"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/projects/hama")
    with app.app_context():
        project = projects.by_slug("hama")
        assert (project.name, project.reviewers, project.blind, project.evidence) == ("Hama", 3, False, "required")
        assert [(each.user.name, each.roles) for each in members.of(project)] == [("Kim", [Role.MANAGER])]
    assert "Import its first articles next" in kim.get("/projects/hama").text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Name the project."),
        ("name", "   ", "A project needs a name."),
        ("slug", "", "Choose a short name."),
        ("slug", "Not a slug", "use a-z, 0-9 and hyphens"),
        ("slug", "../x", "use a-z, 0-9 and hyphens"),
        ("slug", "idlib", "There is a project &#39;idlib&#39; already"),
        ("reviewers", "0", "Choose 1 to 20."),
        ("reviewers", "21", "Choose 1 to 20."),
        ("reviewers", "9" * 5000, "This number is too large."),
        ("reviewers", "9" * 400, "This number is too large."),
        ("reviewers", "two", "Write a whole number"),
        ("blind", "perhaps", ""),
        ("evidence", "sometimes", ""),
    ],
)
def test_what_cannot_be_stored_is_said_at_its_field(
    app: Flask, idlib: str, open_browser: OpenBrowser, field: str, value: str, message: str
) -> None:
    answer = open_browser("Kim").post("/projects/new", project_form(**{field: value}))
    assert answer.status_code == 422
    error = re.search(rf'id="{field}-error"[^>]*>(.*?)</div>', answer.text, re.DOTALL)
    assert error is not None
    assert message in error[1]
    with app.app_context():
        assert db.session.scalars(select(Project.slug)).all() == ["idlib"]


def test_hostile_words_are_shown_as_text(app: Flask, idlib: str, open_browser: OpenBrowser) -> None:
    kim = open_browser("Kim")
    hostile = "<img src=x onerror=alert(1)>\"'{{ 7*7 }}"
    kim.post("/projects/new", project_form(name=hostile, description=hostile))
    for path in ("/projects", "/projects/hama", "/projects/hama/settings", "/projects/hama/labels"):
        page = kim.get(path).text
        assert "<img" not in page
        assert "49" not in page.partition("&lt;img")[2][:60]
    assert "&lt;img src=x onerror" in kim.get("/projects/hama").text


def test_settings_are_changed_and_a_bad_one_changes_nothing(app: Flask, idlib: str, open_browser: OpenBrowser) -> None:
    mia = open_browser("Mia")
    path = f"/projects/{idlib}/settings"
    assert mia.post(path, project_form(name="Idlib", reviewers="3", blind="open")).status_code == 303
    refused = mia.post(path, project_form(name="   ", reviewers="4"))
    assert refused.status_code == 422
    assert "A project needs a name." in refused.text
    with app.app_context():
        project = projects.by_slug(idlib)
        assert (project.slug, project.name, project.reviewers, project.blind) == (idlib, "Idlib", 3, False)


def test_next_article_leads_to_the_one_that_was_begun(desk: Desk) -> None:
    first, second = desk.article(), desk.article("Another ceasefire.")
    ada = browser(desk, "Ada")
    assert ada.post("/projects/truce/next").headers["Location"] == f"/articles/{first}"
    desk.mark("ada", second, "ceasefire")
    assert ada.post("/projects/truce/next").headers["Location"] == f"/articles/{second}"
    for article_id in (first, second):
        desk.submit("ada", article_id)
    assert ada.post("/projects/truce/next").headers["Location"] == "/projects/truce"
    page = ada.get("/projects/truce").text
    assert "You have submitted every article" in page
    assert "Next article" not in page


@pytest.mark.parametrize("name", ["Jo", "Mia"])
def test_next_article_is_for_reviewers(desk: Desk, name: str) -> None:
    assert browser(desk, name).post("/projects/truce/next").status_code == 403


def test_articles_are_dealt_out_by_a_manager(desk: Desk) -> None:
    desk.article(assign=False)
    assert browser(desk, "Ada").post("/projects/truce/assign").status_code == 403
    mia = browser(desk, "Mia")
    assert mia.post("/projects/truce/assign").status_code == 303
    assert "2 assignments made." in mia.get("/projects/truce").text
    mia.post("/projects/truce/assign")
    assert "Every article has its reviewers already." in mia.get("/projects/truce").text
    with desk.app.app_context():
        assert len(db.session.scalars(select(Assignment)).all()) == 2


def test_too_few_reviewers_are_pointed_out(app: Flask) -> None:
    desk = Desk(app, reviewers=3)
    desk.article(assign=False)
    mia = browser(desk, "Mia")
    mia.post("/projects/truce/assign")
    page = mia.get("/projects/truce").text
    assert "2 assignments made." in page
    assert "1 article still lacks reviewers: there are too few people with the role reviewer." in page


def test_a_manager_without_reviewers_is_led_to_the_people(app: Flask) -> None:
    desk = Desk(app)
    desk.article(assign=False)
    mia, give, add = browser(desk, "Mia"), 'action="/projects/truce/assign"', "Nobody reviews here yet"
    page = mia.get("/projects/truce").text
    assert give in page
    assert add not in page
    with app.app_context(), transaction():
        project = projects.by_slug("truce")
        for member in members.of(project):
            if Role.REVIEWER in member.roles:
                members.remove(project, member.user.id, Role.REVIEWER)
    page = mia.get("/projects/truce").text
    assert give not in page.partition("<main")[2]
    assert add in page
    assert 'href="/projects/truce/people"' in page.partition("<main")[2]


def test_the_manager_sees_progress_and_the_reviewer_does_not(desk: Desk) -> None:
    desk.article()
    assert "Progress by person" in browser(desk, "Mia").get("/projects/truce").text
    for name in ("Ada", "Jo"):
        assert "Progress by person" not in browser(desk, name).get("/projects/truce").text


def test_the_adjudicator_sees_what_waits(desk: Desk) -> None:
    article_id = desk.article()
    jo = browser(desk, "Jo")
    assert "Nothing waits for you" in jo.get("/projects/truce").text
    for name in ("ada", "ben"):
        desk.submit(name, article_id)
    assert f"/articles/{article_id}/adjudicate" in jo.get("/projects/truce").text


def test_how_claims_are_marked_is_set_by_the_manager(app: Flask, idlib: str, open_browser: OpenBrowser) -> None:
    def marking() -> tuple[bool, bool]:
        with app.app_context():
            project = projects.by_slug(idlib)
            return project.snap_to_words, project.suggestions

    mia, path = open_browser("Mia"), f"/projects/{idlib}/settings"
    assert marking() == (True, False)
    page = mia.get(path).text
    assert re.search(r'<input [^>]*checked[^>]* name="snap_to_words"', page)
    assert not re.search(r'<input [^>]*checked[^>]* name="suggestions"', page)
    assert mia.post(path, project_form(suggestions="y")).status_code == 303
    assert marking() == (False, True)
    assert mia.post(path, project_form(snap_to_words="y")).status_code == 303
    assert marking() == (True, False)


@pytest.mark.parametrize("path", ["/projects", "/projects/truce", "/projects/truce/articles", "/projects/truce/labels"])
def test_a_reviewer_s_pages_depend_on_nothing_but_their_own_work(desk: Desk, path: str) -> None:
    """Byte for byte the same, whether Ben is idle, at work or done; only the token of the page differs."""
    first, second = desk.article(), desk.article("Another ceasefire.")
    ada = browser(desk, "Ada")
    ada.get(path)

    def look() -> str:
        return re.sub(r'name="csrf_token" value="[^"]+"', "", ada.get(path).text)

    idle = look()
    desk.mark("ben", first, "complete ceasefire")
    at_work = look()
    desk.submit("ben", first)
    desk.submit("ben", second)
    assert idle == at_work == look()
    # What would catch a page that never changes: Ada's own work shows.
    desk.submit("ada", first)
    assert path.endswith("/labels") or look() != idle


def test_the_list_of_articles_is_filtered_and_searched(desk: Desk) -> None:
    desk.article("One ceasefire.", title="Truce in Hama")
    desk.article("Two ceasefires.", title="Shelling in Idlib")
    mia = browser(desk, "Mia")
    page = mia.get("/projects/truce/articles?q=hama").text
    assert "Truce in Hama" in page
    assert "Shelling in Idlib" not in page
    assert "No article fits the filter" in mia.get("/projects/truce/articles?state=submitted").text
    assert mia.get("/projects/truce/articles?state=nonsense&after=nonsense").status_code == 200
    assert mia.get("/projects/truce/articles?q=%00").status_code == 400


def test_a_reviewer_s_list_holds_their_own_articles_and_no_names(desk: Desk) -> None:
    desk.article("One ceasefire.", title="Truce in Hama")
    desk.article("Two ceasefires.", title="Shelling in Idlib", assign=False)
    page = browser(desk, "Ada").get("/projects/truce/articles").text
    assert "Truce in Hama" in page
    assert "Shelling in Idlib" not in page
    assert "Ben" not in page


@pytest.mark.parametrize("name", ["Ada", "Jo", "Mia"])
@pytest.mark.parametrize("path", ["/projects", "/projects/truce", "/projects/truce/articles"])
def test_more_articles_cost_no_more_statements(desk: Desk, name: str, path: str) -> None:
    def count() -> int:
        with counted_statements(desk.app) as statements:
            assert person.get(path).status_code == 200
        return len(statements)

    for number in range(2):
        article_id = desk.article(f"Story {number} of the ceasefire.")
        desk.submit("ada", article_id)
        desk.submit("ben", article_id)
    person = browser(desk, name)
    person.get(path)
    few = count()
    for number in range(6):
        article_id = desk.article(f"Later story {number} of the ceasefire.")
        desk.submit("ada", article_id)
        desk.submit("ben", article_id)
    assert count() == few
