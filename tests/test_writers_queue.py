"""Writers take turns, the threads of a process and the processes of a database; nobody waits while others overtake."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from annotator import writers
from annotator.db import transaction
from annotator.errors import Busy
from annotator.services import projects
from annotator.writers import Turnstile, WritersQueue

WRITERS = 16
TURNS = 20


def wait_until(condition) -> None:
    while not condition():
        time.sleep(0.001)


def greedy_turns(queue) -> list[int]:
    """Who had each turn when everybody asks for the next one as soon as they have had theirs.

    Nobody gives a turn back before everybody else who wants one has come: so no thread is late.
    """
    turns: list[int] = []
    wanted = Counter(dict.fromkeys(range(WRITERS), TURNS))

    def write(number: int) -> None:
        for _ in range(TURNS):
            with queue.turn():
                turns.append(number)
                wanted[number] -= 1
                others = sum(1 for other in range(WRITERS) if other != number and wanted[other])
                wait_until(lambda others=others: len(queue._waiting) == others)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    with queue.turn():
        for thread in threads:
            thread.start()
        wait_until(lambda: len(queue._waiting) == WRITERS)
    for thread in threads:
        thread.join()
    return turns


def longest_wait(turns: list[int]) -> int:
    """The largest number of turns that others had before a writer's first, or between two of theirs."""
    last: dict[int, int] = {}
    longest = 0
    for at, number in enumerate(turns):
        longest = max(longest, at - last.get(number, -1) - 1)
        last[number] = at
    return longest


def test_nobody_has_a_second_turn_before_everybody_who_waits_had_one():
    turns = greedy_turns(WritersQueue(30))
    assert Counter(turns) == dict.fromkeys(range(WRITERS), TURNS)
    assert longest_wait(turns) == WRITERS - 1


def test_a_queue_that_calls_the_last_who_came_is_caught():
    """The planted fault: those who came first wait while others come and go.

    A plain lock is unfair as well, but only where the scheduler happens to make it so.
    """

    class LastComesFirst(WritersQueue):
        def _give(self) -> None:
            with self._mutex:
                if self._waiting:
                    self._waiting.pop().release()
                else:
                    self._busy = False

    assert longest_wait(greedy_turns(LastComesFirst(30))) > WRITERS - 1


def test_turns_come_in_the_order_of_asking():
    queue, order = WritersQueue(30), []

    def write(number: int) -> None:
        with queue.turn():
            order.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    with queue.turn():
        for number, thread in enumerate(threads):
            thread.start()
            wait_until(lambda count=number + 1: len(queue._waiting) == count)
    for thread in threads:
        thread.join()
    assert order == list(range(WRITERS))


def test_who_loses_patience_leaves_the_queue_to_the_others():
    queue = WritersQueue(0.01)
    with queue.turn():
        with pytest.raises(Busy, match="others were writing"), queue.turn():
            raise AssertionError("It was somebody else's turn.")
        assert not queue._waiting
    with queue.turn():
        pass


def test_a_failed_write_gives_its_turn_back(app):
    class Failed(Exception):
        pass

    with app.app_context():
        with pytest.raises(Failed), transaction():
            raise Failed
        with transaction():
            projects.create("after", "After")


# Several processes. Each opens the files for itself, as do two turnstiles of one process: the system tells them apart by that.


@pytest.fixture
def database(tmp_path) -> str:
    path = tmp_path / "a.sqlite3"
    path.touch(0o600)
    return str(path)


def is_locked(path: str) -> bool:
    """Whether somebody holds the lock of the file; nobody holds one that is not there."""
    if not Path(path).exists():
        return False
    file = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(file)


def turns_of_a_greedy_and_a_patient(kind, database: str, is_waiting) -> list[str]:
    """Who writes when one of two processes asks again as soon as it has had its turn, and another waits for its first."""
    greedy, patient, order = kind(database, 30), kind(database, 30), []

    def write_once() -> None:
        with patient.turn():
            order.append("patient")

    other = threading.Thread(target=write_once)
    with greedy.turn():
        order.append("greedy")
        other.start()
        wait_until(is_waiting)
    with greedy.turn():
        order.append("greedy")
    other.join()
    return order


def test_a_process_that_has_written_comes_after_one_that_waits(database):
    order = turns_of_a_greedy_and_a_patient(Turnstile, database, lambda: is_locked(f"{database}-next"))
    assert order == ["greedy", "patient", "greedy"]


def test_one_lock_alone_would_let_it_overtake(database, monkeypatch):
    """The planted fault: nobody stands in line, so who waits finds the lock taken again when they ask next."""
    monkeypatch.setattr(writers, "KNOCKS", (0.3, 0.3))
    asleep = threading.Event()

    def told_sleep(seconds: float) -> None:
        asleep.set()
        time.sleep(seconds)

    monkeypatch.setattr(writers, "time", SimpleNamespace(monotonic=time.monotonic, sleep=told_sleep))

    class OneLock(Turnstile):
        def __init__(self, database: str, patience: float) -> None:
            super().__init__(database, patience)
            self._next = f"{database}-{id(self)}"

    order = turns_of_a_greedy_and_a_patient(OneLock, database, asleep.is_set)
    assert order == ["greedy", "greedy", "patient"]


def test_who_waits_too_long_for_another_process_is_told_and_holds_nothing(database):
    with Turnstile(database, 0).turn():
        with pytest.raises(Busy), Turnstile(database, 0.01).turn():
            raise AssertionError("It was somebody else's turn.")
        assert not is_locked(f"{database}-next")
    with Turnstile(database, 0).turn():
        assert is_locked(f"{database}-turn")
    assert not is_locked(f"{database}-turn")


def test_a_process_that_dies_leaves_its_turn_to_the_others(database):
    hold = "import sys, time; from annotator.writers import Turnstile\nwith Turnstile(sys.argv[1], 0).turn():\n  time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", hold, database]) as other:
        wait_until(lambda: is_locked(f"{database}-turn"))
        other.kill()
    with Turnstile(database, 30).turn():
        pass


def test_a_program_that_a_writer_started_does_not_keep_its_turn(database):
    with Turnstile(database, 0).turn():
        other = subprocess.Popen(["sleep", "600"], close_fds=False)
    with other:
        with Turnstile(database, 0).turn():
            pass
        other.kill()


def test_where_no_file_can_be_made_sqlite_alone_keeps_others_out(tmp_path):
    with Turnstile(str(tmp_path / "missing" / "a.sqlite3"), 0).turn():
        pass


@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_who_may_not_open_the_database_cannot_keep_others_from_writing(database, mode):
    Path(database).chmod(mode)
    if os.geteuid() == 0:
        os.chown(database, 12345, 12346)
    with Turnstile(database, 0).turn():
        pass
    wanted = Path(database).stat()
    for name in ("next", "turn"):
        made = Path(f"{database}-{name}").stat()
        assert (made.st_mode, made.st_uid, made.st_gid) == (wanted.st_mode, wanted.st_uid, wanted.st_gid)


def test_where_the_file_system_has_no_locks_sqlite_alone_keeps_others_out(database, monkeypatch):
    def refuse(_file: int, _kind: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with Turnstile(database, 0).turn():
        pass


def test_where_there_is_no_database_yet_nothing_is_made(tmp_path):
    with Turnstile(str(tmp_path / "a.sqlite3"), 0).turn():
        pass
    assert list(tmp_path.iterdir()) == []
