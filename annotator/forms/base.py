"""What forms are made of."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.widgets import CheckboxInput

from annotator.errors import FieldProblem, Invalid
from annotator.forms.wording import Wording

_WORDING = Wording()


class Form(FlaskForm):  # type: ignore[misc]
    """The base of all forms."""

    class Meta:
        """In the words of this project."""

        def get_translations(self, _form: object) -> Wording:
            """Where WTForms looks its sentences up."""
            return _WORDING

    def refuse(self, error: Invalid) -> None:
        """Show what a service refused beside its fields; what belongs to no field of this form stands above them."""
        for problem in error.problems or (FieldProblem("", str(error)),):
            place = self[problem.field].errors if problem.field in self else self.form_errors
            if isinstance(place, tuple):
                self[problem.field].errors = [*place, problem.message]
            else:
                place.append(problem.message)


class EmptyForm(Form):
    """A button with its CSRF token and nothing else."""


class NumberField(IntegerField):
    """A whole number of at most nine digits: longer ones cannot even be compared with a bound."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Refuse what is too long before it is read."""
        if valuelist and len(valuelist[0].strip()) > 9:
            self.data = None
            raise ValueError("This number is too large.")
        super().process_formdata(valuelist)


def one_of_several() -> CheckboxInput:
    """A box of a group of which one must be ticked: no browser may ask for this very one."""
    box = CheckboxInput()
    box.validation_attrs = ["disabled"]
    return box
