"""The labels of a project."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from annotator.forms.base import Form


class LabelForm(Form):
    """A label of the project."""

    name = StringField("Name", validators=[InputRequired("Name the label."), Length(max=64)])
    definition = TextAreaField("What it means", validators=[Length(max=2000)], render_kw={"rows": 3})
    tone = SelectField("Line and colour", coerce=int, choices={str(tone): f"Style {tone}" for tone in range(1, 9)})
    needs_speaker = BooleanField("A speaker")
    needs_reason = BooleanField("A reason")
    stances = SelectMultipleField(
        "Evidence that",
        choices={"supports": "supports it", "refutes": "refutes it", "qualifies": "qualifies it"},
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description="One item of a chosen kind is enough.",
    )
    reasons = TextAreaField(
        "Reasons",
        validators=[Length(max=8000)],
        description="One on each line: the key, a colon, and a sentence that explains it.",
        render_kw={"rows": 6},
    )


class NewLabelForm(LabelForm):
    """A new label: its key is asked once and never changes."""

    key = StringField(
        "Key",
        validators=[InputRequired("Choose a key."), Length(max=32)],
        description="It stands in exports: a-z, 0-9 and hyphens. It never changes; the name may.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
