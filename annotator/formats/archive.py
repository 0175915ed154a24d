"""Formats of several files: one ZIP archive, written while it is sent. The same files give the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from io import RawIOBase

CHUNK = 1 << 16
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that the format knows: an archive says nothing of when it was made."""


class _Outbox(RawIOBase):
    """Keeps what is written to it until somebody takes it. It cannot be rewound, so nothing is held back for that."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self.length = 0

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        taken = bytes(content)  # type: ignore[call-overload]  # any buffer
        self._waiting.append(taken)
        self.length += len(taken)
        return len(taken)

    def take(self) -> bytes:
        taken = b"".join(self._waiting)
        self._waiting, self.length = [], 0
        return taken


def write_archive(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """The archive of `files` (name with slashes, content in chunks), deflated, in chunks of bytes."""
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as file:
                for chunk in content:
                    file.write(chunk)
                    if outbox.length >= CHUNK:
                        yield outbox.take()
    yield outbox.take()
