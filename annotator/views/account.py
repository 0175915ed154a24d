"""One's own account: name, password, colours, where one is signed in, and the tokens of one's programs."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from annotator import security
from annotator.db import now, transaction
from annotator.errors import Invalid
from annotator.forms.account import EVERY_PROJECT, NameForm, PasswordForm, ThemeForm, TokenForm
from annotator.forms.base import Form
from annotator.models import User
from annotator.services import people, projects, sign_in, tokens

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.get("")
def show() -> str:
    """Everything about one's account."""
    return _page(security.current_user())


@pages.post("/name")
def rename() -> Response:
    """Change one's name."""
    user, form = security.current_user(), NameForm()
    if form.validate():
        try:
            with transaction():
                people.rename(user, form.name.data or "", by=user)
            return _done("Your name is changed.")
        except Invalid as error:
            form.refuse(error)
    return _refused(user, name_form=form)


@pages.post("/theme")
def theme() -> Response:
    """Light, dark, or as the device."""
    user, form = security.current_user(), ThemeForm()
    if not form.validate():
        return _refused(user, theme_form=form)
    with transaction():
        people.set_theme(user, form.theme.data)
    return _done("The colours are changed.")


@pages.post("/password")
def password() -> Response:
    """Set a new password; every other session ends."""
    user, form = security.current_user(), PasswordForm()
    if form.validate():
        try:
            _check_present_password(user, form.present_password.data or "")
            hashed = people.hash_password(form.password.data or "")
            with transaction():
                people.set_password(user, hashed, by=user, keep=security.current_session())
            return _done("Your password is changed. You were signed out everywhere else.")
        except Invalid as error:
            form.refuse(error)
    return _refused(user, password_form=form)


@pages.post("/sessions/<id_hash>/end")
def end_session(id_hash: str) -> Response:
    """Sign out another browser, or this one."""
    user = security.current_user()
    if id_hash == security.current_session():
        return sign_out()
    with transaction():
        sign_in.end(user, id_hash)
    return _done("That browser is signed out.")


@pages.post("/sessions/end")
def end_sessions() -> Response:
    """Sign out every other browser."""
    user = security.current_user()
    with transaction():
        sign_in.end_all(user, keep=security.current_session())
    return _done("You were signed out everywhere else.")


@pages.post("/tokens")
def add_token() -> Response:
    """Make a token; the answer shows it, and nothing will show it again."""
    user = security.current_user()
    form = TokenForm(prefix="token-").offer(_projects_of(user))
    if form.validate():
        days = int(form.days.data)
        expires = now() + timedelta(days=days) if days else None
        try:
            with transaction():
                secret = tokens.add(
                    user,
                    form.name.data or "",
                    scopes=form.scope.data or (),
                    expires=expires,
                    project="" if form.project.data == EVERY_PROJECT else form.project.data,
                )
            return make_response(_page(user, secret=secret))
        except Invalid as error:
            form.refuse(error)
    return _refused(user, token_form=form)


@pages.post("/tokens/<token_id>/revoke")
def revoke_token(token_id: str) -> Response:
    """End a token for ever."""
    user = security.current_user()
    with transaction():
        token = tokens.revoke(user, token_id)
    return _done(f"The token “{token.name}” is revoked.")


@pages.post("/sign-out")
def sign_out() -> Response:
    """End this browser's session."""
    user = security.signed_in_user()
    if user is not None:
        with transaction():
            sign_in.sign_out(user, security.current_session())
    response = make_response(redirect(url_for("sign_in.show"), 303))
    security.end_session(response)
    flash("You are signed out.", "success")
    return response


def _check_present_password(user: User, present: str) -> None:
    if user.password_hash is None:
        return
    with transaction():
        sign_in.count_attempt(request.remote_addr or "", user.email)
    if not people.password_fits(user, present):
        raise Invalid.field("present_password", "This is not your present password.")
    with transaction():
        sign_in.forgive(user, request.remote_addr or "")


def _page(user: User, *, secret: str = "", **forms: Form) -> str:
    return render_template(
        "account/show.html",
        user=user,
        secret=secret,
        sessions=sign_in.sessions_of(user),
        this_session=security.current_session(),
        tokens=tokens.list_for(user),
        now=now(),
        name_form=forms.get("name_form") or NameForm(formdata=None, name=user.name),
        password_form=forms.get("password_form") or PasswordForm(formdata=None),
        theme_form=forms.get("theme_form") or ThemeForm(formdata=None, theme=user.theme),
        token_form=forms.get("token_form") or TokenForm(formdata=None, prefix="token-").offer(_projects_of(user)),
    )


def _projects_of(user: User) -> dict[str, str]:
    return {project.slug: project.name for project in projects.list_for(user)}


def _refused(user: User, **forms: Form) -> Response:
    return make_response(_page(user, **forms), 422)


def _done(words: str) -> Response:
    flash(words, "success")
    return make_response(redirect(url_for("account.show"), 303))
