"""A whole project in JSON lines: writer, and reader with every error by line and field. The lines are those of
`project_records`, the work on an article that of `work_records`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from pydantic import ValidationError

from annotator.formats.project_records import ArticleLine, EndLine, Header, Line, LinkDecisionLine, LinkLine
from annotator.formats.records import RecordError

MEDIA_TYPE = "application/x-ndjson"
BEGINNING = b'{"format":"annotator-project"'


def write_project(lines: Iterable[Line]) -> Iterator[bytes]:
    """The lines as JSON, one at a time. The same lines give the same bytes."""
    for line in lines:
        yield line.model_dump_json().encode() + b"\n"


def is_whole_project(head: bytes) -> bool:
    """Whether a file that begins so is one of a whole project."""
    return head.startswith(BEGINNING)


def read_project(stream: BinaryIO) -> Iterator[tuple[int, Line | RecordError]]:
    """Each line with its number, from the beginning of the stream; what is wrong with one in its place.

    The header is first, the articles come before the links, these before the decisions on them, and the end is last: anything else is an error.
    """
    stream.seek(0)
    awaited: tuple[type[Line], ...] = (Header,)
    number = 0
    for number, content in enumerate(stream, 1):
        line = _line(content, number, awaited)
        if isinstance(line, Header | ArticleLine):
            awaited = (ArticleLine, LinkLine, LinkDecisionLine, EndLine)
        elif isinstance(line, LinkLine):
            awaited = (LinkLine, LinkDecisionLine, EndLine)
        elif isinstance(line, LinkDecisionLine):
            awaited = (LinkDecisionLine, EndLine)
        elif isinstance(line, EndLine):
            awaited = ()
        yield number, line
    if awaited:
        yield number, RecordError("The file ends here, before its end: it was cut off. Export it again.", number)


def _line(content: bytes, number: int, awaited: tuple[type[Line], ...]) -> Line | RecordError:
    if not awaited:
        return RecordError("There is something after the end.", number)
    for kind in awaited:
        mark = b'"format":' if kind is Header else f'"type":"{kind.model_fields["type"].default}"'.encode()
        if content[:40].lstrip(b"{ ").startswith(mark):
            try:
                return kind.model_validate_json(content)
            except ValidationError as error:
                first = error.errors(include_url=False, include_context=False)[0]
                field = ".".join(str(part) for part in first["loc"])
                return RecordError(f"{first['msg']}.", number, field or None)
    wanted = " or ".join(kind.__name__.removesuffix("Line").lower() for kind in awaited)
    return RecordError(f"Here stands no {wanted}.", number)
