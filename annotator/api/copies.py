"""Copies of wire text among the articles of a project."""

from __future__ import annotations

from flask import Response

from annotator.api.answers import answer, listing, read_cursor, write_cursor
from annotator.api.routes import Giving, Taking, route
from annotator.api.schemas.base import Listing
from annotator.api.schemas.copies import CopiesQuery, CopyGroupOut
from annotator.models import CopyState, User
from annotator.permissions import Action
from annotator.services import copies, projects


@route(
    "GET",
    "/projects/<slug:slug>/copies",
    takes=Taking(query=CopiesQuery),
    gives=Giving({200: Listing[CopyGroupOut]}, (403, 404, 422)),
)
def list_copies(user: User, slug: str, query: CopiesQuery) -> Response:
    """List the groups of copies of one wire text: suggested by the machine, confirmed or rejected by a person."""
    project = projects.get_for(user, slug, Action.READ_ALL).project
    after = str(read_cursor(query.cursor, 1)[0]) if query.cursor else None
    state = CopyState(query.state) if query.state else None
    found = copies.groups_in(project.id, state, after=after, limit=query.limit)
    following = write_cursor((found.next,)) if found.next else None
    return answer(listing([CopyGroupOut.of(group) for group in found.groups], following))
