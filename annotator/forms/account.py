"""A person's own account: name, password, colours, API tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from wtforms import PasswordField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import ListWidget

from annotator.domain.scopes import SCOPES, Scope
from annotator.forms.base import Form, one_of_several


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

    present_password = PasswordField("Present password", render_kw={"autocomplete": "current-password"})
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


EVERY_PROJECT = "*"
"""What no project is called."""


class TokenForm(Form):
    """A new API token."""

    name = StringField(
        "Name",
        validators=[InputRequired("Name the token.")],
        description="What will use it, for example “export script”.",
    )
    scope = SelectMultipleField(
        "It may",
        choices={scope.value: words for scope, words in SCOPES.items()},
        default=[Scope.READ.value],
        validators=[InputRequired("Choose what it may do.")],
        widget=ListWidget(prefix_label=False),
        option_widget=one_of_several(),
    )
    project = SelectField(
        "Good for",
        validators=[DataRequired("Choose what it is good for.")],
        description="A token of one project finds nothing of any other.",
        default=EVERY_PROJECT,
    )
    days = SelectField(
        "It expires",
        validators=[InputRequired("Choose when it expires.")],
        choices={"30": "after 30 days", "90": "after 90 days", "365": "after a year", "0": "never"},
        default="90",
    )

    def offer(self, projects: Mapping[str, str]) -> Self:
        """Let it be limited to one of the projects, given as names by short name."""
        self.project.choices = [(EVERY_PROJECT, "all of your projects"), *projects.items()]
        return self
