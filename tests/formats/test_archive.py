from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats import archive as archive_module
from annotator.formats.archive import Archive, opened_archive, write_archive
from annotator.formats.records import RecordError

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


def packed(**files: bytes) -> bytes:
    return b"".join(write_archive((name, [content]) for name, content in files.items()))


def test_an_archive_of_other_people_is_read_file_by_file() -> None:
    with opened_archive(io.BytesIO(packed(a=b"one", b=b"two")), limit=10) as archive:
        assert isinstance(archive, Archive)
        assert [archive.read(name) for name in archive.names] == [b"one", b"two"]


def test_a_bomb_is_unpacked_no_further_than_the_limit() -> None:
    bomb = packed(a=bytes(50_000_000))
    assert len(bomb) < 100_000
    # The archive may lie about the size of what is in it.
    with opened_archive(io.BytesIO(bomb), limit=1_000) as archive:
        assert isinstance(archive, Archive)
        refusal = archive.read("a")
    assert isinstance(refusal, RecordError)
    assert "more than" in refusal.problem


def test_many_files_that_are_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MOST_BYTES", 25)
    with opened_archive(io.BytesIO(packed(a=bytes(10), b=bytes(10), c=bytes(10))), limit=10) as archive:
        assert isinstance(archive, Archive)
        assert [isinstance(archive.read(name), RecordError) for name in archive.names] == [False, False, True]
    monkeypatch.setattr(archive_module, "MOST_FILES", 2)
    with opened_archive(io.BytesIO(packed(a=b"", b=b"", c=b"")), limit=10) as archive:
        assert isinstance(archive, RecordError)


@given(st.data())
def test_a_broken_archive_gives_errors_and_never_a_crash(data: st.DataObject) -> None:
    content = bytearray(packed(a=b"one" * 50, b=b"two"))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(0, len(content))) :]
    with opened_archive(io.BytesIO(bytes(content)), limit=1_000) as archive:
        if isinstance(archive, Archive):
            for name in archive.names:
                assert isinstance(archive.read(name), bytes | RecordError)
