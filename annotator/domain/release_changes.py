"""What changed from one state of a dataset to another: claims, links and articles, by their exported rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Fields = Mapping[str, Any]
Place = tuple[Any, Any, Any]


class Change(StrEnum):
    """What became of a claim, a link or an article."""

    ADDED = "added"
    DROPPED = "dropped"
    LABEL = "label changed"
    BOUNDARY = "boundary changed"
    FIELDS = "fields changed"
    VERSION = "new version"


@dataclass(frozen=True)
class Difference:
    """One thing that differs; `before` and `after` are its rows, None where it was not there."""

    change: Change
    before: Fields | None
    after: Fields | None

    @property
    def row(self) -> Fields:
        """The row to name it by: the newer one where there are two."""
        found = self.after or self.before
        if found is None:
            raise ValueError("A difference has a row before or after it.")
        return found


_STAMPS = frozenset({"release", "claim_id", "created_at", "updated_at", "article_version", "article_sha256"})
"""Columns that differ without anything being said differently; a new article version is told of the article."""


def of_claims(before: Iterable[Fields], after: Iterable[Fields]) -> list[Difference]:
    """What became of the claims, in the order of `after`, those that were dropped last.

    A claim is known by its id, else by its place: one that was decided anew in the same words is the same claim.
    """
    old = {row["claim_id"]: row for row in before}
    new = list(after)
    known = {row["claim_id"] for row in new} & old.keys()
    by_place = {_place(row): row for claim_id, row in old.items() if claim_id not in known}
    found = []
    for row in new:
        earlier = old.get(row["claim_id"]) or by_place.pop(_place(row), None)
        change = Change.ADDED if earlier is None else _change_of(earlier, row)
        if change is not None:
            found.append(Difference(change, earlier, row))
    return found + [Difference(Change.DROPPED, row, None) for row in by_place.values()]


def of_links(before: Iterable[Fields], after: Iterable[Fields]) -> list[Difference]:
    """What became of the links, each known by its id."""
    return _by_id(before, after, "link_id", compared=("relation", "aspect", "note", "status"), change=Change.FIELDS)


def of_articles(before: Iterable[Fields], after: Iterable[Fields]) -> list[Difference]:
    """Articles that came, went or got another version of their text."""
    return _by_id(before, after, "article_id", compared=("version", "sha256"), change=Change.VERSION)


def _by_id(
    before: Iterable[Fields], after: Iterable[Fields], key: str, *, compared: Sequence[str], change: Change
) -> list[Difference]:
    old = {row[key]: row for row in before}
    found = []
    for row in after:
        earlier = old.pop(row[key], None)
        if earlier is None:
            found.append(Difference(Change.ADDED, None, row))
        elif any(earlier[name] != row[name] for name in compared):
            found.append(Difference(change, earlier, row))
    return found + [Difference(Change.DROPPED, row, None) for row in old.values()]


def _place(row: Fields) -> Place:
    return row["article_id"], row["start"], row["end"]


def _change_of(before: Fields, after: Fields) -> Change | None:
    if before["label"] != after["label"]:
        return Change.LABEL
    if before["exact"] != after["exact"] or _place(before) != _place(after):
        return Change.BOUNDARY
    names = (before.keys() | after.keys()) - _STAMPS
    return Change.FIELDS if any(before.get(name) != after.get(name) for name in names) else None
