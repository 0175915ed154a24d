"""What a person chose for themselves: how text is set, which keys do what, and whether passages are suggested.

It is stored as one JSON object. What is not in it, or is not understood any more, is the default: a choice of an
older release must never keep anybody from reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any


class TextSize(StrEnum):
    """How large the article is set."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    HUGE = "huge"


class LineHeight(StrEnum):
    """How far apart the lines of the article are."""

    TIGHT = "tight"
    NORMAL = "normal"
    LOOSE = "loose"


class TextWidth(StrEnum):
    """How long the lines of the article may be."""

    NARROW = "narrow"
    NORMAL = "normal"
    WIDE = "wide"


class Typeface(StrEnum):
    """What the article is set in."""

    SERIF = "serif"
    SANS = "sans"


LOOKS = ("text_size", "line_height", "text_width", "typeface")
"""The choices that change how the article is set."""


@dataclass(frozen=True)
class Preferences:
    """The choices of one person.

    `offers` are one's own marks in copies of a text, offered in the others. `keys` holds only the actions whose keys were changed (see domain/keys.py), each with the keys it has now; an
    empty list switches the action's keys off. Without `single_keys` no key acts without Ctrl, Alt or Meta
    (WCAG 2.1.4).
    """

    text_size: TextSize = TextSize.MEDIUM
    line_height: LineHeight = LineHeight.NORMAL
    text_width: TextWidth = TextWidth.NORMAL
    typeface: Typeface = Typeface.SERIF
    suggestions: bool = False
    offers: bool = True
    single_keys: bool = True
    keys: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Preferences:
        """The choices in `stored`; each that is missing or not understood is the default."""
        default = cls()
        chosen = {one.name: _understood(stored.get(one.name), getattr(default, one.name)) for one in fields(cls)}
        return cls(**chosen)

    @property
    def looks(self) -> dict[str, str]:
        """How text is set, as the style sheets read it from the page's root: attributes, for what is not the default."""
        default = Preferences()
        chosen = {name: getattr(self, name) for name in LOOKS}
        return {
            f"data-{name.replace('_', '-')}": str(value)
            for name, value in chosen.items()
            if value != getattr(default, name)
        }

    def as_json(self) -> dict[str, Any]:
        """Only what differs from the default: a better default reaches everybody who never chose."""
        default = Preferences()
        return {name: value for name, value in asdict(self).items() if value != getattr(default, name)}


def _understood(value: Any, default: Any) -> Any:
    if isinstance(default, StrEnum):
        kind = type(default)
        return kind(value) if isinstance(value, str) and value in set(kind) else default
    if isinstance(default, bool):
        return value if isinstance(value, bool) else default
    if not isinstance(value, dict):
        return default
    return {
        action: list(keys)
        for action, keys in value.items()
        if isinstance(keys, list) and all(isinstance(key, str) for key in keys)
    }
