"""The table of offsets that the browser's code is tested with too: both sides count and cut alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.spans import Span, snap_to_graphemes

TABLE = json.loads((Path(__file__).parents[1] / "data" / "offsets.json").read_text())


def units(text: str) -> int:
    """What JavaScript calls the length of a string."""
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("case", TABLE["spans"], ids=[case["name"] for case in TABLE["spans"]])
def test_the_quote_stands_at_its_code_points_and_units(case: dict[str, Any]) -> None:
    text, start, end = case["text"], case["start"], case["end"]
    assert text[start:end] == case["exact"]
    assert [units(text[:start]), units(text[:end])] == case["units"]
    assert snap_to_graphemes(text, Span(start, end)) == (start, end)


@pytest.mark.parametrize("case", TABLE["graphemes"], ids=[case["name"] for case in TABLE["graphemes"]])
def test_a_span_is_widened_to_whole_characters(case: dict[str, Any]) -> None:
    assert list(snap_to_graphemes(case["text"], Span(case["start"], case["end"]))) == case["snapped"]
