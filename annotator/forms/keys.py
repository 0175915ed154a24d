"""The keys of the annotate page."""

from __future__ import annotations

from wtforms import BooleanField, StringField
from wtforms.validators import Length

from annotator.domain import keys
from annotator.forms.base import Form


class KeysForm(Form):
    """The keys of every action, each in a field with the action's name."""

    single_keys = BooleanField(
        "Letters, digits, signs and the space bar act without Ctrl or Alt",
        description="Switch this off if you dictate, or press keys by accident: then only keys held with Ctrl or Alt "
        "act, and keys that type nothing, such as Delete.",
    )


for _action in keys.ACTIONS:
    setattr(
        KeysForm,
        _action.name,
        StringField(
            _action.words,
            validators=[Length(max=200, message="This is too long.")],
            render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
        ),
    )
