"""What a person chose, changed from two windows at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from flask import Flask

from annotator.db import transaction
from annotator.domain.preferences import Preferences
from annotator.models import User
from annotator.services import people
from tests.support.desk import Desk

Reading = Callable[[User], Preferences]


def chosen_in_two_windows(desk: Desk, read: Reading, *, patience: float = 0.5) -> Preferences:
    """The choices after one window switched suggestions on while another had not yet finished switching keys off.

    The first waits until the other one has read, or for `patience` where the other cannot read before it has ended.
    """
    begun, other_has_read = threading.Event(), threading.Event()

    def first() -> None:
        with desk.app.app_context(), transaction():
            user = desk.user("ada")
            people.set_preferences(user, replace(read(user), single_keys=False))
            begun.set()
            other_has_read.wait(patience)

    def second() -> None:
        begun.wait(60)
        with desk.app.app_context(), transaction():
            user = desk.user("ada")
            found = read(user)
            other_has_read.set()
            people.set_preferences(user, replace(found, suggestions=True))

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with desk.app.app_context():
        return people.preferences_of(desk.user("ada"))


def test_two_windows_that_choose_different_things_are_both_kept(app: Flask) -> None:
    found = chosen_in_two_windows(Desk(app), people.preferences_to_change)
    assert (found.single_keys, found.suggestions) == (False, True)


def test_without_the_lock_one_of_them_would_be_lost(app: Flask, database_engine: str) -> None:
    """The planted fault; SQLite has one writer anyway."""
    found = chosen_in_two_windows(
        Desk(app), people.preferences_of, patience=60 if database_engine == "postgresql" else 0.5
    )
    assert found.suggestions
    assert found.single_keys is (database_engine == "postgresql")
