"""The people of the tests, and browsers in which they are signed in.

Ada reviews and so does Ben, Jo adjudicates, Mia manages, Sam is a stranger, Kim administers the installation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from annotator.db import transaction
from annotator.domain.scopes import Scope
from annotator.models import Role, User
from annotator.security.identity import cookie_name
from annotator.services import people, projects, sign_in, tokens

ROLES = {"Ada": [Role.REVIEWER], "Ben": [Role.REVIEWER], "Jo": [Role.ADJUDICATOR], "Mia": [Role.MANAGER]}
SERVED_HASHER = people._hasher
"""What hashes the passwords of an installation."""

CSRF_FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')


def hash_at_once() -> None:
    """Let passwords of this process cost no time and memory worth speaking of: that is for those who guess."""
    people._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Browser:
    """A client with cookies of its own; what it posts carries the CSRF token, as a page's form does."""

    app: Flask
    client: FlaskClient
    email: str = ""
    known_csrf: tuple[str, str] = ("", "")

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.csrf(), **(form or {})}, **options)

    def request(self, method: str, path: str, **options: Any) -> TestResponse:
        """Any method, with the token in its header."""
        headers = {"X-CSRFToken": self.csrf(), **options.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **options)

    def csrf(self) -> str:
        """The token that stands in every page for this browser, as long as it keeps the cookie of its forms."""
        cookie, token = self.known_csrf
        if not cookie or cookie != self._form_cookie():
            found = CSRF_FIELD.search(self.client.get("/sign-in/none").text)
            assert found is not None
            token = found[1]
            self.known_csrf = self._form_cookie(), token
        return token

    def sign_in(self, email: str) -> Browser:
        """Give this browser a session, as signing in by a one-time link does."""
        self.client.set_cookie(*session_of(self.app, email))
        self.email = email
        return self

    def use_link(self, email: str) -> Browser:
        """Sign in by a one-time link, as a person does."""
        with self.app.app_context(), transaction():
            token = sign_in.make_link(people.by_email(email))
        answer = self.post(f"/sign-in/{token}")
        assert answer.status_code == 303, answer.text
        self.email = email
        return self

    def _form_cookie(self) -> str:
        cookie = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return cookie.value if cookie else ""


def session_of(app: Flask, email: str) -> tuple[str, str]:
    """The name and value of the cookie of a new session, as signing in by a one-time link gives it."""
    with app.app_context(), transaction():
        secret = sign_in.begin(people.by_email(email), how="link", hours=12)
    with app.test_request_context():
        return cookie_name(), secret


def email_of(name: str) -> str:
    """ada@example.org for Ada."""
    return f"{name.lower()}@example.org"


def add_person(app: Flask, name: str, *, admin: bool = False, password: str | None = None) -> str:
    """Make an account and return its address."""
    hashed = people.hash_password(password) if password else None
    with app.app_context(), transaction():
        return people.create(email_of(name), name, admin=admin, password=hashed).email


def add_everybody(app: Flask, slug: str = "idlib") -> str:
    """Make all the people and the project `slug` with Ada, Ben, Jo and Mia in their roles; returns `slug`."""
    with app.app_context(), transaction():
        project = projects.create(slug, "Idlib ceasefires")
        for name in [*ROLES, "Sam", "Kim"]:
            user = people.create(email_of(name), name, admin=name == "Kim")
            for role in ROLES.get(name, []):
                projects.add_member(project, user, role)
    return slug


def person(name: str) -> User:
    """The account of `name`; needs an open app context."""
    return people.by_email(email_of(name))


def open_browser(app: Flask, name: str = "") -> Browser:
    """A fresh browser, in which `name` is signed in if given."""
    browser = Browser(app, app.test_client())
    return browser.sign_in(email_of(name)) if name else browser


def token_of(app: Flask, name: str, *, scope: str = "") -> str:
    """A new API token."""
    with app.app_context(), transaction():
        return tokens.add(person(name), "tests", scopes=scope.split() or tuple(Scope))


OpenBrowser = Callable[..., Browser]
