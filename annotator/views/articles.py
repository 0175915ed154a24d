"""The annotate page: the article with the reader's marks, its fragments, and marking without script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from annotator.db import transaction
from annotator.domain import html, selectors
from annotator.domain.claims import Claim
from annotator.domain.spans import Span
from annotator.errors import Invalid, VersionRequired
from annotator.forms.articles import QuoteForm
from annotator.models import User
from annotator.permissions import Action
from annotator.security import current_user
from annotator.services import annotations as claims
from annotator.services import (
    assignment_lists,
    corrected_claims,
    guidelines,
    marks,
    passages_elsewhere,
    people,
    projects,
    reveals,
    rounds,
    suggestions,
)
from annotator.views import article_page, claim_list, others, pointing
from annotator.views.article_page import ArticlePage, Mode
from annotator.views.key_list import key_groups
from annotator.views.streaming import streamed

pages = Blueprint("articles", __name__, url_prefix="/articles/<article_id>")

_OFFSET = re.compile(r"\d{1,9}")
MOST_PLACES = 50


@pages.get("")
def annotate(article_id: str) -> Response:
    """The page: text, claims, forms."""
    user = current_user()
    page = article_page.open_page(user, article_id)
    return _whole(user, page, QuoteForm(formdata=None))


@pages.get("/blocks")
def blocks(article_id: str) -> str:
    """What a change touched: the blocks from `start` to `end`, the card of the `claim`, and a token to go on with."""
    user = current_user()
    page = article_page.open_page(user, article_id)
    stretch = _stretch(page)
    drawn: dict[str, Markup] = {}
    if stretch is not None and page.found.assignment is not None and page.mode is not Mode.READING:
        spans = marks.within(page.found.assignment.id, page.whole_parts(stretch))
        drawn = page.draw_touched(spans, stretch)
    return render_template("articles/_blocks.html", drawn=drawn, cards=_own_card(page))


@pages.post("/claims")
def add_claim(article_id: str) -> Response:
    """Mark a passage by quoting it; where it stands more than once the page asks which."""
    user = current_user()
    page = article_page.open_page(user, article_id)
    form = QuoteForm()
    _offer(form, page)
    if not form.validate():
        return make_response(_whole(user, page, form), 422)
    exact, places = _places(page.text, form.quote.data or "")
    chosen = [span for span in places if len(places) == 1 or str(span.start) == form.place.data]
    if not chosen:
        form.quote.errors = [_which(len(places))]
        return make_response(_whole(user, page, form, places=places), 422)
    claim = Claim(*chosen[0], exact, form.label.data, note=form.note.data or "")
    annotation_id = UUID(form.annotation.data) if form.annotation.data else uuid4()
    try:
        with transaction():
            claims.put(user, article_id, annotation_id, claim, if_version=None)
    except Invalid as error:
        form.refuse(error)
        return make_response(_whole(user, article_page.open_page(user, article_id), form), 422)
    except VersionRequired:
        # Who went back to a page that was sent already and wrote something else into it means another claim.
        form.annotation.data = str(uuid4())
        form.quote.errors = ["A claim was saved from this form already. Send it again to mark these words too."]
        return make_response(_whole(user, article_page.open_page(user, article_id), form), 422)
    flash("The claim is saved.", "success")
    return make_response(redirect(_address(article_id, f"claim-{annotation_id}"), 303))


def _whole(user: User, page: ArticlePage, form: QuoteForm, *, places: list[Span] | None = None) -> Response:
    listed = claim_list.claims_of(user, page)
    offered = article_page.choices(page, listed.labels)
    article, cards, fields = (html.placeholder() for _ in range(3))
    # Without script, a link asks for the rest of a long list.
    whole_list = request.args.get("list") == "whole"
    _offer(form, page, labels=[(label.key, label.name) for label in offered["offered"]])
    if not form.annotation.data:
        form.annotation.data = str(uuid4())
    project = page.found.access.project
    guideline = guidelines.shown_to(user, project)
    assignment = page.found.assignment
    asked = rounds.questions_to(user, article_id=page.found.article.id) if assignment and assignment.round > 1 else []
    following = assignment_lists.next_for(user, project) if page.mode is Mode.SUBMITTED else None
    beside = passages_elsewhere.beside(user, page.found.access, page.found.article.id, page.found.version.id)
    whole = render_template(
        "articles/annotate.html",
        page=page,
        access=page.found.access,
        project=project,
        following=following,
        asked=asked,
        same_text=beside.copies,
        elsewhere=beside.paragraphs,
        address_of=pointing.address_of,
        others=others.revealed_to(user, page.found),
        own_letter=others.own_letter(user, page.found),
        revealed_by=reveals.by_whom(page.found.article),
        may_correct=page.found.access.may(Action.IMPORT),
        to_place=corrected_claims.count(assignment.id) if assignment and page.found.version.number > 1 else 0,
        may_reveal=page.mode is Mode.READING and reveals.may_reveal(user, page.found),
        article=article,
        count=len(listed.rows),
        cards=cards,
        first_cards=claim_list.FIRST if len(listed.rows) > claim_list.FIRST and not whole_list else None,
        fields=fields,
        guideline=guideline,
        guideline_html=article_page.guideline_html(guideline.guideline.text) if guideline else "",
        suggestions_on=suggestions.wanted(user, project),
        offers=page.mode is Mode.OPEN and bool(beside.copies or beside.paragraphs),
        offers_on=people.preferences_of(user).offers,
        keys_json=article_page.keys_json(user),
        key_groups=key_groups(user, offered["offered"]),
        labels_json=article_page.labels_json(offered["labels"], project),
        reasons_of=article_page.reasons_of,
        letter_of=marks.letter_of,
        form=form,
        places=[(span, selectors.quote(page.text, span)) for span in places or []],
        **offered,
    )
    fillings = {
        article: page.draw_in_turn(listed.marks()),
        cards: listed.cards(whole=whole_list),
        fields: listed.fields(),
    }
    return streamed(whole, {place: filling for place, filling in fillings.items() if place in whole})


def _offer(form: QuoteForm, page: ArticlePage, *, labels: list[tuple[str, str]] | None = None) -> None:
    if labels is None:
        offered = projects.labels_of(page.found.access.project, retired=False)
        labels = [(label.key, label.name) for label in offered]
    form.label.choices = labels


def _places(text: str, quote: str) -> tuple[str, list[Span]]:
    """The quote as it stands in the text, and where: browsers send line ends as CR LF and people paste blanks around."""
    for exact in (quote, quote.strip(), quote.strip().replace("\r\n", "\n")):
        places = list(islice(selectors.occurrences(text, exact), MOST_PLACES))
        if places:
            return exact, places
    return quote, []


def _which(places: int) -> str:
    if places:
        return f"It stands {places} times in the article. Choose which one you mean."
    return "The article does not say this. Copy the words from the text, quotation marks and all."


def _own_card(page: ArticlePage) -> Iterable[Markup]:
    """The card of the reader's claim that the query names; none if it names no claim of theirs, or a deleted one."""
    try:
        annotation_id = UUID(request.args.get("claim", ""))
    except ValueError:
        return ()
    return claim_list.one_claim(page, annotation_id).cards()


def _stretch(page: ArticlePage) -> Span | None:
    given = [request.args.get(name, "") for name in ("start", "end")]
    if not any(given):
        return None
    if not all(_OFFSET.fullmatch(number) for number in given):
        raise Invalid.field("start", "'start' and 'end' are numbers of code points.")
    return Span(int(given[0]), min(int(given[1]), page.found.version.length))


def _address(article_id: str, anchor: str | None = None) -> str:
    return url_for("articles.annotate", article_id=article_id, _anchor=anchor)
