"""The writers of one process take turns in the order in which they came; nobody waits while others overtake."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest

from annotator.db import transaction
from annotator.errors import Busy
from annotator.services import projects
from annotator.writers import WritersQueue

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
