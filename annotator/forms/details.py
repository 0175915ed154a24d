"""What is known of an article beside its text."""

from __future__ import annotations

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from annotator.forms.base import Form, NumberField


class DetailsForm(Form):
    """The details of an article. What each may hold is checked where all formats check it (formats/fields.py).

    `edition` is that of the details which the page showed, and `was` what they said, as JSON.
    """

    title = StringField("Title", description="Without one the article is called by its first sentence.")
    publisher = StringField("Publisher")
    agency = StringField(
        "Agency", description="Whose copy it is. Two articles of one agency are no independent reports of anything."
    )
    byline = StringField("Byline")
    published = StringField(
        "Published",
        description="The day of claims without a date.",
        render_kw={"type": "date"},
    )
    language = StringField("Language", description="As a tag: en, pt-BR, zh-Hant.", render_kw={"spellcheck": "false"})
    url = StringField("Address", description="https://… or http://…", render_kw={"inputmode": "url"})
    group = StringField(
        "Group", description="Articles of one group go to the same reviewers. Whoever has the article keeps it."
    )
    edition = NumberField(
        widget=HiddenInput(),
        validators=[InputRequired("This form is damaged. Open the page again."), NumberRange(1)],
    )
    was = HiddenField()


DETAILS = ("title", "publisher", "agency", "byline", "published", "language", "url", "group")
"""The fields that are details, as the page shows them."""


def words_of(name: str) -> str:
    """What a detail is called on a page."""
    words: str = getattr(DetailsForm, name).args[0]
    return words
