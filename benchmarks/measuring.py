"""How benchmarks are timed and written down."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """One row of the table: what was done, on how much, and how long each repetition took, in seconds."""

    name: str
    amount: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def measure(name: str, amount: str, work: Callable[[], object], *, repetitions: int = 7) -> Measurement:
    """Time `work` several times, after one repetition that warms up."""
    work()
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return Measurement(name, amount, tuple(seconds))


def table(rows: list[Measurement]) -> str:
    """The rows as a Markdown table."""
    cells = []
    for row in rows:
        times = (row.median, min(row.seconds), max(row.seconds))
        cells.append([row.name, row.amount, *(f"{each * 1000:.1f}" for each in times)])
    return markdown(["benchmark", "amount", "median ms", "fastest ms", "slowest ms"], cells, words=2)


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> str:
    """A Markdown table, padded so that it can also be read as it is; the first `words` columns are words."""
    widths = [max(len(line[column]) for line in [header, *rows]) for column in range(len(header))]
    sides = [str.ljust] * words + [str.rjust] * (len(header) - words)
    rule = ["-" * width if column < words else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    lines = [
        [side(cell, width) for side, cell, width in zip(sides, line, widths, strict=True)]
        for line in [header, rule, *rows]
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` (0 to 1) of `values` do not exceed."""
    return sorted(values)[max(0, math.ceil(part * len(values)) - 1)]
