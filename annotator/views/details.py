"""Correcting what is known of an article beside its text: one form, which never overwrites what somebody else corrected."""

from __future__ import annotations

import json
from dataclasses import asdict

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.db import transaction
from annotator.errors import FieldProblem, Invalid, Stale
from annotator.formats.fields import details_from_fields
from annotator.formats.records import ArticleDetails
from annotator.forms.details import DETAILS, DetailsForm, words_of
from annotator.models import User
from annotator.services import article_details, comparing
from annotator.services.article_details import Detailed
from annotator.templating import plural
from annotator.views.articles import pages


@pages.get("/details")
def details(article_id: str) -> str:
    """The details of the present version, or of that of ?version=, in a form."""
    shown = article_details.shown(security.current_user(), article_id, _number())
    return _page(shown, _filled(shown))


@pages.post("/details")
def change_details(article_id: str) -> Response | tuple[str, int]:
    """Store what was corrected; if somebody else was faster, show what stands now beside it."""
    user, number = security.current_user(), _number()
    shown = article_details.shown(user, article_id, number)
    form = DetailsForm()
    if not form.validate():
        return _page(shown, form), 422
    try:
        wanted = _wanted(form)
        with transaction():
            done = article_details.change(user, article_id, asdict(wanted), as_of=form.edition.data or 0, number=number)
            changed = done.fields
    except Invalid as error:
        form.refuse(error)
        return _page(shown, form), 422
    except Stale:
        shown = article_details.shown(user, article_id, number)
        return _page(shown, *_beside(shown, form), meanwhile=True), 412
    if not changed:
        flash("The details say that already, so nothing was changed.", "info")
    else:
        flash(f"Corrected: {', '.join(words_of(name).lower() for name in changed)}.", "success")
    if "published" in changed:
        _point_out(user, article_id)
    return redirect(url_for(".versions", article_id=article_id), 303)


def _point_out(user: User, article_id: str) -> None:
    """Tell of the contradictions that the day speaks against, as far as the person may see them."""
    access = article_details.shown(user, article_id).found.access
    doubtful = len(comparing.doubtful(user, access, article_id))
    if doubtful:
        flash(
            f"{plural(doubtful, 'contradiction')} cannot be one with the dates as they are now: see below.", "warning"
        )


def _page(shown: Detailed, form: DetailsForm, now: dict[str, str] | None = None, *, meanwhile: bool = False) -> str:
    return render_template(
        "articles/details.html",
        found=shown.found,
        access=shown.found.access,
        project=shown.found.access.project,
        version=shown.version,
        form=form,
        details=DETAILS,
        now=now or {},
        meanwhile=meanwhile,
    )


def _filled(shown: Detailed) -> DetailsForm:
    said = _said(shown.details)
    return DetailsForm(formdata=None, data=said | {"edition": shown.edition, "was": json.dumps(said)})


def _beside(shown: Detailed, form: DetailsForm) -> tuple[DetailsForm, dict[str, str]]:
    """The form once more, for the details as they stand now, and what these say where the person wrote something else.

    What they left as it was follows what stands now.
    """
    said, was = _said(shown.details), _was(form)
    given = {name: (form[name].data or "").strip() for name in DETAILS}
    kept = {name: said[name] if given[name] == was.get(name) else given[name] for name in DETAILS}
    again = DetailsForm(formdata=None, data=kept | {"edition": shown.edition, "was": json.dumps(said)})
    return again, {name: said[name] for name in DETAILS if kept[name] != said[name]}


def _wanted(form: DetailsForm) -> ArticleDetails:
    found = details_from_fields({name: form[name].data for name in DETAILS})
    if isinstance(found, ArticleDetails):
        return found
    raise Invalid(
        "Something of this cannot be stored.", [FieldProblem(each.field or "", each.problem) for each in found]
    )


def _said(details: ArticleDetails) -> dict[str, str]:
    """The details as the fields write them."""
    return {name: str(getattr(details, name) or "") for name in DETAILS}


def _was(form: DetailsForm) -> dict[str, str]:
    """What the page had shown; nothing if the form was damaged, and then all that it holds counts as written."""
    try:
        was = json.loads(form.was.data or "")
    except ValueError:
        return {}
    return was if isinstance(was, dict) else {}


def _number() -> int | None:
    """The number of the version that the query names."""
    wanted = request.args.get("version", "")
    return int(wanted) if wanted.isdecimal() and wanted.isascii() and len(wanted) < 10 else None
