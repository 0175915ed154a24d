"""Which column of a table each field of an article stands in: as a person said, or by the column's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annotator.formats.fields import FIELDS
from annotator.formats.records import RecordError

_USUAL: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "story", "full_text", "fulltext", "article_text", "article_body"),
    "title": ("title", "headline", "heading", "article_title"),
    "url": ("url", "link", "address", "article_url", "source_url", "permalink"),
    "publisher": ("publisher", "outlet", "newspaper", "site", "source", "media", "domain"),
    "agency": ("agency", "wire"),
    "byline": ("byline", "author", "authors", "by", "writer"),
    "published": ("published", "date", "published_at", "publication_date", "publish_date", "pub_date", "day"),
    "language": ("language", "lang"),
    "group": ("group", "article_group", "event", "topic", "cluster"),
    "external_id": ("external_id", "article_external_id", "id", "article_id", "uid", "key"),
}
"""The names under which other programs have the fields, the likeliest first."""


def guessed(header: Sequence[str]) -> dict[str, str]:
    """The column that each field probably stands in; fields without one are left out."""
    by_name = {_plain(column): column for column in reversed(header)}
    found: dict[str, str] = {}
    for field in FIELDS:
        column = next((by_name[name] for name in _USUAL[field] if name in by_name), None)
        if column is not None and column not in found.values():
            found[field] = column
    return found


def fields_of(header: Sequence[str], chosen: Mapping[str, str]) -> list[str]:
    """For each column the field that was chosen for it, else a name that is no field."""
    names = [column.strip() for column in header]
    found = [f"{name} (not chosen)" if name.lower() in FIELDS else name for name in names]
    for field, column in chosen.items():
        at = _place_of(names, column)
        if at is not None:
            found[at] = field
    return found


def problem_of_choice(header: Sequence[str], chosen: Mapping[str, str], line: int) -> RecordError | None:
    """What is wrong with the choice: a column that is not there, or one that would be two fields."""
    names = [column.strip() for column in header]
    taken: dict[int, str] = {}
    for field, column in chosen.items():
        at = _place_of(names, column)
        if at is None:
            listed = ", ".join(f"'{name[:60]}'" for name in names[:50])
            return RecordError(f"There is no column '{column[:60]}' for it. The columns are {listed}.", line, field)
        if at in taken:
            return RecordError(f"The column '{column[:60]}' is chosen for '{taken[at]}' too.", line, field)
        taken[at] = field
    return None


def _place_of(names: Sequence[str], column: str) -> int | None:
    wanted = column.strip()
    if wanted in names:
        return names.index(wanted)
    folded = [name.casefold() for name in names]
    return folded.index(wanted.casefold()) if wanted.casefold() in folded else None


def _plain(column: str) -> str:
    return "_".join(column.strip().lower().replace("-", " ").replace("_", " ").split())
