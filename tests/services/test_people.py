"""Accounts, passwords, and taking access away."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, Type
from sqlalchemy import func, select

from annotator.db import db, transaction
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import Event, Session, SignInLink, User
from annotator.services import events, people, sign_in
from tests.support.people import SERVED_HASHER, add_person, email_of, person

GOOD = "four unrelated words here"


@pytest.fixture(autouse=True)
def in_context(app):
    """Services are called as a command would call them: in one context, each change in its own transaction."""
    with app.app_context():
        yield


def create(email: str = "ada@example.org", name: str = "Ada", **options) -> User:
    with transaction():
        return people.create(email, name, **options)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        ("  ada@example.org ", "ada@example.org"),
        ("ADA+news@example.org", "ada+news@example.org"),
        ("ada@bücher.example", "ada@bücher.example"),
        ("ada@newsroom", "ada@newsroom"),
        ("e\u0301mile@example.org", "\u00e9mile@example.org"),
    ],
)
def test_addresses_are_stored_in_one_form_and_found_as_typed(typed, stored):
    assert create(typed).email == stored
    assert people.by_email(typed).email == stored
    assert people.by_email(stored.upper()).email == stored


@pytest.mark.parametrize(
    "email", ["", "ada", "@example.org", "ada@", "a b@example.org", "a\0@example.org", "a" * 300 + "@x.org"]
)
def test_what_is_no_address_is_refused_and_finds_nobody(email):
    with pytest.raises(Invalid) as refused:
        create(email)
    assert refused.value.problems[0].field == "email"
    assert people.find(email) is None
    with pytest.raises(NotFound):
        people.by_email(email)


def test_an_address_has_one_account():
    create()
    with pytest.raises(Conflict, match="already"):
        create("ADA@example.org", "Another Ada")


@pytest.mark.parametrize("name", ["", "  ", "a" * 201, "a\0b", "a\ud800"])
def test_names_that_cannot_be_shown_are_refused(name):
    with pytest.raises(Invalid):
        create(name=name)


def test_everybody_is_listed_by_name():
    create("b@example.org", "Ben")
    create()
    assert [user.name for user in people.everybody()] == ["Ada", "Ben"]


# Passwords


def test_passwords_are_hashed_with_argon2id_and_fit_only_themselves():
    user = create(password=people.hash_password(GOOD))
    assert user.password_hash is not None
    assert user.password_hash.startswith("$argon2id$")
    assert GOOD not in user.password_hash
    assert people.password_fits(user, GOOD)
    for wrong in ("", GOOD + " ", GOOD.upper(), GOOD[:-1], "a" * 10_000, "a\ud800"):
        assert not people.password_fits(user, wrong)


def test_a_guess_costs_at_least_what_owasp_asks_for():
    assert SERVED_HASHER.time_cost >= 2
    assert SERVED_HASHER.memory_cost >= 19 * 1024
    assert SERVED_HASHER.type is Type.ID


def test_the_decoy_of_unknown_people_fits_nobody():
    decoy = "the password of nobody"
    assert not people.password_fits(None, decoy)
    assert not people.password_fits(create(), decoy)


def test_nobody_and_somebody_cost_the_same_work(monkeypatch):
    """Counted, not timed: each look goes through one verification with the same parameters."""
    user = create(password=people.hash_password(GOOD))
    assert user.password_hash is not None
    assert people._decoy().rsplit("$", 2)[0] == user.password_hash.rsplit("$", 2)[0]
    seen = []
    verify = PasswordHasher.verify

    def counted(hasher, *given):
        seen.append(given)
        return verify(hasher, *given)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for someone, password in ((user, "wrong"), (None, "wrong"), (None, "a" * 1_000), (user, "a" * 1_000)):
        assert not people.password_fits(someone, password)
    assert len(seen) == 4


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "10 characters"),
        ("a" * 129, "longer than 128"),
        ("a" * 1_000_000, "longer than 128"),
        ("password123", "tried first"),
        ("PASSWORD!!!", "tried first"),
        ("1234567890", "tried first"),
        ("qwertyuiop", "tried first"),
        ("aaaaaaaaaaaa", "tried first"),
        ("2026!!!!!2026", "tried first"),
        ("iloveyou2026", "tried first"),
        ("nul\0in the middle", "NUL"),
        ("half a pair \ud83d", "surrogate"),
    ],
)
def test_weak_and_impossible_passwords_are_refused(password, words):
    with pytest.raises(Invalid, match=words):
        people.hash_password(password)


@pytest.mark.parametrize(
    "password", [GOOD, "x7 Kq!9vLp", "Ünïcödé – 密碼 – 🔑🔑", "w" + "ab" * 60 + "xyz", " leading blanks"]
)
def test_no_rules_of_composition(password):
    assert people.hash_password(password).encoded.startswith("$argon2id$")


def test_a_plain_password_cannot_be_stored_by_mistake():
    with pytest.raises(AttributeError):
        create(password=GOOD)


# Access


def with_session_and_link(user: User) -> None:
    with transaction():
        sign_in.begin(user, how="link", hours=1)
        sign_in.make_link(user)


def access_of(user: User) -> tuple[int, int]:
    sessions = db.session.scalar(select(func.count()).select_from(Session).where(Session.user_id == user.id))
    links = db.session.scalar(
        select(func.count()).select_from(SignInLink).where(SignInLink.user_id == user.id, SignInLink.used_at.is_(None))
    )
    return sessions, links


@pytest.mark.parametrize(
    "change",
    [
        people.disable,
        lambda user: people.set_admin(user, True),
        lambda user: people.set_password(user, people.hash_password(GOOD)),
    ],
    ids=["disable", "admin", "password"],
)
def test_changes_of_access_end_sessions_and_links_at_once(change):
    user, other = create(), create("ben@example.org", "Ben")
    with_session_and_link(user)
    with_session_and_link(other)
    assert access_of(user) == (1, 1)
    with transaction():
        change(user)
    assert access_of(user) == (0, 0)
    assert access_of(other) == (1, 1)


def test_enabled_people_sign_in_anew():
    user = create()
    with transaction():
        people.disable(user)
    with pytest.raises(Invalid, match="disabled"), transaction():
        sign_in.make_link(user)
    with transaction():
        people.enable(user)
    with transaction():
        assert sign_in.make_link(user)


@pytest.mark.parametrize("change", [people.disable, lambda user: people.set_admin(user, False)])
def test_the_last_administrator_stays(change):
    first, second = create(admin=True), create("kim@example.org", "Kim", admin=True)
    with transaction():
        change(second)
    with pytest.raises(Conflict, match="last administrator"), transaction():
        change(first)
    assert first.is_admin
    assert first.disabled_at is None


def test_changes_are_on_record_without_secrets(app):
    add_person(app, "Ada", password=GOOD)
    user = person("Ada")
    with transaction():
        people.rename(user, "Ada L.", by=user)
        people.rename(user, "Ada L.", by=user)
    with transaction():
        people.set_password(user, people.hash_password(GOOD + "!"), by=user)
        people.set_admin(user, True)
    recorded = db.session.scalars(select(Event).order_by(Event.seq)).all()
    assert [event.action for event in recorded] == ["user.create", "user.rename", "user.password", "user.admin"]
    assert "Ada L." in recorded[1].payload
    assert email_of("Ada") in recorded[0].payload
    for event in recorded:
        assert GOOD not in event.payload
        assert "argon2" not in event.payload
    assert list(events.check()) == []
