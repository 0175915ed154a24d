"""What two stories or claims have in common in origin, so that their agreement is no second source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Where an article or one of its claims comes from; `speakers` are the claim's speaker and its relay."""

    agency: str = ""
    speakers: tuple[str, ...] = ()


def shared(left: Origin, right: Origin) -> list[str]:
    """What both come from, as sentences; empty where nothing is known to be shared."""
    sentences = []
    if agency := _in_both([left.agency], [right.agency]):
        sentences.append(f"Both articles are copy of {agency}.")
    if speaker := _in_both(left.speakers, right.speakers):
        sentences.append(f"Both claims go back to {speaker}.")
    return sentences


def _in_both(one: Iterable[str], other: Iterable[str]) -> str:
    there = {_folded(name) for name in other}
    return next((name.strip() for name in one if _folded(name) and _folded(name) in there), "")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
