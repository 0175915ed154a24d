"""`annotator` in a process of its own: a copy of one that has loaded all modules and done nothing else, so that it need not.

To load a thousand modules takes most of the time until a server listens. What is proved of processes (they are killed,
write at the same time, hold locks) does not depend on how they came by their modules. No test runs in what is copied, so
nothing that a test has patched is in the copy. How the program starts from nothing is shown by
tests/cli/test_installation.py, tests/test_start.py and tests/test_wheel.py, and `make soak` starts every one so.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol
from uuid import uuid4

# A process that has loaded these, and waits for whom to copy itself for. It ends with the one that began it.
_ORIGINAL = multiprocessing.get_context("forkserver")
_ORIGINAL.set_forkserver_preload(["annotator", "annotator.cli.installation", __name__])

MAIN = "from annotator.cli import main; main()"


class Process(Protocol):
    """What a copy and a process of `subprocess` have in common."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self) -> int: ...
    def kill(self) -> None: ...
    def terminate(self) -> None: ...


class Running:
    """`command` with these arguments, under way, or the text of a program that changes something before `main`.

    What it prints goes into files, not into pipes: nobody reads while it works, and a full pipe would stop it.
    """

    anew = True
    """Whether every program loads its modules itself, as in benchmarks; tests/conftest.py decides for tests."""

    def __init__(
        self,
        command: Path,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        *,
        program: str = "",
    ) -> None:
        self._printed, self._complained = (folder / f"{uuid4().hex}.{kind}" for kind in ("printed", "complained"))
        with self._printed.open("wb") as printed, self._complained.open("wb") as complained:
            if self.anew:
                begins = [sys.executable, "-c", program] if program else [command]
                self.process: Process = subprocess.Popen(
                    [*begins, *arguments], cwd=folder, env=environment, stdout=printed, stderr=complained
                )
            else:
                streams = (self._printed, self._complained)
                self.process = _Copy((program or MAIN, [*arguments], dict(environment), folder, streams))

    def printed(self) -> str:
        """What it has written on standard output."""
        return self._printed.read_text(encoding="utf-8")

    def complained(self) -> str:
        """What it has written on standard error."""
        return self._complained.read_text(encoding="utf-8", errors="replace")

    def output(self) -> str:
        """What it printed, when it has ended well."""
        assert self.process.wait() == 0, self.complained()
        return self.printed()


class _Copy:
    """A copy of the original that runs a program."""

    def __init__(self, given: tuple[str, list[str], dict[str, str], Path, tuple[Path, Path]]) -> None:
        self._process = _ORIGINAL.Process(target=_run, args=given, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int:
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


def _run(program: str, arguments: list[str], environment: dict[str, str], folder: Path, streams: list[Path]) -> None:
    """What the copy does: it becomes the program, as if it had been started with these."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, path in enumerate(streams, start=1):
        with path.open("ab") as stream:
            os.dup2(stream.fileno(), number)
    sys.argv = ["-c", *arguments]
    exec(program, {"__name__": "__main__"})
