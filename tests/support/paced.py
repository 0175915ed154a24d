"""A format that takes its time and leaves a mark for each row, so that one sees how far a file was made."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from annotator.formats import catalogue
from annotator.formats.records import Value

NAME = "paced"
PAUSE = 0.003


class Paced:
    """What was made of the files in this format: `rows` so far, and whether one `ended`, by itself or broken off.

    Each row takes `pause` seconds. With `held` each waits after so many rows until it is told to `go_on`.
    """

    def __init__(self, folder: Path, *, held: int | None = None, pause: float = PAUSE) -> None:
        self._marks, self._end, self._free = folder / "rows", folder / "end", folder / "free"
        self._held = held
        self.pause = pause

    @property
    def rows(self) -> int:
        return self._marks.stat().st_size if self._marks.exists() else 0

    @property
    def ended(self) -> bool:
        return self._end.exists()

    @property
    def format(self) -> catalogue.TableFormat:
        """For `catalogue.ALL_FORMATS`."""
        return catalogue.TableFormat(self._write, "text/plain", ".txt", "Paced", "For tests.")

    def go_on(self) -> None:
        self._free.touch()

    def _write(self, _columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
        try:
            for number, _ in enumerate(rows):
                while number == self._held and not self._free.exists():
                    time.sleep(PAUSE)
                with self._marks.open("ab") as file:
                    file.write(b".")
                time.sleep(self.pause)
                yield b"row\n"
        finally:
            self._end.touch()
