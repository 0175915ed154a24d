"""Paragraphs that one desk took over from another's story are found; like ones and boilerplate are not."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from annotator.matching import shared_passages
from annotator.matching.copies import Groups
from annotator.matching.shared_passages import packed, places_and_words, unpacked
from annotator.matching.sketches import Sketching
from tests.matching.test_copies import Newsroom

STORIES = 300
TAKEN = 3
"""One story in so many has an edited paragraph of the one before it."""

Pair = frozenset[tuple[int, str]]


def paragraph(room: Newsroom, names: list[str], quotation: str = "") -> str:
    return " ".join([*(room.sentence(names) for _ in range(3)), *([f'"{quotation}" he said.'] if quotation else [])])


@cache
def stories() -> tuple[list[str], set[Pair]]:
    """Stories of which some have a paragraph of another one, every fourteenth word changed; the true pairs.

    Two stories in a row are on one event: the same names and the same quotation in paragraphs of their own. One line
    stands below all of them, each time with another number in it.
    """
    room = Newsroom(11)
    texts: list[str] = []
    true: set[Pair] = set()
    foot = room.sentence([]) + " " + room.sentence([])
    before, quotation, names = "", "", [""]
    for number in range(STORIES):
        if number % 2 == 0:
            names, quotation = [word.title() for word in room.random.sample(room.words, k=6)], room.sentence([])
        own = [paragraph(room, names, quotation if place == 1 else "") for place in range(5)]
        if before and number % TAKEN == 0:
            words = before.split(" ")
            taken = " ".join(room.random.choice(room.words) if room.random.random() < 0.07 else word for word in words)
            own[3] = taken
            true.add(frozenset({(number - 1, before), (number, taken)}))
        before = own[2]
        texts.append("\n\n".join([room.sentence(names), *own, "Short.", f"{foot} Call {number}."]))
    return texts, true


def found_in(texts: list[str]) -> set[Pair]:
    sketching = Sketching()
    sketches = [sketching(text) for text in texts]
    places = [places_and_words(text)[0] for text in texts]
    kept = unpacked(b"".join(packed(*each) for each in zip(places, (each.words for each in sketches), strict=True)))
    at = [(n, place) for n, its in enumerate(places) for place in its]
    assert kept[:, :2].tolist() == [[place.start, place.end] for _, place in at]
    found = shared_passages.shared(
        kept[:, 2:],
        [n for n, _ in at],
        Groups(len(at)),
        new=range(len(at)),
        words_at=lambda row: sketches[at[row][0]].words[at[row][1].first : at[row][1].last].tolist(),
    )
    groups = [[(at[row][0], texts[at[row][0]][at[row][1].start : at[row][1].end]) for row in rows] for rows in found.together.values()]  # fmt: skip
    return {frozenset((one, other)) for group in groups for one in group for other in group if one != other}


def precision_and_recall() -> tuple[float, float]:
    texts, true = stories()
    found = found_in(texts)
    return len(found & true) / max(1, len(found)), len(found & true) / len(true)


def test_paragraphs_taken_over_are_found_and_nothing_else() -> None:
    precision, recall = precision_and_recall()
    assert precision >= 0.98
    assert recall >= 0.98


@pytest.mark.parametrize(
    ("bound", "value", "wrong"),
    [("ALIKE", 0.2, "precision"), ("ALIKE", 0.97, "recall"), ("MOST_STORIES", 1_000, "precision")],
)
def test_a_wrong_bound_would_be_noticed(monkeypatch: pytest.MonkeyPatch, bound: str, value: float, wrong: str) -> None:
    """The positive control: like paragraphs, too few of the true ones, and what stands below every story."""
    monkeypatch.setattr(shared_passages, bound, value)
    precision, recall = precision_and_recall()
    assert (precision if wrong == "precision" else recall) < 0.98


def test_short_paragraphs_do_not_count_and_copies_are_one_story() -> None:
    text = "Only a few words here.\n\n" + " ".join(f"word{n}" for n in range(20))
    (place,), _ = places_and_words(text)
    assert text[place.start : place.end].startswith("word0")
    assert packed([], np.array([], dtype=np.uint32)) == b""
    row = unpacked(packed([place], Sketching()(text).words))
    keys = np.concatenate([row, row])[:, 2:]
    for stories_of, together in (([0, 0], {}), ([0, 1], {0: [0, 1]})):
        found = shared_passages.shared(keys, stories_of, Groups(2), new={1}, words_at=lambda _: [1, 2, 3])
        assert found.together == together
