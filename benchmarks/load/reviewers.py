"""Reviewers who save claims as fast as they are answered: one process, one loop over their kept connections.

Run as `python -m benchmarks.load.reviewers` with a `Plan` as JSON on standard input; prints a `Result` as JSON. It is
written to cost little, since it shares the machine with the server: requests are put together from bytes, and of an
answer only its head is read.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

CHANGES = 3
"""A claim is made, gets a note, gets evidence; then comes the next claim."""


@dataclass(frozen=True)
class Reviewer:
    """Who saves where: `headers` prove who it is; [start, start + len(exact)) is what every claim marks."""

    article: str
    headers: dict[str, str]
    start: int
    exact: str


@dataclass(frozen=True)
class Plan:
    """`reviewers` save at `port` of 127.0.0.1 for `seconds`."""

    port: int
    seconds: float
    reviewers: list[dict[str, Any]]


@dataclass
class Result:
    """What was answered: the seconds of each save, and what was acknowledged as [annotation, version, body]."""

    latencies: list[float] = field(default_factory=list)
    acknowledged: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    client_cpu: float = 0.0
    largest_answer: int = 0


class Desk:
    """One reviewer's connection and the save that is under way."""

    def __init__(self, port: int, reviewer: Reviewer) -> None:
        self.reviewer = reviewer
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.annotation, self.version, self.count = "", CHANGES, 0
        self.body: dict[str, Any] = {}
        self.received = b""
        self.sent = 0.0
        self.fixed = "".join(f"{name}: {value}\r\n" for name, value in reviewer.headers.items())

    def send(self) -> None:
        """Begin the next save."""
        if self.version == CHANGES:
            self.annotation, self.version = str(uuid4()), 0
        self.count += 1
        self.body = self._body()
        content = json.dumps(self.body).encode()
        if_match = f'If-Match: "{self.version}"\r\n' if self.version else ""
        head = (
            f"PUT /api/v1/articles/{self.reviewer.article}/annotations/{self.annotation} HTTP/1.1\r\n"
            f"Host: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n"
            f"{if_match}{self.fixed}\r\n"
        )
        self.received = b""
        self.sent = time.perf_counter()
        self.socket.sendall(head.encode() + content)

    def receive(self) -> bool:
        """Take what has come; whether the answer is complete."""
        part = self.socket.recv(65_536)
        if not part:
            raise ConnectionError("The server closed the connection.")
        self.received += part
        head, found, content = self.received.partition(b"\r\n\r\n")
        if not found:
            return False
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        return len(content) >= int(length)

    def note(self, result: Result) -> None:
        """Write down the answer of the save."""
        result.latencies.append(time.perf_counter() - self.sent)
        result.largest_answer = max(result.largest_answer, len(self.received))
        status = int(self.received[9:12])
        if status in {200, 201}:
            self.version += 1
            result.acknowledged.append((self.annotation, self.version, self.body))
        else:
            content = self.received.partition(b"\r\n\r\n")[2]
            result.errors.append(f"{status}: {content.decode()[:300]}")
            self.version = CHANGES

    def _body(self) -> dict[str, Any]:
        reviewer = self.reviewer
        note = f"save {self.count}"
        evidence = [{"stance": "supports", "source": f"source {self.count}"}] if self.version == CHANGES - 1 else []
        span = {"start": reviewer.start, "end": reviewer.start + len(reviewer.exact), "exact": reviewer.exact}
        return {**span, "label": "sourced", "note": note, "evidence": evidence}


def save(plan: Plan) -> Result:
    """Let all reviewers save until the time is over and every save under way is answered."""
    result = Result()
    desks = [Desk(plan.port, Reviewer(**each)) for each in plan.reviewers]
    selector = selectors.DefaultSelector()
    for desk in desks:
        selector.register(desk.socket, selectors.EVENT_READ, desk)
    cpu, begin = time.process_time(), time.perf_counter()
    for desk in desks:
        desk.send()
    waiting = len(desks)
    while waiting:
        for key, _ in selector.select():
            desk = key.data
            if not desk.receive():
                continue
            desk.note(result)
            if time.perf_counter() - begin < plan.seconds:
                desk.send()
            else:
                waiting -= 1
    result.seconds = time.perf_counter() - begin
    result.client_cpu = time.process_time() - cpu
    return result


if __name__ == "__main__":
    json.dump(asdict(save(Plan(**json.load(sys.stdin)))), sys.stdout)
