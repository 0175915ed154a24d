"""Many questions settled at once after a look at them: what all agree on, and what the project's rule takes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import Response, flash, make_response, render_template, request

from annotator.db import transaction
from annotator.errors import Conflict
from annotator.forms.adjudication import AgreedForm
from annotator.security import current_user
from annotator.services import adjudication
from annotator.services import first_pass as first_passes
from annotator.views import link_cards
from annotator.views.adjudication import closed, go, open_desk, pages, shown


@pages.route("/agreed", methods=["GET", "POST"])
def agreed(article_id: str) -> Response:
    """Look at everything that all reviewers agree on, then accept it at once."""
    user = current_user()
    try:
        desk = open_desk(user, article_id)
    except Conflict as error:
        return closed(user, article_id, error)
    ids = [str(card.view.id) for card in desk.agreed]
    ids += [str(card.view.id) for card in desk.agreed_links]
    form = AgreedForm()
    # What was decided meanwhile in another window is no longer open, and that is no fault of this form.
    form.questions.choices = [(each, each) for each in {*ids, *request.form.getlist("questions")}]
    if request.method == "POST" and form.validate():
        ticked = set(form.questions.data or ())
        with transaction():
            linked = {card.view.id for card in desk.agreed_links if str(card.view.id) in ticked}
            links = len(adjudication.accept_agreed_links(user, article_id, among=linked))
            among = {card.view.id for card in desk.agreed if str(card.view.id) in ticked}
            claims = len(adjudication.accept_agreed(user, article_id, among=among))
        flash(_gold_now(claims, links), "success")
        return go(article_id, None)
    return make_response(
        render_template("adjudication/agreed.html", **shown(desk, form)), 422 if request.method == "POST" else 200
    )


@pages.route("/first-pass", methods=["GET", "POST"])
def first_pass(article_id: str) -> Response:
    """Look at what the project's rule would settle, then let it."""
    user = current_user()
    try:
        desk = open_desk(user, article_id)
    except Conflict as error:
        return closed(user, article_id, error)
    if desk.first_pass is None:
        flash("This project settles no question by rule. Its manager can choose one in the settings.", "error")
        return go(article_id, None)
    form = AgreedForm()
    form.questions.choices = [(each, each) for each in request.form.getlist("questions")]
    if request.method == "POST" and form.validate():
        with transaction():
            chosen = form.questions.data or ()
            settled = len(first_passes.apply_to_links(user, article_id, among=_looked_at_links(chosen)))
            settled += len(first_passes.apply(user, article_id, among=_looked_at(chosen)))
        flash(f"{settled} {'question is' if settled == 1 else 'questions are'} settled by rule.", "success")
        return go(article_id, None)
    page = render_template(
        "adjudication/first_pass.html",
        **shown(desk, form),
        found=desk.first_pass,
        cards={card.view.id: card for card in desk.cards},
        link_cards={card.view.id: card for card in desk.links},
        link_words=link_cards.words_of,
        left_words=first_passes.LEFT_WORDS,
    )
    return make_response(page, 422 if request.method == "POST" else 200)


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


def _looked_at_links(chosen: Iterable[str]) -> dict[UUID, str]:
    """The same of questions about links, out of "UUID LINK"."""
    found = {}
    for each in chosen:
        question, _, link = each.partition(" ")
        try:
            found[UUID(question)] = link
        except ValueError:
            continue
    return found


def _gold_now(claims: int, links: int) -> str:
    """What was accepted, in words."""
    told = [f"{claims} agreed {'claim' if claims == 1 else 'claims'}"] if claims or not links else []
    told += [f"{links} agreed {'link' if links == 1 else 'links'}"] if links else []
    return f"{' and '.join(told)} {'is' if claims + links == 1 else 'are'} gold now."
