"""Releases: numbered states of a project's dataset that never change again, and what is in them."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from annotator.db import db
from annotator.domain import release_changes, semver
from annotator.domain.release_changes import Difference
from annotator.errors import Conflict, Invalid, NotFound
from annotator.formats.records import DatasetRecord, DocumentRecord, Export, LabelRecord, Value
from annotator.models import LinkLayer, Project, Release, ReleasePart
from annotator.services import datasets
from annotator.services.datasets import Table


def of_project(project: Project) -> Sequence[Release]:
    """The releases of `project`, the newest version first, each with who made it."""
    found = db.session.scalars(
        select(Release)
        .outerjoin(Release.user)
        .options(contains_eager(Release.user))
        .where(Release.project_id == project.id)
    )
    return sorted(found, key=lambda each: semver.precedence(each.version), reverse=True)


def find(project: Project, version: str) -> Release:
    """The release of that version. Raises NotFound."""
    release = db.session.scalar(
        select(Release)
        .outerjoin(Release.user)
        .options(contains_eager(Release.user))
        .where(Release.project_id == project.id, Release.version == version)
    )
    if release is None:
        raise NotFound(f"There is no release '{version}' of this project. 'annotator release list' shows all.")
    return release


def manifest_of(release: Release) -> dict[str, Any]:
    """What the release holds, with counts and hashes."""
    found: dict[str, Any] = orjson.loads(release.manifest)
    return found


def table(release: Release, layer: str) -> Table:
    """One layer of the release, as `datasets.table` gives it. Raises Invalid for a layer that it does not have."""
    described = manifest_of(release)["layers"].get(layer)
    if described is None:
        datasets.layer_called(layer)
        raise Invalid.field("layer", f"Release {release.version} has no layer '{layer}'.")
    return stored_table(release, layer, described)


def stored_table(release: Release, name: str, described: Mapping[str, Any]) -> Table:
    """What the release holds under `name`, which its manifest has `described`."""
    query = (
        select(ReleasePart.content)
        .where(ReleasePart.release_id == release.id, ReleasePart.layer == name)
        .order_by(ReleasePart.n)
        .execution_options(yield_per=1)
    )
    return Table(described["columns"], rows_in(db.session.scalars(query)))


@contextmanager
def open_table(release: Release, layer: str) -> Iterator[Table]:
    """One layer of the release, as `datasets.open_table` gives it. Raises as `table`."""
    found = table(release, layer)
    with closing(found.rows):  # type: ignore[type-var]  # a generator, which has close()
        yield found


def export(release: Release, project: Project, layer: str, *, base_url: str = "") -> Export:
    """One layer of the release of `project`, as `datasets.export` gives it. Raises as `table`."""
    manifest = manifest_of(release)
    labels = [
        LabelRecord(label["key"], label["name"], label["definition"], label.get("tone", 1), label["retired"])
        for label in manifest["labels"]
    ]
    name = manifest.get("name", project.name)
    dataset = DatasetRecord(project.slug, name, layer, labels, release.version, base_url)

    def rows() -> Generator[Sequence[Value]]:
        yield from table(release, layer).rows

    def documents() -> Generator[DocumentRecord]:
        if "documents" not in manifest:
            raise Invalid.field(
                "format",
                f"Release {release.version} does not say on which articles people worked, as this format needs to "
                "know: choose csv, csv-spreadsheet or jsonl, or make a new release.",
            )

        def open_table(name: str) -> Table:
            described = manifest["documents"] if name == "documents" else manifest["layers"][name]
            return stored_table(release, name, described)

        # Texts never change, so those of today are those of the release.
        yield from datasets.read_documents(layer, open_table, db.session.connection())

    return Export(dataset, table(release, layer).columns, rows, documents)


@dataclass(frozen=True)
class Changes:
    """What changed since the release `since`, up to the release `until` (None: up to now)."""

    since: Release
    until: Release | None
    claims: list[Difference]
    links: list[Difference]
    articles: list[Difference]


def changes(project: Project, since: str, until: str | None = None) -> Changes:
    """What changed in the settled claims, the links between them and the articles. Raises NotFound."""
    first, last = find(project, since), find(project, until) if until else None

    def both(layer: str) -> tuple[list[dict[str, Value]], list[dict[str, Value]]]:
        later = table(last, layer) if last else datasets.table(project, layer)
        with closing(later.rows):  # type: ignore[type-var]  # a generator, which has close()
            return _as_fields(table(first, layer)), _as_fields(later)

    links = [[row for row in rows if row["layer"] == LinkLayer.GOLD.value] for rows in both("links")]
    return Changes(
        first,
        last,
        release_changes.of_claims(*both("gold")),
        release_changes.of_links(*links),
        release_changes.of_articles(*both("articles")),
    )


def _as_fields(found: Table) -> list[dict[str, Value]]:
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def newest_before(project: Project, version: str) -> str | None:
    """The version of the newest release, or None for the first.

    Raises Invalid for what is no version, Conflict if `version` does not come after it.
    """
    try:
        wanted = semver.precedence(version)
    except ValueError as error:
        raise Invalid.field("version", str(error)) from None
    versions = db.session.scalars(select(Release.version).where(Release.project_id == project.id)).all()
    newest = max(versions, key=semver.precedence, default=None)
    if newest is not None and wanted <= semver.precedence(newest):
        raise Conflict(f"Version {version} does not come after {newest}, the newest release. Choose a higher one.")
    return newest


def line_of(row: Sequence[Value]) -> bytes:
    """A row as it is stored and hashed: a JSON list and a line feed."""
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def rows_in(parts: Iterable[bytes]) -> Iterator[tuple[Value, ...]]:
    """The rows that stand in these parts."""
    for content in parts:
        # By line feeds alone: within a value JSON writes them as \n.
        for line in zlib.decompress(content).split(b"\n")[:-1]:
            yield tuple(orjson.loads(line))
