"""Spans of text, their overlap, and the segments that draw them."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """The range [start, end), in code points."""

    start: int
    end: int
