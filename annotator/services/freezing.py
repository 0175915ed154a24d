"""Freezing a release: the dataset is gathered in one moment while people work, then stored in one short transaction.

A release holds what is settled: the articles whose adjudication is finished. Its rows are stored as values, as they are
published: without what its text mode withholds, with what it calls people. So every format can be written from them,
and its manifest says what each file must hash to.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version as version_of
from typing import IO, Any

from sqlalchemy import func, insert, select

from annotator.db import db, now
from annotator.domain.publication import CONTEXT, WITHHELD, Options, People, TextMode, filled_columns
from annotator.domain.webhook_events import WebhookEvent
from annotator.errors import Conflict
from annotator.formats.records import Value
from annotator.models import Project, Release, ReleasePart, User
from annotator.services import agreement, datasets, events, release_splits, webhook_outbox
from annotator.services.dataset_cards import card_of
from annotator.services.datasets import Table
from annotator.services.datasets.layers import finished_articles
from annotator.services.release_facts import facts
from annotator.services.release_warnings import Reader
from annotator.services.releases import line_of, newest_before, rows_of

PART = 1 << 20
"""About how many bytes of rows, before they are deflated, stand in one part."""

IN_MEMORY = 1 << 22

Write = Callable[[Sequence[str], Iterable[Sequence[Value]]], Iterator[bytes]]
About = Callable[[Mapping[str, Any]], Mapping[str, bytes]]

_WHOLE = "whole:"
"""Before the name of a layer: its rows before text was withheld, which are hashed and not stored."""


@dataclass
class Gathered:
    """A state of the dataset, read in one moment and not yet stored: its manifest, and its parts in a file.

    `warnings` are sentences on what whoever releases should know before nothing can be changed any more.
    """

    version: str
    note: str
    manifest: dict[str, Any]
    warnings: list[str]
    _file: IO[bytes]
    _places: list[tuple[str, int, int, int]] = field(default_factory=list)

    def parts(self, only: str | None = None) -> Iterator[tuple[str, int, bytes]]:
        """Layer, number and content of every part that is stored, or of those of one layer."""
        for layer, n, offset, length in self._places:
            if only == layer or (only is None and not layer.startswith(_WHOLE)):
                self._file.seek(offset)
                yield layer, n, self._file.read(length)

    def rows(self, layer: str) -> Iterator[tuple[Value, ...]]:
        """The rows of a layer."""
        return rows_of(zlib.decompress(content) for _, _, content in self.parts(layer))

    def add(self, layer: str, n: int, content: bytes) -> None:
        """Put a part behind the others."""
        self._places.append((layer, n, self._file.seek(0, 2), len(content)))
        self._file.write(content)


def _nothing_about(_manifest: Mapping[str, Any]) -> Mapping[str, bytes]:
    return {}


@contextmanager
def gathered(
    project: Project,
    version: str,
    *,
    note: str = "",
    options: Options = Options(),  # noqa: B008 -- it cannot be changed
    files: Mapping[str, Write],
    about: About = _nothing_about,
) -> Iterator[Gathered]:
    """The dataset of `project` as it stands now, for `store`; nobody waits while it is read, and nothing is written.

    `files` are the formats whose hashes the manifest names; `about` writes what goes with the data, from the manifest. Raises Invalid for what is no version, Conflict if it is not after the newest release, or if no article is
    finished.
    """
    previous = newest_before(project, version)
    # The figures are read first: they are of articles whose reviews cannot change any more.
    figures = _figures(project, options.people)
    card, reader = card_of(project), Reader(project, options)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        found = Gathered(version, note, {}, [], file)
        layers: dict[str, Any] = {}
        splits = None
        with datasets.all_tables(project, release=version, people=options.people) as everything:
            connection = everything.connection
            count = connection.scalar(select(func.count()).select_from(finished_articles(project.id).subquery()))
            if not count:
                raise Conflict("No article is finished yet, so there is nothing to release.")
            for name, table in everything.tables:
                layers[name] = _gather_published(found, name, reader.read(name, table), options.text)
            if options.split is not None:
                rows, splits = release_splits.sides(connection, project, options.split)
                layers["splits"] = _gather(found, "splits", Table(release_splits.COLUMNS, iter(rows)))
            of_the_moment = facts(connection, project)
        documents_there = layers.pop("documents")
        for name, described in layers.items():
            described["files"] = _hashes(found, name, described["columns"], files)
            if options.text is TextMode.NONE and filled_columns(name):
                described["filled"] = _hashes(found, _WHOLE + name, described["columns"], files)
        found.manifest = {
            "format": 2,
            "project": project.slug,
            "name": project.name,
            "version": version,
            "previous": previous,
            "date": now().date().isoformat(),
            "note": note,
            "dataset": card,
            "text": options.text.value,
            "people": options.people.value,
            "context": CONTEXT,
            "offsets": "Unicode code points, counted from 0, the end not included",
            "finished_articles": count,
            "layers": layers,
            "documents": documents_there,
            "splits": splits,
            "agreement": figures,
            "software": f"annotator {version_of('annotator')}",
            **of_the_moment,
        }
        found.manifest["about"] = {
            name: _gather_file(found, name, content) for name, content in about(found.manifest).items()
        }
        found.warnings = reader.warnings(note, card, of_the_moment["contradictions_against_dates"])
        yield found


def store(project: Project, found: Gathered, *, by: User | None = None) -> Release:
    """Freeze what was gathered. Raises Conflict if another release came before it meanwhile."""
    db.session.execute(select(Project.id).where(Project.id == project.id).with_for_update())
    if newest_before(project, found.version) != found.manifest["previous"]:
        raise Conflict("Another release was made meanwhile. Release again.")
    manifest = events.canonical(found.manifest)
    release = Release(
        project_id=project.id,
        user_id=by.id if by else None,
        version=found.version,
        note=found.note,
        manifest=manifest,
        sha256=hashlib.sha256(manifest.encode()).hexdigest(),
    )
    db.session.add(release)
    db.session.flush()
    for layer, n, content in found.parts():
        values = {"release_id": release.id, "layer": layer, "n": n, "content": content}
        db.session.execute(insert(ReleasePart), values)
    events.record(
        "release.create",
        release.id,
        {"version": release.version, "sha256": release.sha256},
        user_id=release.user_id,
        project_id=project.id,
    )
    told = {
        "version": release.version,
        "sha256": release.sha256,
        "articles": found.manifest["finished_articles"],
        "gold_claims": found.manifest["layers"]["gold"]["rows"],
    }
    webhook_outbox.announce(project.id, WebhookEvent.RELEASE_CREATED, lambda: told)
    return release


def _figures(project: Project, people: People) -> dict[str, Any]:
    found = agreement.of_project(project)
    if people is not People.PSEUDONYMS:
        return agreement.as_document(found, names=people is People.NAMES)
    names = {user_id: str(name) for user_id, name in datasets.names_of(project, people).items()}
    return agreement.as_document(replace(found, names=names))


def _gather_published(found: Gathered, name: str, table: Table, text: TextMode) -> dict[str, Any]:
    """The layer as it is published; the whole of it is kept as long as it takes to hash its files."""
    withheld = WITHHELD.get(name, ()) if text is TextMode.NONE else ()
    if not withheld:
        return _gather(found, name, table)
    whole = _WHOLE + name
    _gather(found, whole, table)
    empty = {list(table.columns).index(column) for column in withheld}
    rows = (tuple(None if n in empty else value for n, value in enumerate(row)) for row in found.rows(whole))
    return {**_gather(found, name, Table(table.columns, rows)), "withheld": list(withheld)}


def _gather(found: Gathered, name: str, table: Table) -> dict[str, Any]:
    digest = hashlib.sha256()
    count = n = length = 0
    waiting: list[bytes] = []

    def flush() -> None:
        nonlocal n, length
        found.add(name, n, zlib.compress(b"".join(waiting)))
        n, length = n + 1, 0
        waiting.clear()

    for row in table.rows:
        line = line_of(row)
        digest.update(line)
        waiting.append(line)
        count += 1
        length += len(line)
        if length >= PART:
            flush()
    if waiting:
        flush()
    return {"columns": list(table.columns), "rows": count, "sha256": digest.hexdigest()}


def _gather_file(found: Gathered, name: str, content: bytes) -> str:
    found.add(name, 0, zlib.compress(content))
    return hashlib.sha256(content).hexdigest()


def _hashes(found: Gathered, layer: str, columns: Sequence[str], files: Mapping[str, Write]) -> dict[str, str]:
    """The SHA-256 of the layer's file in every format."""
    return {form: _hash_of_file(found, layer, columns, write) for form, write in files.items()}


def _hash_of_file(found: Gathered, layer: str, columns: Sequence[str], write: Write) -> str:
    digest = hashlib.sha256()
    for chunk in write(columns, found.rows(layer)):
        digest.update(chunk)
    return digest.hexdigest()
