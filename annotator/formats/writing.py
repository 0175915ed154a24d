"""How a table or an export is written in one of the formats of the catalogue, in chunks of bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import IO

from annotator.formats.catalogue import ALL_FORMATS, DocumentFormat
from annotator.formats.records import Export, Losses, Value

IN_MEMORY = 1 << 20


def write(columns: Sequence[str], rows: Iterable[Sequence[Value]], format: str) -> Iterator[bytes]:  # noqa: A002
    """The table in `format`, a table format of ALL_FORMATS, in chunks of bytes. The same table gives the same bytes."""
    chosen = ALL_FORMATS[format]
    if isinstance(chosen, DocumentFormat):
        raise TypeError(f"'{format}' is written from documents, not from rows")
    return chosen.write(columns, rows)


def write_export(export: Export, format: str, losses: Losses) -> Generator[bytes]:  # noqa: A002
    """The export in `format`, a key of ALL_FORMATS that can hold its layer, in chunks of bytes.

    What the format cannot carry is in `losses` when all has been read. The same export gives the same bytes.
    """
    chosen = ALL_FORMATS[format]
    if isinstance(chosen, DocumentFormat):
        with closing(export.documents()) as documents:
            yield from chosen.write(export.dataset, documents, losses)
    else:
        with closing(export.rows()) as rows:
            yield from chosen.write(export.columns, rows)


def spooled(chunks: Iterable[bytes]) -> IO[bytes]:
    """The chunks as a file at its beginning, on disk if it is large.

    A browser may take its time over a download; the read transaction of an export should not last as long. And what
    goes wrong while it is made can still be said, because nothing has been sent.
    """
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- the caller closes it
    try:
        for chunk in chunks:
            file.write(chunk)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
