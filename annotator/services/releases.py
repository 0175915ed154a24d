"""Releases: numbered states of a project's dataset that never change again, and what is in them."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from annotator.db import db
from annotator.domain import release_changes, semver
from annotator.domain.publication import People, TextMode
from annotator.domain.release_changes import Difference, Fields
from annotator.domain.text import sha256 as sha256_of
from annotator.errors import Conflict, Invalid, NotFound
from annotator.formats.records import DatasetRecord, DocumentRecord, Export, LabelRecord, Value
from annotator.models import Article, ArticleVersion, LinkLayer, Project, Release, ReleasePart
from annotator.services import datasets
from annotator.services.datasets import Table
from annotator.services.datasets.layers import Row


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
        raise NotFound(
            f"There is no release '{version}' of this project. Its page 'Releases' and 'annotator release list' show all."
        )
    return release


def manifest_of(release: Release) -> dict[str, Any]:
    """What the release holds, with counts and hashes."""
    found: dict[str, Any] = orjson.loads(release.manifest)
    return found


def table(release: Release, layer: str) -> Table:
    """One layer of the release, as `datasets.table` gives it. Raises Invalid for a layer that it does not have."""
    return stored_table(release, layer, _described(release, layer))


def stored_table(release: Release, name: str, described: Mapping[str, Any]) -> Table:
    """What the release holds under `name`, which its manifest has `described`."""
    return Table(described["columns"], _verified(release, name, described["sha256"]))


def _parts(release: Release, layer: str) -> Iterator[bytes]:
    query = (
        select(ReleasePart.content)
        .where(ReleasePart.release_id == release.id, ReleasePart.layer == layer)
        .order_by(ReleasePart.n)
        .execution_options(yield_per=1)
    )
    yield from _streamed(query)


def _streamed(query: Select[Any]) -> Generator[Any]:
    """What the query finds, one by one. The cursor is closed even if nobody reads to the end: left open, it would keep
    the connection from writing on SQLite.
    """
    with closing(db.session.scalars(query)) as found:
        yield from found


def _verified(release: Release, layer: str, sha256: str) -> Generator[Row]:
    """The rows of a layer; raises Conflict at their end if they are not those that were frozen."""
    digest = hashlib.sha256()

    def hashed() -> Iterator[bytes]:
        for content in _parts(release, layer):
            lines = zlib.decompress(content)
            digest.update(lines)
            yield lines

    yield from rows_of(hashed())
    if digest.hexdigest() != sha256:
        raise Conflict(_damaged(release, f"The rows of '{layer}'"))


def verified(release: Release, layer: str, form: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The file of a layer in a format; raises Conflict at its end if it does not hash to what the manifest says.

    A format that the manifest does not name is taken as it comes.
    """
    expected = manifest_of(release)["layers"][layer]["files"].get(form)
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
    if expected is not None and digest.hexdigest() != expected:
        raise Conflict(_damaged(release, f"The file of '{layer}' in {form}"))


def _damaged(release: Release, what: str) -> str:
    return (
        f"{what} of release {release.version} is not what was released, so the download was broken off. "
        "'annotator check' lists all that is damaged."
    )


def text_of(release: Release) -> TextMode:
    """How much text the release carries."""
    return TextMode(manifest_of(release).get("text", TextMode.CONTEXT))


def people_of(release: Release) -> People:
    """What people are called in the release."""
    return People(manifest_of(release).get("people", People.NAMES))


def about(release: Release) -> Iterator[tuple[str, bytes]]:
    """What was written about the release when it was frozen, by file name. Raises Conflict for what is damaged."""
    for name, sha256 in manifest_of(release).get("about", {}).items():
        content = b"".join(map(zlib.decompress, _parts(release, name)))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Conflict(_damaged(release, f"'{name}'"))
        yield name, content


def texts(release: Release) -> Iterator[tuple[str, str]]:
    """The name of its file and the text of every article of a release that carries them. Raises Conflict for others.

    Texts never change, so they are not stored again; each is compared with the hash that was frozen.
    """
    if text_of(release) is not TextMode.FULL:
        raise Conflict(f"Release {release.version} was made without the texts of its articles.")
    for article_id, version, sha256, _, file in table(release, "texts").rows:
        query = select(ArticleVersion.text).where(
            ArticleVersion.article_id == article_id, ArticleVersion.number == version
        )
        text = db.session.scalar(query)
        if text is None or sha256_of(text) != sha256:
            raise Conflict(_damaged(release, f"The text of article {article_id}"))
        yield str(file), text


def _described(release: Release, layer: str) -> dict[str, Any]:
    """What the manifest says of the layer."""
    described: dict[str, Any] | None = manifest_of(release)["layers"].get(layer)
    if described is None:
        datasets.layer_called(layer)
        raise Invalid.field("layer", f"Release {release.version} has no layer '{layer}'.")
    return described


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
        if text_of(release) is TextMode.NONE:
            raise Invalid.field(
                "format",
                f"Release {release.version} was made without text, which this format needs: choose csv, csv-spreadsheet "
                "or jsonl.",
            )
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

    return Export(dataset, _described(release, layer)["columns"], rows, documents)


PEOPLE = frozenset({"adjudicator"})
"""The columns of gold that say who somebody is, which two releases may call differently."""


@dataclass(frozen=True)
class Changes:
    """What changed since the release `since`, up to the release `until` (None: up to now).

    The differences are worked out while they are read, each stream once; memory is that of one article.
    """

    since: Release
    until: Release | None
    claims: Iterator[Difference]
    links: Iterator[Difference]
    articles: Iterator[Difference]


@contextmanager
def changes(project: Project, since: str, until: str | None = None) -> Iterator[Changes]:
    """What changed in the settled claims, the links between them and the articles. Raises NotFound."""
    first, last = find(project, since), find(project, until) if until else None
    people = people_of(first)
    renamed = frozenset[str]() if last is None or people_of(last) is people else PEOPLE
    with ExitStack() as opened:

        def both(layer: str) -> tuple[Iterator[Fields], Iterator[Fields]]:
            later = open_table(last, layer) if last else datasets.open_settled_table(project, layer, people=people)
            return _as_fields(opened.enter_context(open_table(first, layer))), _as_fields(opened.enter_context(later))

        def article_ids() -> Iterator[str]:
            return opened.enter_context(closing(_article_ids(project)))

        gold = (_of_gold(rows) for rows in both("links"))
        yield Changes(
            first,
            last,
            release_changes.of_claims(article_ids(), *both("gold"), renamed),
            release_changes.of_links(*gold),
            release_changes.of_articles(article_ids(), *both("articles")),
        )


def _as_fields(found: Table) -> Iterator[Fields]:
    return (dict(zip(found.columns, row, strict=True)) for row in found.rows)


def _of_gold(links: Iterator[Fields]) -> Iterator[Fields]:
    return (row for row in links if row["layer"] == LinkLayer.GOLD.value)


def _article_ids(project: Project) -> Generator[str]:
    """The ids of all articles in the order of every layer; new ones come behind, and none goes."""
    query = select(Article.id).where(Article.project_id == project.id).order_by(Article.position)
    yield from _streamed(query.execution_options(yield_per=datasets.PAGE))


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


def rows_of(parts: Iterable[bytes]) -> Iterator[Row]:
    """The rows of these lines, which are cut between rows alone."""
    for lines in parts:
        # By line feeds alone: within a value JSON writes them as \n.
        for line in lines.split(b"\n")[:-1]:
            yield tuple(orjson.loads(line))
