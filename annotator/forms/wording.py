"""What a field says when something is wrong with it, where its form has no words of its own: the way out, not the fault."""

from __future__ import annotations

_NUMBER = "Write a whole number, for example 2."
_CHOICE = "This cannot be chosen here. Choose again."

WORDS = {
    "This field is required.": "Fill this in.",
    "Not a valid choice.": _CHOICE,
    "Invalid Choice: could not coerce.": _CHOICE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOICE,
    "'%(value)s' is not a valid choice for this field.": _CHOICE,
    "'%(value)s' are not valid choices for this field.": _CHOICE,
    "Not a valid date value.": "Write the day like this: 2019-06-12.",
    "Not a valid integer value.": _NUMBER,
    "Not a valid float value.": "Write a number, for example 0.5.",
    "Number must be at least %(min)s.": "Choose %(min)s or more.",
    "Number must be at most %(max)s.": "Choose %(max)s or less.",
    "Number must be between %(min)s and %(max)s.": "Choose %(min)s to %(max)s.",
    "Field cannot be longer than %(max)d character.": "Shorten this to %(max)d character.",
    "Field cannot be longer than %(max)d characters.": "Shorten this to %(max)d characters.",
}
"""By the sentences of WTForms, which are the keys of its own translations too."""


class Wording:
    """What WTForms asks for its sentences, as it would ask a translation."""

    def gettext(self, sentence: str) -> str:
        """Our own words, or the sentence where we have none."""
        return WORDS.get(sentence, sentence)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The same, for one of something or for several."""
        return self.gettext(singular if n == 1 else plural)
