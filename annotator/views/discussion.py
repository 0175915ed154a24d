"""Revealing an article, and the threads on its questions. Every step is a form and works without script."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from annotator.db import transaction
from annotator.errors import Conflict, Invalid
from annotator.models import AssignmentKind, PostKind
from annotator.security import current_user
from annotator.services import discussion, mentions, reveals, rounds
from annotator.views import home, others
from annotator.views.articles import pages


@pages.route("/reveal", methods=["GET", "POST"])
def reveal(article_id: str) -> Response:
    """Say what a reveal does, and on a POST do it."""
    user = current_user()
    if request.method == "POST":
        try:
            with transaction():
                reveals.reveal(user, article_id)
        except Conflict as error:
            flash(str(error), "error")
        else:
            flash("Revealed: the reviewers of this article see each other’s claims now.", "success")
        return make_response(redirect(url_for(".annotate", article_id=article_id), 303))
    found = reveals.to_reveal(user, article_id)
    page = render_template("discussion/reveal.html", found=found, access=found.access, project=found.access.project)
    return make_response(page)


@pages.get("/questions/<uuid:question>")
def show_thread(article_id: str, question: UUID) -> Response:
    """One question with its thread."""
    return _thread(article_id, question)


@pages.post("/questions/<uuid:question>/posts")
def add_post(article_id: str, question: UUID) -> Response:
    """Say something in the thread, resolve it or open it again."""
    user = current_user()
    kind = request.form.get("kind", PostKind.COMMENT.value)
    text = request.form.get("text", "").replace("\r\n", "\n")
    try:
        if kind not in set(PostKind):
            raise Invalid.field("kind", "This form is damaged. Open the page again.")
        with transaction():
            discussion.add(user, article_id, question, text, kind=PostKind(kind))
    except Invalid as error:
        return _thread(article_id, question, problem=str(error), text=text)
    if request.form.get("back") == "annotate":
        there = url_for(".annotate", article_id=article_id, _anchor=f"thread-{question}")
    elif request.form.get("back") == "adjudicate":
        there = url_for("adjudication.show", article_id=article_id, question=question)
    else:
        there = url_for(".show_thread", article_id=article_id, question=question, _anchor="last")
    return make_response(redirect(there, 303))


@home.pages.post("/mentions/<post_id>/seen")
def see_mention(post_id: str) -> Response:
    """Note that the person has seen that they are named, and lead them to the thread."""
    with transaction():
        article_id, question = mentions.see(current_user(), post_id)
    return make_response(redirect(url_for("articles.show_thread", article_id=article_id, question=question), 303))


def _thread(article_id: str, question: UUID, *, problem: str = "", text: str = "") -> Response:
    user = current_user()
    found, among = discussion.readable(user, article_id)
    thread = discussion.thread(user, article_id, question)
    # Who was only asked about one question sees its thread, and not what others marked.
    shown = others.shown_to(user, found) if among is None else []
    asked = rounds.questions_to(user, article_id=article_id) if among is not None else []
    page = render_template(
        "discussion/show.html",
        found=found,
        access=found.access,
        project=found.access.project,
        thread=thread,
        it=next((each for each in shown if each.id == question), None),
        passage=next((each.exact for each in asked if each.question == question), ""),
        adjudicates=found.assignment is not None and found.assignment.kind is AssignmentKind.ADJUDICATION,
        problem=problem,
        text=text,
    )
    return make_response(page, 422 if problem else 200)
