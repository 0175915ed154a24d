"""What differs between two states of a claim, field by field, in the order of the form.

A state is a claim as plain values, as an event holds it: what is empty is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

State = Mapping[str, Any]

_FIELDS = ("label", "target", "reason", "claim_text", "event_start", "event_end", "confidence", "note", "origin")
_SPEAKER = ("name", "kind", "mode", "chain")
_EVIDENCE = (
    "stance", "kind", "source", "quote", "url", "archived_url", "published", "annotation", "article", "start", "end",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One field that changed; None stands for nothing given.

    `field` is "span", the name of a field, "speaker.…", "evidence" (an item came or went), "evidence.order" or
    "evidence.…" of the item that was the `number`-th before.
    """

    field: str
    before: Any
    after: Any
    number: int | None = None


def differences(before: State, after: State) -> list[Change]:
    """Every change that leads from the one state to the other."""
    return [
        *_of_span(before, after),
        *_of_fields(before, after),
        *_of_speaker(before, after),
        *_of_evidence(before, after),
    ]


def same(one: State, other: State) -> bool:
    """Whether both states say the same."""
    return not differences(one, other)


def _of_span(before: State, after: State) -> Iterator[Change]:
    if (before.get("start"), before.get("end")) != (after.get("start"), after.get("end")):
        yield Change("span", before.get("exact"), after.get("exact"))


def _of_fields(before: State, after: State) -> Iterator[Change]:
    for field in _FIELDS:
        yield from _changed(field, before.get(field), after.get(field))


def _of_speaker(before: State, after: State) -> Iterator[Change]:
    ours, theirs = before.get("speaker") or {}, after.get("speaker") or {}
    for field in _SPEAKER:
        yield from _changed(f"speaker.{field}", ours.get(field), theirs.get(field))


def _of_evidence(before: State, after: State) -> Iterator[Change]:
    """Items that are equal are the same item wherever they stand; of the others those of one place or source are."""
    ours, theirs = list(before.get("evidence") or ()), list(after.get("evidence") or ())
    left = [(number, item) for number, item in enumerate(ours, 1)]
    new = []
    kept: list[int] = []
    for item in theirs:
        match = next((pair for pair in left if pair[1] == item), None)
        if match is None:
            new.append(item)
            continue
        left.remove(match)
        kept.append(match[0])
    for item in list(new):
        pair = _likeness(left, item)
        if pair is None:
            continue
        left.remove(pair)
        new.remove(item)
        for field in _EVIDENCE:
            yield from _changed(f"evidence.{field}", pair[1].get(field), item.get(field), number=pair[0])
    yield from (Change("evidence", item, None, number) for number, item in left)
    yield from (Change("evidence", None, item) for item in new)
    if kept != sorted(kept):
        yield Change("evidence.order", len(kept), len(kept))


def _likeness(left: Sequence[tuple[int, State]], item: State) -> tuple[int, State] | None:
    """The item that `item` was before: it names the same address, source, quote or span."""
    for field in ("url", "source", "quote", "article", "annotation"):
        for pair in left:
            if item.get(field) and pair[1].get(field) == item[field]:
                return pair
    return None


def _changed(field: str, before: Any, after: Any, *, number: int | None = None) -> Iterator[Change]:
    if before != after:
        yield Change(field, before, after, number)
