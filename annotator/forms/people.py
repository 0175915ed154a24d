"""The people of a project."""

from __future__ import annotations

from wtforms import EmailField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from annotator.forms.base import Form


class MemberForm(Form):
    """A role for a person, found by address; an administrator may make the person here."""

    email = EmailField("E-mail address", validators=[InputRequired("Write the address."), Length(max=254)])
    name = StringField(
        "Name",
        validators=[Length(max=200)],
        description="Only needed for somebody who has no account yet.",
    )
    role = SelectField(
        "Role",
        choices={"reviewer": "Reviewer", "adjudicator": "Adjudicator", "manager": "Manager"},
        validators=[InputRequired("Choose a role.")],
    )
