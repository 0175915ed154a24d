"""A file that is read more than once: first to see that all of it is right, then to store it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

from annotator.formats.reading import LIMIT, read_articles, seekable
from annotator.formats.records import ArticleRecord, RecordError


@contextmanager
def rereadable(
    stream: BinaryIO,
    filename: str,
    *,
    format: str = "auto",  # noqa: A002
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    limit: int = LIMIT,
) -> Iterator[Callable[[], Iterator[ArticleRecord | RecordError]]]:
    """A function that reads the articles of `stream` from its beginning each time that it is called.

    A stream that cannot be rewound (a pipe) is copied first, on disk if it is large. See `read_articles` for the rest.
    """
    with seekable(stream) as source:

        def read() -> Iterator[ArticleRecord | RecordError]:
            source.seek(0)
            return read_articles(source, filename, format=format, encoding=encoding, columns=columns, limit=limit)

        yield read
