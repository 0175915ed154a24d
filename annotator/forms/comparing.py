"""Linking two claims of two articles."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from annotator.domain.claims import Aspect, Relation
from annotator.forms.base import Form

LONGEST_NOTE = 20_000
RELATIONS = {relation.value: relation.value.replace("_", " ").capitalize() for relation in Relation}
ASPECTS = {"": "Not given", **{aspect.value: aspect.value.capitalize() for aspect in Aspect}}


class LinkForm(Form):
    """A link between a claim of the left and one of the right article; the view gives the claims to choose from."""

    left_claim = SelectField("Claim on the left", validators=[InputRequired("Choose a claim of the left article.")])
    right_claim = SelectField("Claim on the right", validators=[InputRequired("Choose a claim of the right article.")])
    relation = RadioField(
        "Relation",
        choices=RELATIONS,
        validators=[InputRequired("Choose a relation.")],
    )
    aspect = SelectField("Aspect", choices=ASPECTS)
    note = TextAreaField("Note", validators=[Length(max=LONGEST_NOTE)], render_kw={"rows": 2})


class LinkChangeForm(Form):
    """What is done to a link: `act` is save, turn, confirm or delete."""

    act = HiddenField(validators=[InputRequired("This form is damaged. Open the page again.")])
    relation = SelectField("Relation", choices=RELATIONS)
    aspect = SelectField("Aspect", choices=ASPECTS)
    note = TextAreaField("Note", validators=[Length(max=LONGEST_NOTE)])
