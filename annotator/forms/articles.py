"""Marking claims in an article."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import UUID, InputRequired, Optional

from annotator.forms.base import Form


class QuoteForm(Form):
    """A claim marked by quoting it, for who has no script or no pointer. `place` is where the quote starts."""

    annotation = HiddenField(validators=[Optional(), UUID("This form is damaged. Open the page again.")])
    quote = TextAreaField(
        "Quote",
        validators=[InputRequired("Paste the words of the claim.")],
        description="Word for word, as it stands in the article.",
        render_kw={"rows": 3},
    )
    place = HiddenField()
    label = RadioField("Label", validators=[InputRequired("Choose a label.")])
    note = TextAreaField("Note", render_kw={"rows": 2})
