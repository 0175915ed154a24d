"""Copies of one wire text are found however a desk edited them; two reporters' stories on one event are no copies."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from annotator.matching import copies
from annotator.matching.copies import copy_groups, groups_of_copies
from annotator.matching.sketches import BANDS, ROWS, Sketch, Sketching

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Newsroom:
    """Writes stories: words of a small language with frequent and rare ones, in sentences and paragraphs."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words = ["".join(self.random.choices(LETTERS, k=self.random.randint(2, 9))) for _ in range(6_000)]
        self.weights = [1 / (rank + 3) for rank in range(len(self.words))]

    def sentence(self, names: list[str]) -> str:
        found = self.random.choices(self.words, self.weights, k=self.random.randint(9, 24))
        for name in self.random.sample(names, k=min(2, len(names))):
            found.insert(self.random.randrange(len(found)), name)
        return " ".join(found).capitalize() + "."

    def story(self, names: list[str], *shared: str) -> str:
        """Five to nine paragraphs about the same people and places, and others that every desk has in the same words."""
        paragraphs = [
            " ".join(self.sentence(names) for _ in range(self.random.randint(2, 4)))
            for _ in range(self.random.randint(5, 9))
        ]
        for paragraph in shared:
            paragraphs.insert(self.random.randint(1, len(paragraphs)), paragraph)
        return "\n\n".join([self.sentence(names), *paragraphs])

    def edited(self, story: str) -> str:
        """The same story under another headline, a paragraph dropped, every twentieth word another one."""
        paragraphs = story.split("\n\n")
        paragraphs[0] = self.sentence([])
        del paragraphs[self.random.randrange(1, len(paragraphs))]
        return "\n\n".join(" ".join(map(self.changed, paragraph.split(" "))) for paragraph in paragraphs)

    def changed(self, word: str) -> str:
        return self.random.choice(self.words) if self.random.random() < 0.05 else word


@cache
def desk_of_400() -> tuple[dict[str, str], set[frozenset[str]]]:
    """100 events with four stories each: a wire text, two edited copies of it, and a reporter's own, which quotes the
    same words and has the same paragraph of background; the true pairs.
    """
    room = Newsroom(7)
    texts: dict[str, str] = {}
    true: set[frozenset[str]] = set()
    for event in range(100):
        names = [word.title() for word in room.random.sample(room.words, k=8)]
        shared = (f'A spokesman said: "{room.sentence(names)}"', f"{room.sentence(names)} {room.sentence(names)}")
        wire = room.story(names, *shared)
        same = {f"{event}-wire": wire, f"{event}-b": room.edited(wire), f"{event}-c": room.edited(wire)}
        texts |= {**same, f"{event}-own": room.story(names, *shared)}
        true |= {frozenset(pair) for pair in combinations(same, 2)}
    keys = list(texts)
    room.random.shuffle(keys)
    return {key: texts[key] for key in keys}, true


def precision_and_recall(texts: dict[str, str], true: set[frozenset[str]]) -> tuple[float, float]:
    found = {frozenset(pair) for group in groups_of_copies(texts.items()) for pair in combinations(group, 2)}
    return len(found & true) / max(1, len(found)), len(found & true) / len(true)


def test_edited_copies_are_found_and_independent_stories_are_not() -> None:
    precision, recall = precision_and_recall(*desk_of_400())
    assert precision >= 0.98
    assert recall >= 0.98


@pytest.mark.parametrize(("shared", "wrong"), [(0.05, "precision"), (0.95, "recall")])
def test_a_wrong_bound_would_be_noticed(monkeypatch: pytest.MonkeyPatch, shared: float, wrong: str) -> None:
    """The positive control."""
    monkeypatch.setattr(copies, "SHARED", shared)
    monkeypatch.setattr(copies, "_LIKELY", 0.0)
    monkeypatch.setattr(copies, "IN_ORDER", 0.0)
    precision, recall = precision_and_recall(*desk_of_400())
    assert (precision if wrong == "precision" else recall) < 0.98


def test_the_first_text_names_the_group_and_later_ones_move_nothing() -> None:
    texts, _ = desk_of_400()
    some = dict(list(texts.items())[:200])
    before, after = copy_groups(some.items()), copy_groups(texts.items())
    order = list(texts)
    assert all(order.index(first) <= order.index(key) for key, first in after.items())
    assert {key: after[key] for key in some} == before


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text,
        lambda text: text.upper(),
        lambda text: text.replace(" ", "\n"),
        lambda text: "\n\n".join(text.split("\n\n")[:3]),
        lambda text: f"{text}\n\nMore in our newsletter. {text[:0]}Copyright of the agency.",
    ],
    ids=["same", "capitals", "line ends", "its beginning alone", "a line more"],
)
def test_what_is_a_copy(edit: Callable[[str], str]) -> None:
    room = Newsroom(3)
    text = room.story(["Ankara"], room.sentence([]))
    assert copy_groups([("a", text), ("b", edit(text))]) == {"a": "a", "b": "a"}


def test_short_texts_are_copies_when_their_words_are_the_same() -> None:
    texts = [("a", "It was calm."), ("b", "It was calm!"), ("c", "It was not calm."), ("d", "…"), ("e", "…")]
    assert copy_groups(texts) == {"a": "a", "b": "a", "c": "c", "d": "d", "e": "d"}


def test_scripts_without_blanks() -> None:
    room = random.Random(1)
    text = "".join(chr(room.randrange(0x4E00, 0x5200)) for _ in range(200)) + "。"
    other = "".join(chr(room.randrange(0x4E00, 0x5200)) for _ in range(200)) + "。"
    assert copy_groups([("a", text), ("b", text[:150]), ("c", other)]) == {"a": "a", "b": "a", "c": "c"}


def test_many_copies_of_one_text_are_one_group() -> None:
    room = Newsroom(5)
    text = room.story(["Ankara"], room.sentence([]))
    found = copy_groups((n, room.edited(text)) for n in range(300))
    assert set(found.values()) == {0}


@pytest.mark.parametrize("count", [copies.FEW, 3 * copies.FEW], ids=["held against each other", "sorted"])
def test_no_text_is_read_that_meets_another_by_chance_alone(count: int) -> None:
    """Equal in one band of all, as every stock phrase makes them; the last two have half of their signatures in common."""
    values = np.random.default_rng(1).integers(0, 1 << 32, size=(count, BANDS * ROWS), dtype=np.uint32)
    values[:, :ROWS] = 7
    values[-1, : BANDS * ROWS // 2] = values[-2, : BANDS * ROWS // 2]
    newsroom = Newsroom(1)
    sketch = Sketching()(newsroom.story([]))
    asked: list[int] = []

    def sketch_of(number: int) -> Sketch:
        asked.append(number)
        return sketch

    groups = copies.Groups(count)
    copies.join_similar(values, range(count), groups, new=range(count), sketch_of=sketch_of)
    assert sorted(asked) == [count - 2, count - 1]
    assert [set(pair) for pair in groups.joined] == [{count - 2, count - 1}]
