"""Searching a project: the same questions that its page takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Response

from annotator.api.answers import answer, listing, read_cursor, write_cursor
from annotator.api.routes import Giving, Taking, route
from annotator.api.schemas.base import Listing
from annotator.api.schemas.search import Kind, SearchQuery, SearchResult
from annotator.domain.search_words import phrases
from annotator.errors import Invalid
from annotator.models import User
from annotator.services import projects, search, search_claims
from annotator.services.search import Facts, Found
from annotator.services.search_claims import Asked, ClaimFacts, EvidenceFound, SpeakerFound
from annotator.services.shown_claims import ShownClaim

FURTHEST = 10_000
"""How far down the list one can go: each part is found by counting from the top."""


@route(
    "GET",
    "/projects/<slug:slug>/search",
    takes=Taking(query=SearchQuery),
    gives=Giving({200: Listing[SearchResult]}, (404, 422)),
)
def search_project(user: User, slug: str, query: SearchQuery) -> Response:
    """Look for words in the articles that you may read, or in the claims, speakers and evidence that you may see.

    Every word must stand in the same paragraph, claim, name or piece of evidence. Paragraphs come likeliest first,
    claims and evidence by their place, speakers by how many claims they have. Here the cursor counts: what is added
    meanwhile may move the rest.
    """
    access = projects.get_for(user, slug)
    passed, wanted = _passed(query), phrases(query.q)
    if not wanted:
        raise Invalid.field("q", "There is nothing to look for. Give a word or a number.")
    if query.since and query.until and query.until < query.since:
        raise Invalid.field("until", "This is before the day from which on is searched.")
    found = _FIND[query.kind](
        Asked(
            user,
            access,
            query.q,
            Facts(query.source, query.language, query.since, query.until),
            ClaimFacts(query.label, query.speaker, own=query.own),
            limit=query.limit + 1,
            offset=passed,
        )
    )
    part = found[: query.limit]
    reached = passed + len(part)
    following = write_cursor((reached,)) if len(found) > len(part) and reached <= FURTHEST else None
    return answer(listing([SearchResult.of(each, wanted) for each in part], following))


def _passed(query: SearchQuery) -> int:
    """How many were given before."""
    if not query.cursor:
        return 0
    passed = read_cursor(query.cursor, 1)[0]
    if not isinstance(passed, int) or not 0 < passed <= FURTHEST:
        raise Invalid.field("cursor", "This cursor is not one that was given out. Begin again without it.")
    return passed


def _passages(asked: Asked) -> list[Found]:
    return search.blocks(asked.user, asked.access, asked.words, asked.facts, limit=asked.limit, offset=asked.offset)


_FIND: Mapping[Kind, Callable[[Asked], Sequence[Found | ShownClaim | SpeakerFound | EvidenceFound]]] = {
    "articles": _passages,
    "claims": search_claims.claims,
    "speakers": search_claims.speakers,
    "evidence": search_claims.evidence,
}
