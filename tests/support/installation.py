"""The program as people run it: the `annotator` command in a process of its own, on an instance of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.forked import Running

LISTENING = "Listening on "


class Installation:
    """An instance folder and the command that works on it."""

    def __init__(self, command: Path, instance: Path, **settings: str) -> None:
        self.command = command
        self.instance = instance
        instance.mkdir(exist_ok=True)
        self.environment = _without_ours(os.environ) | {
            "ANNOTATOR_INSTANCE": str(instance),
            **{f"ANNOTATOR_{name.upper()}": value for name, value in settings.items()},
        }

    def run(self, *arguments: str, status: int = 0) -> str:
        """What the command prints on standard output; the test fails when it ends with another status."""
        ended = subprocess.run(
            [self.command, *arguments],
            cwd=self.instance,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        told = f"annotator {' '.join(arguments)} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}"
        assert ended.returncode == status, told
        return ended.stdout

    def start(self, *arguments: str, program: str = "", **environment: str) -> Running:
        """The command under way, or `program`, which changes something before it."""
        given = self.environment | environment
        return Running(self.command, arguments, given, self.instance, program=program)

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[str]:
        """Serve on a free port; yields the address. At the end SIGTERM must end it with status 0."""
        server = subprocess.Popen(
            [self.command, "serve", "--port", "0", *arguments],
            cwd=self.instance,
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        with server:
            assert server.stderr is not None
            told: list[str] = []
            try:
                for line in server.stderr:
                    told.append(line)
                    if line.startswith(LISTENING):
                        yield line.removeprefix(LISTENING).strip()
                        break
                else:
                    raise AssertionError(f"The server ended before it listened:\n{''.join(told)}")
            finally:
                server.terminate()
                told.append(server.stderr.read())
        assert server.returncode == 0, "".join(told)


def _without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings of whoever runs the tests, and a path to the checkout, are none of the installation's.

    Its program is compiled once and not anew in every process, as it is wherever it was installed.
    """
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith(("ANNOTATOR_", "FLASK_")) and name not in {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    }
