"""Keys that a person chooses: how they may be written, and which cannot be had, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annotator.domain.keys import ACTIONS, IN_TEXT, KeyAction, Screen, all_forms, caps, is_sign, screens_of, split

MODIFIERS = ("Ctrl", "Alt", "Shift")
MOST_KEYS = 5
"""More keys for one action than anybody presses."""

NAMED = (
    "Enter", "Space", "Escape", "Delete", "Backspace", "Insert", "Home", "End", "PageUp", "PageDown",
    "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Tab", *(f"F{number}" for number in range(1, 13)),
)  # fmt: skip

_ALIASES = {
    "control": "Ctrl", "cmd": "Ctrl", "command": "Ctrl", "meta": "Ctrl", "⌘": "Ctrl", "option": "Alt", "⌥": "Alt",
    "⇧": "Shift", "esc": "Escape", "del": "Delete", "ins": "Insert", "return": "Enter", "spacebar": "Space",
    "left": "ArrowLeft", "right": "ArrowRight", "up": "ArrowUp", "down": "ArrowDown",
    "←": "ArrowLeft", "→": "ArrowRight", "↑": "ArrowUp", "↓": "ArrowDown", "pgup": "PageUp", "pgdn": "PageDown",
    **{name.casefold(): name for name in (*MODIFIERS, *NAMED)},
}  # fmt: skip

# What a browser or the machine does itself before, or instead of, asking the page.
_TAKEN = {
    **dict.fromkeys(("Tab", "Shift+Tab"), "goes from one control to the next on every page"),
    **dict.fromkeys(("Ctrl+C", "Ctrl+X", "Ctrl+V", "Ctrl+A"), "copies, cuts, pastes or selects everything"),
    **dict.fromkeys(
        ("Ctrl+T", "Ctrl+N", "Ctrl+W", "Ctrl+Q", "Ctrl+Shift+T", "Ctrl+Shift+N", "Ctrl+Shift+W", "Ctrl+R",
         "Ctrl+Shift+R", "Ctrl+L", "Ctrl+F", "Ctrl+P", "Ctrl+S", "Ctrl+Tab", "Ctrl+Shift+Tab", "Alt+F4", "F5",
         "F11", "F12"),
        "belongs to the browser",
    ),
}  # fmt: skip
_MEANT_ELSEWHERE = frozenset(
    ("Enter", "Space", "Backspace", "Home", "End", "PageUp", "PageDown")
) | {name for name in NAMED if name.startswith("Arrow")}  # fmt: skip


def read(typed: str) -> list[str]:
    """The keys that somebody wrote, apart by blanks: "n alt+left". Raises ValueError with the sentence to show."""
    keys = list(dict.fromkeys(_read_one(word) for word in typed.split()))
    if len(keys) > MOST_KEYS:
        raise ValueError(f"These are {len(keys)} keys; an action has {MOST_KEYS} at most.")
    return keys


def problems(chosen: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What is wrong with the keys of each action, where something is: taken by the browser, or by another of its page.

    `chosen` holds the keys of all actions, as domain.keys.effective gives them.
    """
    owner: dict[tuple[Screen, str], KeyAction] = {}
    found: dict[str, str] = {}
    for action in ACTIONS:
        keys = chosen.get(action.name, ())
        for key in keys:
            if action.shifted and "Shift" in split(key)[0]:
                found.setdefault(action.name, f"Write the key without Shift: with Shift it {action.shifted}.")
        for key in all_forms(action, keys):
            if problem := _refusal(action, key):
                found.setdefault(action.name, problem)
            elif other := next(filter(None, (owner.get((screen, key)) for screen in screens_of(action))), None):
                found.setdefault(action.name, f"{written(key)} is a key of “{other.words}” already. Choose another.")
                found.setdefault(other.name, f"{written(key)} is a key of “{action.words}” as well. Choose another.")
            else:
                owner |= {(screen, key): action for screen in screens_of(action)}
    return found


def changes(chosen: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Only what differs from the keys that everybody has: a better default reaches those who never chose."""
    return {
        action.name: list(chosen[action.name])
        for action in ACTIONS
        if action.name in chosen and list(chosen[action.name]) != list(action.keys)
    }


def written(key: str) -> str:
    """A key in a sentence: "Alt+→"."""
    return "+".join(caps(key))


def _read_one(word: str) -> str:
    held, name = split(word)
    modifiers = {_ALIASES.get(each.casefold(), each) for each in held}
    unknown = modifiers - set(MODIFIERS)
    if unknown:
        raise ValueError(f"“{word}” is no key: before + stand Ctrl, Alt or Shift, not “{min(unknown)}”.")
    known = _ALIASES.get(name.casefold(), "")
    if known in MODIFIERS:
        raise ValueError(f"“{word}” holds a key but presses none. Write a key after it, such as {known}+J.")
    if not known and (len(name) != 1 or not name.isprintable()):
        raise ValueError(f"“{word}” is no key. Write keys such as N, ?, Alt+J, F2, Delete or Ctrl+ArrowLeft.")
    if not known:
        known = name.upper() if len(name.upper()) == 1 else name
    if is_sign(known):
        modifiers.discard("Shift")
    return "+".join([each for each in MODIFIERS if each in modifiers] + [known])


def _refusal(action: KeyAction, key: str) -> str:
    if why := _TAKEN.get(key):
        return f"{written(key)} {why}, so it cannot be used here. Choose another."
    held, name = split(key)
    if action.name not in IN_TEXT and name in _MEANT_ELSEWHERE and set(held) <= {"Shift"}:
        return f"{written(key)} has a meaning of its own in buttons, fields and lists. Hold Ctrl or Alt with it."
    return ""
