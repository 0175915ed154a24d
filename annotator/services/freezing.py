"""Freezing a release: the dataset is gathered in one moment while people work, then stored in one short transaction.

A release holds what is settled: the articles whose adjudication is finished. Its rows are stored as values, so that every
format can be written from them, and its manifest says what each file must hash to.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version as version_of
from typing import IO, Any

from sqlalchemy import Connection, func, insert, select

from annotator.db import db
from annotator.errors import Conflict
from annotator.formats.records import Value
from annotator.models import (
    Article,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Event,
    Guideline,
    Label,
    Project,
    Release,
    ReleasePart,
    User,
)
from annotator.services import agreement, datasets, events
from annotator.services.datasets import Table
from annotator.services.datasets.layers import Query
from annotator.services.releases import line_of, newest_before, rows_in

PART = 1 << 20
"""About how many bytes of rows, before they are deflated, stand in one part."""

IN_MEMORY = 1 << 22

Write = Callable[[Sequence[str], Iterable[Sequence[Value]]], Iterator[bytes]]


@dataclass
class Gathered:
    """A state of the dataset, read in one moment and not yet stored: its manifest, and its parts in a file."""

    version: str
    note: str
    manifest: dict[str, Any]
    _file: IO[bytes]
    _places: list[tuple[str, int, int, int]] = field(default_factory=list)

    def parts(self, only: str | None = None) -> Iterator[tuple[str, int, bytes]]:
        """Layer, number and content of every part, or of those of one layer."""
        for layer, n, offset, length in self._places:
            if only in {None, layer}:
                self._file.seek(offset)
                yield layer, n, self._file.read(length)

    def add(self, layer: str, n: int, content: bytes) -> None:
        """Put a part behind the others."""
        self._places.append((layer, n, self._file.seek(0, 2), len(content)))
        self._file.write(content)


@contextmanager
def gathered(project: Project, version: str, *, note: str = "", files: Mapping[str, Write]) -> Iterator[Gathered]:
    """The dataset of `project` as it stands now, for `store`; nobody waits while it is read, and nothing is written.

    `files` are the formats whose hashes the manifest names. Raises Invalid for what is no version, Conflict if it is
    not after the newest release, or if no article is finished.
    """
    previous = newest_before(project, version)
    # The figures are read first: they are of articles whose reviews cannot change any more.
    figures = agreement.as_document(agreement.of_project(project))
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        found = Gathered(version, note, {}, file)
        layers: dict[str, Any] = {}
        with datasets.all_tables(project, release=version, shown=_finished(project)) as everything:
            count = everything.connection.scalar(select(func.count()).select_from(_finished(project).subquery()))
            if not count:
                raise Conflict("No article is finished yet, so there is nothing to release.")
            for name, table in everything.tables:
                layers[name] = _gather(found, name, table)
            facts = _facts(everything.connection, project)
        documents = layers.pop("documents")
        for name, described in layers.items():
            described["files"] = {
                form: _hash_of_file(found, name, described["columns"], write) for form, write in files.items()
            }
        found.manifest = {
            "format": 1,
            "project": project.slug,
            "name": project.name,
            "version": version,
            "previous": previous,
            "note": note,
            "offsets": "Unicode code points, counted from 0, the end not included",
            "finished_articles": count,
            "layers": layers,
            "documents": documents,
            "agreement": figures,
            "software": f"annotator {version_of('annotator')}",
            **facts,
        }
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
    return release


def _finished(project: Project) -> Query:
    return (
        select(Assignment.article_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(
            Article.project_id == project.id,
            Article.listed_at.is_not(None),
            Assignment.kind == AssignmentKind.ADJUDICATION,
            Assignment.state == AssignmentState.SUBMITTED,
        )
    )


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


def _hash_of_file(found: Gathered, layer: str, columns: Sequence[str], write: Write) -> str:
    digest = hashlib.sha256()
    rows = rows_in(content for _, _, content in found.parts(layer))
    for chunk in write(columns, rows):
        digest.update(chunk)
    return digest.hexdigest()


def _facts(connection: Connection, project: Project) -> dict[str, Any]:
    """What else belongs to the moment: the labels, the guideline in force, the heads of the articles' histories."""
    labels = connection.execute(
        select(Label.key, Label.name, Label.definition, Label.tone, Label.retired_at)
        .where(Label.project_id == project.id)
        .order_by(Label.position, Label.key)
    )
    last = (
        select(Event.chain, func.max(Event.seq).label("seq"))
        .join(Article, Article.id == Event.chain)
        .where(Article.project_id == project.id)
        .group_by(Event.chain)
        .subquery()
    )
    heads = connection.execute(
        select(Event.chain, Event.seq, Event.hash)
        .join(last, (last.c.chain == Event.chain) & (last.c.seq == Event.seq))
        .order_by(Event.chain)
    ).all()
    digest = hashlib.sha256("".join(f"{chain} {seq} {head}\n" for chain, seq, head in heads).encode())
    return {
        "labels": [
            {"key": key, "name": name, "definition": definition, "tone": tone, "retired": retired is not None}
            for key, name, definition, tone, retired in labels
        ],
        "guideline_version": connection.scalar(
            select(func.max(Guideline.version)).where(Guideline.project_id == project.id)
        ),
        "history": {"articles": len(heads), "sha256": digest.hexdigest()},
    }
