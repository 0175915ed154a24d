"""A program that receives webhook messages: a real HTTP server on this machine, which answers as it is told."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from flask import Flask
from sqlalchemy import update

from annotator.db import db, now, transaction
from annotator.models import WebhookDelivery
from annotator.services import webhook_origins, webhooks
from tests.support.desk import Desk

HANGS = -1
"""Instead of a status: it says nothing until it is let go."""


@dataclass(frozen=True)
class Message:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> str:
        return str(self.json["type"])

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class Receiver:
    """Takes every message with 204, unless `answers` says otherwise of the next ones."""

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.answers: deque[int] = deque()
        self.headers: dict[str, str] = {}
        self.arrived = threading.Semaphore(0)
        self.go_on = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.received.append(Message(self.path, headers, body))
                status = receiver.answers.popleft() if receiver.answers else 204
                receiver.arrived.release()
                if status == HANGS:
                    receiver.go_on.wait()
                    status = 204
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def do_GET(self) -> None:
                raise AssertionError("nothing is ever fetched")

            def handle_expect_100(self) -> bool:
                return True

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """Whoever asked is gone."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self.origin = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def ids(self) -> list[str]:
        return [message.id for message in self.received]

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.close()


def subscribed(desk: Desk, receiver: Receiver, *events: str, path: str = "/hook") -> tuple[str, str]:
    """A webhook of the desk's project to `receiver`, which is allowed; its id and its secret."""

    def add() -> tuple[str, str]:
        webhook_origins.allow(receiver.origin, private=True)
        wanted = events or ("article.imported", "assignment.submitted", "article.adjudicated", "release.created")
        webhook, secret = webhooks.add(desk.project(), receiver.origin + path, wanted, by=desk.user("mia"))
        return webhook.id, secret

    return desk.write(add)


def hurry(app: Flask) -> None:
    """Let the time pass until everything that waits is due, and every lease has ended."""
    with app.app_context(), transaction():
        db.session.execute(update(WebhookDelivery).values(next_attempt_at=now(), leased_until=None))
