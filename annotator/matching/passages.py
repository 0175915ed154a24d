"""Which paragraphs of two texts are the same or nearly the same, and in which words these differ.

Paragraphs are paired one to one, the most alike first; what is left over stands in one text only. To be alike is to have
most words in common in the same order (Indel similarity on words: twice what is common, by what both have).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotator.domain import resemblance
from annotator.domain.spans import Span
from annotator.matching.sketches import words_of

ALIKE = 0.6
"""Two edits of one paragraph, with every tenth word changed in each, have 0.8; two paragraphs on one event up to 0.45."""

MOST_PARAGRAPHS = 250
"""Paragraphs of either text that are compared with each other; of a longer one only equal paragraphs are paired."""

_PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:\n[ \t]*\S(?:.*\S)?)*")
_PIECE = re.compile(r"\s+|[^\W_]+|[\W_]")


@dataclass(frozen=True)
class Pair:
    """A paragraph of the left text and the one of the right that it is paired with; None where it has none."""

    left: Span | None
    right: Span | None


@dataclass(frozen=True)
class Piece:
    """Some words of a paragraph, and whether the other one has them in the same place."""

    text: str
    shared: bool


def pairs(left: str, right: str) -> list[Pair]:
    """All paragraphs of both texts in the order of the left one; what only the right one has follows what it follows there."""
    ours, theirs = _paragraphs(left), _paragraphs(right)
    right_of = _paired([left[slice(*span)] for span in ours], [right[slice(*span)] for span in theirs])
    left_of = {j: i for i, j in right_of.items()}
    alone: defaultdict[int, list[Pair]] = defaultdict(list)
    after = -1
    for j, span in enumerate(theirs):
        if j in left_of:
            after = left_of[j]
        else:
            alone[after].append(Pair(None, span))
    found = alone[-1]
    for i, span in enumerate(ours):
        found.append(Pair(span, theirs[right_of[i]] if i in right_of else None))
        found += alone[i]
    return found


def pieces(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Both paragraphs in pieces."""
    ours, theirs = _PIECE.findall(left), _PIECE.findall(right)
    before: list[Piece] = []
    behind: list[Piece] = []
    for each in resemblance.steps(ours, theirs):
        shared = each.tag == "equal"
        if each.src_end > each.src_start:
            before.append(Piece("".join(ours[each.src_start : each.src_end]), shared))
        if each.dest_end > each.dest_start:
            behind.append(Piece("".join(theirs[each.dest_start : each.dest_end]), shared))
    return before, behind


def _paragraphs(text: str) -> list[Span]:
    return [Span(each.start(), each.end()) for each in _PARAGRAPH.finditer(text)]


def _paired(ours: Sequence[str], theirs: Sequence[str]) -> dict[int, int]:
    """For paragraphs of the one text the place of their like in the other."""
    left_words, right_words = [words_of(each) for each in ours], [words_of(each) for each in theirs]
    free: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for j in reversed(range(len(theirs))):
        free[tuple(right_words[j])].append(j)
    found = {i: free[key].pop() for i, words in enumerate(left_words) if (key := tuple(words)) and free.get(key)}
    left_over = [i for i in range(len(ours)) if i not in found]
    taken = set(found.values())
    right_over = [j for j in range(len(theirs)) if j not in taken]
    if max(len(left_over), len(right_over)) > MOST_PARAGRAPHS:
        return found
    alike = sorted(_likenesses(left_words, right_words, left_over, right_over))
    for _, i, j in alike:
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def _likenesses(
    ours: Sequence[list[str]], theirs: Sequence[list[str]], left: Sequence[int], right: Sequence[int]
) -> Iterator[tuple[float, int, int]]:
    """What is alike, the more the smaller the first number."""
    for i in left:
        for j in right:
            likeness = resemblance.share(ours[i], theirs[j], least=ALIKE)
            if likeness >= ALIKE:
                yield -likeness, i, j
