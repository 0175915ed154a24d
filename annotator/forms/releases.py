"""Releases, and what they say of themselves."""

from __future__ import annotations

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from annotator.domain import semver
from annotator.domain.publication import Split
from annotator.forms.base import Form


class ReleaseForm(Form):
    """A new release."""

    version = StringField(
        "Version",
        validators=[DataRequired("Give it a number, such as 1.0.0."), Length(max=64)],
        description="Three numbers, such as 1.0.0: raise the first when labels or guideline change what a row means, "
        "the second for more articles, the third for mended claims.",
        render_kw={"autocomplete": "off", "spellcheck": "false", "placeholder": "1.0.0"},
    )
    note = TextAreaField("What is new in it", validators=[Length(max=2_000)], render_kw={"rows": 3})
    text = RadioField(
        "Text",
        choices={
            "full": "The articles too: only if you may pass them on",
            "context": "The claims' quotes, with 32 characters before and after",
            "none": "No text of others: places and hashes, for whoever has the articles",
        },
        default="context",
    )
    people = RadioField(
        "Reviewers and adjudicators",
        choices={
            "names": "Names",
            "pseudonyms": "Pseudonyms, the same in all releases of this project",
            "none": "Nobody is named",
        },
        default="names",
        description="Notes and justifications are published as they were written.",
    )
    split = StringField(
        "Train, dev and test",
        validators=[Length(max=20)],
        description="Shares in hundredths, such as 80/10/10. Copies of one text stay on one side. Empty: no split.",
        render_kw={"autocomplete": "off", "placeholder": "80/10/10"},
    )
    seed = StringField(
        "Seed of the split",
        validators=[Length(max=64)],
        description="Keep it from release to release, so that articles stay on their side. Empty: the project's short name.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def validate_version(self, version: StringField) -> None:
        """It is written as versions are; which one comes next only the stored releases tell."""
        try:
            semver.precedence((version.data or "").strip())
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def validate_split(self, split: StringField) -> None:
        """It is empty, or the shares of three parts."""
        shares = (split.data or "").strip()
        try:
            if shares:
                Split.of(shares, "")
        except ValueError as error:
            raise ValidationError(str(error)) from None


class DatasetCardForm(Form):
    """What releases say of themselves."""

    title = StringField("Title", validators=[Length(max=500)])
    description = TextAreaField(
        "Description", validators=[Length(max=20_000)], description="What it is, and what for.", render_kw={"rows": 4}
    )
    licence = StringField(
        "Licence",
        validators=[Length(max=2_000)],
        description="An SPDX identifier, such as CC-BY-4.0, or the address of its text. Without a licence nobody else may "
        "use the dataset.",
        render_kw={"autocomplete": "off"},
    )
    creators = TextAreaField(
        "Creators",
        validators=[Length(max=20_000)],
        description="People or organisations to cite, one on each line. They are published whatever reviewers are called.",
        render_kw={"rows": 3},
    )
    contact = StringField("Contact", validators=[Length(max=2_000)], description="An address that will last.")
    homepage = StringField(
        "Web address", validators=[Length(max=2_000)], description="Where the dataset is, or will be."
    )
    citation = TextAreaField(
        "How to cite it",
        validators=[Length(max=20_000)],
        description="A paper, if there is one.",
        render_kw={"rows": 2},
    )
    keywords = TextAreaField(
        "Keywords", validators=[Length(max=20_000)], description="One on each line.", render_kw={"rows": 3}
    )
    selection = TextAreaField("How the articles were chosen", validators=[Length(max=20_000)], render_kw={"rows": 3})
    uses = TextAreaField("What it is meant for", validators=[Length(max=20_000)], render_kw={"rows": 3})
    limits = TextAreaField("Known limits and biases", validators=[Length(max=20_000)], render_kw={"rows": 3})
    sensitive = TextAreaField("Personal or sensitive content", validators=[Length(max=20_000)], render_kw={"rows": 3})
    maintenance = TextAreaField("Who maintains it, and how", validators=[Length(max=20_000)], render_kw={"rows": 2})
