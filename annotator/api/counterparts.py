"""Passages of other articles that may speak of the same as a claim."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from annotator.api.answers import answer, listing
from annotator.api.routes import Giving, Taking, route
from annotator.api.schemas.base import Listing
from annotator.api.schemas.counterparts import CounterpartOut, CounterpartsQuery
from annotator.models import User
from annotator.services import counterparts


@route(
    "GET",
    "/annotations/<uuid:annotation_id>/counterparts",
    takes=Taking(query=CounterpartsQuery),
    gives=Giving({200: Listing[CounterpartOut]}, (404, 422)),
)
def list_counterparts(user: User, annotation_id: UUID, query: CounterpartsQuery) -> Response:
    """List passages of other articles that may speak of the same as a claim, the likeliest first, with the reasons.

    Only articles that you may read are looked through; nothing that others marked counts. Whether a passage agrees
    with the claim is not judged. `next` is always null.
    """
    found = counterparts.find(user, annotation_id, most=query.limit)
    return answer(listing([CounterpartOut.of(each) for each in found.passages], None))
