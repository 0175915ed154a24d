"""Links between claims."""

from __future__ import annotations

from flask import Response

from annotator.api.answers import answer, listing, part_of
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.base import Listing, PageQuery
from annotator.api.schemas.work import LinkChanges, LinkIn, LinkOut
from annotator.models import User
from annotator.services import links


@route(
    "GET",
    "/projects/<slug:slug>/links",
    takes=Taking(query=PageQuery),
    gives=Giving({200: Listing[LinkOut]}, (404, 422)),
)
def list_links(user: User, slug: str, query: PageQuery) -> Response:
    """List the links of a project: your own, and those between claims that are open to you."""
    part, following = part_of(links.list_for(user, slug), query, lambda row: (row.link.id,))
    return answer(listing([LinkOut.of(row.link, author=row.author) for row in part], following))


@route(
    "POST",
    "/projects/<slug:slug>/links",
    takes=Taking((LinkIn,)),
    gives=Giving({200: LinkOut, 201: LinkOut}, (404, 409, 422)),
)
def create_link(user: User, slug: str, body: LinkIn) -> Response:
    """Link two claims. The same link again is given back with 200.

    `contradicts` joins only claims about the same time, by their event dates, or by the publication of their articles
    where they have none; else it is 422 and the problem says what each is about.
    """
    with saving():
        linked = links.create(user, slug, links.Proposal(body.a, body.b, body.relation, body.aspect, body.note or ""))
        shown = LinkOut.of(linked.link, author=user.name)
    return answer(shown, 201 if linked.created else 200)


@route(
    "PATCH",
    "/links/<opaque:link_id>",
    takes=Taking((LinkChanges,)),
    gives=Giving({200: LinkOut}, (404, 409, 422)),
)
def change_link(user: User, link_id: str, body: LinkChanges) -> Response:
    """Change a link of your own: its relation, direction, aspect or note; what is not given stays."""
    with saving():
        shown = LinkOut.of(links.change(user, link_id, body.given()), author=user.name)
    return answer(shown)


@route("DELETE", "/links/<opaque:link_id>", gives=Giving({204: None}, (404, 409)))
def delete_link(user: User, link_id: str) -> Response:
    """Delete a link of your own; to repeat it changes nothing."""
    with saving():
        links.delete(user, link_id)
    return Response(status=204)
