"""The page of one claim, which can be sent to a colleague, and the way from it to the very words in the article."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, render_template, url_for

from annotator.domain.decisions import MEANINGS
from annotator.security import current_user
from annotator.services import claim_page, claim_places
from annotator.services.claim_page import LinkSeen
from annotator.services.gold_links import LinkVote
from annotator.views import claim_words
from annotator.views.adjudication_versions import GIVEN_AS, RELATIONS, WORDS
from annotator.views.adjudication_words import OUTCOMES
from annotator.views.claims import pages

DRAWN = 12
"""So many links stand in the picture; the list has them all."""
LATEST = 5
"""So many steps of the history are shown."""


@pages.get("/<uuid:annotation_id>")
def show(annotation_id: UUID) -> str | Response:
    """One claim with its passage, its links and what else the reader may know; of a deleted one its history is left."""
    page = claim_page.of(current_user(), annotation_id)
    if page is None:
        return make_response(redirect(url_for(".changes", annotation_id=annotation_id), 302))
    steps = [
        (step, claim_words.what(step, first=number == 0), claim_words.by(page.found, step))
        for number, step in enumerate(page.found.steps)
    ]
    return render_template(
        "claims/show.html",
        page=page,
        found=page.found,
        access=page.access,
        project=page.found.project,
        claim=page.claim,
        links=[(link, words_of(link)) for link in page.links],
        drawn=DRAWN,
        words_of=words_of,
        steps=steps[: -LATEST - 1 : -1],
        words=WORDS,
        modes=GIVEN_AS,
        gold=page.gold,
        reasons=MEANINGS,
        outcomes=OUTCOMES,
    )


@pages.get("/<uuid:annotation_id>/place")
def place(annotation_id: UUID) -> Response:
    """To where the reader meets the claim: in its article, at its question, or in its history."""
    where = claim_places.of(current_user(), annotation_id)
    if where.history:
        address = url_for(".changes", annotation_id=annotation_id)
    elif where.adjudicated:
        address = url_for("adjudication.show", article_id=where.article_id, question=where.question)
    else:
        address = url_for("articles.annotate", article_id=where.article_id, _anchor=f"claim-{annotation_id}")
    return make_response(redirect(address, 302))


def words_of(link: LinkSeen | LinkVote) -> str:
    """A relation in words, seen from the claim of the page: "Superseded by"."""
    begins, ends = RELATIONS[link.relation]
    return begins if link.outgoing else ends
