"""The forms of pages, in the user's words. Text comes in as it was typed; only addresses lose blanks around them.

NUL and halves of surrogate pairs never get here: security refuses them in every field of every form.
"""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FloatField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import UUID, DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from annotator.domain.decisions import MEANINGS
from annotator.domain.scopes import SCOPES, Scope
from annotator.errors import FieldProblem, Invalid
from annotator.models import Project


class Form(FlaskForm):  # type: ignore[misc]
    """The base of all forms."""

    def refuse(self, error: Invalid) -> None:
        """Show what a service refused beside its fields; what belongs to no field of this form stands above them."""
        for problem in error.problems or (FieldProblem("", str(error)),):
            place = self[problem.field].errors if problem.field in self else self.form_errors
            if isinstance(place, tuple):
                self[problem.field].errors = [*place, problem.message]
            else:
                place.append(problem.message)


class NumberField(IntegerField):
    """A whole number of at most nine digits: longer ones cannot even be compared with a bound."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Refuse what is too long before it is read."""
        if valuelist and len(valuelist[0].strip()) > 9:
            self.data = None
            raise ValueError("This number is too large.")
        super().process_formdata(valuelist)


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        "E-mail address",
        validators=[InputRequired("Write your e-mail address."), Length(max=254, message="This address is too long.")],
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        "Password",
        validators=[InputRequired("Write your password.")],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class EmptyForm(Form):
    """A button with its CSRF token and nothing else."""


class NameForm(Form):
    """What colleagues call the person."""

    name = StringField(
        "Name",
        validators=[InputRequired("Write your name.")],
        description="Colleagues see it beside what you did.",
        render_kw={"autocomplete": "name"},
    )


class PasswordForm(Form):
    """A new password; the present one is asked where there is one."""

    current = PasswordField("Present password", render_kw={"autocomplete": "current-password"})
    password = PasswordField(
        "New password",
        validators=[InputRequired("Write the new password.")],
        description="10 to 128 characters. Four unrelated words are good.",
        render_kw={"autocomplete": "new-password"},
    )


class ThemeForm(Form):
    """Light or dark."""

    theme = RadioField(
        "Colours",
        choices={"auto": "As the device", "light": "Light", "dark": "Dark"},
        validators=[InputRequired("Choose one.")],
    )


class TokenForm(Form):
    """A new API token."""

    name = StringField(
        "Name",
        validators=[InputRequired("Name the token.")],
        description="What will use it, for example “export script”.",
    )
    scope = SelectMultipleField(
        "It may",
        choices={scope.value: words for scope, words in SCOPES.items()},
        default=[Scope.READ.value],
        validators=[InputRequired("Choose what it may do.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = SelectField(
        "It expires",
        validators=[InputRequired("Choose when it expires.")],
        choices={"30": "after 30 days", "90": "after 90 days", "365": "after a year", "0": "never"},
        default="90",
    )


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


class DecisionForm(Form):
    """An answer to a question. Each answer is a button: its value is the outcome and, to accept, the claim's UUID."""

    question = HiddenField(validators=[UUID("This form is damaged. Open the page again.")])
    replaces = HiddenField()
    choice = HiddenField(validators=[InputRequired("Choose a version, or say that nothing is here.")])
    boundary_of = HiddenField()
    label_of = HiddenField()
    reasons = SelectMultipleField(
        "Why",
        choices={reason.value: meaning.words for reason, meaning in MEANINGS.items()},
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    justification = TextAreaField(
        "Note",
        validators=[Length(max=20_000)],
        description="With the reasons it is the justification in the gold set. To send back, write your question here.",
        render_kw={"rows": 2},
    )
    as_of = DateField(
        "As of",
        validators=[Optional()],
        description="The day up to which you looked, if the label depends on it.",
    )


class AgreedForm(Form):
    """The agreed questions that the adjudicator has looked at, by their ids."""

    questions = SelectMultipleField("Questions", validators=[InputRequired("There is nothing to accept.")])


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


class MemberForm(Form):
    """A role for a person, found by address; an administrator may make the person here."""

    email = EmailField("E-mail address", validators=[InputRequired("Write the address."), Length(max=254)])
    name = StringField(
        "Name",
        validators=[Length(max=200)],
        description="Only needed for somebody who has no account yet.",
    )
    role = SelectField(
        "Role",
        choices={"reviewer": "Reviewer", "adjudicator": "Adjudicator", "manager": "Manager"},
        validators=[InputRequired("Choose a role.")],
    )


class LabelForm(Form):
    """A label of the project."""

    name = StringField("Name", validators=[InputRequired("Name the label."), Length(max=64)])
    definition = TextAreaField("What it means", validators=[Length(max=2000)], render_kw={"rows": 3})
    tone = SelectField("Line and colour", coerce=int, choices={str(tone): f"Style {tone}" for tone in range(1, 9)})
    needs_speaker = BooleanField("A speaker")
    needs_reason = BooleanField("A reason")
    stances = SelectMultipleField(
        "Evidence that",
        choices={"supports": "supports it", "refutes": "refutes it", "qualifies": "qualifies it"},
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description="One item of a chosen kind is enough.",
    )
    reasons = TextAreaField(
        "Reasons",
        validators=[Length(max=8000)],
        description="One on each line: the key, a colon, and a sentence that explains it.",
        render_kw={"rows": 6},
    )


class NewLabelForm(LabelForm):
    """A new label: its key is asked once and never changes."""

    key = StringField(
        "Key",
        validators=[InputRequired("Choose a key."), Length(max=32)],
        description="It stands in exports: a-z, 0-9 and hyphens. It never changes; the name may.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


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


class GuidelineForm(Form):
    """The guideline, in Markdown."""

    text = TextAreaField(
        "Guideline",
        validators=[DataRequired("Write the guideline."), Length(max=100_000)],
        description="Markdown. Each change is a new version; every claim is stamped with the version in force.",
        render_kw={"rows": 24},
    )
