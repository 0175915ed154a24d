"""The words by which cues are known, one module for each language.

To add a language, write its table in a module beside the others and name it in `_TABLES`. Figures, dates in figures
and quotation marks need no table.
"""

from __future__ import annotations

from annotator.matching.languages import arabic, english, german
from annotator.matching.languages.table import Table

_TABLES = {"ar": arabic.TABLE, "de": german.TABLE, "en": english.TABLE}
_NO_WORDS = Table()


def table_of(language: str) -> Table:
    """The table of a BCP 47 tag; English for an empty one, and one without words for an unknown language."""
    primary = language.replace("_", "-").partition("-")[0].lower()
    return _TABLES.get(primary or "en", _NO_WORDS)
