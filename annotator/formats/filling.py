"""Filling the text into a release that was made without it: a package and somebody's copies of the articles, no database.

A text is known by its SHA-256. A file holds it as it is, in UTF-8, or is one of those that articles are imported from
(HTML, Markdown, CSV, JSON lines), from which the same text comes out again.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from annotator.domain.publication import filled_columns, quote
from annotator.formats.csv_writer import write_csv
from annotator.formats.json_stream import write_jsonl
from annotator.formats.reading import read_articles
from annotator.formats.records import ArticleRecord, Value

SUMS = "SHA256SUMS"
KEPT = 16
"""Texts in memory at once; rows are in the order of their articles."""

Row = dict[str, Any]


class CannotFill(Exception):
    """Why nothing can be filled in, in a sentence; `missing` are the texts that were not found, a line for each."""

    def __init__(self, sentence: str, missing: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.missing = missing


class Package:
    """A released package, as a folder or a ZIP file."""

    def __init__(self, names: Sequence[str], opener: Callable[[str], BinaryIO]) -> None:
        self.names = names
        self._opener = opener
        if "manifest.json" not in names:
            raise CannotFill("There is no manifest.json in it, so it is no package of a release.")
        self.manifest: dict[str, Any] = json.loads(self.read("manifest.json"))
        if self.manifest.get("text") != "none":
            raise CannotFill("The release carries its quotes already, so there is nothing to fill in.")

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """One file of it."""
        with self._opener(name) as stream:
            yield stream

    def read(self, name: str) -> bytes:
        """All of a small file."""
        with self.open(name) as stream:
            return stream.read()

    def chunks(self, name: str) -> Iterator[bytes]:
        """A file of any size, in parts."""
        with self.open(name) as stream:
            while chunk := stream.read(1 << 16):
                yield chunk

    def rows(self, layer: str) -> Iterator[Row]:
        """The rows of a layer, from its JSON lines."""
        with self.open(f"data/{layer}.jsonl") as stream:
            for line in stream:
                yield orjson.loads(line)


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """The package at `path`. Raises CannotFill for what is none, or one that has its text."""
    if path.is_dir():
        names = sorted(each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file())
        yield Package(names, lambda name: (path / name).open("rb"))
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield Package(archive.namelist(), archive.open)  # type: ignore[arg-type]
    except zipfile.BadZipFile:
        raise CannotFill(f"{path} is neither a folder nor a ZIP file.") from None


class Texts:
    """Texts by the SHA-256 of their UTF-8, each in a file of its own."""

    def __init__(self) -> None:
        self.files: dict[str, Path] = {}
        self._read = lru_cache(maxsize=KEPT)(lambda sha256: self.files[sha256].read_bytes().decode())

    def __getitem__(self, sha256: str) -> str:
        return self._read(sha256)


def texts_in(folder: Path, wanted: Iterable[str], aside: Path) -> Texts:
    """The wanted texts below `folder`. What has to be taken out of another file first is put into `aside`."""
    left, texts = set(wanted), Texts()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        if not left:
            break
        sha256 = _sha256_of(path)
        if sha256 in left:
            texts.files[sha256] = path
            left.discard(sha256)
            continue
        for text in _articles(path):
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            if sha256 in left:
                texts.files[sha256] = aside / sha256
                texts.files[sha256].write_bytes(text.encode())
                left.discard(sha256)
    return texts


def filled(package: Package, folder: Path, aside: Path) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Name and content of every file of the package with its text filled in; read each before the next.

    `aside` is an empty folder for the time that this takes.

    Raises CannotFill with a list if a text is missing, before the first file, or, at the end of a file, if what came
    out is not what the manifest says.
    """
    needed = {row["sha256"]: row for row in package.rows("texts")}
    texts = texts_in(folder, needed, aside)
    missing = [
        f"article {row['article_id']}, version {row['version']}, {row['length']:,} characters, SHA-256 {sha256}"
        for sha256, row in needed.items()
        if sha256 not in texts.files
    ]
    if missing:
        number = f"{len(missing):,} of {len(needed):,} texts"
        raise CannotFill(f"{number} were not found in {folder}, or are not the ones that were annotated.", missing)
    return _files(package, texts)


def _files(package: Package, texts: Texts) -> Iterator[tuple[str, Iterable[bytes]]]:
    layers = package.manifest["layers"]
    article_of = _texts_of_claims(package)
    sums: list[str] = []
    for name in package.names:
        if name == SUMS:
            continue
        layer, _, form = name.removeprefix("data/").rpartition(".")
        expected = layers.get(layer, {}).get("filled", {}).get(form) if name.startswith("data/") else None
        chunks = package.chunks(name)
        if expected is not None:
            rows = (_filled_row(layer, row, texts, article_of) for row in package.rows(layer))
            chunks = _written(layers[layer]["columns"], rows, form)
        yield name, _summed(name, chunks, expected, sums)
    yield SUMS, ["".join(sums).encode()]


def _texts_of_claims(package: Package) -> dict[str, str]:
    """The hash of the text of each reviewer's claim that dissent tells of."""
    return {row["claim_id"]: row["article_sha256"] for row in package.rows("annotations")}


def _filled_row(layer: str, row: Row, texts: Texts, article_of: Mapping[str, str]) -> Row:
    if row["start"] is None:
        return row
    sha256 = row["article_sha256"] if "article_sha256" in row else article_of[row["annotation_id"]]
    words = quote(texts[sha256], row["start"], row["end"])
    return {**row, **{column: words[column] for column in filled_columns(layer)}}


def _written(columns: Sequence[str], rows: Iterable[Row], form: str) -> Iterator[bytes]:
    values: Iterable[Sequence[Value]] = (tuple(row[column] for column in columns) for row in rows)
    return write_csv(columns, values) if form == "csv" else write_jsonl(columns, values)


def _summed(name: str, chunks: Iterable[bytes], expected: str | None, sums: list[str]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
    if expected is not None and digest.hexdigest() != expected:
        raise CannotFill(
            f"{name} did not come out as the manifest says. The package is damaged, or from another program."
        )
    sums.append(f"{digest.hexdigest()}  {name}\n")


def _sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _articles(path: Path) -> Iterator[str]:
    """The texts that would be imported from the file, none if it is nothing of that kind."""
    with path.open("rb") as stream:
        for record in read_articles(stream, path.name):
            if isinstance(record, ArticleRecord):
                yield record.text
