"""Answering a question that came back, on the page of its article."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, request, url_for

from annotator.db import transaction
from annotator.errors import Conflict, Invalid
from annotator.security import current_user
from annotator.services import rounds
from annotator.views.articles import pages


@pages.post("/rounds/<decision_id>/answer")
def answer_question(article_id: str, decision_id: str) -> Response:
    """The reviewer has looked again."""
    # Browsers send line ends as CR LF.
    note = request.form.get("note", "").replace("\r\n", "\n").strip()
    return _done(article_id, decision_id, "The adjudicator sees your answer.", note)


@pages.post("/rounds/<decision_id>/take-back")
def take_back_answer(article_id: str, decision_id: str) -> Response:
    """The reviewer wants to look once more."""
    return _done(article_id, decision_id, "You can look once more, then answer again.", None)


def _done(article_id: str, decision_id: str, words: str, note: str | None) -> Response:
    """Answer with `note`, or take the answer back without one; then the article again, which says what became of it."""
    user = current_user()
    try:
        with transaction():
            if note is None:
                rounds.take_back(user, article_id, decision_id)
            else:
                rounds.answer(user, article_id, decision_id, note)
    except (Conflict, Invalid) as error:
        flash(str(error), "error")
    else:
        flash(words, "success")
    return make_response(redirect(url_for(".annotate", article_id=article_id, _anchor=f"asked-{decision_id}"), 303))
