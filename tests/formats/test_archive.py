from __future__ import annotations

import io
import zipfile

from annotator.formats.archive import write_archive

FILES = (("a.txt", [b"one", b"two"]), ("folder/b.json", [b"{}"]))


def test_reads_back_by_name() -> None:
    with zipfile.ZipFile(io.BytesIO(b"".join(write_archive(FILES)))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {"a.txt": b"onetwo", "folder/b.json": b"{}"}


def test_the_same_files_give_the_same_bytes_and_another_file_others() -> None:
    assert b"".join(write_archive(FILES)) == b"".join(write_archive(FILES))
    assert b"".join(write_archive(FILES)) != b"".join(write_archive(FILES[:1]))


def test_sends_while_it_is_written() -> None:
    taken = []

    def noise() -> object:
        for n in range(40):
            taken.append(n)
            # What does not deflate.
            yield bytes((i * i * n + (i >> 3) * 7 + n) % 251 for i in range(1 << 14))

    chunks = write_archive([("noise.bin", noise())])  # type: ignore[list-item]
    next(chunks)
    assert len(taken) < 40
    assert sum(map(len, chunks)) > 0
