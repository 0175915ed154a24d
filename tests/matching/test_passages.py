"""Paragraphs of two texts beside each other: those that are alike, and the words in which they differ."""

from __future__ import annotations

import pytest

from annotator.matching import passages
from annotator.matching.passages import Pair, Piece, pairs, pieces
from tests.matching.test_copies import Newsroom


def words_of(text: str, pair: Pair) -> tuple[str | None, str | None]:
    """What stands in both places of a pair, in texts with a bar between them."""
    left, right = text.split("|")
    return pair.left and left[slice(*pair.left)], pair.right and right[slice(*pair.right)]


def test_paragraphs_are_beside_their_like_and_nothing_is_lost() -> None:
    left = "Headline one\n\nIt was calm in all of the towns.\n\nShelling went on there.\n\nThe last of them left on Sunday."
    right = "Another head\n\nA new one.\n\nThe last of them left on Monday.\n\nIt was calm in all of the villages."
    assert [words_of(f"{left}|{right}", pair) for pair in pairs(left, right)] == [
        (None, "Another head"),
        (None, "A new one."),
        ("Headline one", None),
        ("It was calm in all of the towns.", "It was calm in all of the villages."),
        ("Shelling went on there.", None),
        ("The last of them left on Sunday.", "The last of them left on Monday."),
    ]


def test_pieces_are_the_paragraphs_whole_and_say_which_words_differ() -> None:
    left, right = pieces("It was calm on Sunday.", "It was not calm on Monday.")
    assert [each.text for each in left if not each.shared] == ["Sunday"]
    assert "".join(each.text for each in left) == "It was calm on Sunday."
    assert "".join(each.text for each in right) == "It was not calm on Monday."
    assert right[0] == Piece("It was ", shared=True)


@pytest.mark.parametrize(("alike", "fine"), [(passages.ALIKE, True), (0.1, False), (0.97, False)])
def test_edited_paragraphs_are_paired_and_those_of_another_story_are_not(
    monkeypatch: pytest.MonkeyPatch, alike: float, fine: bool
) -> None:
    """With the other bounds, which are planted, it is noticed."""
    monkeypatch.setattr(passages, "ALIKE", alike)
    room = Newsroom(8)
    found = true = right = 0
    for _ in range(40):
        names = [word.title() for word in room.random.sample(room.words, k=8)]
        wire, own = room.story(names).split("\n\n")[1:], room.story(names).split("\n\n")[1:]
        edited = {" ".join(map(room.changed, each.split(" "))): each for each in wire[1:]}
        other = [*edited, *own]
        room.random.shuffle(other)
        left, there = "\n\n".join(wire), "\n\n".join(other)
        paired = [pair for pair in pairs(left, there) if pair.left and pair.right]
        true += len(edited)
        found += len(paired)
        right += sum(
            edited.get(there[slice(*pair.right)]) == left[slice(*pair.left)]
            for pair in paired
            if pair.left and pair.right
        )
    assert (right >= 0.98 * found and right >= 0.98 * true) is fine
