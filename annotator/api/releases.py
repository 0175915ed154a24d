"""Releases: listing, freezing, reading one and what changed since."""

from __future__ import annotations

from flask import Response, url_for

from annotator.api.answers import answer, listing, part_of
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.base import Listing, PageQuery
from annotator.api.schemas.releases import ChangesOut, ChangesQuery, ReleaseDetail, ReleaseIn, ReleaseOut
from annotator.formats import writing
from annotator.models import User
from annotator.permissions import Action
from annotator.services import freezing, projects, releases


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
    project = projects.get_for(user, slug, Action.MANAGE).project
    files = writing.hashed_formats()
    with freezing.gathered(project, body.version, note=body.note or "", files=files) as found, saving():
        version = freezing.store(projects.get_for(user, slug, Action.MANAGE).project, found, by=user).version
    release = releases.find(projects.get_for(user, slug).project, version)
    there = {"Location": url_for("api.show_release", slug=slug, version=version)}
    return answer(ReleaseDetail.of(release), 201, headers=there)


@route("GET", "/projects/<slug:slug>/releases/<version>", gives=Giving({200: ReleaseDetail}, (403, 404)))
def show_release(user: User, slug: str, version: str) -> Response:
    """Show a release with its manifest: counts, hashes of every file, labels, guideline, agreement."""
    project = projects.get_for(user, slug, Action.SEE_RESULTS).project
    return answer(ReleaseDetail.of(releases.find(project, version)))


@route(
    "GET",
    "/projects/<slug:slug>/releases/<version>/changes",
    takes=Taking(query=ChangesQuery),
    gives=Giving({200: ChangesOut}, (403, 404, 422)),
)
def changes_of_release(user: User, slug: str, version: str, query: ChangesQuery) -> Response:
    """Show what changed since a release, up to another one or up to now."""
    project = projects.get_for(user, slug, Action.SEE_RESULTS).project
    return answer(ChangesOut.of(releases.changes(project, version, query.until)))
