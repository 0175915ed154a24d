"""The guard against formulas in CSV files made for spreadsheets, and its exact reverse.

A cell that begins with = + - @ TAB or CR, after any number of apostrophes, gets one apostrophe more; reading takes one
away from every cell of that form. So "=1" is written "'=1" and "'=1" is written "''=1", and both come back. Only a file
known to be guarded may be read so: an exact file may hold "'=1" itself.
"""

from __future__ import annotations

import re

_FORMULA = re.compile("'*[=+\\-@\t\r]")
_GUARDED = re.compile("'+[=+\\-@\t\r]")


def guard(cell: str) -> str:
    """The cell as a spreadsheet will show and not compute it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell that `guard` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell
