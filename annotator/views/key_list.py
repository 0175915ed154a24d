"""The list of keys on the annotate page, as the person has them."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.domain import keys
from annotator.domain.keys import Group, KeyAction
from annotator.models import Label, User
from annotator.services import people


def key_groups(user: User, labels: Sequence[Label]) -> list[tuple[Group, list[tuple[KeyAction, str, list[str]]]]]:
    """Every action with its words and the person's keys, for the list on the annotate page; labels by their names."""
    chosen = people.preferences_of(user)
    named = {f"label-{number}": label.name for number, label in enumerate(labels, 1)}
    return [
        (group, [(action, _words(action, named), own) for action, own in rows if _is_offered(action, named)])
        for group, rows in keys.grouped(chosen.keys, single_keys=chosen.single_keys)
    ]


def _is_offered(action: KeyAction, named: dict[str, str]) -> bool:
    return action.group is not Group.LABEL or action.name in named


def _words(action: KeyAction, named: dict[str, str]) -> str:
    name = named.get(action.name)
    return action.words if name is None else f"{name}: mark the selected text, or change the claim"
