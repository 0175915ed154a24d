"""A program run to its end in a process of its own: how long it took, and how much memory it held at most."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_STARTER = """
import json, os, sys, time

begin = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, used = os.wait4(child, 0)
print(json.dumps([time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss]))
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Watched:
    """A program that ended: its wall-clock seconds, of which it computed so many, and its most memory in megabytes."""

    seconds: float
    processor: float
    megabytes: float


def watched(command: Sequence[str | Path], environment: Mapping[str, str]) -> Watched:
    """Run the command to its end; what it prints is left out, and its failure is raised.

    A small process in between starts it: what a process held before it became another program counts with that one's
    memory, so a child of a large process seems to be large itself.
    """
    starting = [sys.executable, "-S", "-c", _STARTER, *command]
    told = subprocess.run(starting, env=dict(environment), stdout=subprocess.PIPE, text=True, check=True).stdout
    seconds, processor, most = json.loads(told)
    return Watched(seconds, processor, most * (1 if sys.platform == "darwin" else 1024) / 1e6)
