"""Signing in by password and by link, and where one arrives."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from annotator.db import db, transaction
from annotator.models import Session, SignInLink
from annotator.services import people, sign_in
from tests.support.people import OpenBrowser, add_person, email_of, person

GOOD = "four unrelated words here"


@pytest.fixture
def ada(app) -> str:
    """Ada's address; she has a password."""
    return add_person(app, "Ada", password=GOOD)


def link_of(app, name: str = "Ada") -> str:
    with app.app_context(), transaction():
        return f"/sign-in/{sign_in.make_link(person(name))}"


def count(app, model) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def test_the_right_password_signs_in(ada, open_browser: OpenBrowser):
    browser = open_browser()
    answer = browser.post("/sign-in", {"email": "Ada@Example.org ", "password": GOOD})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    assert browser.get("/account").status_code == 200


def test_a_wrong_password_does_not_and_is_not_shown_again(app, ada, open_browser: OpenBrowser):
    answer = open_browser().post("/sign-in", {"email": ada, "password": "wrong but typed"})
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert ada in answer.text
    assert "wrong but typed" not in answer.text
    assert count(app, Session) == 0


@pytest.mark.parametrize("form", [{}, {"email": "ada@example.org"}, {"password": GOOD}])
def test_what_is_missing_is_named(ada, open_browser: OpenBrowser, form):
    answer = open_browser().post("/sign-in", form)
    assert answer.status_code == 422
    assert "Write your" in answer.text


def test_guessing_is_slowed_down_even_with_the_right_password_at_last(ada, open_browser: OpenBrowser):
    browser = open_browser()
    for _ in range(sign_in.FREE_FOR_ACCOUNT):
        assert browser.post("/sign-in", {"email": ada, "password": "wrong"}).status_code == 422
    answer = browser.post("/sign-in", {"email": ada, "password": GOOD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15
    assert "Try again in" in answer.text


def test_guessing_links_is_slowed_down_too(ada, app, open_browser: OpenBrowser):
    browser = open_browser()
    for _ in range(sign_in.FREE_FOR_ADDRESS):
        assert browser.post("/sign-in/guess").status_code == 404
    assert browser.post("/sign-in/guess").status_code == 429
    assert browser.post(link_of(app)).status_code == 429


def test_looking_at_a_link_does_not_use_it_up(app, ada, open_browser: OpenBrowser):
    """Mail scanners open links, and so do previews of messengers."""
    link = link_of(app)
    for method in ("GET", "HEAD", "GET"):
        answer = open_browser().client.open(link, method=method)
        assert answer.status_code == 200
        assert "Ada" not in answer.text
    assert count(app, Session) == 0
    browser = open_browser()
    assert browser.post(link).status_code == 303
    assert browser.get("/account").status_code == 200


def test_a_used_link_says_whom_to_ask(app, ada, open_browser: OpenBrowser):
    link = link_of(app)
    open_browser().post(link)
    answer = open_browser().post(link)
    assert answer.status_code == 404
    assert "Ask whoever sent it for a new one" in answer.text


def test_who_has_no_password_is_told_of_it(app, open_browser: OpenBrowser):
    add_person(app, "Ben")
    browser = open_browser().use_link(email_of("Ben"))
    assert '<a href="/account#password-title">Set a password</a>' in browser.get("/").text
    assert 'id="password-title"' in browser.get("/account").text


def test_a_new_sign_in_gets_a_new_session_and_ends_the_one_before(app, ada, open_browser: OpenBrowser):
    browser = open_browser().use_link(ada)
    before = browser.client.get_cookie("annotator_session").value
    browser.use_link(ada)
    after = browser.client.get_cookie("annotator_session").value
    assert before != after
    assert count(app, Session) == 1
    browser.client.set_cookie("annotator_session", before)
    assert browser.get("/account").status_code == 302


def test_a_planted_session_id_is_not_taken_over(ada, open_browser: OpenBrowser):
    """Session fixation: what the browser brought is replaced."""
    browser = open_browser()
    browser.client.set_cookie("annotator_session", "chosen-by-an-attacker")
    browser.use_link(ada)
    assert browser.client.get_cookie("annotator_session").value != "chosen-by-an-attacker"


@pytest.mark.parametrize(
    ("target", "arrives"),
    [
        ("/account", "/account"),
        ("/account?a=1&b=%2F", "/account?a=1&b=%2F"),
        ("", "/"),
        ("account", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\tevil", "/"),
        ("/a\r\nSet-Cookie: a=b", "/"),
        ("//[", "/"),
        ("http://[", "/"),
        ("/\u2028/x", "/"),
    ],
)
def test_one_arrives_only_at_own_paths(ada, open_browser: OpenBrowser, target, arrives):
    browser = open_browser()
    answer = browser.post("/sign-in", {"email": ada, "password": GOOD, "next": target})
    assert answer.status_code == 303
    assert answer.headers["Location"] == arrives
    again = browser.get("/sign-in", query_string={"next": target})
    assert (again.status_code, again.headers["Location"]) == (302, arrives)


def test_the_way_back_survives_a_typing_mistake(ada, open_browser: OpenBrowser):
    browser = open_browser()
    assert 'value="/account?a=1"' in browser.get("/sign-in?next=/account?a%3D1").text
    answer = browser.post("/sign-in", {"email": ada, "password": "wrong", "next": "/account?a=1"})
    assert 'value="/account?a=1"' in answer.text


def test_the_pages_show_what_was_typed_as_text(ada, open_browser: OpenBrowser):
    hostile = '"><script>alert(1)</script>'
    browser = open_browser()
    assert hostile not in browser.get("/sign-in", query_string={"next": hostile}).text
    assert hostile not in browser.post("/sign-in", {"email": hostile, "password": "x"}).text
    assert hostile not in browser.get(f"/sign-in/{hostile}").text


def test_a_disabled_person_cannot_sign_in(app, ada, open_browser: OpenBrowser):
    link = link_of(app)
    with app.app_context(), transaction():
        people.disable(person("Ada"))
    assert open_browser().post(link).status_code == 404
    assert open_browser().post("/sign-in", {"email": ada, "password": GOOD}).status_code == 422


def test_sign_in_leaves_no_secret_behind(app, ada, open_browser: OpenBrowser):
    link = link_of(app)
    open_browser().post(link)
    with app.app_context():
        assert db.session.scalars(select(SignInLink.token_hash)).one() not in link
    assert email_of("Ada") == ada
