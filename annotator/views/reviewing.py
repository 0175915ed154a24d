"""Being done with an article: what is still missing, submitting, reopening, and how far one has read."""

from __future__ import annotations

import re

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for

from annotator.db import transaction
from annotator.domain.reading import duration
from annotator.errors import Conflict, Invalid
from annotator.models import AssignmentKind
from annotator.security import current_user
from annotator.services import reading, submission
from annotator.views import article_page
from annotator.views.articles import pages

_NUMBER = re.compile(r"[0-9]{1,9}")
_REPORT = ("until", "seconds")


@pages.get("/review")
def review(article_id: str) -> str:
    """What is still missing, before submitting."""
    user = current_user()
    page = article_page.open_page(user, article_id)
    found = submission.review_of(user, article_id)
    return render_template(
        "articles/review.html", page=page, access=page.found.access, project=page.found.access.project, it=found
    )


@pages.post("/submit")
def submit(article_id: str) -> Response:
    """Be done with the article; `read` says with it that it was read to the end."""
    user = current_user()
    try:
        with transaction():
            said = {name: request.form.get(name) == "yes" for name in ("confirm", "read")}
            kind = submission.submit(user, article_id, confirm=said["confirm"], read=said["read"]).assignment.kind
    except Conflict as error:
        flash(str(error), "error")
        return make_response(redirect(url_for(".review", article_id=article_id), 303))
    if kind is AssignmentKind.TRAINING:
        return make_response(redirect(url_for(".feedback", article_id=article_id), 303))
    if kind is AssignmentKind.SECOND_LOOK:
        flash("Thank you: your second look is submitted. Below are your claims of the first time.", "success")
    return make_response(redirect(url_for(".annotate", article_id=article_id), 303))


@pages.post("/reopen")
def reopen(article_id: str) -> Response:
    """Take the submit back."""
    with transaction():
        submission.reopen(current_user(), article_id)
    flash("Reopened: you can change your claims again.", "success")
    return make_response(redirect(url_for(".annotate", article_id=article_id), 303))


@pages.post("/read")
def read(article_id: str) -> Response:
    """Note that the reviewer has read to the end."""
    with transaction():
        submission.mark_read(current_user(), article_id)
    return make_response(redirect(url_for(".annotate", article_id=article_id, _anchor="article-end"), 303))


@pages.post("/reading")
def report(article_id: str) -> Response:
    """Note how far the reviewer has read (`until`, code points) and the `seconds` of work since the last report."""
    user = current_user()
    until, seconds = _reported()
    with transaction():
        assignment = reading.report(user, article_id, until=until, seconds=seconds)
        noted = {"until": assignment.read_until, "seconds": assignment.active_seconds}
    return jsonify(noted | {"time": duration(noted["seconds"])})


def _reported() -> tuple[int, int]:
    """The two numbers that a report is. Raises Invalid for anything else, or anything more."""
    unknown = sorted(set(request.form) - {*_REPORT, "csrf_token"})
    if unknown:
        raise Invalid.field(unknown[0], f"A report has no field {unknown[0]!r}.")
    numbers = []
    for name in _REPORT:
        given = request.form.getlist(name)
        if len(given) != 1 or not _NUMBER.fullmatch(given[0]):
            raise Invalid.field(name, f"'{name}' is needed once, as a whole number.")
        numbers.append(int(given[0]))
    return numbers[0], numbers[1]
