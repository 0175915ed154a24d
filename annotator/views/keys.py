"""The keys of the pages where people work, for the person to see, change and switch off; they hang on the account's pages."""

from __future__ import annotations

import json

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from annotator.db import transaction
from annotator.domain import keys
from annotator.errors import Invalid
from annotator.forms.keys import KeysForm
from annotator.models import User
from annotator.security import current_user
from annotator.services import own_keys, people
from annotator.views.account import pages


@pages.get("/keys")
def show_keys() -> str:
    """All keys as the person has them."""
    user = current_user()
    return _page(user, _filled(user))


@pages.post("/keys")
def change_keys() -> Response:
    """Give actions other keys; nothing is changed if one of them cannot be had."""
    user, form = current_user(), KeysForm()
    typed = {action.name: form[action.name].data or "" for action in keys.ACTIONS if action.name in request.form}
    if form.validate():
        try:
            with transaction():
                own_keys.choose(user, typed, single_keys=form.single_keys.data)
            return _done("Your keys are changed.")
        except Invalid as error:
            form.refuse(error)
    return make_response(_page(user, form), 422)


@pages.post("/keys/reset")
def reset_keys() -> Response:
    """Give one action, or with no name all of them, the keys that everybody has."""
    user, action = current_user(), request.form.get("action", "")
    try:
        with transaction():
            if action:
                own_keys.reset(user, action)
            else:
                own_keys.reset_all(user)
    except Invalid as error:
        form = _filled(user)
        form.refuse(error)
        return make_response(_page(user, form), 422)
    return _done("The keys are what everybody has." if not action else "The key is what everybody has.")


@pages.app_template_global("search_keys_of")
def search_keys_of(user: User) -> str:
    """The keys that lead to the search from every page of a project, for its script; none if they are switched off."""
    chosen = people.preferences_of(user)
    return json.dumps({"search": keys.pressed(chosen.keys, single_keys=chosen.single_keys)["search"]})


def _filled(user: User) -> KeysForm:
    chosen = people.preferences_of(user)
    written = {name: " ".join(own) for name, own in keys.effective(chosen.keys).items()}
    return KeysForm(formdata=None, data={"single_keys": chosen.single_keys, **written})


def _page(user: User, form: KeysForm) -> str:
    chosen = people.preferences_of(user)
    return render_template(
        "account/keys.html", form=form, groups=keys.grouped({}), changed=set(chosen.keys), single=chosen.single_keys
    )


def _done(words: str) -> Response:
    flash(words, "success")
    return make_response(redirect(url_for("account.show_keys"), 303))
