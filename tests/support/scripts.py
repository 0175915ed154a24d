"""Days at the annotate page out of a seed: what the person does, what the network does, and what must be stored then.

`Model` is the person's own account of their claims, kept without looking at the page or the database.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle, product

from tests.support.faults import Fault

LABELS = ("sourced", "disputed", "unverified")
# Each claim has a stretch of words of its own, so that no two can be mistaken for each other.
STRETCH = 6
CLAIMS = 10
WORDS = ["".join(parts) for parts in product("bdfgklmnprstvz", "aeiou", ("ran", "dol", "mis"))][: STRETCH * CLAIMS]
TEXT = "\n\n".join(" ".join(WORDS[at : at + 20]) for at in range(0, len(WORDS), 20))

Stored = tuple[str, str, str]


@dataclass(frozen=True)
class Wish:
    """A claim as the person wants it: words [first, last], label, note."""

    first: int
    last: int
    label: str
    note: str = ""

    @property
    def exact(self) -> str:
        # Claim 3 and the like would cross a paragraph's end; their words are separated as the text separates them.
        words = WORDS[self.first : self.last + 1]
        gaps = ["\n\n" if (self.first + number) % 20 == 0 else " " for number in range(1, len(words))]
        return "".join(part for pair in zip(words, [*gaps, ""], strict=True) for part in pair)


@dataclass
class Model:
    """What is wanted now, and the steps that undo and redo know."""

    claims: dict[int, Wish | None] = field(default_factory=dict)
    done: list[tuple[int, Wish | None, Wish | None]] = field(default_factory=list)
    undone: list[tuple[int, Wish | None, Wish | None]] = field(default_factory=list)

    @property
    def live(self) -> dict[int, Wish]:
        return {key: wish for key, wish in self.claims.items() if wish is not None}

    @property
    def stored(self) -> list[Stored]:
        """What the database holds when everything is saved."""
        return sorted((wish.exact, wish.label, wish.note) for wish in self.live.values())

    def change(self, key: int, wish: Wish | None) -> None:
        self.done.append((key, self.claims.get(key), wish))
        self.undone.clear()
        self.claims[key] = wish

    def undo(self) -> None:
        """A step that does not fit any more is dropped."""
        key, before, after = self.done.pop()
        if self.claims.get(key) == after:
            self.undone.append((key, before, after))
            self.claims[key] = before

    def redo(self) -> None:
        key, before, after = self.undone.pop()
        if self.claims.get(key) == before:
            self.done.append((key, before, after))
            self.claims[key] = after

    def is_one_step_with(self, key: int) -> bool:
        """Whether a change of the claim now would be one step with the last: the page joins what follows quickly."""
        if not self.done:
            return False
        last, before, after = self.done[-1]
        return last == key and before is not None and after is not None


@dataclass(frozen=True)
class Act:
    """One thing that happens: `what`, to which claim, and how."""

    what: str
    key: int = -1
    wish: Wish | None = None
    fault: Fault | None = None
    mine: bool = True


def script(seed: int, *, length: int = 14) -> list[Act]:
    """What happens, in order. The model is walked along, so that only what is possible happens."""
    chance = random.Random(seed)
    model = Model()
    # In turn, beginning elsewhere with each seed: a few scripts meet them all.
    every = list(Fault)
    faults = cycle(every[seed % len(every) :] + every[: seed % len(every)])
    acts: list[Act] = []
    while len(acts) < length:
        act = _next(chance, model, faults)
        acts.append(act)
        follow(model, act)
    return acts


def follow(model: Model, act: Act) -> None:
    """What the act does to the person's wishes."""
    if act.what in {"mark", "label", "grow", "note", "delete"}:
        model.change(act.key, act.wish)
    elif act.what == "undo":
        model.undo()
    elif act.what == "redo":
        model.redo()
    elif act.what == "second window":
        # It is another window's change: this one's undo knows nothing of it.
        model.claims[act.key] = act.wish
    elif act.what == "other device":
        mine = replace(model.live[act.key], note="mine")
        if act.mine:
            model.change(act.key, mine)
        else:
            model.change(act.key, mine)
            model.claims[act.key] = act.wish


def _next(chance: random.Random, model: Model, faults: Iterator[Fault]) -> Act:
    """An act of the network in every third place or so, else one of the person."""
    what = chance.choices(
        [
            "mark",
            "change",
            "delete",
            "undo",
            "redo",
            "fault",
            "offline",
            "online",
            "kill",
            "reload",
            "second",
            "device",
        ],
        [5, 8, 2, 4, 2, 7, 1.5, 2, 0.7, 1.5, 1, 1],
    )[0]
    changeable = [key for key in model.live if not model.is_one_step_with(key)]
    free = [key for key in range(CLAIMS) if key not in model.claims]
    if what == "undo" and model.done:
        return Act("undo")
    if what == "redo" and model.undone:
        return Act("redo")
    if what == "fault":
        return Act("fault", fault=next(faults))
    if what in {"offline", "online", "kill", "reload"}:
        return Act(what)
    if what == "delete" and model.live:
        return Act("delete", chance.choice(list(model.live)))
    if what in {"second", "device"} and changeable:
        key = chance.choice(changeable)
        wish = replace(model.live[key], label=_other(chance, model.live[key].label))
        return Act("second window" if what == "second" else "other device", key, wish, mine=chance.random() < 0.5)
    if what != "mark" and changeable:
        return _change(chance, model, chance.choice(changeable))
    if free:
        key = chance.choice(free)
        first = key * STRETCH
        return Act("mark", key, Wish(first, first + chance.randrange(2), chance.choice(LABELS)))
    return Act("online")


def _change(chance: random.Random, model: Model, key: int) -> Act:
    wish = model.live[key]
    how = chance.choice(["label", "grow", "note"])
    if how == "grow" and wish.last < wish.first + STRETCH - 1:
        return Act("grow", key, replace(wish, last=wish.last + 1))
    if how == "note":
        return Act("note", key, replace(wish, note=f"note {chance.randrange(10_000)}"))
    return Act("label", key, replace(wish, label=_other(chance, wish.label)))


def _other(chance: random.Random, label: str) -> str:
    return chance.choice([other for other in LABELS if other != label])
