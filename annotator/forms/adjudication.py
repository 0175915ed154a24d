"""Answering the questions of an adjudication."""

from __future__ import annotations

from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import UUID, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from annotator.domain.decisions import MEANINGS
from annotator.forms.base import Form
from annotator.forms.comparing import ASPECTS, LONGEST_NOTE


class _AnswerForm(Form):
    """What every answer has: the question, the decision that it replaces, and the reasons."""

    question = HiddenField(validators=[UUID("This form is damaged. Open the page again.")])
    replaces = HiddenField()
    reasons = SelectMultipleField(
        "Why",
        choices={reason.value: meaning.words for reason, meaning in MEANINGS.items()},
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class DecisionForm(_AnswerForm):
    """An answer to a question. Each answer is a button: its value is the outcome and, to accept, the claim's UUID."""

    choice = HiddenField(validators=[InputRequired("Choose a version, or say that nothing is here.")])
    boundary_of = HiddenField()
    label_of = HiddenField()
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


class LinkDecisionForm(_AnswerForm):
    """An answer to a question about a link: each is a button, "accept LINK", "edit RELATION" or "no_link"."""

    choice = HiddenField(validators=[InputRequired("Choose a relation, or say that there is no link.")])
    aspect = SelectField("Aspect", choices=ASPECTS, default="")
    direction = SelectField(
        "Direction",
        default="",
        choices={
            "": "From the claim about the later time",
            "here": "From the claim here",
            "there": "From the other claim",
        },
        description="Of a relation that has one: qualifies, supersedes.",
    )
    note = TextAreaField(
        "Note on the link",
        validators=[Length(max=LONGEST_NOTE)],
        description="It stands in the gold link.",
        render_kw={"rows": 2},
    )
    justification = TextAreaField(
        "Note",
        validators=[Length(max=20_000)],
        description="With the reasons it says why you decided so.",
        render_kw={"rows": 2},
    )


class AgreedForm(Form):
    """The agreed questions that the adjudicator has looked at, by their ids."""

    questions = SelectMultipleField("Questions", validators=[InputRequired("There is nothing to accept.")])
