"""A project and its settings."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, FloatField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from annotator.forms.base import Form, NumberField
from annotator.models import Project


class WorkForm(Form):
    """The settings of how work is given out: the pool, training, second looks. Shares are asked in percent."""

    return_after_days = NumberField(
        "A review goes back to the pool after so many days without a change",
        validators=[Optional(), NumberRange(1, 3650, "Choose 1 to 3,650 days.")],
        description="Empty: never. It happens when articles are given out; the marks are kept.",
        render_kw={"min": 1, "max": 3650},
    )
    pass_mark = NumberField(
        "Pass mark in training, in percent",
        validators=[Optional(), NumberRange(1, 100, "Choose 1 to 100 %%.")],
        description="Empty: no training. New reviewers do the training articles first and are given others once their "
        "mean score reaches the mark. Who has submitted a review here counts as qualified.",
        render_kw={"min": 1, "max": 100},
    )
    second_look_share = NumberField(
        "Second looks, in percent of the reviews",
        default=0,
        validators=[Optional(), NumberRange(0, 50, "Choose 0 to 50 %%.")],
        description="0: none. So many articles come back to the same reviewer, to see how steady the marking is.",
        render_kw={"min": 0, "max": 50},
    )
    second_look_after_days = NumberField(
        "Days until a second look",
        default=21,
        validators=[Optional(), NumberRange(1, 3650, "Choose 1 to 3,650 days.")],
        description="Counted from the submit, and not before the adjudication is finished.",
        render_kw={"min": 1, "max": 3650},
    )

    def work(self) -> dict[str, Any]:
        """What was written, as the project keeps it."""
        mark, share = self.pass_mark.data, self.second_look_share.data
        return {
            "return_after_days": self.return_after_days.data,
            "pass_mark": None if mark is None else mark / 100,
            "second_look_share": (share or 0) / 100,
            "second_look_after_days": self.second_look_after_days.data or 21,
        }

    @staticmethod
    def work_of(project: Project) -> dict[str, Any]:
        """What the fields show of `project`."""
        return {
            "return_after_days": project.return_after_days,
            "pass_mark": None if project.pass_mark is None else round(100 * project.pass_mark),
            "second_look_share": round(100 * project.second_look_share),
            "second_look_after_days": project.second_look_after_days,
        }


class SettingsForm(WorkForm):
    """The settings of a project."""

    name = StringField("Name", validators=[InputRequired("Name the project."), Length(max=200)])
    description = TextAreaField("What it is about", validators=[Length(max=2000)], render_kw={"rows": 3})
    reviewers = NumberField(
        "Reviewers for each article",
        default=2,
        validators=[InputRequired("Say how many."), NumberRange(1, 20, "Choose 1 to 20.")],
        render_kw={"min": 1, "max": 20},
    )
    blind = RadioField(
        "While they review",
        choices={"blind": "reviewers do not see each other's claims", "open": "they do, after their own submit"},
        default="blind",
        validators=[InputRequired("Choose one.")],
    )
    evidence = RadioField(
        "A claim that lacks what its label must carry",
        choices={"required": "cannot be submitted", "warn": "is pointed out on submit", "off": "is not checked"},
        default="warn",
        validators=[InputRequired("Choose one.")],
    )
    snap_to_words = BooleanField(
        "Selections grow to whole words",
        default=True,
        description="Who holds Alt while selecting marks exactly what they select.",
    )
    suggestions = BooleanField(
        "Reviewers may have passages suggested",
        description="Sentences with numbers, quotations or words like “said” and “reportedly”, never with a label. "
        "Each reviewer switches them on for themselves, and exports say which claims began as a suggestion.",
    )
    discussion = BooleanField(
        "Articles can be revealed and discussed after the blind vote",
        description="Between the last submit and the first decision an adjudicator or manager may show the reviewers of "
        "an article each other’s claims. They discuss and may change their own; agreement counts what they had first.",
    )

    merge_strategy = RadioField(
        "First pass of an adjudication",
        choices={
            "none": "none: a person decides every question",
            "unanimous": "questions on which all reviewers agree in everything may be settled together",
            "majority": "questions on which most of the reviewers agree, too",
        },
        default="none",
        validators=[InputRequired("Choose one.")],
        description="It never runs by itself: the adjudicator sees what it would take and starts it. What it decides "
        "is marked as decided by rule and can be undone.",
    )
    merge_threshold = FloatField(
        "Share that a majority needs",
        default=0.75,
        validators=[InputRequired("Say which share."), NumberRange(0.5, 1, "Choose 0.5 to 1.")],
        description="Of all reviewers of the article, those too who marked nothing. Two of three are never enough.",
        render_kw={"min": 0.5, "max": 1, "step": "any"},
    )


class ProjectForm(SettingsForm):
    """A new project: its short name is asked once."""

    slug = StringField(
        "Short name",
        validators=[InputRequired("Choose a short name.")],
        description="It stands in addresses and files: a-z, 0-9 and hyphens. It cannot be changed later.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
