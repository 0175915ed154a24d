"""The keys that a person chose for the annotate page. Only what differs from everybody's keys is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from annotator.domain import key_choice, keys
from annotator.errors import FieldProblem, Invalid, NotFound
from annotator.models import User
from annotator.services import people


def choose(user: User, typed: Mapping[str, str], *, single_keys: bool) -> None:
    """Give the actions in `typed` the keys that the person wrote, apart by blanks; the others keep theirs.

    Raises Invalid, by action, for what is no key, belongs to the browser or is taken; then nothing is changed.
    """
    preferences = people.preferences_to_change(user)
    chosen = keys.effective(preferences.keys)
    wrong: dict[str, str] = {}
    for name in chosen.keys() & typed.keys():
        try:
            chosen[name] = key_choice.read(typed[name])
        except ValueError as error:
            wrong[name] = str(error)
    _refuse({**key_choice.problems(chosen), **wrong})
    people.set_preferences(user, replace(preferences, keys=key_choice.changes(chosen), single_keys=single_keys))


def reset(user: User, action: str) -> None:
    """Give one action the keys that everybody has. Raises Invalid if another has them now, NotFound for no action."""
    preferences = people.preferences_to_change(user)
    if action not in {each.name for each in keys.ACTIONS}:
        raise NotFound
    left = {name: chosen for name, chosen in preferences.keys.items() if name != action}
    _refuse(key_choice.problems(keys.effective(left)))
    people.set_preferences(user, replace(preferences, keys=left))


def reset_all(user: User) -> None:
    """Give every action the keys that everybody has, and let keys act that type something."""
    people.set_preferences(user, replace(people.preferences_to_change(user), keys={}, single_keys=True))


def _refuse(problems: Mapping[str, str]) -> None:
    if problems:
        found = [FieldProblem(name, words) for name, words in problems.items()]
        raise Invalid("These keys cannot be used as they stand.", found)
