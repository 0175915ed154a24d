"""The road between a browser and a server, on which answers are lost, come late or twice, or nothing passes at all."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections import deque
from contextlib import suppress
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from tests.support.writers import Acknowledged

SAVE = re.compile(rb"(PUT|DELETE) /api/v1/(?:articles/[^/ ]+/)?annotations/([0-9a-f-]{36}) ")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CONNECTION = re.compile(rb"\r\nconnection:[^\r]*", re.IGNORECASE)
LATE = 0.4


class Fault(StrEnum):
    """What happens to one save."""

    CUT = "the request never arrives"
    LOST = "the answer is lost after the commit"
    HALF = "half of the answer arrives"
    SLOW = "request and answer are slow"
    TWICE = "the request arrives twice"
    LATE = "the browser is told nothing, and the request arrives afterwards"
    OFFLINE = "the network goes away while the save is stored"


class Road:
    """A proxy on a port of its own; `server` is the address behind it, None while there is none.

    It serves one request on each connection, so that every request can meet a fate of its own.
    """

    def __init__(self) -> None:
        self.server: str | None = None
        self.closed = False
        self.faults: deque[Fault] = deque()
        self.met: list[Fault] = []
        self.acknowledged: list[Acknowledged] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._mended = 0
        self._closing = threading.Lock()
        self._carriers: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def __repr__(self) -> str:
        return f"<Road closed={self.closed} server={self.server} faults={list(self.faults)} met={self.met}>"

    def heal(self) -> None:
        """From now on everything passes, and what is being met at this moment closes the road no more."""
        with self._closing:
            self._mended += 1
            self.faults.clear()
            self.closed = False

    def quiet(self) -> None:
        """Wait until everything that was on its way has arrived."""
        for carrier in list(self._carriers):
            carrier.join()
        self._carriers.clear()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            carrier = threading.Thread(target=self._carry, args=(browser,), daemon=True)
            self._carriers.append(carrier)
            carrier.start()

    def _carry(self, browser: socket.socket) -> None:
        with browser, suppress(OSError):
            # A browser opens connections in advance and may never use them.
            browser.settimeout(5)
            request = _read_request(browser)
            mended = self._mended
            if not request or self.closed:
                return
            save = SAVE.match(request)
            fault = self.faults.popleft() if save and self.faults else None
            if fault is not None:
                self.met.append(fault)
            answer = self._meet(fault, request, browser)
            if fault is Fault.OFFLINE:
                self._close_unless_healed_since(mended)
            if answer:
                browser.sendall(answer)
                if save:
                    self._note(UUID(save[2].decode()), request, answer)

    def _close_unless_healed_since(self, mended: int) -> None:
        with self._closing:
            self.closed = self.closed or mended == self._mended

    def _meet(self, fault: Fault | None, request: bytes, browser: socket.socket) -> bytes:
        """What the browser gets to see of it."""
        if fault is Fault.CUT:
            return b""
        if fault is Fault.SLOW:
            time.sleep(LATE)
        if fault is Fault.LATE:
            browser.close()
            time.sleep(LATE)
        if fault is Fault.TWICE:
            self._forward(request)
        answer = self._forward(request)
        if fault in {Fault.LOST, Fault.LATE, Fault.OFFLINE}:
            return b""
        if fault is Fault.HALF:
            browser.sendall(answer[: len(answer) // 2])
            return b""
        return answer

    def _forward(self, request: bytes) -> bytes:
        if self.server is None:
            return b""
        place = urlsplit(self.server)
        try:
            with socket.create_connection((str(place.hostname), int(place.port or 80))) as server:
                server.sendall(CONNECTION.sub(b"", request, count=1).replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
                return _read_all(server)
        except OSError:
            return b""

    def _note(self, annotation: UUID, request: bytes, answer: bytes) -> None:
        head, _, body = answer.partition(b"\r\n\r\n")
        if request.startswith(b"PUT") and head.split(b" ", 2)[1] in {b"200", b"201"}:
            sent: dict[str, Any] = json.loads(request.partition(b"\r\n\r\n")[2])
            try:
                told = json.loads(body)
            except ValueError:
                # The server was killed in the middle of its answer: nothing was acknowledged.
                return
            # Events leave out what is not given.
            body_told = {"note": None, "evidence": []} | sent
            self.acknowledged.append(Acknowledged(annotation, told["version"], body_told))


def _read_request(browser: socket.socket) -> bytes:
    """Head and body of one request; nothing if the browser went away before it had sent them."""
    received = b""
    while b"\r\n\r\n" not in received:
        more = browser.recv(65_536)
        if not more:
            return b""
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    found = LENGTH.search(head)
    while len(body) < (int(found[1]) if found else 0):
        more = browser.recv(65_536)
        if not more:
            return b""
        body += more
    return head + b"\r\n\r\n" + body


def _read_all(server: socket.socket) -> bytes:
    received = []
    while more := server.recv(65_536):
        received.append(more)
    return b"".join(received)
