"""The app behind the production server, in a thread of the tests, on a port of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from annotator.cli.server import WAITRESS


@contextmanager
def serving(app: Flask, *, door: socket.socket | None = None, **settings: Any) -> Iterator[str]:
    """Serve `app` on 127.0.0.1 as `annotator serve` does, but for `settings`; yields its address without a slash at the end.

    With a `door`, a socket that listens, several apps have the same address one after another.
    """
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, threads=8, **_place(door), **(WAITRESS | settings))
    ended = threading.Event()

    def answer() -> None:
        while not ended.is_set():
            wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)

    thread = threading.Thread(target=answer, name="live server")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        ended.set()
        server.pull_trigger()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets)


@contextmanager
def door() -> Iterator[socket.socket]:
    """A socket that listens on a free port."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        yield listening


def _place(door: socket.socket | None) -> dict[str, Any]:
    # The server closes what it gets; the door stays open for the next one.
    return {"sockets": [door.dup()]} if door else {"host": "127.0.0.1", "port": 0}
