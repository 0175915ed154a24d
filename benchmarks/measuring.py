"""How benchmarks are timed and written down."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
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
    lines = ["| benchmark | amount | median ms | fastest ms | slowest ms |", "|---|---|--:|--:|--:|"]
    for row in rows:
        times = (row.median, min(row.seconds), max(row.seconds))
        lines.append(f"| {row.name} | {row.amount} | {' | '.join(f'{each * 1000:.1f}' for each in times)} |")
    return "\n".join(lines)
