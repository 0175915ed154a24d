"""A file that is read more than once: first to see that all of it is right, then to store it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from annotator.formats.reading import LIMIT, read_articles
from annotator.formats.records import ArticleRecord, RecordError

_IN_MEMORY = 1 << 20


@contextmanager
def rereadable(
    stream: BinaryIO,
    filename: str,
    *,
    format: str = "auto",  # noqa: A002
    encoding: str | None = None,
    limit: int = LIMIT,
) -> Iterator[Callable[[], Iterator[ArticleRecord | RecordError]]]:
    """A function that reads the articles of `stream` from its beginning each time that it is called.

    A stream that cannot be rewound (a pipe) is copied first, on disk if it is large. See `read_articles` for the rest.
    """
    with _seekable(stream) as source:

        def read() -> Iterator[ArticleRecord | RecordError]:
            source.seek(0)
            return read_articles(source, filename, format=format, encoding=encoding, limit=limit)

        yield read


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        shutil.copyfileobj(stream, copy)
        yield cast(BinaryIO, copy)
