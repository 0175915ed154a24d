"""The package of a release: everything about it as files, in one order, for one archive."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

from annotator.errors import Conflict
from annotator.formats.records import Value
from annotator.models import Release
from annotator.services import releases

FORMATS = ("csv", "jsonl")
SUMS = "SHA256SUMS"

Write = Callable[[Sequence[str], Iterable[Sequence[Value]], str], Iterator[bytes]]


def files(release: Release, write: Write) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Name and content of every file; read each before the next. `write` makes a table in a format.

    The documents, the manifest, each layer in CSV and JSON lines below data/, the texts if the release carries them, and
    the SHA-256 of all in the form that `sha256sum --check` reads. Raises Conflict, while reading, for what is damaged.
    """
    manifest = releases.manifest_of(release)
    if manifest["format"] < 2:
        raise Conflict(f"Release {release.version} was made before there were packages. Its layers can be exported.")
    sums: list[tuple[str, str]] = []

    def summed(name: str, chunks: Iterable[bytes]) -> tuple[str, Iterator[bytes]]:
        def read() -> Iterator[bytes]:
            digest = hashlib.sha256()
            for chunk in chunks:
                digest.update(chunk)
                yield chunk
            sums.append((digest.hexdigest(), name))

        return name, read()

    for name, content in releases.about(release):
        yield summed(name, [content])
    yield summed("manifest.json", [release.manifest.encode()])
    for layer in manifest["layers"]:
        for form in FORMATS:
            with releases.open_table(release, layer) as table:
                chunks = releases.verified(release, layer, form, write(table.columns, table.rows, form))
                yield summed(f"data/{layer}.{form}", chunks)
    if manifest["text"] == "full":
        for name, text in releases.texts(release):
            yield summed(name, [text.encode()])
    yield SUMS, ["".join(f"{digest}  {name}\n" for digest, name in sums).encode()]
