"""The keys of the annotate page: what can be done with a key, and which keys do it unless a person chose others.

A key is written as the browser names it (KeyboardEvent.key) after its modifiers in the order Ctrl, Alt, Shift:
"Ctrl+Shift+Z", "Alt+ArrowRight", "N", "?". Letters are written large and match whatever Caps Lock says. "Ctrl" is
the command key on a Mac. Shift is not written before a sign that is typed with it, because where it is depends on
the keyboard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """Where in the list of keys an action stands."""

    TEXT = "In the text"
    JUMP = "Jump in the text"
    LABEL = "Labels"
    CLAIM = "The selected claim"
    PAGE = "The page"


@dataclass(frozen=True)
class KeyAction:
    """Something that a key does; `name` is what is stored and what the script listens for."""

    name: str
    words: str
    keys: tuple[str, ...]
    group: Group


ACTIONS: tuple[KeyAction, ...] = (
    *(
        KeyAction(
            f"label-{number}",
            f"Label {number}: mark the selected text, or change the claim",
            (str(number),),
            Group.LABEL,
        )
        for number in range(1, 10)
    ),
    KeyAction("next-claim", "Next claim", ("N",), Group.CLAIM),
    KeyAction("previous-claim", "Previous claim", ("P",), Group.CLAIM),
    KeyAction("end-later", "Move its end a word on", ("Alt+ArrowRight",), Group.CLAIM),
    KeyAction("end-earlier", "Move its end a word back", ("Alt+ArrowLeft",), Group.CLAIM),
    KeyAction("start-later", "Move its start a word on", ("Alt+Shift+ArrowRight",), Group.CLAIM),
    KeyAction("start-earlier", "Move its start a word back", ("Alt+Shift+ArrowLeft",), Group.CLAIM),
    KeyAction("delete", "Delete it", ("Delete",), Group.CLAIM),
    KeyAction("undo", "Undo", ("Ctrl+Z",), Group.PAGE),
    KeyAction("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), Group.PAGE),
    KeyAction("leave", "Leave the form, the label or the selection", ("Escape",), Group.PAGE),
    KeyAction("show-keys", "Show all keys", ("?",), Group.PAGE),
)


def effective(changed: Mapping[str, list[str]], *, single_keys: bool = True) -> dict[str, list[str]]:
    """The keys of every action, where `changed` holds those that a person chose; an empty list is no key.

    Without `single_keys` only those remain that are pressed with Ctrl or Alt, and keys that type nothing.
    """
    chosen = {action.name: list(changed.get(action.name, action.keys)) for action in ACTIONS}
    if single_keys:
        return chosen
    return {name: [key for key in keys if not types_something(key)] for name, keys in chosen.items()}


def types_something(key: str) -> bool:
    """Whether the key, pressed in a text field, types a character: speech input may send it by accident."""
    *modifiers, name = key.rsplit("+", 1) if key != "+" else [key]
    return len(name) == 1 and not any(held in "+".join(modifiers) for held in ("Ctrl", "Alt"))
