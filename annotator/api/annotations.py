"""Claims: listing, saving, reading and deleting them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, url_for

from annotator.api.answers import answer, etag, listing, part_of
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.base import Listing, PageQuery
from annotator.api.schemas.claims import AnnotationOut, AnnotationsIn, ClaimIn, Reviewer
from annotator.models import Annotation, AssignmentKind, User
from annotator.security import Person
from annotator.services import annotations as claims
from annotator.services import naming
from annotator.services.claims import Stored, stored_of
from annotator.services.naming import Veil
from annotator.services.saving_many import Sent


@route(
    "GET",
    "/articles/<opaque:article_id>/annotations",
    takes=Taking(query=PageQuery),
    gives=Giving({200: Listing[AnnotationOut]}, (404, 422)),
)
def list_annotations(user: User, article_id: str, query: PageQuery) -> Response:
    """List the claims of an article by their place: your own, and everybody's once the article is open to you."""
    found = claims.list_for(user, article_id)
    veil = naming.veil_for(user, article_id)
    part, following = part_of(found, query, lambda each: (each.start, each.end, str(each.id)))
    return answer(listing([_shown(each, veil) for each in part], following))


@route(
    "PUT",
    "/articles/<opaque:article_id>/annotations/<uuid:annotation_id>",
    takes=Taking((ClaimIn,), version=True),
    gives=Giving({200: AnnotationOut, 201: AnnotationOut}, (404, 409, 412, 422, 428), version=True),
)
def put_annotation(
    person: Person, article_id: str, annotation_id: UUID, *, body: ClaimIn, if_version: int | None
) -> Response:
    """Create a claim under a UUID of your making, or replace it, naming its version in If-Match.

    A claim equal to what is stored changes nothing, whatever If-Match says, so a save may be repeated. A deleted
    claim comes back with the version of its tombstone.
    """
    reviewer = Reviewer(person.id, person.name)
    with saving(_present(article_id, reviewer)):
        saved = claims.put(person.id, article_id, annotation_id, body.claim(), if_version=if_version)
    shown = AnnotationOut.of_stored(saved.annotation, article=article_id, reviewer=reviewer)
    headers = etag(shown.version)
    if saved.created:
        headers["Location"] = url_for("api.show_annotation", annotation_id=annotation_id)
    return answer(shown, 201 if saved.created else 200, headers=headers)


@route(
    "POST",
    "/articles/<opaque:article_id>/annotations",
    takes=Taking((AnnotationsIn,), large=True),
    gives=Giving({200: Listing[AnnotationOut], 201: Listing[AnnotationOut]}, (403, 404, 409, 412, 422)),
)
def put_annotations(user: User, article_id: str, body: AnnotationsIn) -> Response:
    """Save up to 1,000 claims of one article at once, all or nothing, each under a UUID of your making.

    Each is what a PUT takes, with its "id" and, to replace a claim that exists, its present "version". Claims equal to
    what is stored stay as they are, so the same call may be repeated. Errors name the place of each claim, as in
    "annotations.3.exact"; 412 gives in "current" the claims that were changed meanwhile. The answer holds all claims
    in the order in which they were sent. 201 if any is new. Evidence may name other claims of the same call.
    """
    reviewer = Reviewer.of(user)
    sent = [Sent(each.id, each.claim(), each.version) for each in body.annotations]
    with saving(_present(article_id, reviewer)):
        saved = claims.put_all(user, article_id, sent)
    shown = [AnnotationOut.of_stored(each.annotation, article=article_id, reviewer=reviewer) for each in saved]
    return answer(listing(shown, None), 201 if any(each.created for each in saved) else 200)


@route("GET", "/annotations/<uuid:annotation_id>", gives=Giving({200: AnnotationOut}, version=True))
def show_annotation(user: User, annotation_id: UUID) -> Response:
    """Show one claim."""
    found = claims.get_for(user, annotation_id)
    shown = _shown(found, naming.veil_for(user, found.assignment.article_id))
    return answer(shown, headers=etag(shown.version))


@route(
    "DELETE",
    "/annotations/<uuid:annotation_id>",
    takes=Taking(version=True),
    gives=Giving({200: AnnotationOut}, (404, 409, 412, 428), version=True),
)
def delete_annotation(user: User, annotation_id: UUID, *, if_version: int | None) -> Response:
    """Delete a claim, naming its version in If-Match. Its tombstone is given back; a PUT with its version undoes it."""
    article_id = claims.article_of(user, annotation_id)
    with saving(_present(article_id, Reviewer.of(user))):
        tombstone = claims.delete(user, annotation_id, if_version=if_version)
    shown = AnnotationOut.of(tombstone, article=article_id, reviewer=user)
    return answer(shown, headers=etag(shown.version))


def _shown(annotation: Annotation, veil: Veil) -> AnnotationOut:
    """A claim with its assignment and reviewer loaded, whose name `veil` may hide."""
    by, article_id = annotation.assignment.user, annotation.assignment.article_id
    reviewer = Reviewer.behind(veil, article_id, by.id, by.name)
    if annotation.assignment.kind is AssignmentKind.ADJUDICATION:
        reviewer = Reviewer.of(by)
    return AnnotationOut.of_stored(stored_of(annotation), article=article_id, reviewer=reviewer)


def _present(article_id: str, reviewer: Reviewer) -> Callable[[Any], Any]:
    """How the details of a conflict are shown; the claims among them are the reviewer's own."""

    def present(value: Any) -> Any:
        if isinstance(value, list):
            return [present(each) for each in value]
        if not isinstance(value, Stored):
            return value
        return AnnotationOut.of_stored(value, article=article_id, reviewer=reviewer).model_dump(mode="json")

    return present
