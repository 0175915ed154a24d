"""Offsets of programs that count UTF-16 code units (Java, JavaScript): a character beyond U+FFFF is two of them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Utf16Offsets:
    """Code points of one text to UTF-16 code units and back. What is kept grows with the characters beyond U+FFFF."""

    def __init__(self, text: str) -> None:
        self._astral = [found.start() for found in _ASTRAL.finditer(text)]
        self._units = [offset + before for before, offset in enumerate(self._astral)]
        self.length = len(text) + len(self._astral)

    def __bool__(self) -> bool:
        """Whether the two ways of counting differ anywhere in the text."""
        return bool(self._astral)

    def units(self, code_points: int) -> int:
        """How many code units stand before the code point at this offset."""
        return code_points + bisect_left(self._astral, code_points)

    def code_points(self, units: int) -> int | None:
        """The offset in code points, or None where there is none: within a surrogate pair or outside of the text."""
        if not 0 <= units <= self.length:
            return None
        before = bisect_right(self._units, units - 1)
        if before and self._units[before - 1] + 1 == units:
            return None
        return units - before
