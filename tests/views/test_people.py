"""The page of a project's people: adding, making an account with its link, taking a role away."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db, transaction
from annotator.domain.text import plain_blocks
from annotator.formats.records import ArticleRecord
from annotator.models import Assignment, AssignmentState, Role
from annotator.services import articles, giving, members, people, projects, sign_in, tokens
from tests.support.people import Browser, OpenBrowser, add_person, person


@pytest.fixture
def path(idlib: str) -> str:
    return f"/projects/{idlib}/people"


def roles(app: Flask, name: str, slug: str = "idlib") -> list[Role]:
    with app.app_context():
        return next((each.roles for each in members.of(projects.by_slug(slug)) if each.user.name == name), [])


def id_of(app: Flask, name: str) -> str:
    with app.app_context():
        return person(name).id


def link_of(page: str) -> str:
    """The secret of the sign-in link that a page shows."""
    found = re.search(r'value="http[^"]+/sign-in/([^"]+)"', page)
    assert found is not None
    return found[1]


def made(browser: Browser, path: str, form: dict[str, str]) -> str:
    """The secret of the link that the page shows after the person of the form was made."""
    assert browser.post(path, form).location == path
    return link_of(browser.get(path).text)


def main_of(page: str) -> str:
    return page.partition("<main")[2]


def test_a_manager_gives_a_role_to_somebody_who_has_an_account(
    app: Flask, path: str, open_browser: OpenBrowser
) -> None:
    mia = open_browser("Mia")
    assert mia.post(path, {"email": "sam@example.org", "role": "reviewer"}).status_code == 303
    assert "Sam is reviewer now." in mia.get(path).text
    mia.post(path, {"email": " SAM@example.org ", "role": "reviewer"})
    assert "Sam had this role already." in mia.get(path).text
    assert roles(app, "Sam") == [Role.REVIEWER]
    assert open_browser("Sam").get("/projects/idlib").status_code == 200


@pytest.mark.parametrize(
    ("form", "field", "message"),
    [
        ({"email": "", "role": "reviewer"}, "email", "Write the address."),
        ({"email": "nobody@example.org", "role": "reviewer"}, "email", "Ask an administrator to add the person."),
        ({"email": "sam@example.org", "role": "emperor"}, "role", ""),
        ({"email": "sam@example.org"}, "role", ""),
        ({"email": "a" * 300 + "@example.org", "role": "reviewer"}, "email", ""),
    ],
)
def test_a_bad_form_is_refused_at_its_field(
    app: Flask, path: str, open_browser: OpenBrowser, form: dict[str, str], field: str, message: str
) -> None:
    answer = open_browser("Mia").post(path, form)
    assert answer.status_code == 422
    error = re.search(rf'id="{field}-error"[^>]*>(.*?)</div>', answer.text, re.DOTALL)
    assert error is not None
    assert message in error[1]
    assert roles(app, "Sam") == []


@pytest.mark.parametrize("name", ["Ada", "Jo", "Sam"])
def test_only_managers_add_and_remove(app: Flask, path: str, open_browser: OpenBrowser, name: str) -> None:
    browser = open_browser(name)
    status = 404 if name == "Sam" else 403
    assert browser.post(path, {"email": "sam@example.org", "role": "manager"}).status_code == status
    assert browser.post(f"{path}/{id_of(app, 'Ben')}/reviewer/remove").status_code == status
    assert (roles(app, "Sam"), roles(app, "Ben")) == ([], [Role.REVIEWER])


def test_an_administrator_makes_the_person_and_sees_the_link_once(
    app: Flask, path: str, open_browser: OpenBrowser
) -> None:
    kim = open_browser("Kim")
    link = made(kim, path, {"email": "Lea@Example.org", "name": "Lea", "role": "adjudicator"})
    assert roles(app, "Lea") == [Role.ADJUDICATOR]
    assert "/sign-in/" not in main_of(kim.get(path).text)
    lea = open_browser()
    assert lea.post(f"/sign-in/{link}").status_code == 303
    assert lea.get("/projects/idlib").status_code == 200
    again = open_browser()
    assert again.post(f"/sign-in/{link}").status_code != 303


def test_a_link_that_waits_to_be_shown_is_shown_in_its_project_and_to_who_made_it_only(
    app: Flask, path: str, open_browser: OpenBrowser
) -> None:
    with app.app_context(), transaction():
        projects.create("other", "Other", user=person("Mia"))
    kim = open_browser("Kim")
    kim.post(path, {"email": "lea@example.org", "name": "Lea", "role": "reviewer"})
    assert "/sign-in/" not in main_of(kim.get("/projects/other/people").text)
    kim.post(path, {"email": "liv@example.org", "name": "Liv", "role": "reviewer"})
    kim.sign_in("mia@example.org")
    assert "/sign-in/" not in main_of(kim.get(path).text)


@pytest.mark.parametrize("host", ["localhost", "localhost:5001", "localhost:8123"])
def test_the_link_has_the_address_by_which_the_page_was_asked_for(
    path: str, open_browser: OpenBrowser, host: str
) -> None:
    kim = open_browser("Kim")
    # The cookies of the test's client are of one host; what the request says of its address is its header.
    sent = {"email": "lea@example.org", "name": "Lea", "role": "adjudicator"}
    kim.post(path, sent)
    answer = kim.get(path, environ_overrides={"HTTP_HOST": host})
    assert f'value="http://{host}/sign-in/' in answer.text
    assert kim.post(path, sent, environ_overrides={"HTTP_HOST": "evil.example"}).status_code == 400


def test_who_never_came_in_gets_another_link_until_they_come(app: Flask, path: str, open_browser: OpenBrowser) -> None:
    kim, mia = open_browser("Kim"), open_browser("Mia")
    first = made(kim, path, {"email": "lea@example.org", "name": "Lea", "role": "reviewer"})
    lea = id_of(app, "Lea")
    assert f"{path}/{lea}/link" in kim.get(path).text
    assert f"{path}/{lea}/link" not in mia.get(path).text
    assert mia.post(f"{path}/{lea}/link").status_code == 403
    assert kim.post(f"{path}/{lea}/link").location == path, "To reload what is shown must not make another."
    second = link_of(kim.get(path).text)
    assert open_browser().post("/sign-in/" + first).status_code == 404
    assert open_browser().post("/sign-in/" + second).status_code == 303
    assert f"{path}/{lea}/link" not in kim.get(path).text
    refused = kim.post(f"{path}/{lea}/link")
    assert refused.status_code == 409
    assert "annotator user link" in refused.text


def begin_work(user_id: str) -> None:
    """As an import does that makes claims a reviewer's work."""
    project = projects.by_slug("idlib")
    (added,) = articles.add(project, [ArticleRecord("A truce began.", plain_blocks("A truce began."), "1")])
    giving.give(project, added.article_id, user_id, by=None)
    assert sign_in.unused_accounts([user_id]) == {user_id}, "What was only given is no work yet."
    for work in db.session.scalars(select(Assignment).where(Assignment.user_id == user_id)):
        work.state = AssignmentState.IN_PROGRESS


@pytest.mark.parametrize("used", ["a password", "a key", "work", "disabled"])
def test_no_page_gives_a_link_to_an_account_in_use(app: Flask, path: str, open_browser: OpenBrowser, used: str) -> None:
    kim = open_browser("Kim")
    kim.post(path, {"email": "lea@example.org", "name": "Lea", "role": "reviewer"})
    with app.app_context(), transaction():
        lea = person("Lea")
        if used == "a password":
            people.set_password(lea, people.hash_password("a good long one, this"))
        elif used == "a key":
            tokens.add(lea, "a program")
        elif used == "work":
            begin_work(lea.id)
        else:
            people.disable(lea)
    answer = kim.post(f"{path}/{id_of(app, 'Lea')}/link")
    assert answer.status_code == 409
    assert f"{path}/{id_of(app, 'Lea')}/link" not in kim.get(path).text


def test_no_link_is_made_for_who_is_not_in_the_project(app: Flask, path: str, open_browser: OpenBrowser) -> None:
    add_person(app, "Lea")
    assert open_browser("Kim").post(f"{path}/{id_of(app, 'Lea')}/link").status_code == 404


@pytest.mark.parametrize(
    ("email", "name", "field"),
    [("lea@example.org", "", "name"), ("lea@example.org", "   ", "name"), ("no address", "Lea", "email")],
)
def test_who_cannot_be_made_is_not_made(
    app: Flask, path: str, open_browser: OpenBrowser, email: str, name: str, field: str
) -> None:
    answer = open_browser("Kim").post(path, {"email": email, "name": name, "role": "reviewer"})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    with app.app_context():
        assert people.find(email) is None


def test_a_manager_cannot_make_accounts(app: Flask, path: str, open_browser: OpenBrowser) -> None:
    answer = open_browser("Mia").post(path, {"email": "lea@example.org", "name": "Lea", "role": "reviewer"})
    assert answer.status_code == 422
    with app.app_context():
        assert people.find("lea@example.org") is None


def test_a_role_is_taken_away_after_a_question(app: Flask, path: str, open_browser: OpenBrowser) -> None:
    mia = open_browser("Mia")
    ben = id_of(app, "Ben")
    asked = mia.get(f"{path}?remove={ben}:reviewer").text
    assert f"{path}/{ben}/reviewer/remove" in asked
    assert f"{path}/{ben}/reviewer/remove" not in mia.get(path).text
    assert mia.post(f"{path}/{ben}/reviewer/remove").status_code == 303
    assert "Ben is no longer reviewer. Their work stays." in mia.get(path).text
    assert roles(app, "Ben") == []


def test_the_last_manager_stays(app: Flask, path: str, open_browser: OpenBrowser) -> None:
    for name in ("Mia", "Kim"):
        answer = open_browser(name).post(f"{path}/{id_of(app, 'Mia')}/manager/remove")
        assert answer.status_code == 409
        assert "Give somebody else that role first." in answer.text
    assert roles(app, "Mia") == [Role.MANAGER]


def test_a_manager_who_leaves_is_led_out(app: Flask, path: str, open_browser: OpenBrowser) -> None:
    mia = open_browser("Mia")
    mia.post(path, {"email": "jo@example.org", "role": "manager"})
    answer = mia.post(f"{path}/{id_of(app, 'Mia')}/manager/remove")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/projects")
    assert mia.get(path).status_code == 404


@pytest.mark.parametrize("rest", ["2222222222222222/reviewer", "{ben}/adjudicator", "{ben}/emperor", "../reviewer"])
def test_what_is_not_there_cannot_be_removed(app: Flask, path: str, open_browser: OpenBrowser, rest: str) -> None:
    answer = open_browser("Mia").post(f"{path}/{rest.format(ben=id_of(app, 'Ben'))}/remove")
    assert answer.status_code in {404, 405}
    assert roles(app, "Ben") == [Role.REVIEWER]
