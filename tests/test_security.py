"""The gate: what comes in, who is asking, and what every answer carries."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import create_environ, run_wsgi_app
from wtforms import PasswordField

from annotator import create_app, forms, security
from annotator.db import db, now, transaction
from annotator.errors import Misconfigured
from annotator.forms.base import Form
from annotator.models import ApiToken, Session, User
from annotator.services import people, sign_in, tokens
from tests.support.people import Browser, OpenBrowser, email_of, person, token_of
from tests.support.people import open_browser as open_browser_of

PASSWORD = "four unrelated words here"


def test_a_missing_secret_key_refuses_to_start_and_says_what_makes_one(tmp_path):
    with pytest.raises(Misconfigured, match="annotator init"):
        create_app({"instance": tmp_path})


# Addresses


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost:1",
        "127.0.0.1:5000",
        "[::1]",
        "[::1]:8080",
        "facts.example.org",
        "alias.test",
    ],
)
def test_own_addresses_are_served(make_app, host):
    app = make_app(base_url="http://facts.example.org:8000", allowed_hosts="other.test, Alias.test")
    assert app.test_client().get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:5000",
        "localhost@evil",
        "a b",
        "[::2]",
        "[:::]",
        "[1:]",
        "127.0.0.2",
    ],
)
def test_other_addresses_are_refused_with_a_sentence(app, host):
    # The test client would read the address itself, and fail over the worst of them.
    pieces, status, _headers = run_wsgi_app(app, {**create_environ("/sign-in"), "HTTP_HOST": host}, buffered=True)
    page = b"".join(pieces).decode()
    assert status == "400 BAD REQUEST"
    assert "not one of this installation" in page
    assert "evil" not in page


@pytest.mark.parametrize("path", ["/sign-in?next=%00", "/sign-in?%00=1", "/sign-in/a%00b", "/%00"])
def test_nul_in_an_address_is_refused(client, path):
    answer = client.get(path)
    assert answer.status_code == 400
    assert "NUL" in answer.text


def test_an_endless_query_is_refused(client):
    assert client.get("/sign-in?next=" + "a" * security.LONGEST_QUERY).status_code == 414


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in/%ED%A0%80",
        "/sign-in?next=%ED%A0%80",
        "/sign-in?next=%ff",
        "/%F0%9F%98%80",
        "/" + "9" * 5_000,
        "/a//b/..;/%2e%2e",
    ],
)
def test_hostile_addresses_never_break_the_server(client, path):
    assert client.get(path).status_code in {200, 308, 404}


# What is sent


@pytest.mark.parametrize("value", ["a\0b", b"a\0b"])
def test_nul_in_a_form_is_refused_by_its_field(open_browser: OpenBrowser, value):
    answer = open_browser().post("/sign-in", {"email": value, "password": "x"})
    assert answer.status_code == 422
    assert "email" in answer.text
    assert "NUL" in answer.text


def test_nul_in_the_name_of_a_file_is_refused(open_browser: OpenBrowser):
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a\0.txt"\r\n\r\nhi\r\n--x--\r\n'
    answer = open_browser().request("POST", "/sign-in", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 422


def test_half_of_a_surrogate_pair_never_breaks_a_form(open_browser: OpenBrowser):
    answer = open_browser().request(
        "POST", "/sign-in", data=b"email=%ED%A0%80&password=%ff", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 422


def test_strangers_may_send_no_more_than_a_form(open_browser: OpenBrowser):
    body = {"email": "a" * (security.LARGEST_FROM_STRANGERS + 1)}
    answer = open_browser().post("/sign-in", body)
    assert answer.status_code == 413
    assert "At once it takes 1 MB from who is not signed in." in answer.text


def test_a_pasted_article_of_many_megabytes_passes_for_people(idlib, open_browser: OpenBrowser):
    answer = open_browser("Ada").post("/account/name", {"name": "a" * 3_000_000})
    assert answer.status_code == 422
    assert "longer than 200 characters" in answer.text


# Forged requests


def unsafe(browser: Browser, **headers: str):
    return browser.request("POST", "/account/theme", data={"theme": "dark"}, headers=headers)


def theme_of(app: Flask) -> str:
    with app.app_context():
        return person("Ada").theme


def test_a_change_without_the_token_is_refused_and_changes_nothing(app, idlib, open_browser: OpenBrowser):
    ada = open_browser("Ada")
    answer = ada.client.post("/account/theme", data={"theme": "dark"})
    assert answer.status_code == 400
    assert "Open the page again" in answer.text
    assert theme_of(app) == "auto"


@pytest.mark.parametrize("where", ["field", "header"])
def test_a_change_with_the_token_passes(app, idlib, open_browser: OpenBrowser, where):
    ada = open_browser("Ada")
    answer = ada.post("/account/theme", {"theme": "dark"}) if where == "field" else unsafe(ada)
    assert answer.status_code == 303
    assert theme_of(app) == "dark"


def test_the_token_of_another_browser_is_refused(idlib, open_browser: OpenBrowser):
    ada, sam = open_browser("Ada"), open_browser("Sam")
    answer = ada.client.post("/account/theme", data={"theme": "dark", "csrf_token": sam.csrf()})
    assert answer.status_code == 400


def test_the_token_from_before_the_sign_in_is_refused_after_it(idlib, open_browser: OpenBrowser):
    browser = open_browser()
    before = browser.csrf()
    browser.use_link(email_of("Ada"))
    assert browser.client.post("/account/theme", data={"theme": "dark", "csrf_token": before}).status_code == 400
    during = browser.csrf()
    browser.post("/account/sign-out")
    assert browser.client.post("/sign-in", data={"csrf_token": during}).status_code == 400


def test_what_was_written_while_a_sign_in_ended_is_handed_back(idlib, open_browser: OpenBrowser):
    ada = open_browser("Ada")
    form = {
        "text": "# A <long> guideline\n\nof many words",
        "present_password": "my pass phrase",
        "csrf_token": ada.csrf(),
    }
    ada.post("/account/sign-out")
    answer = ada.client.post("/projects/idlib/guideline/edit", data=form)
    assert answer.status_code == 400
    assert "You were signed out" in answer.text
    assert "Nothing of it was stored." in answer.text
    assert "# A &lt;long&gt; guideline\n\nof many words</textarea>" in answer.text
    assert "my pass phrase" not in answer.text
    assert 'href="/sign-in?next=/projects/idlib/guideline/edit"' in answer.text
    elsewhere = ada.client.post("/projects/idlib/guideline/edit", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert "guideline</textarea>" not in elsewhere.text
    assert "long" not in elsewhere.text


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/projects/idlib/guideline/edit?from=1", "/projects/idlib/guideline/edit?from=1"),
        ("/account/theme", "/"),
    ],
    ids=["a page", "an address that takes forms only"],
)
def test_the_way_out_of_a_page_that_is_out_of_date_is_that_page(
    idlib, open_browser: OpenBrowser, address: str, path: str
):
    ada = open_browser("Ada")
    stale = {"csrf_token": ada.csrf(), "text": "many words"}
    ada.use_link(email_of("Ada"))
    assert f'href="{path}">' in ada.client.post(address, data=stale).text
    ada.post("/account/sign-out")
    assert f'href="/sign-in?next={quote(path, safe="/?")}"' in ada.client.post(address, data=stale).text


def test_every_field_of_a_password_is_called_one() -> None:
    """By its name it is kept from being shown again."""
    modules = [import_module(f"annotator.forms.{each.name}") for each in iter_modules(forms.__path__)]
    classes = {each for module in modules for each in vars(module).values() if isinstance(each, type)}
    fields = [pair for each in classes if issubclass(each, Form) for pair in vars(each).items()]
    secret = {name for name, field in fields if getattr(field, "field_class", None) is PasswordField}
    assert secret == {"password", "present_password"}
    assert all("password" in name for name in secret)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 400),
        ({"Origin": "http://["}, 400),
        ({"Origin": "localhost"}, 400),
        ({"Origin": "http://evil.example"}, 400),
        ({"Origin": "http://localhost:81"}, 400),
        ({"Origin": "http://localhost.evil.example"}, 400),
    ],
)
def test_the_second_layer_asks_where_a_change_comes_from(idlib, open_browser: OpenBrowser, headers, status):
    """Each has the right token, so only the second layer can refuse it."""
    assert unsafe(open_browser("Ada"), **headers).status_code == status


def test_https_needs_no_referer(make_app):
    app = make_app(base_url="https://facts.example.org")
    with app.app_context(), transaction():
        user = people.create("ada@example.org", "Ada")
        token = sign_in.make_link(user)
    browser = open_browser_of(app)
    page = browser.client.get("/sign-in/none", base_url="https://facts.example.org")
    csrf = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.client.post(f"/sign-in/{token}", data={"csrf_token": csrf}, base_url="https://facts.example.org")
    assert answer.status_code == 303
    cookie = next(words for words in answer.headers.getlist("Set-Cookie") if "annotator_session" in words)
    assert cookie.startswith("__Host-annotator_session=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


# Headers


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nowhere", "/api/v1/me", "/api/v1/nowhere", "/static/none"])
def test_every_answer_carries_the_headers(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy
    for directive in ("object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert directive in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_pages_contain_nothing_that_the_policy_forbids(idlib, open_browser: OpenBrowser):
    for page in (open_browser().get("/sign-in"), open_browser("Ada").get("/account"), open_browser("Ada").get("/")):
        assert " style=" not in page.text
        assert "<style" not in page.text
        assert "onclick" not in page.text
        assert "data:" not in page.text


def test_static_files_are_kept_for_ever_below_the_stamp_of_their_content(app, client):
    with app.test_request_context():
        from annotator.templating import static_url

        address = static_url("css/base.css")
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    answer.close()
    assert client.get("/static/css/base.css").status_code == 404


# Sessions


def test_the_cookie_is_not_what_is_stored(app, idlib, open_browser: OpenBrowser):
    ada = open_browser("Ada")
    cookie = ada.client.get_cookie("annotator_session")
    assert cookie is not None
    assert len(cookie.value) >= 43
    with app.app_context():
        stored = db.session.scalars(select(Session)).one()
        assert cookie.value not in (stored.id_hash, stored.user_agent)


def test_a_made_up_cookie_signs_nobody_in(idlib, open_browser: OpenBrowser):
    browser = open_browser()
    for value in ("x", "", "é", "a" * 4_000):
        browser.client.set_cookie("annotator_session", value)
        assert browser.get("/account").status_code == 302


def change_session(app: Flask, **values):
    with app.app_context(), transaction():
        db.session.execute(update(Session).values(**values))


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"last_seen_at": now() - timedelta(hours=11)}, 200),
        ({"last_seen_at": now() - timedelta(hours=13)}, 302),
        ({"expires_at": now() - timedelta(seconds=1)}, 302),
    ],
    ids=["used", "idle", "expired"],
)
def test_sessions_end_when_idle_and_in_any_case(app, idlib, open_browser: OpenBrowser, values, status):
    ada = open_browser("Ada")
    change_session(app, **values)
    assert ada.get("/account").status_code == status


def test_use_is_noticed_every_ten_minutes(app, idlib, open_browser: OpenBrowser):
    ada = open_browser("Ada")
    for minutes, noticed in ((9, False), (11, True)):
        before = now() - timedelta(minutes=minutes)
        change_session(app, last_seen_at=before)
        assert ada.get("/account").status_code == 200
        with app.app_context():
            assert (db.session.scalars(select(Session.last_seen_at)).one() > before) is noticed


def test_disabling_a_person_ends_everything_at_once(app, idlib, open_browser: OpenBrowser):
    ada, token = open_browser("Ada"), token_of(app, "Ada")
    with app.app_context(), transaction():
        people.disable(person("Ada"))
    assert ada.get("/account").status_code == 302
    assert ada.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_disabled_person_is_out_even_where_a_session_was_left(app, idlib, open_browser: OpenBrowser):
    """The look-up refuses by itself, should some other way to disable forget the sessions."""
    ada = open_browser("Ada")
    with app.app_context(), transaction():
        db.session.execute(update(User).where(User.email == email_of("Ada")).values(disabled_at=now()))
    assert ada.get("/account").status_code == 302


# Tokens


def ask(browser: Browser, token: str, method: str = "GET", path: str = "/api/v1/me", scheme: str = "Bearer"):
    return browser.client.open(path, method=method, headers={"Authorization": f"{scheme} {token}"})


def test_a_token_says_who_asks(app, idlib, open_browser: OpenBrowser):
    answer = ask(open_browser(), token_of(app, "Ada"), scheme="bearer")
    assert answer.status_code == 200
    with app.app_context():
        assert db.session.scalars(select(ApiToken.last_used_at)).one() is not None


@pytest.mark.parametrize("values", [{"revoked_at": now()}, {"expires_at": now() - timedelta(seconds=1)}])
def test_revoked_and_expired_tokens_are_refused_with_the_way_out(app, idlib, open_browser: OpenBrowser, values):
    token = token_of(app, "Ada")
    with app.app_context(), transaction():
        db.session.execute(update(ApiToken).values(**values))
    answer = ask(open_browser(), token)
    assert answer.status_code == 401
    assert "revoked or has expired" in answer.text


def test_a_wrong_token_does_not_fall_back_to_the_session(idlib, open_browser: OpenBrowser):
    ada = open_browser("Ada")
    assert ada.get("/api/v1/me").status_code == 200
    assert ask(ada, "wrong").status_code == 401


def test_a_token_for_reading_changes_nothing(app, idlib, open_browser: OpenBrowser):
    reading, writing = token_of(app, "Mia", scope="read"), token_of(app, "Mia")
    path = f"/api/v1/projects/{idlib}"
    browser = open_browser()

    def rename(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return browser.client.patch(path, json={"name": "Other"}, headers=headers).status_code

    assert rename(reading) == 403
    assert rename(writing) == 200


def test_pages_take_no_token(app, idlib, open_browser: OpenBrowser):
    """A stolen token must not be able to set a password, and it stands in for no CSRF token."""
    token = token_of(app, "Ada")
    assert ask(open_browser(), token, path="/account").status_code == 302
    assert ask(open_browser("Ada"), token, "POST", "/account/theme").status_code == 400


# Not signed in


def test_a_visit_is_led_to_the_sign_in_and_back(client):
    assert client.get("/account?a=1").headers["Location"] == "/sign-in?next=/account?a%3D1"


def test_a_script_and_a_form_are_told_401(open_browser: OpenBrowser):
    browser = open_browser()
    assert browser.get("/account", headers={"Sec-Fetch-Dest": "empty"}).status_code == 401
    assert browser.post("/account/theme", {"theme": "dark"}).status_code == 401


def test_tokens_are_refused_for_disabled_people(app, idlib):
    with app.app_context(), transaction():
        people.disable(person("Ada"))
    with app.app_context(), pytest.raises(Exception, match="disabled"), transaction():
        tokens.add(person("Ada"), "x")
