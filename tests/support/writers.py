"""People who save claims over HTTP as fast as they are answered, and keep account of what was acknowledged."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4


@dataclass(frozen=True)
class Acknowledged:
    """A save that was answered with 200 or 201: the version that it made, and what was sent."""

    annotation: UUID
    version: int
    body: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """An answer over HTTP."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def document(self) -> Any:
        return json.loads(self.text)

    @property
    def version(self) -> int:
        """The version that the ETag names."""
        return int(self.headers["etag"].strip('"'))


class Connection:
    """One kept connection to a server, for one thread."""

    def __init__(self, address: str, token: str) -> None:
        self.server = HTTPConnection(urlsplit(address).netloc)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def put(self, article_id: str, annotation: UUID, body: dict[str, Any], *, version: int | None = None) -> Reply:
        """Save a claim. Raises OSError or HTTPException when the server goes away."""
        headers = self.headers if version is None else {**self.headers, "If-Match": f'"{version}"'}
        path = f"/api/v1/articles/{article_id}/annotations/{annotation}"
        self.server.request("PUT", path, json.dumps(body), headers)
        answer = self.server.getresponse()
        text = answer.read().decode()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)

    def close(self) -> None:
        self.server.close()


@dataclass(frozen=True)
class Attempt:
    """A save that may be repeated as it stands: `version` is None for a new claim."""

    annotation: UUID
    version: int | None
    body: dict[str, Any]


@dataclass
class Writer:
    """Saves a claim, changes it, saves the next; every body is its own, so that saves cannot be mistaken."""

    name: str
    token: str
    article_id: str
    exact: str
    start: int
    acknowledged: list[Acknowledged] = field(default_factory=list)
    refused: list[Reply] = field(default_factory=list)
    interrupted: Attempt | None = None

    def save(self, address: str, count: int) -> None:
        """Save `count` times, or until something is refused."""
        with closing(Connection(address, self.token)) as connection:
            for _ in range(count):
                self._save(connection)

    def save_until_it_goes_away(self, address: str) -> None:
        """Save until the server does not answer any more; the first save repeats what was interrupted before."""
        with closing(Connection(address, self.token)) as connection:
            try:
                while not self.refused:
                    self._save(connection)
            except (OSError, HTTPException):
                return

    def body(self, number: int) -> dict[str, Any]:
        """A claim with two evidence items."""
        evidence = [{"stance": stance, "source": f"{self.name} {number}"} for stance in ("supports", "refutes")]
        note = f"{self.name} saves {number}"
        span = {"start": self.start, "end": self.start + len(self.exact), "exact": self.exact}
        return {**span, "label": "sourced", "note": note, "evidence": evidence}

    def _save(self, connection: Connection) -> None:
        attempt = self.interrupted = self.interrupted or self._next()
        reply = connection.put(self.article_id, attempt.annotation, attempt.body, version=attempt.version)
        self.interrupted = None
        if reply.status in {200, 201}:
            self.acknowledged.append(Acknowledged(attempt.annotation, reply.version, attempt.body))
        else:
            self.refused.append(reply)

    def _next(self) -> Attempt:
        """A new claim after each change: creating and changing are both under load."""
        body = self.body(len(self.acknowledged))
        last = self.acknowledged[-1] if self.acknowledged else None
        if last is None or last.version == 2:
            return Attempt(uuid4(), None, body)
        return Attempt(last.annotation, last.version, body)


def at_once(works: Sequence[Callable[[], object]], *, meanwhile: Callable[[], object] | None = None) -> None:
    """Run all of `works` in a thread each, let loose at the same moment; raises what one of them raised.

    `meanwhile` runs here while they work.
    """
    gate = threading.Barrier(len(works))
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            gate.wait()
            work()
        except BaseException as failure:  # noqa: BLE001 -- carried to the thread that asked
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    if meanwhile is not None:
        meanwhile()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def all_acknowledged(writers: Iterable[Writer]) -> list[Acknowledged]:
    """Everything that the writers were told is saved."""
    return [each for writer in writers for each in writer.acknowledged]


def wait_for_saves(writers: Sequence[Writer], more: int) -> None:
    """Until so many more were acknowledged, or one was refused."""
    enough = len(all_acknowledged(writers)) + more
    while len(all_acknowledged(writers)) < enough and not any(writer.refused for writer in writers):
        time.sleep(0.001)
