"""Revealing an article, and the threads on its questions."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from annotator.api.answers import answer
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.rounds import PostIn, RevealOut, ThreadOut
from annotator.api.schemas.work import EmptyIn
from annotator.models import PostKind, User
from annotator.services import discussion, reveals


@route(
    "POST",
    "/articles/<opaque:article_id>/reveal",
    takes=Taking((EmptyIn,), optional=True),
    gives=Giving({200: RevealOut}, (403, 404, 409, 422)),
)
def reveal_article(user: User, article_id: str, body: EmptyIn) -> Response:  # noqa: ARG001 -- it is checked to be empty
    """Show the reviewers of an article each other's claims, before the first decision.

    It cannot be taken back; your name and the time are put on record. To repeat it changes nothing.
    """
    with saving():
        shown = RevealOut(article=article_id, revealed_at=reveals.reveal(user, article_id).revealed_at)
    return answer(shown)


@route(
    "GET",
    "/articles/<opaque:article_id>/questions/<uuid:question>/posts",
    gives=Giving({200: ThreadOut}),
)
def show_thread(user: User, article_id: str, question: UUID) -> Response:
    """Read the thread of a question.

    Adjudicators and managers read it once the article is open, its reviewers once it was revealed or the question
    came back to them.
    """
    return answer(ThreadOut.of(discussion.thread(user, article_id, question)))


@route(
    "POST",
    "/articles/<opaque:article_id>/questions/<uuid:question>/posts",
    takes=Taking((PostIn,)),
    gives=Giving({200: ThreadOut}, (404, 422)),
)
def add_post(user: User, article_id: str, question: UUID, body: PostIn) -> Response:
    """Say something about a question, resolve its thread or open it again; gives the thread as it is then."""
    with saving():
        discussion.add(user, article_id, question, body.text or "", kind=body.kind or PostKind.COMMENT)
        shown = ThreadOut.of(discussion.thread(user, article_id, question))
    return answer(shown)
