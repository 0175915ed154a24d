"""Reader of doccano's JSON lines for sequence labelling, as it exports them and as people write them for it.

doccano marks count UTF-16 code units, unless its project counts grapheme clusters; what other programs write, ours
among them, counts code points. So a line that doccano wrote is read in its units, but for the spans that our own
writer put there and nobody touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from annotator.formats.annotated import Places, article_of, label_of, reference_of, uuid_or_none
from annotator.formats.claim_details import read_details
from annotator.formats.decoding import encoding_of_stream, text_of_stream
from annotator.formats.json_values import parse_json, whole_number
from annotator.formats.jsonl import lines_of
from annotator.formats.records import AnnotatedRecord, ReadClaim, ReadLink, RecordError

Identity = tuple[int | None, int | None, str]
"""A span by its place and label: what doccano keeps of it while ids change."""

_UTF16 = "Offsets were read as UTF-16 code units, which is what doccano writes unless it counts grapheme clusters."


def read_doccano(stream: BinaryIO, filename: str, *, limit: int) -> Iterator[AnnotatedRecord | RecordError]:
    """The documents of a file, line by line, and all that is wrong with each; `limit` is in characters for each line."""
    encoding = encoding_of_stream(stream)
    if isinstance(encoding, RecordError):
        yield encoding
        return
    empty = True
    with text_of_stream(stream, encoding.name) as text:
        for line, content in lines_of(text, limit):
            empty = False
            fields = content if isinstance(content, RecordError) else parse_json(content, line)
            if isinstance(fields, RecordError):
                yield fields
            elif not isinstance(fields, dict):
                yield RecordError('Each line must be one JSON object, such as {"text": "…", "label": []}.', line)
            else:
                yield from _Line(fields, line, filename).records()
    if empty:
        yield RecordError("The file is empty.")


class _Line:
    """One document while it is read."""

    def __init__(self, fields: Mapping[str, Any], line: int, filename: str) -> None:
        self._fields = fields
        self._line = line
        self._filename = filename
        self._errors: list[RecordError] = []
        text = fields.get("text", fields.get("data"))
        self._text = text if isinstance(text, str) else ""
        self._places = Places(self._text)
        self._known: dict[Identity, list[Mapping[str, Any]]] = {}
        for each in self._list("claims"):
            self._known.setdefault(_identity(each), []).append(each)
        # Comments are in every line that doccano writes and in none that it takes.
        self._from_doccano = "Comments" in fields
        self._guessed = False

    def records(self) -> Iterator[AnnotatedRecord | RecordError]:
        article = article_of(self._text, self._fields, line=self._line, filename=self._filename)
        if isinstance(article, list):
            yield from article
            return
        name, entities = self._spans()
        claims = [
            claim
            for number, entity in enumerate(entities)
            if (claim := self._claim(entity, f"{name}[{number}]")) is not None
        ]
        links = self._links({claim.key for claim in claims}) if name == "entities" else []
        if self._errors:
            yield from self._errors
            return
        warnings = [*article.warnings, *([_UTF16] if self._guessed else [])]
        if self._fields.get("Comments"):
            warnings.append("Comments of doccano were not read.")
        yield AnnotatedRecord(reference_of(self._fields), article, claims, links, warnings, self._line)

    def _spans(self) -> tuple[str, list[Mapping[str, Any]]]:
        """The list of spans that is meant, and its name.

        doccano writes the list that was worked on and gives another one back as it came, so what differs from our
        own `claims` is what somebody did there.
        """
        lists = {
            name: self._list(name) for name in ("entities", "label", "labels") if self._fields.get(name) is not None
        }
        changed = {name: listed for name, listed in lists.items() if set(map(_identity, listed)) != set(self._known)}
        meant = changed or lists
        if len({frozenset(map(_identity, listed)) for listed in meant.values()}) > 1:
            self._fail(" and ".join(meant), "These say different things; keep one of them.")
        return next(iter(meant.items()), ("label", []))

    def _list(self, name: str) -> list[Mapping[str, Any]]:
        listed = self._fields.get(name) or []
        if not isinstance(listed, list):
            self._fail(name, "This must be a list.")
            return []
        return [_as_object(each) for each in listed]

    def _claim(self, entity: Mapping[str, Any], place: str) -> ReadClaim | None:
        label = label_of(entity.get("label"))
        if label is None:
            self._fail(place, "A span is [start, end, label], or an object with start_offset, end_offset and label.")
            return None
        known = (self._known.get(_identity(entity)) or [{}]).pop(0)
        exact = known.get("exact")
        units = "utf-16" if self._from_doccano and not known else ""
        found = self._places.find(
            entity.get("start_offset"),
            entity.get("end_offset"),
            words=exact if isinstance(exact, str) else None,
            units=units,
        )
        if isinstance(found, str):
            self._fail(place, found)
            return None
        self._guessed |= units == "utf-16" and found.end != whole_number(entity.get("end_offset"))
        given, errors = read_details(known, line=self._line, place=f"{place}.")
        self._errors += errors
        return ReadClaim(
            label=label,
            quote=self._places.quote(found),
            start=found.start,
            end=found.end,
            id=uuid_or_none(known.get("claim_id")),
            key=str(whole_number(entity.get("id"))),
            author=label_of(known.get("author")) or "",
            line=self._line,
            **given,
        )

    def _links(self, keys: set[str]) -> list[ReadLink]:
        links = []
        for number, relation in enumerate(self._list("relations")):
            a, b = (str(whole_number(relation.get(end))) for end in ("from_id", "to_id"))
            if a in keys and b in keys:
                links.append(ReadLink(a, b, label_of(relation.get("type")) or ""))
            else:
                self._fail(f"relations[{number}]", "It must name two entities by from_id and to_id.")
        return links

    def _fail(self, field: str, problem: str) -> None:
        self._errors.append(RecordError(problem, self._line, field))


def _as_object(span: object) -> Mapping[str, Any]:
    """A span or relation as an object, whichever way it was written; empty if it is neither."""
    if isinstance(span, list) and len(span) == 3:
        return dict(zip(("start_offset", "end_offset", "label"), span, strict=True))
    return span if isinstance(span, dict) else {}


def _identity(entity: Mapping[str, Any]) -> Identity:
    return whole_number(entity.get("start_offset")), whole_number(entity.get("end_offset")), str(entity.get("label"))
