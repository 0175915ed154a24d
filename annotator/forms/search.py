"""What the search of a project is asked for; it is in the address of the page."""

from __future__ import annotations

from wtforms import BooleanField, DateField, SearchField, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from annotator.forms.base import Form

ANY = {"": "Any"}
KINDS = {"articles": "Articles", "claims": "Claims", "speakers": "Speakers", "evidence": "Evidence"}


class SearchForm(Form):
    """Words and filters; labels and languages are those of the project."""

    class Meta:
        """It changes nothing."""

        csrf = False

    q = SearchField("Words", validators=[Length(max=2_000)])
    kind = SelectField("Look in", choices=KINDS, default="articles")
    source = StringField("Publisher or agency", validators=[Length(max=200)])
    language = SelectField("Language", default="")
    since = DateField("Published from", validators=[Optional()])
    until = DateField("Published until", validators=[Optional()])
    label = SelectField("Label", default="")
    speaker = StringField("Speaker", validators=[Length(max=200)])
    own = BooleanField("Only my own claims")

    def validate_until(self, until: DateField) -> None:
        """Refuse an end before the beginning."""
        if until.data and self.since.data and until.data < self.since.data:
            raise ValidationError("This is before the day from which on is searched.")
