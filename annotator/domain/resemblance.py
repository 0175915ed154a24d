"""How much two sequences are alike: rapidfuzz, loaded when the first two are compared.

It is large, and nothing that a server does when it starts, or while people mark claims, compares anything.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple


class Step(NamedTuple):
    """A part of one sequence and what has come of it in the other: "equal", "insert" or "delete"."""

    tag: str
    src_start: int
    src_end: int
    dest_start: int
    dest_end: int


def ratio(one: str, other: str, *, least: float) -> float:
    """Twice the characters that both have in the same order, by what both have, from 0 to 100; 0 if below `least`."""
    from rapidfuzz import fuzz

    return float(fuzz.ratio(one, other, score_cutoff=least))


def most_alike(wanted: str, choices: Sequence[str], *, least: float) -> int | None:
    """The number of the choice with the highest `ratio`, the first of several; None if all are below `least`."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(wanted, choices, scorer=fuzz.ratio, score_cutoff=least)
    return None if found is None else int(found[2])


def share(one: Sequence[Hashable], other: Sequence[Hashable], *, least: float) -> float:
    """As `ratio`, of the elements of any two sequences, from 0 to 1."""
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(one, other, score_cutoff=least))


def steps(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[Step]:
    """What is kept, inserted and deleted on the way from one to the other."""
    from rapidfuzz.distance import Indel

    return [Step(*each) for each in Indel.opcodes(one, other)]


def in_common(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """How many elements both have in the same order."""
    from rapidfuzz.distance import LCSseq

    return int(LCSseq.similarity(one, other))
