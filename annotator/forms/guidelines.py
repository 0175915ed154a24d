"""The guideline of a project."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from annotator.forms.base import Form


class GuidelineForm(Form):
    """The guideline, in Markdown."""

    text = TextAreaField(
        "Guideline",
        validators=[DataRequired("Write the guideline."), Length(max=100_000)],
        description="Markdown. Each change is a new version; every claim is stamped with the version in force.",
        render_kw={"rows": 24},
    )
