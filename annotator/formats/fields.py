"""What the fields of an article must be, wherever they come from: a CSV row, a JSONL line, an object of the API."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, overload
from urllib.parse import urlsplit

import orjson

from annotator.domain.extract import first_sentence
from annotator.domain.extract.dates import iso_date
from annotator.domain.text import Block, plain_blocks, problem_with
from annotator.formats.records import ArticleDetails, ArticleRecord, RecordError

FIELDS = ("text", "title", "url", "publisher", "agency", "byline", "published", "language", "group", "external_id")
"""The fields of an article, `text` being the one it must have."""

LONGEST = {
    "title": 1_000,
    "url": 2_000,
    "publisher": 300,
    "agency": 300,
    "byline": 500,
    "published": 10,
    "language": 35,
    "group": 200,
    "external_id": 200,
}
"""How many characters each field may have; `text` is bounded by the size of what it came in."""

_NAMES = frozenset({"title", "publisher", "agency", "byline"})
_LINE_END = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#][!-~]*)?")
"""What nearly all addresses of the web look like; to take one apart takes five times as long."""
_JSON_TYPES = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


def article_record_from_fields(
    fields: Mapping[str, Any], *, line: int | None = None, source_file: str = ""
) -> ArticleRecord | list[RecordError]:
    """The article of the given fields, or all that is wrong with them.

    `text` is stored exactly. None and "" mean "not given"; line ends in names and titles become blanks. The source
    hash is over the given fields as canonical JSON, so that the same article is known again in any of the formats.
    """
    values, errors = _read(fields, line)
    if not values.get("text", "").strip() and not any(error.field == "text" for error in errors):
        errors.append(RecordError("An article needs text, and this is empty or not given.", line, "text"))
    if errors:
        return errors
    text = values["text"]
    blocks = PlainBlocks(text)
    return ArticleRecord(
        text=text,
        blocks=blocks,
        source_hash=source_hash(values),
        title=values.get("title", ""),
        url=values.get("url", ""),
        publisher=values.get("publisher", ""),
        agency=values.get("agency", ""),
        byline=values.get("byline", ""),
        published=iso_date(values.get("published", "")),
        language=values.get("language", ""),
        group=values.get("group", ""),
        external_id=values.get("external_id"),
        suggested_title="" if "title" in values else first_sentence(text, blocks[0]),
        source_file=source_file,
        line=line,
    )


def details_from_fields(fields: Mapping[str, Any]) -> ArticleDetails | list[RecordError]:
    """What is known of an article beside its text, from these fields, or all that is wrong with them."""
    values, errors = _read(fields)
    if errors:
        return errors
    published = iso_date(values.pop("published", ""))
    return ArticleDetails(**values, published=published)


class PlainBlocks(Sequence[Block]):
    """The paragraphs of a text that is stored exactly, found when they are asked for.

    An import reads a long file twice, the first time only to see that all of it is right.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _found(self) -> list[Block]:
        return plain_blocks(self._text)

    @overload
    def __getitem__(self, index: int) -> Block: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Block]: ...

    def __getitem__(self, index: int | slice) -> Block | Sequence[Block]:
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Block]:
        return iter(self._found)

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


def source_hash(fields: Mapping[str, str]) -> str:
    """The SHA-256 (hex) of the given fields as canonical JSON: keys sorted, no blanks, UTF-8."""
    return hashlib.sha256(orjson.dumps(dict(fields), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _read(fields: Mapping[str, Any], line: int | None = None) -> tuple[dict[str, str], list[RecordError]]:
    """The fields that are given, and what is wrong with the others."""
    values: dict[str, str] = {}
    errors: list[RecordError] = []
    for name, value in fields.items():
        try:
            given = _checked(name, value)
        except _Refused as refusal:
            errors.append(RecordError(str(refusal), line, shown(name)))
            continue
        if given:
            values[name] = given
    return values, errors


class _Refused(Exception):
    """A value that cannot be stored; its sentence says why."""


def _checked(name: str, value: object) -> str:
    """The value as text, "" if it is not given; raises _Refused if it is not what the field must be."""
    if name not in FIELDS:
        raise _Refused(f"This is not a field of an article. The fields are {', '.join(FIELDS)}.")
    if value is None:
        return ""
    if name == "published" and isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        kind = _JSON_TYPES.get(type(value), f"a {type(value).__name__}")
        raise _Refused(f"This must be text in quotes, not {kind}.")
    text = value if name == "text" else _one_line(name, value)
    problem = problem_with(text) if name == "text" else _problem_of_line(name, text)
    if text and problem is not None:
        raise _Refused(problem)
    return text


def _one_line(name: str, value: str) -> str:
    # What is printable has no line end; nearly all values are.
    line = _LINE_END.sub(" ", value) if name in _NAMES and not value.isprintable() else value
    return line.strip()


def _problem_of_line(name: str, value: str) -> str | None:
    if not value.isprintable():
        if (problem := problem_with(value)) is not None:
            return problem
        if control := _CONTROL.search(value):
            return f"Character {control.start() + 1} is a control character (U+{ord(control.group()):04X}); remove it."
    if name == "published" and iso_date(value) is None:
        return f"'{shown(value)}' is not a date (YYYY-MM-DD)."
    if len(value) > LONGEST[name]:
        return f"This has {len(value):,} characters; at most {LONGEST[name]:,} are possible."
    if name == "url" and not is_web_address(value):
        return f"'{shown(value)}' is not a web address (http://… or https://…)."
    if name == "language" and not _LANGUAGE.fullmatch(value):
        return f"'{shown(value)}' is not a language tag (en, pt-BR, zh-Hant)."
    return None


def is_web_address(url: str) -> bool:
    """Whether `url` is an absolute address of the web without blanks."""
    if _PLAIN_ADDRESS.fullmatch(url):
        return True
    if url.split() != [url]:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def shown(value: str) -> str:
    """The beginning of a value, such that it can stand in a message whatever it is."""
    printable = value.encode("utf-8", "backslashreplace").decode()
    return printable if len(printable) <= 60 else f"{printable[:60]}…"
