"""Reader of articles in JSON lines: each line one object with the fields that the API takes. Text is stored exactly."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO, NoReturn

from annotator.formats.decoding import encoding_of_stream, text_of_stream
from annotator.formats.fields import FIELDS, article_record_from_fields, shown
from annotator.formats.records import ArticleRecord, RecordError

_OF_A_LAYER = frozenset({"article_id", "article_sha256"})
_NO_TEXTS = (
    "This is a layer of an export, and holds no texts. To take a project over export the layer 'all' "
    "(annotator export PROJECT --layer all --format jsonl); claims alone come in with --as-reviewer or --as-suggestions."
)


def read_jsonl(
    stream: BinaryIO,
    filename: str,
    *,
    encoding: str | None = None,
    limit: int,
    chosen_keys: Mapping[str, str] | None = None,
) -> Iterator[ArticleRecord | RecordError]:
    """The articles of a stream that can be rewound, line by line; `limit` is in characters for each line.

    `chosen_keys` says under which key each field stands; then no other is read, and those of the first line are named.
    A key that is no field is refused at the first line that has it. Blank lines are passed over.
    Memory does not grow with the file.
    """
    chosen = encoding_of_stream(stream, chosen=encoding)
    if isinstance(chosen, RecordError):
        yield chosen
        return
    warnings: tuple[str, ...] = (chosen.warning,) if chosen.warning else ()
    first = True
    told: set[str] = set()
    for line, fields in _objects(stream, chosen.name, limit):
        if chosen_keys and not isinstance(fields, RecordError):
            if first:
                warnings += _not_read([key for key in fields if key not in chosen_keys.values()], line)
                first = False
            fields = {field: fields.get(key) for field, key in chosen_keys.items()}  # noqa: PLW2901
        for article in [fields] if isinstance(fields, RecordError) else _articles(fields, line, filename=filename):
            if isinstance(article, RecordError) and article.field is not None and article.field not in FIELDS:
                if article.field in told:
                    continue
                told.add(article.field)
            elif isinstance(article, ArticleRecord) and warnings:
                article, warnings = replace(article, warnings=warnings), ()  # noqa: PLW2901
            yield article


def read_objects(stream: BinaryIO, *, limit: int) -> Iterator[tuple[int, dict[str, Any] | RecordError]]:
    """The object of each line with its number, of a stream that can be rewound; numbers are floats."""
    chosen = encoding_of_stream(stream)
    if isinstance(chosen, RecordError):
        yield 1, chosen
        return
    yield from _objects(stream, chosen.name, limit)


def _objects(stream: BinaryIO, encoding: str, limit: int) -> Iterator[tuple[int, dict[str, Any] | RecordError]]:
    empty = True
    with text_of_stream(stream, encoding) as text:
        for line, content in lines_of(text, limit):
            empty = False
            yield line, content if isinstance(content, RecordError) else _object(content, line)
    if empty:
        yield 1, RecordError("The file is empty.")


def lines_of(text: io.TextIOWrapper, limit: int) -> Iterator[tuple[int, str | RecordError]]:
    """Each line that is not blank with its number, counted from 1; an error in the place of one that is too long."""
    number = 0
    while line := text.readline(limit + 1):
        number += 1
        if len(line) > limit and not line.endswith("\n"):
            while line and not line.endswith("\n"):
                line = text.readline(limit + 1)
            yield number, RecordError(f"The line has more than {limit:,} characters.", number)
        elif line.strip():
            yield number, line


def _object(content: str, line: int) -> dict[str, Any] | RecordError:
    try:
        fields = _PARSER.decode(content.strip(" \t\r\n"))
    except json.JSONDecodeError as error:
        return RecordError(f"This is not JSON: {error.msg.lower()} at column {error.colno}.", line)
    except RecursionError:
        return RecordError("This is nested too deeply.", line)
    except ValueError as error:
        return RecordError(f"This cannot be read: {error}.", line)
    if not isinstance(fields, dict):
        return RecordError('Each line must be one JSON object, such as {"text": "…"}.', line)
    return fields


def _articles(fields: dict[str, Any], line: int, *, filename: str) -> list[ArticleRecord | RecordError]:
    if not _OF_A_LAYER.isdisjoint(fields) and "text" not in fields:
        return [RecordError(_NO_TEXTS, line, next(key for key in fields if key in _OF_A_LAYER))]
    article = article_record_from_fields(fields, line=line, source_file=filename)
    return [article] if isinstance(article, ArticleRecord) else list(article)


def _not_read(keys: Sequence[str], line: int) -> tuple[str, ...]:
    named = ", ".join(f"'{shown(key)}'" for key in keys[:50])
    return (f"Line {line}: These keys were not chosen and are not read, here and below: {named}.",) if keys else ()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs. A key that stands there twice would lose one of its values without a word."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in fields if keys.count(key) > 1)
        raise ValueError(f"the key {json.dumps(twice[:60])} stands there twice")
    return fields


def _number(digits: str) -> float:
    """A number of any length; no field of an article is one, so only that it is one matters."""
    return float(digits)


_PARSER = json.JSONDecoder(
    object_pairs_hook=_without_repetition, parse_constant=_refuse_constant, parse_int=_number, parse_float=_number
)
