"""Releases: listing, freezing, reading one and what changed since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager

import orjson
from flask import Response, url_for

from annotator.api.answers import answer, listing, part_of
from annotator.api.routes import Giving, Stream, Taking, route, saving
from annotator.api.schemas.base import Listing, PageQuery
from annotator.api.schemas.releases import (
    ChangesOut,
    ChangesQuery,
    DatasetCard,
    DifferenceOut,
    ReleaseDetail,
    ReleaseIn,
    ReleaseOut,
    ReleasePreview,
)
from annotator.downloads import sent
from annotator.formats import catalogue, writing
from annotator.formats.archive import write_archive
from annotator.formats.release import documents
from annotator.models import User
from annotator.permissions import Action
from annotator.services import dataset_cards, freezing, projects, release_package, releases
from annotator.services.freezing import Gathered
from annotator.services.releases import Changes


@route(
    "GET",
    "/projects/<slug:slug>/releases",
    takes=Taking(query=PageQuery),
    gives=Giving({200: Listing[ReleaseOut]}, (403, 404, 422)),
)
def list_releases(user: User, slug: str, query: PageQuery) -> Response:
    """List the releases of a project, in the order in which they were made."""
    project = projects.get_for(user, slug, Action.SEE_RESULTS).project
    found = releases.of_project(project)[::-1]
    part, following = part_of(found, query, lambda release: (release.created_at.isoformat(), release.id))
    return answer(listing([ReleaseOut.of(release) for release in part], following))


@route(
    "POST",
    "/projects/<slug:slug>/releases",
    takes=Taking((ReleaseIn,)),
    gives=Giving({201: ReleaseDetail}, (403, 404, 409, 422)),
)
def make_release(user: User, slug: str, body: ReleaseIn) -> Response:
    """Freeze the finished articles of a project as a release, which never changes any more."""
    with _gathered(user, slug, body) as found, saving():
        version = freezing.store(projects.get_for(user, slug, Action.MANAGE).project, found, by=user).version
    release = releases.find(projects.get_for(user, slug).project, version)
    there = {"Location": url_for("api.show_release", slug=slug, version=version)}
    return answer(ReleaseDetail.of(release), 201, headers=there)


@route(
    "POST",
    "/projects/<slug:slug>/releases/preview",
    takes=Taking((ReleaseIn,)),
    gives=Giving({200: ReleasePreview}, (403, 404, 409, 422)),
)
def preview_release(user: User, slug: str, body: ReleaseIn) -> Response:
    """Show what a release would hold if it were made now, and what to look at first; nothing is frozen."""
    with _gathered(user, slug, body) as found:
        return answer(ReleasePreview(manifest=found.manifest, warnings=found.warnings))


def _gathered(user: User, slug: str, body: ReleaseIn) -> AbstractContextManager[Gathered]:
    project, options = projects.get_for(user, slug, Action.MANAGE).project, body.options(slug)
    return freezing.gathered(
        project,
        body.version,
        note=body.note or "",
        options=options,
        files=catalogue.hashed_formats(),
        about=documents,
    )


@route("GET", "/projects/<slug:slug>/dataset", gives=Giving({200: DatasetCard}, (403, 404)))
def show_dataset_card(user: User, slug: str) -> Response:
    """Show what the releases of a project say of themselves."""
    return answer(DatasetCard(**dataset_cards.card_of(projects.get_for(user, slug, Action.SEE_RESULTS).project)))


@route(
    "PATCH",
    "/projects/<slug:slug>/dataset",
    takes=Taking((DatasetCard,)),
    gives=Giving({200: DatasetCard}, (403, 404, 422)),
)
def change_dataset_card(user: User, slug: str, body: DatasetCard) -> Response:
    """Change what the next releases of a project say of themselves; what is not given stays."""
    with saving():
        project = projects.get_for(user, slug, Action.MANAGE).project
        dataset_cards.change(project, body.model_dump(exclude_none=True), by=user)
        card = dataset_cards.card_of(project)
    return answer(DatasetCard(**card))


@route("GET", "/projects/<slug:slug>/releases/<version>", gives=Giving({200: ReleaseDetail}, (403, 404)))
def show_release(user: User, slug: str, version: str) -> Response:
    """Show a release with its manifest: counts, hashes of every file, labels, guideline, agreement."""
    project = projects.get_for(user, slug, Action.SEE_RESULTS).project
    return answer(ReleaseDetail.of(releases.find(project, version)))


@route(
    "GET",
    "/projects/<slug:slug>/releases/<version>/package",
    gives=Giving({200: Stream(("application/zip",))}, (403, 404, 409)),
)
def download_package(user: User, slug: str, version: str) -> Response:
    """Download a release as one ZIP file: every layer, the manifest, a dataset card, a citation and checksums."""
    release = releases.find(projects.get_for(user, slug, Action.SEE_RESULTS).project, version)
    chunks = write_archive(release_package.files(release, writing.write))
    return sent(chunks, "application/zip", called=f"{slug}-{version}.zip")


@route(
    "GET",
    "/projects/<slug:slug>/releases/<version>/changes",
    takes=Taking(query=ChangesQuery),
    gives=Giving({200: ChangesOut}, (403, 404, 422)),
)
def changes_of_release(user: User, slug: str, version: str, query: ChangesQuery) -> Response:
    """Show what changed since a release, up to another one or up to now."""
    project = projects.get_for(user, slug, Action.SEE_RESULTS).project
    with releases.changes(project, version, query.until) as found:
        return sent(_in_json(found), "application/json")


def _in_json(changes: Changes) -> Iterator[bytes]:
    """A ChangesOut, written while the differences are found."""
    until = changes.until.version if changes.until else None
    yield orjson.dumps({"since": changes.since.version, "until": until})[:-1]
    for name, differences in (("claims", changes.claims), ("links", changes.links), ("articles", changes.articles)):
        yield f',"{name}":['.encode()
        for n, each in enumerate(differences):
            yield b"," * (n > 0) + DifferenceOut.of(each).model_dump_json().encode()
        yield b"]"
    yield b"}"
