"""How threads and processes wait for their turn to write to SQLite, which itself keeps no queue. It knows no database.

Who finds SQLite's lock taken sleeps and tries again, for up to a tenth of a second at a time, so that some wait for
seconds while others overtake them.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE

from annotator.errors import Busy

if sys.platform != "win32":
    import fcntl

KNOCKS = (0.0001, 0.001)
"""Seconds after which a process asks first whether the lock is free, and at most."""


class WritersQueue:
    """Lets the threads of this process write one after another, in the order in which they came."""

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


class Turnstile:
    """Lets the processes that write to one database take turns, by two empty files beside it.

    Who waits to write holds the first and asks for the second, so that who has just written comes after them and not
    before. The system takes both from a process that ends. Whoever does not use it, as another program does that opens
    the database, is kept out by SQLite's own lock; and so is everybody where the files cannot be made.
    """

    def __init__(self, database: str, patience: float) -> None:
        self._database, self._next, self._turn = database, f"{database}-next", f"{database}-turn"
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for this process's turn and keep it. Raises Busy when it does not come."""
        until = time.monotonic() + self._patience
        turn = None
        following = self._locked(self._next, until)
        try:
            if following is not None:
                turn = self._locked(self._turn, until)
        finally:
            _close(following)
        try:
            yield
        finally:
            _close(turn)

    def _locked(self, path: str, until: float) -> int | None:
        """The file, open and locked; None if there can be no such file. Raises Busy when others keep it."""
        if sys.platform == "win32":  # It has no such locks: there the processes wait as SQLite has it.
            return None
        try:
            # Opened anew each time: a lock is not shared with processes that are forked later, and nothing stays open.
            file = _opened(path, like=self._database)
        except OSError:
            return None
        try:
            _lock(file, until)
        except OSError:  # A file system without locks.
            os.close(file)
            return None
        except BaseException:
            os.close(file)
            raise
        return file


def _opened(path: str, *, like: str) -> int:
    """The file, made if it is not there. Whoever may not open the database may not keep others from writing either."""
    with suppress(FileNotFoundError):
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    wanted = Path(like).stat()
    file = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:  # A command of the system's administrator must not lock the server out.
        os.fchown(file, wanted.st_uid, wanted.st_gid)
    os.fchmod(file, S_IMODE(wanted.st_mode))
    return file


def _lock(file: int, until: float) -> None:
    pause, longest = KNOCKS
    while True:
        with suppress(BlockingIOError):
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if time.monotonic() >= until:
            raise Busy
        time.sleep(pause)
        pause = min(pause * 1.5, longest)


def _close(file: int | None) -> None:
    """With the file, its lock is gone."""
    if file is not None:
        os.close(file)
