"""The lists of keys on the pages where people work, as the person has them."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.domain import keys
from annotator.domain.keys import Group, KeyAction, Screen, screens_of
from annotator.models import Label, User
from annotator.services import people


def key_groups(user: User, labels: Sequence[Label]) -> list[tuple[Group, list[tuple[KeyAction, str, list[str]]]]]:
    """Every action with its words and the person's keys, for the list on the annotate page; labels by their names."""
    chosen = people.preferences_of(user)
    named = {f"label-{number}": label.name for number, label in enumerate(labels, 1)}
    return [
        (group, [(action, _words(action, named), own) for action, own in rows if _is_offered(action, named)])
        for group, rows in keys.grouped(chosen.keys, single_keys=chosen.single_keys)
        if any(Screen.ANNOTATE in screens_of(action) for action, _ in rows)
    ]


def keys_on(screen: Screen, user: User) -> list[tuple[Group, list[tuple[KeyAction, str, list[str]]]]]:
    """The same for another page: what can be done there."""
    chosen = people.preferences_of(user)
    groups = [
        (group, [(action, action.words, own) for action, own in rows if screen in screens_of(action)])
        for group, rows in keys.grouped(chosen.keys, single_keys=chosen.single_keys)
    ]
    return [(group, rows) for group, rows in groups if rows]


def first_keys(user: User) -> dict[str, str]:
    """The first key of every action that has one, to stand on its button."""
    chosen = people.preferences_of(user)
    own = keys.effective(chosen.keys, single_keys=chosen.single_keys)
    return {name: pressed[0] for name, pressed in own.items() if pressed}


def _is_offered(action: KeyAction, named: dict[str, str]) -> bool:
    return action.group is not Group.LABEL or action.name in named


def _words(action: KeyAction, named: dict[str, str]) -> str:
    name = named.get(action.name)
    return action.words if name is None else f"{name}: mark the selected text, or change the claim"
