"""Adjudication of links: the questions about the links of an article, and the decisions on them."""

from __future__ import annotations

from typing import Any

from flask import Response

from annotator.api.answers import answer, listing, part_of
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.base import Listing, PageQuery
from annotator.api.schemas.link_questions import LinkDecisionIn, LinkDecisionOut, LinkQuestionOut
from annotator.models import LinkDecision, User
from annotator.services import link_decisions, naming, questions


@route(
    "GET",
    "/articles/<opaque:article_id>/link-questions",
    takes=Taking(query=PageQuery),
    gives=Giving({200: Listing[LinkQuestionOut]}, (403, 404, 409, 422)),
)
def list_link_questions(user: User, article_id: str, query: PageQuery) -> Response:
    """List what the adjudicator is asked about links of the article. 409 until all reviewers have submitted."""
    access = questions.to_adjudicate(user, article_id).access
    asked = link_decisions.asked_of(user, article_id)
    veil = naming.veil_over(access, [article_id])
    names = link_decisions.names_of(asked)
    part, following = part_of(asked, query, lambda view: (view.near.start, view.near.end, str(view.id)))
    shown = [LinkQuestionOut.of(view, article=article_id, veil=veil, names=names) for view in part]
    return answer(listing(shown, following))


@route(
    "POST",
    "/articles/<opaque:article_id>/link-decisions",
    takes=Taking((LinkDecisionIn,)),
    gives=Giving({201: LinkDecisionOut}, (403, 404, 409, 422)),
)
def make_link_decision(user: User, article_id: str, body: LinkDecisionIn) -> Response:
    """Settle a question about a link, at either of its two articles. 409 while it waits for one of them.

    409 too with the standing decision if there is one that "replaces" does not name; 422 for a contradiction between
    claims about different times.
    """
    with saving(_present):
        decision = link_decisions.decide(user, article_id, body.question, body.answer())
        shown = LinkDecisionOut.of(decision, adjudicator=user.name)
    return answer(shown, 201)


@route("DELETE", "/link-decisions/<opaque:decision_id>", gives=Giving({200: LinkDecisionOut}, (403, 404, 409)))
def undo_link_decision(user: User, decision_id: str) -> Response:
    """Take a decision on a link back; its gold link goes, and the question is open again."""
    with saving():
        decision = link_decisions.undo(user, decision_id)
        shown = LinkDecisionOut.of(decision, adjudicator=link_decisions.name_of(decision))
    return answer(shown)


def _present(value: Any) -> Any:
    """How the details of a conflict are shown."""
    if not isinstance(value, LinkDecision):
        return value
    return LinkDecisionOut.of(value, adjudicator=link_decisions.name_of(value)).model_dump(mode="json")
