"""Corrected articles: a new version, and the place of a claim in it."""

from __future__ import annotations

from wtforms import BooleanField, FileField, TextAreaField
from wtforms.validators import NumberRange, Optional

from annotator.forms.base import Form, NumberField


class VersionForm(Form):
    """The corrected text, pasted or as a file. With `look_again` submitted reviews go on to it too."""

    text = TextAreaField("Corrected text", render_kw={"rows": 8})
    file = FileField("Or a file", description="Text, Markdown, HTML, or a document that import takes.")
    look_again = BooleanField(
        "Ask those who have submitted to look at it too",
        description="Their reviews open again on it. Without this, submitted work stays on the text that it was made on.",
    )


class PlaceForm(Form):
    """Where a claim stands: the proposed range, or a quote and, where it stands several times, the how manieth it is."""

    start = NumberField(validators=[Optional(), NumberRange(0)])
    end = NumberField(validators=[Optional(), NumberRange(1)])
    quote = TextAreaField()
    nth = NumberField(validators=[Optional(), NumberRange(1)])
