"""Formats of several files: one ZIP archive, written while it is sent. The same files give the same bytes.

An archive of other people is read file by file, never unpacked to disk, and within limits of size and number.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import PurePosixPath
from typing import BinaryIO

from annotator.formats.records import RecordError

CHUNK = 1 << 16
MOST_FILES = 100_000
"""How many files an archive that is read may have."""

MOST_BYTES = 4_000_000_000
"""How much all of them together may hold, unpacked."""

# What zipfile raises for an archive that is broken, encrypted or packed in a way that it does not know.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that the format knows: an archive says nothing of when it was made."""


class Outbox(RawIOBase):
    """A file that keeps what is written until somebody takes it. It cannot be rewound, so nothing is held back for that."""

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
        """What was written since the last call."""
        taken = b"".join(self._waiting)
        self._waiting, self.length = [], 0
        return taken


def write_archive(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """The archive of `files` (name with slashes, content in chunks), deflated, in chunks of bytes."""
    outbox = Outbox()
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


class Archive:
    """A ZIP archive that somebody sent: `names` are its files in the order of the archive."""

    def __init__(self, archive: zipfile.ZipFile, limit: int) -> None:
        self._archive = archive
        self._limit = limit
        self._taken = 0
        self._files = {entry.filename: entry for entry in archive.infolist() if _is_file(entry)}
        self.names = list(self._files)

    def problem(self) -> RecordError | None:
        """Why the archive is not read at all, or None."""
        if len(self._files) > MOST_FILES:
            return RecordError(f"The archive has {len(self._files):,} files; at most {MOST_FILES:,} are possible.")
        unsafe = next((name for name in self.names if name.startswith("/") or ".." in PurePosixPath(name).parts), None)
        if unsafe is not None:
            return RecordError("The path leads out of the archive.", field=ascii(unsafe[:60]))
        twice = len(self._files) < sum(map(_is_file, self._archive.infolist()))
        return RecordError("Two files of the archive have the same name.") if twice else None

    def read(self, name: str) -> bytes | RecordError:
        """The content of a file; no more of it is unpacked than the limit allows, whatever the archive says of its size."""
        try:
            with self._archive.open(self._files[name]) as file:
                content = file.read(self._limit + 1)
        except _BROKEN:
            return RecordError("This file of the archive is broken, encrypted or packed in an unusual way.", field=name)
        self._taken += len(content)
        if len(content) > self._limit:
            return RecordError(f"This file has more than {self._limit / 1e6:,.1f} MB.", field=name)
        if self._taken > MOST_BYTES:
            return RecordError(f"The archive holds more than {MOST_BYTES / 1e9:,.0f} GB. Split it.", field=name)
        return content


@contextmanager
def opened_archive(stream: BinaryIO, *, limit: int) -> Iterator[Archive | RecordError]:
    """The archive in a stream that can be rewound, or why it is none; `limit` is in bytes for each unpacked file."""
    try:
        file = zipfile.ZipFile(stream)
    except _BROKEN:
        yield RecordError("This is not a ZIP archive, or a broken one.")
        return
    with file:
        archive = Archive(file, limit)
        yield archive.problem() or archive


def _is_file(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a file that somebody put there, not a folder or what a desktop adds by itself."""
    parts = PurePosixPath(entry.filename).parts
    return not entry.is_dir() and "__MACOSX" not in parts and not any(part.startswith("._") for part in parts)
