"""Signing in."""

from __future__ import annotations

from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from annotator.forms.base import Form


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        "E-mail address",
        validators=[InputRequired("Write your e-mail address."), Length(max=254, message="This address is too long.")],
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        "Password",
        validators=[InputRequired("Write your password.")],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
