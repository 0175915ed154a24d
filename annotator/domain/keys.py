"""The keys of the pages where people work: what can be done with a key, and which keys do it unless a person chose others.

A key is written as the browser names it (KeyboardEvent.key) after its modifiers in the order Ctrl, Alt, Shift:
"Ctrl+Shift+Z", "Alt+ArrowRight", "N", "?". Letters are written large and match whatever Caps Lock says. "Ctrl" is
the command key on a Mac. Shift is not written before a sign or a digit, because where those are typed with it
depends on the keyboard.

How a person writes keys and which keys they may choose is in domain/key_choice.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """Where in the list of keys an action stands."""

    TEXT = "In the text"
    JUMP = "Jump in the text"
    LABEL = "Labels"
    CLAIM = "The selected claim"
    SUGGESTION = "Suggestions"
    PAGE = "The page"
    COMPARE = "Comparing two articles"
    PLACE = "Claims to confirm in a corrected text"


@dataclass(frozen=True)
class KeyAction:
    """Something that a key does; `name` is what is stored and what the script listens for.

    `shifted` says what the same key does with Shift, where it does something: select up to there, go the other way.
    """

    name: str
    words: str
    keys: tuple[str, ...]
    group: Group
    shifted: str = ""


SELECTS = "selects"
BACK = "goes back"

ACTIONS: tuple[KeyAction, ...] = (
    KeyAction("cursor-left", "A character to the left", ("ArrowLeft",), Group.TEXT, SELECTS),
    KeyAction("cursor-right", "A character to the right", ("ArrowRight",), Group.TEXT, SELECTS),
    KeyAction("word-left", "A word to the left", ("Ctrl+ArrowLeft",), Group.TEXT, SELECTS),
    KeyAction("word-right", "A word to the right", ("Ctrl+ArrowRight",), Group.TEXT, SELECTS),
    KeyAction("line-up", "A line up", ("ArrowUp",), Group.TEXT, SELECTS),
    KeyAction("line-down", "A line down", ("ArrowDown",), Group.TEXT, SELECTS),
    KeyAction("line-start", "To the start of the line", ("Home",), Group.TEXT, SELECTS),
    KeyAction("line-end", "To the end of the line", ("End",), Group.TEXT, SELECTS),
    KeyAction("page-up", "A page up", ("PageUp",), Group.TEXT, SELECTS),
    KeyAction("page-down", "A page down", ("PageDown",), Group.TEXT, SELECTS),
    KeyAction("text-start", "To the start of the article", ("Ctrl+Home",), Group.TEXT, SELECTS),
    KeyAction("text-end", "To the end of the article", ("Ctrl+End",), Group.TEXT, SELECTS),
    KeyAction("choose-label", "Label the selected text; else open the form of the claim here", ("Enter",), Group.TEXT),
    KeyAction("select-claim", "Select the claim here", ("Space",), Group.TEXT),
    KeyAction("jump-number", "Next number", ("F",), Group.JUMP, BACK),
    KeyAction("jump-date", "Next date", ("D",), Group.JUMP, BACK),
    KeyAction("jump-quotation", "Next quotation", ("Q",), Group.JUMP, BACK),
    KeyAction("jump-attribution", "Next “said”, “according to”", ("S",), Group.JUMP, BACK),
    KeyAction("jump-hedge", "Next “reportedly”, “allegedly”", ("H",), Group.JUMP, BACK),
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
    KeyAction("to-form", "Go to the first empty field that it needs", ("A",), Group.CLAIM),
    KeyAction("add-evidence", "Add evidence: the selected words, else an empty row", ("E",), Group.CLAIM),
    KeyAction("unsure", "Unsure of it, or no longer", ("U",), Group.CLAIM),
    KeyAction("end-later", "Move its end a word on", ("Alt+ArrowRight",), Group.CLAIM),
    KeyAction("end-earlier", "Move its end a word back", ("Alt+ArrowLeft",), Group.CLAIM),
    KeyAction("start-later", "Move its start a word on", ("Alt+Shift+ArrowRight",), Group.CLAIM),
    KeyAction("start-earlier", "Move its start a word back", ("Alt+Shift+ArrowLeft",), Group.CLAIM),
    KeyAction("end-later-by-one", "Move its end a character on", ("Ctrl+Alt+ArrowRight",), Group.CLAIM),
    KeyAction("end-earlier-by-one", "Move its end a character back", ("Ctrl+Alt+ArrowLeft",), Group.CLAIM),
    KeyAction("start-later-by-one", "Move its start a character on", ("Ctrl+Alt+Shift+ArrowRight",), Group.CLAIM),
    KeyAction("start-earlier-by-one", "Move its start a character back", ("Ctrl+Alt+Shift+ArrowLeft",), Group.CLAIM),
    KeyAction("delete", "Delete it", ("Delete",), Group.CLAIM),
    KeyAction("next-suggestion", "Next passage worth a look", ("W",), Group.SUGGESTION, BACK),
    KeyAction("accept-suggestion", "Accept it: choose its label", ("Y",), Group.SUGGESTION),
    KeyAction("adjust-suggestion", "Adjust it: select it, to change its ends", ("B",), Group.SUGGESTION),
    KeyAction("dismiss-suggestion", "Dismiss it", ("X",), Group.SUGGESTION),
    KeyAction("go-to-text", "Go to the text", ("T",), Group.PAGE),
    KeyAction("undo", "Undo", ("Ctrl+Z",), Group.PAGE),
    KeyAction("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), Group.PAGE),
    KeyAction("leave", "Leave the form, the label, the selection or the claim", ("Escape",), Group.PAGE),
    KeyAction("show-keys", "Show all keys", ("?",), Group.PAGE),
    KeyAction("search", "Search the project, from any of its pages", ("/",), Group.PAGE),
    KeyAction("to-left", "To the left article", ("[",), Group.COMPARE),
    KeyAction("to-right", "To the right article", ("]",), Group.COMPARE),
    KeyAction("pick-claim", "Pick the claim here, or let it go", ("Enter", "Space"), Group.COMPARE),
    KeyAction("link-contradicts", "Link the picked claims: contradicts", ("C",), Group.COMPARE),
    KeyAction("link-qualifies", "Link them: qualifies", ("Q",), Group.COMPARE),
    KeyAction("link-corroborates", "Link them: corroborates", ("O",), Group.COMPARE),
    KeyAction("link-supersedes", "Link them: supersedes", ("S",), Group.COMPARE),
    KeyAction("link-same-wire-origin", "Link them: same wire origin", ("W",), Group.COMPARE),
    KeyAction("find-candidates", "List passages like the picked claim", ("F",), Group.COMPARE),
    KeyAction("to-links", "To the list of links", ("L",), Group.COMPARE),
    KeyAction("accept-place", "Accept: it stands where it is proposed", ("Y",), Group.PLACE),
    KeyAction("adjust-place", "Adjust: write the words where it stands", ("B",), Group.PLACE),
    KeyAction("drop-claim", "Reject: drop the claim", ("X",), Group.PLACE),
)

IN_TEXT = frozenset({action.name for action in ACTIONS if action.group is Group.TEXT} | {"pick-claim"})
"""Actions that listen only while the focus is in the text: their keys may have a meaning elsewhere."""

ON_EVERY_PAGE = frozenset({"next-claim", "previous-claim", "leave", "show-keys", "search"})


class Screen(StrEnum):
    """A page with keys; the same key may do something else on each."""

    ANNOTATE = "annotate"
    COMPARE = "compare"
    PLACE = "claims to place"


_OF_GROUP = {Group.COMPARE: Screen.COMPARE, Group.PLACE: Screen.PLACE}


def screens_of(action: KeyAction) -> frozenset[Screen]:
    """The pages on which the action can be done."""
    if action.name in ON_EVERY_PAGE:
        return frozenset(Screen)
    if action.name == "undo":
        return frozenset({Screen.ANNOTATE, Screen.COMPARE})
    return frozenset({_OF_GROUP.get(action.group, Screen.ANNOTATE)})


def effective(changed: Mapping[str, Sequence[str]], *, single_keys: bool = True) -> dict[str, list[str]]:
    """The keys of every action, where `changed` holds those that a person chose; an empty list is no key.

    Without `single_keys` only those remain that are pressed with Ctrl or Alt, and keys that type nothing.
    """
    chosen = {action.name: list(changed.get(action.name, action.keys)) for action in ACTIONS}
    if single_keys:
        return chosen
    return {name: [key for key in keys if not types_something(key)] for name, keys in chosen.items()}


def pressed(changed: Mapping[str, Sequence[str]], *, single_keys: bool = True) -> dict[str, list[str]]:
    """What to listen for: the effective keys, and each with Shift where the action knows Shift."""
    chosen = effective(changed, single_keys=single_keys)
    return {action.name: all_forms(action, chosen[action.name]) for action in ACTIONS}


def grouped(
    changed: Mapping[str, Sequence[str]], *, single_keys: bool = True
) -> list[tuple[Group, list[tuple[KeyAction, list[str]]]]]:
    """Every action with its effective keys, in the order of the list that people read."""
    chosen = effective(changed, single_keys=single_keys)
    return [(group, [(action, chosen[action.name]) for action in ACTIONS if action.group is group]) for group in Group]


def all_forms(action: KeyAction, keys: Sequence[str]) -> list[str]:
    """`keys`, and each of them with Shift held, where that does something too."""
    shifted = [with_shift(key) for key in keys] if action.shifted else []
    return [*keys, *(key for key in shifted if key)]


def with_shift(key: str) -> str:
    """The key with Shift held; empty for signs and digits, which Shift turns into others."""
    held, name = split(key)
    if "Shift" in held or is_sign(name):
        return ""
    return "+".join((*held, "Shift", name))


def split(key: str) -> tuple[tuple[str, ...], str]:
    """The modifiers of a key and its name: "Ctrl++" is the plus sign with Ctrl."""
    name = "+" if key.endswith("+") else key.rpartition("+")[2]
    return tuple(filter(None, key[: len(key) - len(name)].split("+"))), name


def is_sign(name: str) -> bool:
    """Whether the key types a sign or a digit, with or without Shift: then the sign says it all."""
    return len(name) == 1 and not name.isalpha()


def types_something(key: str) -> bool:
    """Whether the key, pressed in a text field, types a character: speech input may send it by accident."""
    held, name = split(key)
    return (len(name) == 1 or name == "Space") and not {"Ctrl", "Alt"} & set(held)


_CAPS = {
    "ArrowLeft": "←", "ArrowRight": "→", "ArrowUp": "↑", "ArrowDown": "↓",
    "Escape": "Esc", "PageUp": "Page Up", "PageDown": "Page Down",
}  # fmt: skip


def caps(key: str) -> list[str]:
    """What stands on the keys to be held and pressed, one after the other: ["Alt", "→"]."""
    held, name = split(key)
    return [*held, _CAPS.get(name, name)]
