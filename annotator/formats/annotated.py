"""What the formats of other annotation tools have in common: the fields of a document, and the place of a claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from annotator.domain.selectors import Quote, quote
from annotator.domain.spans import Span
from annotator.domain.text import problem_with
from annotator.formats.fields import FIELDS, article_record_from_fields, shown
from annotator.formats.json_values import whole_number
from annotator.formats.records import (
    ArticleRecord,
    ArticleReference,
    DocumentRecord,
    LinkRecord,
    Losses,
    RecordError,
)
from annotator.formats.utf16 import Utf16Offsets

METADATA = tuple(name for name in FIELDS if name != "text")


def document_fields(document: DocumentRecord) -> dict[str, Any]:
    """What is known of the article beside its text: always the same names, "" for what was not given."""
    return {
        "article_id": document.id,
        "article_version": document.version,
        "article_sha256": document.sha256,
        "title": document.title,
        "url": document.url,
        "publisher": document.publisher,
        "agency": document.agency,
        "byline": document.byline,
        "published": document.published.isoformat() if document.published else "",
        "language": document.language,
        "group": document.group,
        "external_id": document.external_id or "",
    }


def reference_of(fields: Mapping[str, object]) -> ArticleReference:
    """By what these fields (see `document_fields`) name their article."""

    def text(name: str) -> str:
        value = fields.get(name)
        return value if isinstance(value, str) and problem_with(value) is None else ""

    return ArticleReference(
        id=text("article_id"),
        external_id=text("external_id"),
        url=text("url"),
        sha256=text("article_sha256"),
        title=text("title"),
        version=whole_number(fields.get("article_version")),
    )


def article_of(
    text: str, fields: Mapping[str, object], *, line: int | None, filename: str
) -> ArticleRecord | list[RecordError]:
    """The article with this text. A field of another program that is not what ours must be is left out with a warning."""
    given: dict[str, object] = {
        name: value for name in METADATA if isinstance(value := fields.get(name), str) and value.strip()
    }
    article = article_record_from_fields({"text": text, **given}, line=line, source_file=filename)
    if isinstance(article, ArticleRecord):
        return article
    unfit = {error.field: error.problem for error in article if error.field in given}
    if len(unfit) < len(article):
        return article
    kept = {name: value for name, value in given.items() if name not in unfit}
    article = article_record_from_fields({"text": text, **kept}, line=line, source_file=filename)
    if isinstance(article, ArticleRecord):
        warnings = [f"The field '{name}' was not read: {problem}" for name, problem in unfit.items()]
        return replace(article, warnings=(*article.warnings, *warnings))
    return article


def links_within(document: DocumentRecord, losses: Losses) -> Iterator[LinkRecord]:
    """The links whose claims are both in the document; the others are counted."""
    present = {record.id for record in document.claims}
    for link in document.links:
        if link.a in present and link.b in present:
            yield link
        else:
            losses["links to a claim of another article were left out"] += 1


def uuid_or_none(value: object) -> UUID | None:
    """The UUID that `value` is, or None."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def label_of(value: object) -> str | None:
    """The label that `value` names, or None if it cannot be the name of one."""
    return value if isinstance(value, str) and value.strip() and problem_with(value) is None else None


class Places:
    """Finds where the claims of one text stand, by the offsets of another program and the words it gives with them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._utf16 = Utf16Offsets(text)
        self.counted_in_utf16 = False
        """Whether any claim was found only by counting as UTF-16 does."""

    def find(self, start: object, end: object, *, words: str | None = None, units: str = "") -> Span | str:
        """The place in code points, or a sentence that says why there is none.

        Offsets count code points, or UTF-16 code units if `units` is "utf-16". With `words` both are tried: what
        stands at the place must be these words, white space aside, which some tools fold.
        """
        first, last = whole_number(start), whole_number(end)
        if first is None or last is None:
            return "Start and end must be whole numbers."
        if not 0 <= first < last:
            return f"The end ({last}) must be after the start ({first}), and neither before the text."
        plain = Span(first, last) if last <= len(self._text) else None
        wide = self._from_utf16(first, last) if self._utf16 else plain
        if words is None:
            chosen = wide if units == "utf-16" else plain
            return chosen or f"From {first} to {last} is no place in a text of {len(self._text)} characters."
        for place in (plain, wide):
            if place is not None and self._says(place, words):
                self.counted_in_utf16 |= place != plain
                return place
        if plain is None:
            return f"{last} is after the last character ({len(self._text)})."
        return f"The text from {first} to {last} is “{shown(self._text[first:last])}”, not “{shown(words)}”."

    def quote(self, place: Span) -> Quote:
        """The words at the place with a little of what stands around them."""
        return quote(self._text, place)

    def _from_utf16(self, start: int, end: int) -> Span | None:
        first, last = self._utf16.code_points(start), self._utf16.code_points(end)
        return None if first is None or last is None else Span(first, last)

    def _says(self, place: Span, words: str) -> bool:
        found = self._text[place.start : place.end]
        return found == words or "".join(found.split()) == "".join(words.split())
