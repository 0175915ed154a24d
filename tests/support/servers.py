"""`annotator serve` in processes of their own, which may be killed as a power cut would."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

from tests.support.installation import LISTENING, Installation


class Server:
    """One server process on a free port; `address` is known once it listens."""

    def __init__(self, installation: Installation, *arguments: str) -> None:
        self.running = installation.start("serve", "--port", "0", *arguments)
        try:
            self.address = self._announced()
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """SIGKILL: it cannot finish, roll back or close anything."""
        self.running.process.kill()
        self.running.process.wait()

    def end(self) -> None:
        """SIGTERM, which must end it with status 0."""
        self.running.process.terminate()
        assert self.running.process.wait() == 0, self.told()

    def told(self) -> str:
        """What it has written to its log."""
        return self.running.complained()

    def _announced(self) -> str:
        while True:
            ended = self.running.process.poll() is not None
            for line in self.told().splitlines():
                if line.startswith(LISTENING):
                    return line.removeprefix(LISTENING).strip()
            if ended:
                raise AssertionError(f"The server ended before it listened:\n{self.told()}")
            time.sleep(0.02)


@contextmanager
def serving(installation: Installation, processes: int) -> Iterator[list[str]]:
    """The addresses of several servers on one database, as machines of a team would share it."""
    with ExitStack() as at_the_end:
        servers = [Server(installation) for _ in range(processes)]
        for server in servers:
            at_the_end.callback(server.end)
        yield [server.address for server in servers]


def installation_on(database_url: str, folder: Path, command: Path) -> Installation:
    """An installation whose database exists already."""
    return Installation(command, folder, database_url=database_url, secret_key=uuid4().hex * 2)
