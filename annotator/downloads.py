"""Files that are sent: made whole before their first byte leaves, and made no further once nobody waits for them."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import IO, TypeVar

from flask import Response, request

from annotator.formats import writing
from annotator.formats.records import Export

CHUNK = 1 << 16
ROWS = 100
"""After how many rows it is asked whether somebody still waits."""

Read = TypeVar("Read")


class ClientLeft(Exception):
    """Whoever asked for this closed the connection: what is being made for them is given up."""


def unread(_left: ClientLeft) -> Response:
    """The answer to somebody who has left; 499 is how the logs of web servers call it."""
    return Response(status=499)


def sent(chunks: Iterable[bytes], media_type: str, *, called: str = "") -> Response:
    """A file in parts, as a download of that name if there is one. What goes wrong while it is made can still be said.

    Raises ClientLeft, and closes the chunks, when nobody waits for it any more.
    """
    file = writing.spooled(_until_they_leave(chunks, every=1))
    response = Response(_parts(file), content_type=media_type)
    response.call_on_close(file.close)
    if called:
        response.headers["Content-Disposition"] = f'attachment; filename="{called}"'
    return response


def while_somebody_waits(export: Export) -> Export:
    """The same, broken off by ClientLeft when nobody waits for it any more: some formats write nothing before the last row."""
    return replace(
        export,
        rows=lambda: _until_they_leave(export.rows(), every=ROWS),
        documents=lambda: _until_they_leave(export.documents(), every=1),
    )


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def _until_they_leave(found: Iterable[Read], *, every: int) -> Generator[Read]:
    has_left = _watch()
    rest = iter(found)
    try:
        while some := list(islice(rest, every)):
            if has_left():
                raise ClientLeft
            yield from some
    finally:
        if isinstance(rest, Generator):
            rest.close()


def _watch() -> Callable[[], bool]:
    """A function that tells whether the client of this request has left, for the servers that `annotator serve` runs."""
    told: Callable[[], bool] | None = request.environ.get("waitress.client_disconnected")
    if told is not None:
        return told
    connection: socket.socket | None = request.environ.get("gunicorn.socket")
    return (lambda: False) if connection is None else (lambda: _is_closed(connection))


def _is_closed(connection: socket.socket) -> bool:
    """Whether the other end has closed it: then there is an end to read, and neither bytes nor more to come."""
    try:
        asked = select.poll()
        asked.register(connection, select.POLLIN)
        return bool(asked.poll(0)) and not connection.recv(1, socket.MSG_PEEK)
    except ValueError:
        # An encrypted connection cannot be looked into without reading from it.
        return False
    except OSError:
        return True
