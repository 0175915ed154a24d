"""Links, passwords, sessions, and the delays that slow guessing down."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from annotator.db import db, now, transaction
from annotator.errors import Invalid, NotFound, TooManyAttempts
from annotator.models import Event, Session, SignInAttempt, SignInLink, User
from annotator.services import people, sign_in
from tests.support.people import add_person, email_of, person

GOOD = "four unrelated words here"
ADA = email_of("Ada")
HERE = "192.0.2.1"


@pytest.fixture(autouse=True)
def in_context(app):
    add_person(app, "Ada")
    with app.app_context():
        yield


@pytest.fixture
def password() -> str:
    """Ada's password, given to her."""
    hashed = people.hash_password(GOOD)
    with transaction():
        people.set_password(person("Ada"), hashed)
    return GOOD


def make_link(**options) -> str:
    with transaction():
        return sign_in.make_link(person("Ada"), **options)


def use(token: str) -> User:
    with transaction():
        return sign_in.use_link(token)


def attempt(address: str = HERE, email: str = ADA) -> None:
    with transaction():
        sign_in.count_attempt(address, email)


def attempts_until_refused(limit: int = 60, **options) -> int:
    for count in range(limit):
        try:
            attempt(**options)
        except TooManyAttempts:
            return count
    return limit


# Links


def test_a_link_signs_its_person_in_once():
    token = make_link()
    assert use(token).email == ADA
    with pytest.raises(NotFound, match="used already"):
        use(token)


def test_a_link_grows_old():
    token = make_link(hours=2)
    with time_machine.travel(now() + timedelta(hours=2, seconds=1)), pytest.raises(NotFound, match="too old"):
        use(token)


def test_unknown_links_and_those_of_disabled_people_are_refused_in_the_same_words():
    token = make_link()
    with transaction():
        person("Ada").disabled_at = now()
    with pytest.raises(NotFound) as disabled:
        use(token)
    with pytest.raises(NotFound) as unknown:
        use("unknown")
    assert str(disabled.value) == str(unknown.value)


def test_links_and_sessions_are_stored_as_hashes_only():
    token = make_link()
    with transaction():
        secret = sign_in.begin(person("Ada"), how="link", hours=1)
    assert db.session.get(SignInLink, token) is None
    assert db.session.get(Session, secret) is None
    stored = [*db.session.scalars(select(SignInLink.token_hash)), *db.session.scalars(select(Session.id_hash))]
    assert all(len(each) == 64 for each in stored)
    for event in db.session.scalars(select(Event)):
        assert token not in event.payload
        assert secret not in event.payload


def test_a_link_used_by_many_at_once_signs_one_in(app):
    token, signed_in, refused = make_link(), [], []

    def run() -> None:
        with app.app_context():
            try:
                signed_in.append(use(token).email)
            except NotFound:
                refused.append(1)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(signed_in), len(refused)) == (1, 7)


# Passwords


def test_the_password_signs_in_whatever_the_case_of_the_address(password):
    assert sign_in.by_password(" ADA@example.org ", password).email == ADA


def test_whatever_is_wrong_the_words_are_the_same(app, password):
    add_person(app, "Ben")
    add_person(app, "Sam", password=GOOD)
    with transaction():
        people.disable(person("Sam"))
    words = set()
    for email, wrong in [
        (ADA, "wrong"),
        (ADA, ""),
        ("nobody@example.org", GOOD),
        ("no address", GOOD),
        (email_of("Ben"), ""),
        (email_of("Sam"), GOOD),
    ]:
        with pytest.raises(Invalid) as refused:
            sign_in.by_password(email, wrong)
        words.add(str(refused.value))
    assert len(words) == 1


# Guessing


def test_an_account_is_slowed_down_after_a_few_failures_from_anywhere():
    assert attempts_until_refused() == sign_in.FREE_FOR_ACCOUNT
    with pytest.raises(TooManyAttempts) as refused:
        attempt(address="198.51.100.7")
    assert 0 < refused.value.seconds <= sign_in.FIRST_DELAY.total_seconds()
    attempt(email="ben@example.org")


def test_accounts_that_do_not_exist_are_slowed_down_alike():
    assert attempts_until_refused(email="nobody@example.org") == sign_in.FREE_FOR_ACCOUNT


def test_an_address_is_slowed_down_over_all_accounts():
    for count in range(sign_in.FREE_FOR_ADDRESS):
        attempt(email=f"person{count}@example.org")
    with pytest.raises(TooManyAttempts):
        attempt(email="another@example.org")
    attempt(address="198.51.100.7", email="another@example.org")


def test_trying_links_counts_for_the_address():
    assert attempts_until_refused(email="") == sign_in.FREE_FOR_ADDRESS


def test_the_delay_doubles_up_to_its_greatest():
    attempts_until_refused()
    delays = []
    moment = now()
    for round_ in range(9):
        with time_machine.travel(moment, tick=False):
            with pytest.raises(TooManyAttempts) as refused:
                attempt(address=f"198.51.100.{round_}")
            delays.append(refused.value.seconds)
        moment += timedelta(seconds=refused.value.seconds + 1)
        with time_machine.travel(moment, tick=False):
            attempt(address=f"198.51.100.{round_}")
    assert delays[1:6] == [30, 60, 120, 240, 480]
    assert delays[6:] == [900, 900, 900]


def test_success_forgives_the_account_but_gives_the_address_one_attempt_back():
    for _ in range(3):
        attempt()
    with transaction():
        sign_in.begin(person("Ada"), how="password", hours=1, address=HERE)
    left = db.session.scalars(select(SignInAttempt)).all()
    assert [each.failures for each in left] == [2]
    assert attempts_until_refused() == sign_in.FREE_FOR_ACCOUNT


def test_old_failures_are_forgotten():
    attempts_until_refused()
    with time_machine.travel(now() + sign_in.FORGOTTEN_AFTER + timedelta(hours=1)):
        assert attempts_until_refused() == sign_in.FREE_FOR_ACCOUNT


def test_many_attempts_at_the_same_moment_do_not_slip_through(app):
    """Each is counted before its password is looked at."""
    passed, refused = [], []

    def run(number: int) -> None:
        with app.app_context():
            try:
                attempt(address=f"198.51.100.{number}")
                passed.append(number)
            except TooManyAttempts:
                refused.append(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), len(refused)) == (sign_in.FREE_FOR_ACCOUNT, 16 - sign_in.FREE_FOR_ACCOUNT)


def test_the_table_of_attempts_lists_nobody():
    attempt()
    for key in db.session.scalars(select(SignInAttempt.key)):
        assert len(key) == 64
        assert "ada" not in key
        assert "192" not in key


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_one_customer_counts_as_one_address(address, network):
    assert sign_in.network_of(address) == network


# Sessions


def begin(**options) -> str:
    with transaction():
        return sign_in.begin(person("Ada"), how="link", hours=1, **options)


def test_sessions_are_listed_and_ended_one_by_one(app):
    add_person(app, "Sam")
    begin(user_agent="Firefox")
    begin(user_agent="x" * 10_000)
    latest, earliest = sign_in.sessions_of(person("Ada"))
    assert len(latest.user_agent) == sign_in.LONGEST_USER_AGENT
    with pytest.raises(NotFound), transaction():
        sign_in.end(person("Sam"), earliest.id_hash)
    with transaction():
        sign_in.end(person("Ada"), earliest.id_hash)
    assert len(sign_in.sessions_of(person("Ada"))) == 1
    with pytest.raises(NotFound, match="ended already"), transaction():
        sign_in.end(person("Ada"), earliest.id_hash)


def test_all_sessions_end_but_the_one_that_is_kept():
    begin()
    begin()
    kept = sign_in.sessions_of(person("Ada"))[0].id_hash
    with transaction():
        assert sign_in.end_all(person("Ada"), keep=kept) == 1
    assert [session.id_hash for session in sign_in.sessions_of(person("Ada"))] == [kept]
    with transaction():
        assert sign_in.end_all(person("Ada")) == 1


def test_expired_sessions_are_neither_listed_nor_kept():
    begin()
    with time_machine.travel(now() + timedelta(hours=2)):
        assert list(sign_in.sessions_of(person("Ada"))) == []
        begin()
        assert len(db.session.scalars(select(Session)).all()) == 1
