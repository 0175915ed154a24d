"""The adjudicate page: the questions of an article, their answers, and closing it. Every step works without script."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from annotator.db import transaction
from annotator.domain.decisions import LINKED_SO, MEANINGS, rule_words
from annotator.domain.questions import Kind
from annotator.errors import Conflict, Invalid, NotFound
from annotator.forms.adjudication import AgreedForm, DecisionForm, LinkDecisionForm
from annotator.models import User
from annotator.security import current_user
from annotator.services import adjudication, adjudication_phase, articles, link_decisions, marks, people
from annotator.services.link_questions import id_of
from annotator.views import adjudication_answers as answers
from annotator.views import adjudication_looking, adjudication_page, article_page, link_cards
from annotator.views.adjudication_cards import ORDERS, Order
from annotator.views.adjudication_page import LINKS_ONLY, AdjudicationPage
from annotator.views.adjudication_words import LINK_OUTCOMES
from annotator.views.comparison import RELATIONS
from annotator.views.key_list import first_keys

pages = Blueprint("adjudication", __name__, url_prefix="/articles/<article_id>/adjudicate")


@pages.get("")
def show(article_id: str) -> Response:
    """The page: questions, text, decision."""
    user = current_user()
    try:
        desk = open_desk(user, article_id)
    except Conflict as error:
        return closed(user, article_id, error)
    return make_response(_whole(_looking(desk)))


@pages.get("/fragment")
def fragment(article_id: str) -> str:
    """The list of questions and the one that is looked at, after a change or a step to another question."""
    desk = _looking(open_desk(current_user(), article_id))
    return render_template("adjudication/_fragment.html", **shown(desk, DecisionForm(formdata=None)))


@pages.post("/decide")
def decide(article_id: str) -> Response:
    """Answer a question."""
    form = DecisionForm()
    return _answered(
        article_id,
        form,
        lambda user, question: adjudication.decide(user, article_id, question, answers.read(form, article_id)),
    )


@pages.post("/links")
def decide_link(article_id: str) -> Response:
    """Answer a question about a link."""
    form = LinkDecisionForm()
    return _answered(
        article_id,
        form,
        lambda user, question: link_decisions.decide(user, article_id, question, answers.read_link(form)),
    )


def _answered(
    article_id: str, form: DecisionForm | LinkDecisionForm, store: Callable[[User, UUID], object]
) -> Response:
    """Store the answer of the form and go on to the next question, or show again what was refused."""
    user = current_user()
    if not form.validate():
        return _refused(user, article_id, form)
    question = UUID(form.question.data)
    try:
        with transaction():
            store(user, question)
    except Invalid as error:
        form.refuse(error)
        return _refused(user, article_id, form)
    except Conflict as error:
        flash(str(error), "error")
        return go(article_id, question)
    return go(article_id, adjudication_looking.look_after(open_desk(user, article_id), question).question)


@pages.post("/links/undo/<decision_id>")
def undo_link(article_id: str, decision_id: str) -> Response:
    """Take a decision on a link back."""
    with transaction():
        decision = link_decisions.undo(current_user(), decision_id)
        question = id_of((decision.question_a, decision.question_b))
    flash("The decision is taken back, and its gold link with it; the question is open again.", "success")
    return go(article_id, question)


@pages.post("/undo/<decision_id>")
def undo(article_id: str, decision_id: str) -> Response:
    """Take a decision back."""
    if adjudication.article_of(decision_id) != article_id:
        raise NotFound
    with transaction():
        decision = adjudication.undo(current_user(), decision_id)
    flash("The decision is taken back; its question is open again.", "success")
    return go(article_id, decision.question)


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
    return go(article_id, None)


@pages.post("/reopen")
def reopen(article_id: str) -> Response:
    """Take the finish back."""
    with transaction():
        adjudication_phase.reopen(current_user(), article_id)
    flash("Reopened: decisions can be changed again, and the gold set is not exported until you finish.", "success")
    return go(article_id, None)


def _looking(desk: AdjudicationPage) -> AdjudicationPage:
    """The page at the question that the query names; with `after`, at the next one that is open."""
    after = _question("after")
    if after is not None:
        return adjudication_looking.look_after(desk, after)
    return adjudication_looking.look(desk, _question("question"))


def open_desk(user: User, article_id: str) -> AdjudicationPage:
    """The page, with the list as the query asks for it."""
    order = next((each for each in Order if each == request.args.get("order")), Order.PLACE)
    kind = next((each for each in Kind if each == request.args.get("kind")), None)
    only_links = request.args.get("kind") == LINKS_ONLY
    return adjudication_page.open_page(user, article_id, order=order, kind=kind, only_links=only_links)


def _question(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def shown(desk: AdjudicationPage, form: DecisionForm | LinkDecisionForm | AgreedForm) -> dict[str, object]:
    """What every template of these pages takes."""
    access = desk.found.access
    return {
        "desk": desk,
        "access": access,
        "project": access.project,
        "form": DecisionForm(formdata=None) if isinstance(form, LinkDecisionForm) else form,
        "orders": ORDERS,
        "reasons": MEANINGS,
        "rule_words": rule_words,
        "linked_so": LINKED_SO,
        "relation_words": link_cards.gold_words,
        "outcomes": LINK_OUTCOMES,
        "link_form": form if isinstance(form, LinkDecisionForm) else LinkDecisionForm(formdata=None),
        "relations": RELATIONS,
        "keys": first_keys(desk.user),
    }


def _whole(desk: AdjudicationPage, form: DecisionForm | LinkDecisionForm | None = None) -> str:
    return render_template(
        "adjudication/show.html",
        **shown(desk, form or DecisionForm(formdata=None)),
        labels_json=article_page.labels_json(desk.form["labels"], desk.found.access.project),
        keys_json=article_page.keys_json(desk.user),
        single_keys=people.preferences_of(desk.user).single_keys,
        reasons_of=article_page.reasons_of,
        letter_of=marks.letter_of,
        **desk.form,
    )


def _refused(user: User, article_id: str, form: DecisionForm | LinkDecisionForm) -> Response:
    desk = open_desk(user, article_id)
    try:
        question = UUID(form.question.data)
    except (TypeError, ValueError):
        question = None
    return make_response(_whole(adjudication_looking.look(desk, question), form), 422)


def closed(user: User, article_id: str, error: Conflict) -> Response:
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


def go(article_id: str, question: UUID | None) -> Response:
    """To the page at a question, with the list as it is shown."""
    place = url_for(
        "adjudication.show",
        article_id=article_id,
        question=question,
        order=request.args.get("order"),
        kind=request.args.get("kind"),
    )
    return make_response(redirect(place, 303))
