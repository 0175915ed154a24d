"""Code points to UTF-16 code units and back, on the cases that the browser passes too and on any text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from annotator.formats.utf16 import Utf16Offsets
from tests.support.documents import texts

CASES = json.loads(Path(__file__).parents[1].joinpath("data/offsets.json").read_text(encoding="utf-8"))["spans"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_cases_of_the_browser(case: dict[str, Any]) -> None:
    offsets = Utf16Offsets(case["text"])
    assert [offsets.units(case["start"]), offsets.units(case["end"])] == case["units"]
    assert [offsets.code_points(unit) for unit in case["units"]] == [case["start"], case["end"]]


@given(texts)
def test_every_offset_is_what_the_encoder_says(text: str) -> None:
    offsets = Utf16Offsets(text)
    units = [len(text[:offset].encode("utf-16-le")) // 2 for offset in range(len(text) + 1)]
    assert [offsets.units(offset) for offset in range(len(text) + 1)] == units
    back = {unit: offset for offset, unit in enumerate(units)}
    assert [offsets.code_points(unit) for unit in range(-1, units[-1] + 2)] == [
        back.get(unit) for unit in range(-1, units[-1] + 2)
    ]
