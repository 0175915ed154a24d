"""People, projects, members and tokens from the command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from annotator.db import db, transaction
from annotator.models import SignInLink
from annotator.services import people, sign_in, tokens
from tests.conftest import AppFactory

LINK = re.compile(r"^http://127\.0\.0\.1:5000/sign-in/(\S{43})$", re.MULTILINE)


def test_a_new_person_gets_a_link_that_signs_in_once(run, app: Flask) -> None:
    printed = run("user", "add", "Ada@Example.org", "--name", "Ada").stdout
    [token] = LINK.findall(printed)
    with app.app_context(), transaction():
        assert sign_in.use_link(token).email == "ada@example.org"


def test_a_password_comes_from_standard_input_and_no_link_is_printed(run, app: Flask) -> None:
    printed = run("user", "add", "a@example.org", "--name", "A", "--password-stdin", input="green harbour, tin roof\n")
    assert printed.stdout == ""
    with app.app_context():
        assert people.password_fits(people.by_email("a@example.org"), "green harbour, tin roof")


def test_a_bad_password_adds_nobody(run, listed) -> None:
    refused = run("user", "add", "a@example.org", "--name", "A", "--password-stdin", input="short\n", status=1)
    assert "10 characters" in refused.stderr
    assert listed("user", "list") == []


def test_the_same_address_twice_is_refused(run) -> None:
    run("user", "add", "a@example.org", "--name", "A")
    assert "already" in run("user", "add", "A@example.org", "--name", "B", status=1).stderr


def test_people_are_listed(run, listed) -> None:
    run("user", "add", "kim@example.org", "--name", "Kim", "--admin")
    run("user", "add", "sam@example.org", "--name", "Sam")
    run("user", "disable", "sam@example.org")
    assert listed("user", "list") == [
        {"email": "kim@example.org", "name": "Kim", "admin": True, "disabled": False},
        {"email": "sam@example.org", "name": "Sam", "admin": False, "disabled": True},
    ]
    assert run("user", "list").stdout.splitlines()[0].split() == ["email", "name", "admin", "disabled"]


def test_the_last_administrator_cannot_be_disabled(run) -> None:
    run("user", "add", "kim@example.org", "--name", "Kim", "--admin")
    assert "last administrator" in run("user", "disable", "kim@example.org", status=1).stderr


def test_a_new_link_can_be_made(run, app: Flask) -> None:
    run("user", "add", "ada@example.org", "--name", "Ada")
    [token] = LINK.findall(run("user", "link", "ada@example.org").stdout)
    with app.app_context(), transaction():
        assert sign_in.use_link(token).name == "Ada"


def test_projects_are_added_and_listed(run, listed) -> None:
    run("project", "add", "idlib", "--name", "Idlib", "--reviewers", 3, "--open", "--evidence", "required")
    assert listed("project", "list") == [
        {
            "slug": "idlib",
            "name": "Idlib",
            "reviewers": 3,
            "blind": False,
            "evidence": "required",
            "snap_to_words": True,
            "suggestions": False,
        }
    ]


def test_a_project_is_blind_has_two_reviewers_and_warns_by_default(run, listed) -> None:
    run("project", "add", "idlib", "--name", "Idlib")
    [project] = listed("project", "list")
    assert (project["reviewers"], project["blind"], project["evidence"]) == (2, True, "warn")


@pytest.mark.parametrize("slug", ["Idlib", "../idlib", "-", "a b", "x" * 65])
def test_a_bad_slug_is_refused(run, listed, slug: str) -> None:
    run("project", "add", "--name", "Idlib", "--", slug, status=1)
    assert listed("project", "list") == []


def test_members_have_one_or_more_roles(run, listed) -> None:
    run("project", "add", "idlib", "--name", "Idlib")
    run("user", "add", "ada@example.org", "--name", "Ada")
    for role in ("manager", "reviewer", "reviewer"):
        run("member", "add", "idlib", "ada@example.org", "--role", role)
    assert listed("member", "list", "idlib") == [
        {"email": "ada@example.org", "name": "Ada", "roles": ["reviewer", "manager"]}
    ]
    assert "at most 5 open reviews" in run("member", "capacity", "idlib", "ada@example.org", "5").stderr
    assert "any number" in run("member", "capacity", "idlib", "ada@example.org").stderr
    run("member", "remove", "idlib", "ada@example.org", "--role", "reviewer")
    assert listed("member", "list", "idlib")[0]["roles"] == ["manager"]


def test_the_token_is_the_last_word_of_the_output_and_is_listed_without_it(run, listed, app: Flask) -> None:
    run("user", "add", "ada@example.org", "--name", "Ada")
    token = run("token", "add", "ada@example.org", "--name", "script").stdout.split()[-1]
    [shown] = listed("token", "list", "ada@example.org")
    assert shown["name"] == "script"
    assert token not in str(shown)
    with app.app_context():
        assert len(tokens.list_for(people.by_email("ada@example.org"))) == 1


def test_a_token_has_scopes_and_an_end_and_is_revoked(run, listed, app: Flask) -> None:
    run("user", "add", "ada@example.org", "--name", "Ada")
    run("token", "add", "ada@example.org", "--name", "all")
    run("token", "add", "ada@example.org", "--name", "few", "--scope", "export", "--scope", "read", "--expires", "30")
    run("token", "add", "ada@example.org", "--name", "day", "--expires", "2999-12-31")
    run("token", "add", "ada@example.org", "--name", "one", "--project", "idlib", status=1)
    run("project", "add", "idlib", "--name", "Idlib")
    run("member", "add", "idlib", "ada@example.org", "--role", "reviewer")
    run("token", "add", "ada@example.org", "--name", "one", "--project", "idlib")
    shown = {each["name"]: each for each in listed("token", "list", "ada@example.org")}
    assert shown["all"]["scope"] == "read export write manage"
    assert shown["all"]["expires_at"] is None
    assert (shown["all"]["project"], shown["one"]["project"]) == (None, "idlib")
    assert shown["few"]["scope"] == "read export"
    days = datetime.fromisoformat(shown["few"]["expires_at"]) - datetime.now(UTC)
    assert 29 <= days.days <= 30
    assert shown["day"]["expires_at"] == "2999-12-31T23:59:59.999999+00:00"
    run("token", "revoke", "ada@example.org", shown["few"]["id"])
    revoked = {each["name"]: each["revoked_at"] for each in listed("token", "list", "ada@example.org")}
    assert revoked["few"]
    assert (revoked["all"], revoked["day"]) == (None, None)


@pytest.mark.parametrize(
    ("end", "status"), [("0", 1), ("2001-01-01", 1), ("-1", 2), ("soon", 2), ("9999999999999", 2), ("2027-02-30", 2)]
)
def test_an_end_that_is_none_is_refused(run, listed, end: str, status: int) -> None:
    run("user", "add", "ada@example.org", "--name", "Ada")
    run("token", "add", "ada@example.org", "--name", "x", "--expires", end, status=status)
    assert listed("token", "list", "ada@example.org") == []


@pytest.mark.parametrize(
    "command",
    [
        ("member", "add", "none", "nobody@example.org", "--role", "reviewer"),
        ("member", "list", "none"),
        ("token", "add", "nobody@example.org", "--name", "x"),
        ("token", "list", "nobody@example.org"),
        ("token", "revoke", "nobody@example.org", "2222222222222222"),
        ("user", "link", "nobody@example.org"),
        ("article", "list", "none"),
        ("assign", "none"),
        ("import", "none", "."),
        ("export", "none", "--layer", "gold"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(run, command: tuple[str, ...]) -> None:
    assert len(run(*command, status=1).stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [
        ("user", "add", "a@example.org"),
        ("user", "add"),
        ("member", "add", "idlib", "a@example.org", "--role", "king"),
        ("project", "add", "idlib", "--name", "x", "--reviewers", "0"),
        ("export", "idlib", "--layer", "silver"),
        ("export", "idlib", "--layer", "gold", "--format", "xml"),
        ("import", "idlib"),
        ("nothing",),
    ],
)
def test_wrong_usage_ends_with_two(run, command: tuple[str, ...]) -> None:
    run(*command, status=2)


def test_lists_without_anything_are_empty_arrays(run, listed) -> None:
    assert listed("user", "list") == listed("project", "list") == []
    assert run("user", "list").stdout == ""


def test_a_link_lasts_as_long_as_the_setting_says(make_app: AppFactory) -> None:
    app = make_app(link_hours=5)
    app.test_cli_runner().invoke(args=["user", "add", "ada@example.org", "--name", "Ada"])
    with app.app_context():
        link = db.session.scalars(db.select(SignInLink)).one()
    assert timedelta(hours=4, minutes=59) < link.expires_at - link.created_at < timedelta(hours=5, minutes=1)
