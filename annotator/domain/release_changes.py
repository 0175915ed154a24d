"""What changed from one state of a dataset to another: claims, links and articles, by their exported rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    DETAILS = "details changed"


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


_STAMPS = frozenset(
    {"release", "claim_id", "created_at", "updated_at", "article_version", "article_sha256", "article_title", "publisher",
     "agency", "article_url", "published", "article_group"}
)  # fmt: skip
"""Columns that differ without the claim being another; a new version and new details are told of the article, once."""
_VERSION = ("version", "sha256")
_DETAILS = ("article_group", "title", "byline", "agency", "publisher", "url", "published", "language")
_FROM_THE_PLACE = frozenset({"exact", "prefix", "suffix"})
"""Columns that the place and the text of the article give."""


def of_claims(
    articles: Iterable[str], before: Iterable[Fields], after: Iterable[Fields], ignored: frozenset[str] = frozenset()
) -> Iterator[Difference]:
    """What became of the claims, article by article: in the order of `after`, those that were dropped last.

    `articles` are the ids of all articles in the order in which both states have them. A claim is known by its id, else
    by its place: one that was decided anew in the same words is the same claim. What only the columns `ignored` say
    differently is no change. Memory is that of one article.
    """
    for old, new in _by_article(articles, before, after):
        yield from _of_claims(old, new, ignored)


def of_articles(articles: Iterable[str], before: Iterable[Fields], after: Iterable[Fields]) -> Iterator[Difference]:
    """Articles that came, went, or got another version of their text or other details; `articles` as of `of_claims`."""
    for old, new in _by_article(articles, before, after):
        one, other = next(iter(old), None), next(iter(new), None)
        yield from _of_two(one, other, _VERSION, Change.VERSION) or _of_two(one, other, _DETAILS, Change.DETAILS)


def of_links(before: Iterable[Fields], after: Iterable[Fields]) -> Iterator[Difference]:
    """What became of the links, each known by its id, in the order in which they were made; so must both states be."""

    def made(row: Fields) -> tuple[str, str]:
        return row["created_at"], row["link_id"]

    ones, others = _Ahead(before), _Ahead(after)
    while ones.row is not None or others.row is not None:
        one, other = ones.row, others.row
        if one is not None and other is not None and made(one) != made(other):
            one, other = (one, None) if made(one) < made(other) else (None, other)
        yield from _of_two(one, other, ("relation", "aspect", "note", "status"), Change.FIELDS)
        if one is not None:
            ones.step()
        if other is not None:
            others.step()


class _Ahead:
    """A stream of rows of which the next one, `row`, is known; None at its end."""

    def __init__(self, rows: Iterable[Fields]) -> None:
        self._rows = iter(rows)
        self.row: Fields | None = None
        self.step()

    def step(self) -> None:
        """Go on to the row after it."""
        self.row = next(self._rows, None)

    def of_article(self, article_id: str) -> list[Fields]:
        """The rows from here that are of the article."""
        found = []
        while self.row is not None and self.row["article_id"] == article_id:
            found.append(self.row)
            self.step()
        return found


def _by_article(
    articles: Iterable[str], before: Iterable[Fields], after: Iterable[Fields]
) -> Iterator[tuple[list[Fields], list[Fields]]]:
    """The rows of each article before and after. Raises ValueError where a row is out of the order of `articles`."""
    ones, others = _Ahead(before), _Ahead(after)
    for article_id in articles:
        old, new = ones.of_article(article_id), others.of_article(article_id)
        if old or new:
            yield old, new
    for left in (ones.row, others.row):
        if left is not None:
            raise ValueError(f"Article {left['article_id']} is out of order or is not among the articles.")


def _of_claims(before: Sequence[Fields], after: Sequence[Fields], ignored: frozenset[str]) -> list[Difference]:
    old = {row["claim_id"]: row for row in before}
    known = {row["claim_id"] for row in after} & old.keys()
    by_place = {_place(row): row for claim_id, row in old.items() if claim_id not in known}
    found = []
    for row in after:
        earlier = old.get(row["claim_id"]) or by_place.pop(_place(row), None)
        change = Change.ADDED if earlier is None else _change_of(earlier, row, ignored)
        if change is not None:
            found.append(Difference(change, earlier, row))
    return found + [Difference(Change.DROPPED, row, None) for row in by_place.values()]


def _of_two(before: Fields | None, after: Fields | None, compared: Sequence[str], change: Change) -> list[Difference]:
    if before is None or after is None:
        return [Difference(Change.ADDED if before is None else Change.DROPPED, before, after)]
    same = all(before.get(name) == after.get(name) for name in compared)
    return [] if same else [Difference(change, before, after)]


def _place(row: Fields) -> Place:
    return row["article_id"], row["start"], row["end"]


def _change_of(before: Fields, after: Fields, ignored: frozenset[str]) -> Change | None:
    if before["label"] != after["label"]:
        return Change.LABEL
    # A release without text has places alone.
    quotes = {before["exact"], after["exact"]}
    if _place(before) != _place(after) or (len(quotes) > 1 and None not in quotes):
        return Change.BOUNDARY
    names = (before.keys() | after.keys()) - _STAMPS - _FROM_THE_PLACE - ignored
    return Change.FIELDS if any(before.get(name) != after.get(name) for name in names) else None
