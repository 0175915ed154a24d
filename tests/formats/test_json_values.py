"""JSON of other programs, element by element, whatever the chunks in which it arrives."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.json_values import json_elements, whole_number
from annotator.formats.records import RecordError

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


class Trickle(io.StringIO):
    """A stream that gives `size` characters at most, whatever is asked for."""

    size = 1

    def read(self, size: int | None = -1) -> str:
        return super().read(self.size)


def elements(content: str, size: int = 1 << 20, limit: int = 10_000) -> list[tuple[int, Any]]:
    stream = Trickle(content)
    stream.size = size
    return list(json_elements(stream, limit=limit))


@given(st.lists(values, max_size=5), st.integers(1, 7), st.sampled_from([None, 2]), st.booleans())
def test_every_element_comes_whatever_the_chunks(made: list, size: int, indent: int | None, ascii_only: bool) -> None:
    content = json.dumps(made, indent=indent, ensure_ascii=ascii_only)
    assert [value for _, value in elements(content, size)] == made


@given(values.filter(lambda value: not isinstance(value, list)))
def test_a_value_that_is_no_array_is_its_only_element(made: Any) -> None:
    assert [value for _, value in elements(f"  {json.dumps(made)}\n", 3)] == [made]


def test_lines_are_counted() -> None:
    assert [line for line, _ in elements('\n[\n  {"a":\n1},\n\n  2 ,3]', 2)] == [3, 6, 6]
    [(_, error)] = elements('[\n{"a":\n\n  oops}]')
    assert isinstance(error, RecordError)
    assert error.line == 4


@pytest.mark.parametrize(
    "content", ["[", "[1", "[1,", '["', '["a\\', "[[[", "[1}", "[}", "[1]2", "[,]", "[1 2]", "{", "]"]
)
def test_what_is_broken_ends_with_an_error(content: str) -> None:
    for size in (1, 2, 100):
        found = [value for _, value in elements(content, size)]
        assert any(isinstance(value, RecordError) for value in found)
        assert len(found) < 4


def test_an_element_beyond_the_limit_ends_the_reading() -> None:
    found = [value for _, value in elements(json.dumps([1, "x" * 100, 3]), 5, limit=50)]
    assert found[0] == 1
    assert isinstance(found[1], RecordError)
    assert len(found) == 2


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3),
        (3.0, 3),
        (0, 0),
        (True, None),
        ("3", None),
        (3.5, None),
        (None, None),
        (1e300, None),
        (float("inf"), None),
    ],
)
def test_only_whole_numbers_of_a_sane_size_are_offsets(value: object, number: int | None) -> None:
    assert whole_number(value) == number
