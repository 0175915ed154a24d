"""The queue in which the threads of one process wait for their turn to write to SQLite. It knows no database."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from annotator.errors import Busy


class WritersQueue:
    """Lets the threads of this process write one after another, in the order in which they came.

    SQLite has one writer at a time and keeps no queue: who finds the lock taken sleeps and tries again, for up to a
    tenth of a second at a time, so that some of sixteen threads wait for seconds while others overtake them. Other
    processes are still waited for in that way.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._busy = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn and keep it. Raises Busy when it does not come."""
        self._take()
        try:
            yield
        finally:
            self._give()

    def _take(self) -> None:
        with self._mutex:
            if not self._busy:
                self._busy = True
                return
            place = threading.Lock()
            place.acquire()
            self._waiting.append(place)
        if place.acquire(timeout=self._patience):
            return
        with self._mutex:
            if place in self._waiting:
                self._waiting.remove(place)
                raise Busy
        # The turn came in the moment in which the patience ended.

    def _give(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False
