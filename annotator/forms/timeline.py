"""What the timeline is asked for; it is in the address of the page."""

from __future__ import annotations

from wtforms import DateField, HiddenField, SearchField, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from annotator.domain.claims import Relation
from annotator.forms.base import Form

ANY = {"": "Any"}
RELATIONS = {
    Relation.CONTRADICTS: "Contradicts",
    Relation.QUALIFIES: "Qualifies",
    Relation.CORROBORATES: "Corroborates",
    Relation.SUPERSEDES: "Supersedes, superseded",
    Relation.SAME_WIRE_ORIGIN: "Same wire origin",
}
LAYERS = {"gold": "Gold claims", "reviewers": "Reviewers’ claims", "own": "Your own claims"}


class TimelineForm(Form):
    """Filters of the timeline; labels and layers are those of the project and of its reader."""

    class Meta:
        """It changes nothing."""

        csrf = False

    words = SearchField("Place or other word of the claim", validators=[Length(max=500)])
    speaker = StringField("Speaker", validators=[Length(max=500)])
    layer = SelectField("Show", default="")
    label = SelectField("Label", default="")
    relation = SelectField(
        "Linked by", choices={**ANY, **{each.value: words for each, words in RELATIONS.items()}}, default=""
    )
    since = DateField("From", validators=[Optional()])
    until = DateField("Until", validators=[Optional()])
    group = SelectField(
        "Rows of the picture", choices={"speaker": "Speakers", "article": "Articles"}, default="speaker"
    )
    order = SelectField(
        "Sorted by",
        choices={"date": "When it happened", "published": "Publication", "speaker": "Speaker"},
        default="date",
    )
    article = HiddenField("Article", validators=[Length(max=64)])

    def validate_until(self, until: DateField) -> None:
        """Refuse an end before the beginning."""
        if until.data and self.since.data and until.data < self.since.data:
            raise ValidationError("This is before the day from which on claims are shown.")
