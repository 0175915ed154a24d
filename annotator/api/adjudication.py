"""Adjudication: the questions of an article, the decisions on them, and finishing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response

from annotator.api import rounds
from annotator.api.answers import answer, listing, part_of
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.adjudication import DecisionIn, DecisionOut, FirstPassIn, FirstPassOut, QuestionOut, Shown
from annotator.api.schemas.articles import AssignmentOut
from annotator.api.schemas.base import Listing, PageQuery
from annotator.api.schemas.work import EmptyIn
from annotator.models import Decision, User
from annotator.services import adjudication, adjudication_phase, first_pass, naming, questions


@route(
    "GET",
    "/articles/<opaque:article_id>/questions",
    takes=Taking(query=PageQuery),
    gives=Giving({200: Listing[QuestionOut]}, (403, 404, 409, 422)),
)
def list_questions(user: User, article_id: str, query: PageQuery) -> Response:
    """List what the adjudicator is asked, in reading order. 409 until all reviewers have submitted."""
    access = questions.to_adjudicate(user, article_id).access
    asking = questions.asking(article_id)
    veil = naming.veil_over(access, [article_id])
    among = Shown(article_id, asking, veil, questions.adjudicator_of(article_id))
    part, following = part_of(asking.views, query, lambda view: (view.start, view.end, str(view.id)))
    asked = rounds.shown_to(user, article_id)
    shown = [QuestionOut.of(view, among, asked=asked.get(view.id)) for view in part]
    return answer(listing(shown, following))


@route(
    "POST",
    "/articles/<opaque:article_id>/decisions",
    takes=Taking((DecisionIn,)),
    gives=Giving({201: DecisionOut}, (403, 404, 409, 422)),
)
def make_decision(user: User, article_id: str, body: DecisionIn) -> Response:
    """Settle a question, or record a claim that nobody marked.

    409 with the standing decision if there is one that "replaces" does not name. The first decision locks the reviews.
    """
    with saving(_present(article_id)):
        decision = adjudication.decide(user, article_id, body.question, body.answer())
        shown = DecisionOut.of(decision, article=article_id, adjudicator=user)
    return answer(shown, 201)


@route("DELETE", "/decisions/<opaque:decision_id>", gives=Giving({200: DecisionOut}, (403, 404, 409)))
def undo_decision(user: User, decision_id: str) -> Response:
    """Take a decision back; its question is open again, and the decision stays on record with "undone_at"."""
    article_id = adjudication.article_of(decision_id)
    with saving():
        shown = DecisionOut.of(adjudication.undo(user, decision_id), article=article_id, adjudicator=user)
    return answer(shown)


@route(
    "POST",
    "/articles/<opaque:article_id>/finish",
    takes=Taking((EmptyIn,), optional=True),
    gives=Giving({200: AssignmentOut}, (403, 404, 409, 422)),
)
def finish_adjudication(user: User, article_id: str, body: EmptyIn) -> Response:  # noqa: ARG001 -- checked to be empty
    """Close the adjudication, so that its gold is exported. 409 with the "open" questions while there are any."""
    with saving():
        shown = AssignmentOut.of(adjudication_phase.finish(user, article_id))
    return answer(shown)


@route(
    "GET",
    "/articles/<opaque:article_id>/first-pass",
    gives=Giving({200: FirstPassOut}, (403, 404, 409)),
)
def preview_first_pass(user: User, article_id: str) -> Response:
    """Show what the merge strategy of the project would settle. 409 where the project has none."""
    return answer(FirstPassOut.of(first_pass.preview(user, article_id)))


@route(
    "POST",
    "/articles/<opaque:article_id>/first-pass",
    takes=Taking((FirstPassIn,), optional=True),
    gives=Giving({200: Listing[DecisionOut]}, (403, 404, 409, 422)),
)
def apply_first_pass(user: User, article_id: str, body: FirstPassIn) -> Response:
    """Settle by the merge strategy of the project; each decision has its "rule" and is undone like any other.

    Open questions about links that the rule takes are settled too, and listed by the link questions of the article.
    """
    with saving():
        first_pass.apply_to_links(user, article_id, among=body.links)
        made = first_pass.apply(user, article_id, among=body.questions)
        shown = [DecisionOut.of(decision, article=article_id, adjudicator=user) for decision in made]
    return answer(listing(shown, None))


def _present(article_id: str) -> Callable[[Any], Any]:
    """How the details of a conflict are shown; a standing decision is that of the article's adjudicator."""

    def present(value: Any) -> Any:
        adjudicator = questions.adjudicator_of(article_id)
        if not isinstance(value, Decision) or adjudicator is None:
            return value
        return DecisionOut.of(value, article=article_id, adjudicator=adjudicator).model_dump(mode="json")

    return present
