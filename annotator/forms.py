"""The forms of pages, in the user's words. Text comes in as it was typed; only addresses lose blanks around them.

NUL and halves of surrogate pairs never get here: security refuses them in every field of every form.
"""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from annotator.errors import FieldProblem, Invalid


class Form(FlaskForm):  # type: ignore[misc]
    """The base of all forms."""

    def refuse(self, error: Invalid) -> None:
        """Show what a service refused beside its fields; what belongs to no field of this form stands above them."""
        for problem in error.problems or (FieldProblem("", str(error)),):
            place = self[problem.field].errors if problem.field in self else self.form_errors
            if isinstance(place, tuple):
                self[problem.field].errors = [*place, problem.message]
            else:
                place.append(problem.message)


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


class EmptyForm(Form):
    """A button with its CSRF token and nothing else."""


class NameForm(Form):
    """What colleagues call the person."""

    name = StringField(
        "Name",
        validators=[InputRequired("Write your name.")],
        description="Colleagues see it beside what you did.",
        render_kw={"autocomplete": "name"},
    )


class PasswordForm(Form):
    """A new password; the present one is asked where there is one."""

    current = PasswordField("Present password", render_kw={"autocomplete": "current-password"})
    password = PasswordField(
        "New password",
        validators=[InputRequired("Write the new password.")],
        description="10 to 128 characters. Four unrelated words are good.",
        render_kw={"autocomplete": "new-password"},
    )


class ThemeForm(Form):
    """Light or dark."""

    theme = RadioField(
        "Colours",
        choices={"auto": "As the device", "light": "Light", "dark": "Dark"},
        validators=[InputRequired("Choose one.")],
    )


class TokenForm(Form):
    """A new API token."""

    name = StringField(
        "Name",
        validators=[InputRequired("Name the token.")],
        description="What will use it, for example “export script”.",
    )
    scope = RadioField(
        "It may",
        choices={"read": "read", "write": "read and write"},
        default="read",
        validators=[InputRequired("Choose one.")],
    )
    days = SelectField(
        "It expires",
        validators=[InputRequired("Choose when it expires.")],
        choices={"30": "after 30 days", "90": "after 90 days", "365": "after a year", "0": "never"},
        default="90",
    )
