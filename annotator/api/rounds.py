"""Second rounds: the questions that came back to you, and your answers."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from annotator.api.answers import answer, listing, part_of
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.base import Listing, PageQuery
from annotator.api.schemas.rounds import AnswerIn, AnswerOut, AskedOut, RoundOut
from annotator.models import SecondRoundAnswer, User
from annotator.security import current_token
from annotator.services import articles, naming, questions, rounds
from annotator.services.rounds import Asked


@route("GET", "/rounds", takes=Taking(query=PageQuery), gives=Giving({200: Listing[AskedOut]}, (422,)))
def list_rounds(user: User, query: PageQuery) -> Response:
    """List the questions that wait for your answer, in all your projects, the oldest first."""
    token = current_token()
    limit = token.project if token else None
    return _listed([asked for asked in rounds.questions_to(user) if limit in (None, asked.project)], query)


@route(
    "GET",
    "/articles/<opaque:article_id>/rounds",
    takes=Taking(query=PageQuery),
    gives=Giving({200: Listing[AskedOut]}, (404, 422)),
)
def list_article_rounds(user: User, article_id: str, query: PageQuery) -> Response:
    """List the open questions to you about one article, those too that you have answered."""
    articles.get_for(user, article_id)
    return _listed(rounds.questions_to(user, article_id=article_id), query)


@route(
    "POST",
    "/articles/<opaque:article_id>/rounds/<opaque:decision_id>/answer",
    takes=Taking((AnswerIn,), optional=True),
    gives=Giving({200: AnswerOut}, (403, 404, 409, 422)),
)
def answer_round(user: User, article_id: str, decision_id: str, body: AnswerIn) -> Response:
    """Say that you have looked again: your claims in the passage stand as they are now.

    The same answer again changes nothing. 409 once the adjudicator has decided, and for another note.
    """
    with saving():
        shown = _shown(rounds.answer(user, article_id, decision_id, body.note or ""))
    return answer(shown)


@route(
    "DELETE",
    "/articles/<opaque:article_id>/rounds/<opaque:decision_id>/answer",
    gives=Giving({200: AnswerOut}, (403, 404, 409)),
)
def take_back_answer(user: User, article_id: str, decision_id: str) -> Response:
    """Take your answer back, to look once more."""
    with saving():
        shown = _shown(rounds.take_back(user, article_id, decision_id))
    return answer(shown)


def shown_to(user: User, article_id: str) -> dict[UUID, RoundOut]:
    """The second rounds of the article by their question, for somebody who adjudicates it."""
    states = rounds.state_of(article_id)
    if not states:
        return {}
    veil = naming.veil_over(articles.get_for(user, article_id).access, [article_id])
    names = {each.id: veil.called(article_id, each.id, each.name) for each in questions.reviewers_of(article_id)}
    return {question: RoundOut.of(state, names.__getitem__) for question, state in states.items()}


def _listed(asked: list[Asked], query: PageQuery) -> Response:
    part, following = part_of(
        asked, query, lambda each: (each.asked_at.isoformat(timespec="microseconds"), each.start, each.decision_id)
    )
    return answer(listing([AskedOut.of(each) for each in part], following))


def _shown(given: SecondRoundAnswer) -> AnswerOut:
    return AnswerOut(decision=given.decision_id, note=given.note, answered_at=given.answered_at)
