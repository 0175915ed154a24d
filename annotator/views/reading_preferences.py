"""How a person wants to read: size, lines, width, face and colours, on a page of the account and in the menu of the text."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from annotator.db import transaction
from annotator.domain.preferences import Preferences
from annotator.forms.reading_preferences import ReadingForm
from annotator.models import User
from annotator.security import current_user
from annotator.services import people
from annotator.views.account import pages


@pages.get("/reading")
def show_reading() -> str:
    """The choices, and a few lines that show them."""
    return render_template("account/reading.html", form=reading_form(current_user()))


@pages.post("/reading")
def choose_reading() -> Response:
    """Keep the choices. A script that asks for JSON needs no page in answer."""
    user, form = current_user(), ReadingForm()
    by_script = request.accept_mimetypes.best == "application/json"
    if not form.validate():
        return make_response({"errors": form.errors} if by_script else _page(form), 422)
    with transaction():
        people.set_preferences(
            user,
            replace(
                people.preferences_to_change(user),
                text_size=form.text_size.data,
                line_height=form.line_height.data,
                text_width=form.text_width.data,
                typeface=form.typeface.data,
            ),
        )
        people.set_theme(user, form.theme.data)
    if by_script:
        return make_response("", 204)
    flash("Texts are set as you chose.", "success")
    return make_response(redirect(url_for("account.show_reading"), 303))


@pages.app_template_global("reading_form")
def reading_form(user: User) -> ReadingForm:
    """The form as the person chose, for the menu of the text."""
    chosen = people.preferences_of(user)
    return ReadingForm(
        formdata=None,
        text_size=chosen.text_size,
        line_height=chosen.line_height,
        text_width=chosen.text_width,
        typeface=chosen.typeface,
        theme=user.theme,
    )


@pages.app_template_global("looks_of")
def looks_of(user: User | None) -> dict[str, str]:
    """The attributes of the page's root that tell the style sheets how this person reads."""
    return people.preferences_of(user).looks if user else Preferences().looks


def _page(form: ReadingForm) -> str:
    return render_template("account/reading.html", form=form)
