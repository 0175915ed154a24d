"""Training: the managers' page of trainees and training articles, and the trainee's feedback after each article."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.errors import Conflict, NotFound
from annotator.permissions import Action
from annotator.services import assignment_lists, marks, projects, qualification
from annotator.services import second_looks as second_looks_service
from annotator.services import training as training_service
from annotator.templating import plural
from annotator.views.articles import pages as article_pages
from annotator.views.projects import pages


@pages.get("/<slug>/training")
def training(slug: str) -> str:
    """Who is how far in training, on which articles, and how steady the reviewers are on a second look."""
    access = projects.get_for(security.current_user(), slug, Action.MANAGE)
    return render_template(
        "projects/training.html",
        project=access.project,
        access=access,
        trainees=qualification.trainees(access.project),
        lessons=training_service.articles_of(access.project),
        steadiness=second_looks_service.figures(access.project),
    )


@pages.post("/<slug>/training/<user_id>/<act>")
def act_on_trainee(slug: str, user_id: str, act: str) -> Response:
    """Let somebody pass whatever their score, or give them another try."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    if act not in {"pass", "retry"}:
        raise NotFound
    with transaction():
        if act == "pass":
            qualification.let_pass(access.project, user_id, by=user)
            said = "They count as qualified from now on."
        else:
            count = qualification.another_try(access.project, user_id, by=user)
            said = f"{plural(count, 'training article')} can be done again." if count else "There is nothing to repeat."
    flash(said, "success")
    return redirect(url_for(".training", slug=slug), 303)


@pages.post("/<slug>/articles/<article_id>/training")
def mark_training(slug: str, article_id: str) -> Response:
    """Make a finished article a training article, or take that back."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    on = request.form.get("on", "yes") == "yes"
    try:
        with transaction():
            training_service.mark(access.project, article_id, on=on, by=user)
        flash("New reviewers are given it first." if on else "It is an ordinary article again.", "success")
    except Conflict as error:
        flash(str(error), "warning")
    there = ".training" if request.form.get("next") == "training" else ".articles"
    return redirect(url_for(there, slug=slug), 303)


@article_pages.get("/feedback")
def feedback(article_id: str) -> str:
    """What the trainee found, missed and marked too much, with the known answers and their reasons."""
    user = security.current_user()
    given = training_service.feedback(user, article_id)
    access = given.found.access
    project = access.project
    (own,) = qualification.trainees(project, user_id=user.id)
    return render_template(
        "articles/feedback.html",
        it=given,
        version=given.found.version,
        project=project,
        access=access,
        own=own,
        following=assignment_lists.next_for(user, project),
        letter_of=marks.letter_of,
    )
