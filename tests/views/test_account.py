"""One's own account."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from annotator.db import db
from annotator.models import ApiToken
from annotator.services import sign_in, tokens
from tests.support.people import OpenBrowser, add_person, person

GOOD = "four unrelated words here"
BETTER = "five quite unrelated words here"


@pytest.fixture
def ada(app) -> str:
    return add_person(app, "Ada", password=GOOD)


@pytest.fixture
def browser(ada, open_browser: OpenBrowser):
    return open_browser("Ada")


def sessions_of_ada(app):
    with app.app_context():
        return sign_in.sessions_of(person("Ada"))


def test_the_name_can_be_changed(app, browser):
    assert browser.post("/account/name", {"name": "Ada Lovelace"}).status_code == 303
    page = browser.get("/account").text
    assert "Your name is changed." in page
    assert "Ada Lovelace" in page


@pytest.mark.parametrize("name", ["", "   ", "a" * 201])
def test_an_impossible_name_is_refused_beside_its_field(app, browser, name):
    answer = browser.post("/account/name", {"name": name})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    with app.app_context():
        assert person("Ada").name == "Ada"


def test_a_hostile_name_is_shown_as_text(browser):
    browser.post("/account/name", {"name": "<script>alert(1)</script>"})
    page = browser.get("/account").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_colours_can_be_chosen(browser, theme):
    assert browser.post("/account/theme", {"theme": theme}).status_code == 303
    assert f'data-theme="{theme}"' in browser.get("/account").text


def test_there_are_no_other_colours(browser):
    assert browser.post("/account/theme", {"theme": "pink"}).status_code == 422


# The password


def test_a_new_password_signs_out_everywhere_else(app, browser, ada, open_browser: OpenBrowser):
    elsewhere = open_browser("Ada")
    answer = browser.post("/account/password", {"present_password": GOOD, "password": BETTER})
    assert answer.status_code == 303
    assert elsewhere.get("/account").status_code == 302
    assert browser.get("/account").status_code == 200
    fresh = open_browser()
    assert fresh.post("/sign-in", {"email": ada, "password": GOOD}).status_code == 422
    assert fresh.post("/sign-in", {"email": ada, "password": BETTER}).status_code == 303


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"present_password": "wrong", "password": BETTER}, "not your present password"),
        ({"password": BETTER}, "not your present password"),
        ({"present_password": GOOD, "password": "short"}, "10 characters"),
        ({"present_password": GOOD, "password": "password123"}, "tried first"),
        ({"present_password": GOOD}, "Write the new password"),
    ],
)
def test_a_refused_password_changes_nothing(ada, browser, open_browser: OpenBrowser, form, words):
    answer = browser.post("/account/password", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert GOOD not in answer.text
    assert open_browser().post("/sign-in", {"email": ada, "password": GOOD}).status_code == 303


def test_the_present_password_cannot_be_guessed_here_either(browser):
    for _ in range(sign_in.FREE_FOR_ACCOUNT):
        browser.post("/account/password", {"present_password": "wrong", "password": BETTER})
    assert browser.post("/account/password", {"present_password": GOOD, "password": BETTER}).status_code == 429


def test_the_first_password_needs_none_before_it(app, open_browser: OpenBrowser):
    email = add_person(app, "Ben")
    ben = open_browser("Ben")
    assert "Present password" not in ben.get("/account").text
    assert ben.post("/account/password", {"password": GOOD}).status_code == 303
    assert open_browser().post("/sign-in", {"email": email, "password": GOOD}).status_code == 303


# Sessions


def test_sessions_are_listed_and_can_be_ended(app, browser, open_browser: OpenBrowser):
    elsewhere = open_browser("Ada")
    here = {session.id_hash for session in sessions_of_ada(app)}
    page = browser.get("/account").text
    assert page.count("This browser") == 1
    (other,) = re.findall(r"/account/sessions/([0-9a-f]{64})/end", page)
    assert other in here
    assert browser.post(f"/account/sessions/{other}/end").status_code == 303
    assert elsewhere.get("/account").status_code == 302
    assert browser.post(f"/account/sessions/{other}/end").status_code == 404


def test_all_other_sessions_can_be_ended_at_once(app, browser, open_browser: OpenBrowser):
    others = [open_browser("Ada"), open_browser("Ada")]
    assert browser.post("/account/sessions/end").status_code == 303
    assert [other.get("/account").status_code for other in others] == [302, 302]
    assert browser.get("/account").status_code == 200


def test_to_end_ones_own_session_is_to_sign_out(app, browser):
    (own,) = sessions_of_ada(app)
    assert browser.post(f"/account/sessions/{own.id_hash}/end").headers["Location"] == "/sign-in"
    assert browser.get("/account").status_code == 302


def test_another_persons_session_is_not_found(app, browser, open_browser: OpenBrowser):
    add_person(app, "Sam")
    sam = open_browser("Sam")
    (own,) = sessions_of_ada(app)
    assert sam.post(f"/account/sessions/{own.id_hash}/end").status_code == 404
    assert browser.get("/account").status_code == 200


def test_signing_out_ends_the_session_on_the_server(app, browser):
    kept = browser.client.get_cookie("annotator_session").value
    answer = browser.post("/account/sign-out")
    assert answer.headers["Location"] == "/sign-in"
    assert browser.client.get_cookie("annotator_session") is None
    assert "You are signed out." in browser.get("/sign-in").text
    browser.client.set_cookie("annotator_session", kept)
    assert browser.get("/account").status_code == 302
    assert sessions_of_ada(app) == []


def test_no_visit_signs_out(browser):
    assert browser.get("/account/sign-out").status_code == 405
    assert browser.get("/account").status_code == 200


# Tokens


def test_a_token_is_shown_once_and_works(app, browser, open_browser: OpenBrowser):
    form = {"token-name": "export script", "token-scope": "read", "token-days": "30"}
    page = browser.post("/account/tokens", form).text
    (secret,) = re.findall(r'id="new-token" value="([^"]+)"', page)
    assert secret not in browser.get("/account").text
    answer = open_browser().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    with app.app_context():
        (token,) = tokens.list_for(person("Ada"))
    assert (token.name, token.scopes) == ("export script", "read")
    assert token.expires_at is not None
    assert (token.expires_at - token.created_at).days in (29, 30)


def test_a_token_can_be_good_for_one_project_alone(idlib, open_browser: OpenBrowser):
    mia = open_browser("Mia")
    form = {"token-name": "script", "token-scope": "read", "token-days": "30", "token-project": idlib}
    page = mia.post("/account/tokens", form).text
    assert "May read in Idlib ceasefires alone." in " ".join(page.split())
    (secret,) = re.findall(r'id="new-token" value="([^"]+)"', page)
    me = open_browser().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert me.json["token"]["project"] == idlib
    assert mia.post("/account/tokens", {**form, "token-project": "another"}).status_code == 422


def test_no_browser_asks_for_every_scope_of_a_token(browser):
    boxes = re.findall(r'<input[^>]*name="token-scope"[^>]*>', browser.get("/account").text)
    assert len(boxes) == 4
    assert not any("required" in box for box in boxes)


def test_a_token_may_last_for_ever_if_one_says_so(app, browser):
    browser.post("/account/tokens", {"token-name": "server", "token-scope": "write", "token-days": "0"})
    with app.app_context():
        assert db.session.scalars(select(ApiToken)).one().expires_at is None


@pytest.mark.parametrize(
    "form",
    [
        {"token-scope": "read", "token-days": "30"},
        {"token-name": " ", "token-scope": "read", "token-days": "30"},
        {"token-name": "x", "token-scope": "admin", "token-days": "30"},
        {"token-name": "x", "token-scope": "read", "token-days": "99999999999"},
        {"token-name": "x", "token-scope": "read", "token-days": "-1"},
    ],
)
def test_impossible_tokens_are_refused(app, browser, form):
    assert browser.post("/account/tokens", form).status_code == 422
    with app.app_context():
        assert list(tokens.list_for(person("Ada"))) == []


def test_a_revoked_token_is_out_at_once(app, browser, open_browser: OpenBrowser):
    add_person(app, "Sam")
    page = browser.post("/account/tokens", {"token-name": "x", "token-scope": "read", "token-days": "30"}).text
    (secret,) = re.findall(r'id="new-token" value="([^"]+)"', page)
    (revoke,) = re.findall(r'action="(/account/tokens/[^"]+/revoke)"', page)
    assert open_browser("Sam").post(revoke).status_code == 404
    assert browser.post(revoke).status_code == 303
    assert "Revoked" in browser.get("/account").text
    assert open_browser().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
