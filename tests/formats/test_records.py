"""How the errors of readers read."""

from __future__ import annotations

import pytest

from annotator.formats.records import RecordError

PROBLEM = "'2019-13-01' is not a date (YYYY-MM-DD)."


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RecordError(PROBLEM, 14, "published"), f"Line 14, field 'published': {PROBLEM}"),
        (RecordError(PROBLEM, 14), f"Line 14: {PROBLEM}"),
        (RecordError(PROBLEM, field="published"), f"Field 'published': {PROBLEM}"),
        (RecordError("The file is empty."), "The file is empty."),
    ],
)
def test_an_error_says_where_and_then_what(error: RecordError, sentence: str) -> None:
    assert str(error) == sentence
