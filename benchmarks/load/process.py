"""One server process by itself: how soon it answers, and how much memory it holds."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.request import urlopen

from tests.support.installation import Installation
from tests.support.servers import Server

STARTS = 5


def starts(installation: Installation) -> list[float]:
    """The seconds from the command to the first page that it answered."""
    seconds = []
    for _ in range(STARTS):
        begin = time.perf_counter()
        server = Server(installation)
        with urlopen(f"{server.address}/sign-in") as answer:
            answer.read()
        seconds.append(time.perf_counter() - begin)
        server.end()
    return seconds


def idle_memory(installation: Installation) -> dict[str, float]:
    """The memory in MiB of a server that has answered once: all that it holds (Rss), and its share of it (Pss).

    Only Linux tells; elsewhere there is nothing.
    """
    server = Server(installation)
    try:
        with urlopen(f"{server.address}/sign-in") as answer:
            answer.read()
        told = Path(f"/proc/{server.running.process.pid}/smaps_rollup")
        lines = told.read_text().splitlines() if told.exists() else []
    finally:
        server.end()
    sizes = {line.partition(":")[0]: line.split()[1] for line in lines[1:]}
    return {name: int(sizes[name]) / 1024 for name in ("Rss", "Pss") if name in sizes}
