"""Webhooks of a project, and where webhooks may lead."""

from __future__ import annotations

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import ListWidget

from annotator.domain.web_origins import LONGEST_ADDRESS
from annotator.domain.webhook_events import EVENTS
from annotator.forms.base import Form, one_of_several


class WebhookForm(Form):
    """A new webhook."""

    url = StringField(
        "Address",
        validators=[InputRequired("Write the address that messages go to."), Length(max=LONGEST_ADDRESS)],
        description="An administrator must have allowed its host.",
        render_kw={
            "autocomplete": "off",
            "spellcheck": "false",
            "inputmode": "url",
            "placeholder": "https://hooks.example.org/annotator",
        },
    )
    events = SelectMultipleField(
        "Tell it when",
        choices={event.value: words for event, words in EVENTS.items()},
        default=[event.value for event in EVENTS],
        validators=[InputRequired("Choose what it is told.")],
        widget=ListWidget(prefix_label=False),
        option_widget=one_of_several(),
    )


class OriginForm(Form):
    """A place that webhooks may lead to."""

    origin = StringField(
        "Address",
        validators=[InputRequired("Write an address."), Length(max=LONGEST_ADDRESS)],
        description="Scheme, host and port count; every path there is allowed.",
        render_kw={
            "autocomplete": "off",
            "spellcheck": "false",
            "inputmode": "url",
            "placeholder": "https://hooks.example.org",
        },
    )
    private = BooleanField(
        "It is in a private network",
        description="Without this, an address is refused when its name leads to this machine or its own network.",
    )
