"""Corrected articles: their versions, and the claims that wait for their place in one."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for

from annotator.api.answers import answer, listing
from annotator.api.reading import invalid
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.base import Listing
from annotator.api.schemas.versions import ArticleVersionOut, CorrectedOut, VersionIn, WaitingOut
from annotator.api.schemas.work import EmptyIn
from annotator.errors import FieldProblem
from annotator.formats.fields import article_record_from_fields
from annotator.formats.records import ArticleRecord
from annotator.models import User
from annotator.services import articles, copy_finding, corrected_claims, versions


@route("GET", "/articles/<opaque:article_id>/versions", gives=Giving({200: Listing[ArticleVersionOut]}))
def list_versions(user: User, article_id: str) -> Response:
    """List the versions of an article's text, oldest first; read one with `GET /articles/{id}?version=`."""
    found = versions.readable(articles.get_for(user, article_id))
    return answer(listing([ArticleVersionOut.of(version) for version in found], None))


@route(
    "POST",
    "/articles/<opaque:article_id>/versions",
    takes=Taking((VersionIn,), large=True),
    gives=Giving({200: CorrectedOut, 201: CorrectedOut}, (403, 404, 409, 422)),
)
def add_version(user: User, article_id: str, body: VersionIn) -> Response:
    """Store a corrected text as the article's next version, exactly as sent. The text that it has already is 200.

    Open reviews go on to it with the claims that are certain to stand unchanged; submitted work stays where it is.
    """
    project = articles.managed(user, article_id).access.project
    record = _record(body)
    with saving():
        done = versions.add(user, article_id, record, look_again=bool(body.look_again))
        shown = CorrectedOut.corrected(done)
    copy_finding.find_soon(project, by=user)
    there = {"Location": url_for("api.show_article", article_id=article_id, version=shown.version)}
    return answer(shown, 201 if done.new else 200, headers=there)


@route(
    "POST",
    "/articles/<opaque:article_id>/look-again",
    takes=Taking((EmptyIn,), optional=True),
    gives=Giving({200: CorrectedOut}, (403, 404, 409, 422)),
)
def look_again(user: User, article_id: str, body: EmptyIn) -> Response:  # noqa: ARG001 -- it is checked to be empty
    """Ask those who submitted an earlier version to look at the present one, until an adjudicator has begun."""
    with saving():
        shown = CorrectedOut.corrected(versions.look_again(user, article_id))
    return answer(shown)


@route("GET", "/articles/<opaque:article_id>/claims-to-place", gives=Giving({200: Listing[WaitingOut]}))
def list_claims_to_place(user: User, article_id: str) -> Response:
    """List your own claims that wait for their place in the corrected text."""
    found = articles.get_for(user, article_id)
    waiting = [] if found.assignment is None else corrected_claims.waiting_of(found.assignment)
    return answer(listing([WaitingOut.of(each) for each in waiting], None))


@route(
    "DELETE",
    "/articles/<opaque:article_id>/claims-to-place/<uuid:annotation_id>",
    gives=Giving({204: None}, (403, 404, 409)),
)
def drop_claim_to_place(user: User, article_id: str, annotation_id: UUID) -> Response:
    """Say that the claim does not stand in the corrected text: it stays deleted."""
    with saving():
        corrected_claims.drop(user, article_id, annotation_id)
    return Response(status=204)


def _record(body: VersionIn) -> ArticleRecord:
    found = article_record_from_fields(body.model_dump(exclude_none=True, exclude={"look_again"}))
    if isinstance(found, ArticleRecord):
        return found
    raise invalid([FieldProblem(error.field or "", error.problem) for error in found])
