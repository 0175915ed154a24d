"""Answering the questions of an adjudication."""

from __future__ import annotations

from wtforms import DateField, HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import UUID, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from annotator.domain.decisions import MEANINGS
from annotator.forms.base import Form


class DecisionForm(Form):
    """An answer to a question. Each answer is a button: its value is the outcome and, to accept, the claim's UUID."""

    question = HiddenField(validators=[UUID("This form is damaged. Open the page again.")])
    replaces = HiddenField()
    choice = HiddenField(validators=[InputRequired("Choose a version, or say that nothing is here.")])
    boundary_of = HiddenField()
    label_of = HiddenField()
    reasons = SelectMultipleField(
        "Why",
        choices={reason.value: meaning.words for reason, meaning in MEANINGS.items()},
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    justification = TextAreaField(
        "Note",
        validators=[Length(max=20_000)],
        description="With the reasons it is the justification in the gold set. To send back, write your question here.",
        render_kw={"rows": 2},
    )
    as_of = DateField(
        "As of",
        validators=[Optional()],
        description="The day up to which you looked, if the label depends on it.",
    )


class AgreedForm(Form):
    """The agreed questions that the adjudicator has looked at, by their ids."""

    questions = SelectMultipleField("Questions", validators=[InputRequired("There is nothing to accept.")])
