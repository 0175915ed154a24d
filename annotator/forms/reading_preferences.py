"""How a person wants to read."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.validators import InputRequired

from annotator.domain.preferences import LineHeight, TextSize, TextWidth, Typeface
from annotator.forms.base import Form

_CHOOSE = [InputRequired("Choose one.")]


class ReadingForm(Form):
    """How the text of articles is set, for one person."""

    text_size = RadioField(
        "Size",
        choices={"small": "Small", "medium": "Medium", "large": "Large", "huge": "Huge"},
        coerce=TextSize,
        validators=_CHOOSE,
    )
    line_height = RadioField(
        "Lines",
        choices={"tight": "Tight", "normal": "Normal", "loose": "Loose"},
        coerce=LineHeight,
        validators=_CHOOSE,
    )
    text_width = RadioField(
        "Width",
        choices={"narrow": "Narrow", "normal": "Normal", "wide": "Wide"},
        coerce=TextWidth,
        validators=_CHOOSE,
    )
    typeface = RadioField(
        "Typeface", choices={"serif": "Serif", "sans": "Sans serif"}, coerce=Typeface, validators=_CHOOSE
    )
    theme = RadioField(
        "Colours", choices={"auto": "As the device", "light": "Light", "dark": "Dark"}, validators=_CHOOSE
    )
