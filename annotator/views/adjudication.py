"""The adjudicate page: the questions of an article, their answers, and closing it. Every step works without script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from annotator.db import transaction
from annotator.domain.decisions import MEANINGS, rule_words
from annotator.domain.questions import Kind
from annotator.errors import Conflict, Invalid, NotFound
from annotator.forms.adjudication import AgreedForm, DecisionForm
from annotator.models import User
from annotator.security import current_user
from annotator.services import adjudication, adjudication_phase, articles, marks, people
from annotator.services import first_pass as first_passes
from annotator.views import adjudication_answers as answers
from annotator.views import adjudication_page, article_page
from annotator.views.adjudication_page import ORDERS, AdjudicationPage, Order

pages = Blueprint("adjudication", __name__, url_prefix="/articles/<article_id>/adjudicate")


@pages.get("")
def show(article_id: str) -> Response:
    """The page: questions, text, decision."""
    user = current_user()
    try:
        desk = _open(user, article_id)
    except Conflict as error:
        return _closed(user, article_id, error)
    return make_response(_whole(_looking(desk)))


@pages.get("/fragment")
def fragment(article_id: str) -> str:
    """The list of questions and the one that is looked at, after a change or a step to another question."""
    desk = _looking(_open(current_user(), article_id))
    return render_template("adjudication/_fragment.html", **_shown(desk, DecisionForm(formdata=None)))


@pages.post("/decide")
def decide(article_id: str) -> Response:
    """Answer a question."""
    user, form = current_user(), DecisionForm()
    if not form.validate():
        return _refused(user, article_id, form)
    try:
        question = UUID(form.question.data)
        with transaction():
            adjudication.decide(user, article_id, question, answers.read(form, article_id))
    except Invalid as error:
        form.refuse(error)
        return _refused(user, article_id, form)
    except Conflict as error:
        flash(str(error), "error")
        return _go(article_id, UUID(form.question.data))
    following = adjudication_page.next_card(_open(user, article_id), question)
    return _go(article_id, following.view.id if following else None)


@pages.post("/undo/<decision_id>")
def undo(article_id: str, decision_id: str) -> Response:
    """Take a decision back."""
    if adjudication.article_of(decision_id) != article_id:
        raise NotFound
    with transaction():
        decision = adjudication.undo(current_user(), decision_id)
    flash("The decision is taken back; its question is open again.", "success")
    return _go(article_id, decision.question)


@pages.route("/agreed", methods=["GET", "POST"])
def agreed(article_id: str) -> Response:
    """Look at everything that all reviewers agree on, then accept it at once."""
    user = current_user()
    try:
        desk = _open(user, article_id)
    except Conflict as error:
        return _closed(user, article_id, error)
    ids = [str(card.view.id) for card in desk.agreed]
    form = AgreedForm()
    # What was decided meanwhile in another window is no longer open, and that is no fault of this form.
    form.questions.choices = [(each, each) for each in {*ids, *request.form.getlist("questions")}]
    if request.method == "POST" and form.validate():
        ticked = set(form.questions.data or ())
        with transaction():
            among = {card.view.id for card in desk.agreed if str(card.view.id) in ticked}
            accepted = adjudication.accept_agreed(user, article_id, among=among)
        flash(f"{len(accepted)} agreed {'claim is' if len(accepted) == 1 else 'claims are'} gold now.", "success")
        return _go(article_id, None)
    return make_response(
        render_template("adjudication/agreed.html", **_shown(desk, form)), 422 if request.method == "POST" else 200
    )


@pages.route("/first-pass", methods=["GET", "POST"])
def first_pass(article_id: str) -> Response:
    """Look at what the project's rule would settle, then let it."""
    user = current_user()
    try:
        desk = _open(user, article_id)
    except Conflict as error:
        return _closed(user, article_id, error)
    if desk.first_pass is None:
        flash("This project settles no question by rule. Its manager can choose one in the settings.", "error")
        return _go(article_id, None)
    form = AgreedForm()
    form.questions.choices = [(each, each) for each in request.form.getlist("questions")]
    if request.method == "POST" and form.validate():
        with transaction():
            settled = first_passes.apply(user, article_id, among=_looked_at(form.questions.data or ()))
        flash(f"{len(settled)} {'question is' if len(settled) == 1 else 'questions are'} settled by rule.", "success")
        return _go(article_id, None)
    page = render_template(
        "adjudication/first_pass.html",
        **_shown(desk, form),
        found=desk.first_pass,
        cards={card.view.id: card for card in desk.cards},
        left_words=first_passes.LEFT_WORDS,
    )
    return make_response(page, 422 if request.method == "POST" else 200)


@pages.post("/finish")
def finish(article_id: str) -> Response:
    """Close the adjudication."""
    try:
        with transaction():
            adjudication_phase.finish(current_user(), article_id)
    except Conflict as error:
        flash(str(error), "error")
    else:
        flash("The adjudication is finished: its gold set is exported from now on.", "success")
    return _go(article_id, None)


@pages.post("/reopen")
def reopen(article_id: str) -> Response:
    """Take the finish back."""
    with transaction():
        adjudication_phase.reopen(current_user(), article_id)
    flash("Reopened: decisions can be changed again, and the gold set is not exported until you finish.", "success")
    return _go(article_id, None)


def _looking(desk: AdjudicationPage) -> AdjudicationPage:
    """The page at the question that the query names; with `after`, at the next one that is open."""
    after = _question("after")
    if after is not None:
        return replace(desk, card=adjudication_page.next_card(desk, after))
    return replace(desk, card=adjudication_page.find_card(desk, _question("question")))


def _open(user: User, article_id: str) -> AdjudicationPage:
    """The page, with the list as the query asks for it."""
    order = next((each for each in Order if each == request.args.get("order")), Order.PLACE)
    kind = next((each for each in Kind if each == request.args.get("kind")), None)
    return adjudication_page.open_page(user, article_id, order=order, kind=kind)


def _looked_at(chosen: Iterable[str]) -> dict[UUID, UUID]:
    """Questions with the annotations that were shown, out of "UUID UUID"; what is damaged names nothing."""
    found = {}
    for each in chosen:
        question, _, annotation = each.partition(" ")
        try:
            found[UUID(question)] = UUID(annotation)
        except ValueError:
            continue
    return found


def _question(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def _shown(desk: AdjudicationPage, form: DecisionForm | AgreedForm) -> dict[str, object]:
    access = desk.found.access
    return {
        "desk": desk,
        "access": access,
        "project": access.project,
        "form": form,
        "orders": ORDERS,
        "reasons": MEANINGS,
        "rule_words": rule_words,
    }


def _whole(desk: AdjudicationPage, form: DecisionForm | None = None) -> str:
    return render_template(
        "adjudication/show.html",
        **_shown(desk, form or DecisionForm(formdata=None)),
        labels_json=article_page.labels_json(desk.form["labels"], desk.found.access.project),
        keys_json=article_page.keys_json(desk.user),
        single_keys=people.preferences_of(desk.user).single_keys,
        reasons_of=article_page.reasons_of,
        letter_of=marks.letter_of,
        **desk.form,
    )


def _refused(user: User, article_id: str, form: DecisionForm) -> Response:
    desk = _open(user, article_id)
    try:
        question = UUID(form.question.data)
    except (TypeError, ValueError):
        question = None
    card = adjudication_page.find_card(desk, question)
    return make_response(_whole(replace(desk, card=card), form), 422)


def _closed(user: User, article_id: str, error: Conflict) -> Response:
    """The page says why, and where to go from here."""
    found = articles.get_for(user, article_id)
    page = render_template(
        "adjudication/closed.html",
        found=found,
        access=found.access,
        project=found.access.project,
        reason=str(error),
    )
    return make_response(page, 409)


def _go(article_id: str, question: UUID | None) -> Response:
    place = url_for(
        "adjudication.show",
        article_id=article_id,
        question=question,
        order=request.args.get("order"),
        kind=request.args.get("kind"),
    )
    return make_response(redirect(place, 303))
