"""Corrected articles: the versions of one side by side, bringing a new one in, and claims that wait for their place."""

from __future__ import annotations

import io
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.domain import differences, selectors
from annotator.domain.keys import Screen
from annotator.domain.spans import Span
from annotator.errors import Conflict, Invalid
from annotator.formats.files import rereadable
from annotator.formats.records import ArticleRecord
from annotator.forms.details import words_of
from annotator.forms.versions import PlaceForm, VersionForm
from annotator.models import User
from annotator.permissions import Action
from annotator.services import article_details, articles, comparing, copy_finding, corrected_claims, marks
from annotator.services import versions as versions_service
from annotator.templating import plural
from annotator.views import article_page
from annotator.views.articles import pages
from annotator.views.key_list import first_keys, keys_on

MOST_PLACES = 20


@pages.get("/versions")
def versions(article_id: str) -> str:
    """All versions, and what changed between two of them: the last two unless ?from= and ?to= say others."""
    return _versions(security.current_user(), article_id, VersionForm(formdata=None))


@pages.post("/versions")
def add_version(article_id: str) -> Response | tuple[str, int]:
    """Store a text that was pasted or uploaded as the next version."""
    user = security.current_user()
    project = articles.managed(user, article_id).access.project
    form = VersionForm()
    try:
        record = _record(form)
        with transaction():
            done = versions_service.add(user, article_id, record, look_again=bool(form.look_again.data))
            number = done.version.number
    except Invalid as error:
        form.refuse(error)
        return _versions(user, article_id, form), 422
    except Conflict as error:
        form.look_again.errors = [str(error)]
        return _versions(user, article_id, form), 409
    copy_finding.find_soon(project, by=user)
    if not done.new:
        flash(f"Version {number} has this text already.", "info")
    else:
        went = f" {plural(done.moved, 'open review')} went on to it." if done.moved else ""
        flash(f"Version {number} is stored.{went}", "success")
    return redirect(url_for(".versions", article_id=article_id), 303)


@pages.post("/look-again")
def look_again(article_id: str) -> Response:
    """Ask those who submitted an earlier version to look at the present one."""
    user = security.current_user()
    try:
        with transaction():
            moved = versions_service.look_again(user, article_id).moved
        flash(
            f"{plural(moved, 'review')} went on to the present version." if moved else "Nobody is to be asked.", "info"
        )
    except Conflict as error:
        flash(str(error), "error")
    return redirect(url_for(".versions", article_id=article_id), 303)


@pages.get("/claims-to-place")
def claims_to_place(article_id: str) -> str:
    """One's own claims that wait for their place in the corrected text."""
    return _waiting(security.current_user(), article_id)


@pages.post("/claims-to-place/<uuid:annotation_id>")
def place_claim(article_id: str, annotation_id: UUID) -> Response | tuple[str, int]:
    """Put a claim where it is proposed, or where a quote stands."""
    user = security.current_user()
    form = PlaceForm()
    places: list[Span] = []
    if form.validate():
        places = _meant(articles.get_for(user, article_id).version.text, form)
    problem = None if len(places) == 1 else _which(len(places))
    if problem is not None:
        return _waiting(user, article_id, annotation_id, problem=problem, quote=form.quote.data or ""), 422
    try:
        with transaction():
            corrected_claims.place(user, article_id, annotation_id, places[0])
    except Invalid as error:
        return _waiting(user, article_id, annotation_id, problem=str(error), quote=form.quote.data or ""), 422
    flash("The claim is in its place.", "success")
    return _on(article_id)


@pages.post("/claims-to-place/<uuid:annotation_id>/drop")
def drop_claim(article_id: str, annotation_id: UUID) -> Response:
    """Say that the claim does not stand in the corrected text."""
    user = security.current_user()
    with transaction():
        corrected_claims.drop(user, article_id, annotation_id)
    flash("The claim is dropped. Its history is kept.", "success")
    return _on(article_id)


def _on(article_id: str) -> Response:
    """To the claims that wait still; where none does, the page says so and leads on."""
    return redirect(url_for(".claims_to_place", article_id=article_id), 303)


def _versions(user: User, article_id: str, form: VersionForm) -> str:
    found = articles.get_for(user, article_id)
    readable = versions_service.readable(found)
    newest = readable[-1].number
    after = _number("to", newest, newest)
    before = _number("from", max(1, after - 1), newest)
    old, new = (versions_service.text_of(found, number) for number in (before, after))
    return render_template(
        "articles/versions.html",
        found=found,
        access=found.access,
        project=found.access.project,
        numbers=[each.number for each in readable],
        listed=versions_service.listed(found) if found.access.may(Action.IMPORT) else None,
        readable=list(reversed(readable)),
        old=old,
        new=new,
        changes=differences.changed_only(differences.between(old.text, new.text)) if before != after else [],
        form=form,
        corrections=article_details.history(article_id),
        doubtful=comparing.doubtful(user, found.access, article_id),
        words_of=words_of,
    )


def _waiting(
    user: User, article_id: str, annotation_id: UUID | None = None, *, problem: str = "", quote: str = ""
) -> str:
    found = articles.get_for(user, article_id)
    waiting = corrected_claims.waiting_of(found.assignment) if found.assignment is not None else []
    return render_template(
        "articles/claims_to_place.html",
        found=found,
        access=found.access,
        project=found.access.project,
        waiting=waiting,
        letter_of=marks.letter_of,
        at_fault=annotation_id,
        problem=problem,
        quote=quote,
        keys=first_keys(user),
        keys_json=article_page.keys_json(user),
        key_groups=keys_on(Screen.PLACE, user),
    )


def _number(name: str, otherwise: int, most: int) -> int:
    """The number of a version that the query names, if there is such a one."""
    wanted = request.args.get(name, "")
    return int(wanted) if wanted.isdecimal() and len(wanted) < 10 and 1 <= int(wanted) <= most else otherwise


def _record(form: VersionForm) -> ArticleRecord:
    """What was uploaded, else what was pasted. Raises Invalid with what is wrong with it."""
    uploaded = request.files.get("file")
    name, stream = "pasted text.txt", io.BytesIO((form.text.data or "").encode())
    if uploaded is not None and uploaded.filename:
        name, stream = uploaded.filename, io.BytesIO(uploaded.stream.read())
    elif not (form.text.data or "").strip():
        raise Invalid.field("text", "Paste the corrected text, or choose a file.")
    limit = current_app.extensions["annotator"].article_limit
    with rereadable(stream, name, limit=limit) as read:
        records = list(read())
    good = [record for record in records if isinstance(record, ArticleRecord)]
    if len(good) != 1 or len(records) != 1:
        errors = [str(record) for record in records if not isinstance(record, ArticleRecord)]
        raise Invalid.field("text", errors[0] if errors else "A version is one article: this file holds several.")
    return good[0]


def _meant(text: str, form: PlaceForm) -> list[Span]:
    """The places that the form can mean: the proposed one, or where its quote stands."""
    if not form.quote.data:
        start, end = form.start.data, form.end.data
        return [] if start is None or end is None else [Span(start, end)]
    places = _places(text, form.quote.data)
    nth = form.nth.data or 0
    return [places[nth - 1]] if 0 < nth <= len(places) else places


def _places(text: str, quote: str) -> list[Span]:
    for exact in (quote, quote.strip(), quote.strip().replace("\r\n", "\n")):
        found = [place for place, _ in zip(selectors.occurrences(text, exact), range(MOST_PLACES), strict=False)]
        if found:
            return found
    return []


def _which(places: int) -> str:
    if places > 1:
        return f"These words stand {places} times in the article. Quote more of them, or say which one you mean."
    return "The article does not say this. Copy the words from the text, quotation marks and all."
