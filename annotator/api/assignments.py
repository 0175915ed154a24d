"""Reviews: being done with an article, and taking that back."""

from __future__ import annotations

from flask import Response

from annotator.api.answers import answer
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.articles import AssignmentOut
from annotator.api.schemas.work import EmptyIn, SubmissionOut, SubmitIn
from annotator.models import User
from annotator.services import submission


@route(
    "POST",
    "/articles/<opaque:article_id>/submit",
    takes=Taking((SubmitIn,), optional=True),
    gives=Giving({200: SubmissionOut}, (403, 404, 409, 422)),
)
def submit_review(user: User, article_id: str, body: SubmitIn) -> Response:
    """Say that you are done. 409 names what your claims lack; {"confirm": true} passes what the project only warns of.

    Sentences without a claim and text that was not read to the end are told, never refused.
    """
    with saving():
        submitted = submission.submit(user, article_id, confirm=bool(body.confirm))
        shown = SubmissionOut.of(submitted)
    return answer(shown)


@route(
    "POST",
    "/articles/<opaque:article_id>/reopen",
    takes=Taking((EmptyIn,), optional=True),
    gives=Giving({200: AssignmentOut}, (403, 404, 409, 422)),
)
def reopen_review(user: User, article_id: str, body: EmptyIn) -> Response:  # noqa: ARG001 -- it is checked to be empty
    """Take your submit back, which is possible until the adjudicator's first decision."""
    with saving():
        shown = AssignmentOut.of(submission.reopen(user, article_id))
    return answer(shown)
