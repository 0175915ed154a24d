"""One figure as it is reported: its value, on how much it rests, its interval, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` rests on `n` observations; without a value `why` says what is missing.

    [`low`, `high`] is the 95 % interval; where there is none, `why_no_interval` says so.
    """

    value: float | None
    n: int
    why: str = ""
    low: float | None = None
    high: float | None = None
    why_no_interval: str = ""

    @classmethod
    def undefined(cls, why: str, n: int = 0) -> Figure:
        """No value, for this reason."""
        return cls(None, n, why, why_no_interval=why)
