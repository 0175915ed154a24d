"""Whether stored words contain a word, in whatever way people write it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute


def says(word: str, *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether one of the columns contains the word, in capitals or not."""
    # SQLite folds only ASCII letters, so other alphabets are asked for in the ways in which people write them.
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(column.icontains(each, autoescape=True) for column in columns for each in sorted(spellings)))
