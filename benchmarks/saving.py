"""Saving claims over HTTP: how many a second, how long each takes, and how far that is from what the machine allows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from uuid import UUID

from benchmarks.load.process import idle_memory, starts
from benchmarks.load.reviewers import Plan, Result, Reviewer
from benchmarks.load.stage import Stage, database_url, floor
from benchmarks.measuring import markdown, percentile
from tests.support.saves import problems_with
from tests.support.servers import Server, serving
from tests.support.writers import Acknowledged

COUNTS = (1, 4, 16)
SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
ENGINES = os.environ.get("BENCH_DATABASES", "sqlite postgresql").split()
WARM_UP = 1.0
CROWDS = (0, 1_000, 5_000)
CROWD_ROUNDS = 5
TOGETHER = max(COUNTS)
HEADER = (
    "database",
    "processes",
    "who",
    "reviewers",
    "saves/s",
    "p50 ms",
    "p95 ms",
    "max ms",
    "errors",
    "lost",
    "of the floor",
)
NOTE = (
    "The server, of one process with its defaults or of {cores} (`serve --workers {cores}`), and the client share this machine's {cores} cores. Each row is {seconds:g} s; the rows "
    "of one number of reviewers follow each other at once, since the machine is noisy. The floor is a bare WSGI app "
    "on the same web server that stores one row durably. A claim is made, gets a note, then evidence. Everything "
    "acknowledged was read back from the database afterwards, and every chain of events was checked."
)


@dataclass(frozen=True)
class Row:
    """One run: who saved, how many at once, and what came of it."""

    engine: str
    who: str
    count: int
    result: Result
    processes: int = 1

    @property
    def rate(self) -> float:
        return len(self.result.acknowledged) / self.result.seconds


def run() -> str:
    """1, 4 and 16 reviewers by session and by token, beside the floor, on both databases; then one process alone."""
    rows: list[Row] = []
    lost: dict[str, int] = {}
    alone: list[list[str]] = []
    for engine in ENGINES:
        with tempfile.TemporaryDirectory() as folder, database_url(engine, Path(folder)) as url:
            stage = Stage(url, Path(folder) / "instance")
            with floor(_beside(url)) as bare, serving(stage.installation, 1) as (address,):
                rows += _rows(engine, stage, address, bare)
            rows += _together(engine, stage)
            lost[engine] = _lost(stage, [row.result for row in rows if row.engine == engine and row.who != "floor"])
            with serving(stage.installation, 1) as (address,):
                alone += _crowds(engine, stage, address)
            alone += _process(engine, stage)
    note = NOTE.format(cores=os.cpu_count(), seconds=SECONDS)
    limits = markdown(("database", "what", "measured", "to reach"), alone, words=2)
    return f"{_table(rows, lost)}\n\n{note}\n{_client(rows)}\n\n{limits}"


def _crowds(engine: str, stage: Stage, address: str) -> list[list[str]]:
    """How long a save takes among so many claims of the same reviewer in the same article."""
    # Two reviewers share an article, so every other one has an article of their own.
    reviewers = dict(zip(CROWDS, stage.by_token()[::2], strict=False))
    for reviewer in reviewers.values():
        _saved(address, [reviewer], 0)
    for number, claims in enumerate(CROWDS):
        stage.crowd(2 * number, claims)
    times: dict[int, list[float]] = {claims: [] for claims in CROWDS}
    for _ in range(CROWD_ROUNDS):
        for claims, reviewer in reviewers.items():
            times[claims] += _saved(address, [reviewer], SECONDS / CROWD_ROUNDS / 2).latencies
    middle = {claims: median(values) for claims, values in times.items()}
    told = " / ".join(f"{middle[claims] * 1000:.1f}" for claims in CROWDS)
    counts = " / ".join(f"{claims:,}" for claims in CROWDS)
    ratio = f"{middle[CROWDS[-1]] / middle[CROWDS[0]]:.2f}"
    return [
        [engine, f"one save among {counts} claims, p50 ms", told, ""],
        [engine, "the last to the first of these", ratio, "at most 1.5"],
    ]


def _process(engine: str, stage: Stage) -> list[list[str]]:
    memory = " / ".join(f"{megabytes:.0f}" for megabytes in idle_memory(stage.installation).values())
    return [
        [engine, "start to first answer, median s", f"{median(starts(stage.installation)):.2f}", "at most 1.5"],
        [engine, "idle memory, RSS / PSS MiB", memory or "unknown", "at most 100"],
    ]


def _rows(engine: str, stage: Stage, address: str, bare: str) -> list[Row]:
    reviewers = {"floor": stage.by_token(), "sessions": stage.by_session(address), "tokens": stage.by_token()}
    rows = []
    for who, everybody in reviewers.items():
        _saved(bare if who == "floor" else address, everybody, WARM_UP)
    for count in COUNTS:
        for who, everybody in reviewers.items():
            result = _saved(bare if who == "floor" else address, everybody[:count], SECONDS)
            rows.append(Row(engine, who, count, result))
    return rows


def _together(engine: str, stage: Stage) -> list[Row]:
    """All reviewers on a server with a process for each core."""
    processes = os.cpu_count() or 1
    server = Server(stage.installation, "--workers", str(processes))
    try:
        rows = []
        for who, everybody in (("sessions", stage.by_session(server.address)), ("tokens", stage.by_token())):
            _saved(server.address, everybody, WARM_UP * processes)
            result = _saved(server.address, everybody[:TOGETHER], SECONDS)
            rows.append(Row(engine, who, TOGETHER, result, processes))
        return rows
    finally:
        server.end()


def _saved(address: str, reviewers: list[Reviewer], seconds: float) -> Result:
    """Run the client, which is a process of its own so that it does not share the server's interpreter lock."""
    plan = Plan(int(address.rpartition(":")[2]), seconds, [asdict(each) for each in reviewers])
    command = [sys.executable, "-m", "benchmarks.load.reviewers"]
    ended = subprocess.run(command, input=json.dumps(asdict(plan)), stdout=subprocess.PIPE, text=True, check=True)
    return Result(**json.loads(ended.stdout))


def _beside(url: str) -> str:
    """Where the floor keeps its table: beside the product's database, or inside it on PostgreSQL."""
    return url.replace("annotator.sqlite3", "floor.sqlite3")


def _lost(stage: Stage, results: list[Result]) -> int:
    """How many saves were acknowledged and are not stored. Raises RuntimeError for any other damage."""
    acknowledged = [
        Acknowledged(UUID(annotation), version, body)
        for result in results
        for annotation, version, body in result.acknowledged
    ]
    problems = problems_with(stage.app, acknowledged)
    missing = [problem for problem in problems if "was acknowledged" in problem]
    if len(missing) < len(problems):
        raise RuntimeError(next(problem for problem in problems if problem not in missing))
    return len(missing)


def _table(rows: list[Row], lost: dict[str, int]) -> str:
    cells = []
    for row in rows:
        times = row.result.latencies
        base = next(each for each in rows if (each.engine, each.who, each.count) == (row.engine, "floor", row.count))
        cells.append(
            [
                row.engine,
                str(row.processes),
                row.who,
                str(row.count),
                f"{row.rate:.0f}",
                f"{median(times) * 1000:.1f}",
                f"{percentile(times, 0.95) * 1000:.1f}",
                f"{max(times) * 1000:.0f}",
                str(len(row.result.errors)),
                "" if row.who == "floor" else str(lost[row.engine]),
                f"{row.rate / base.rate:.2f}",
            ]
        )
    return markdown(HEADER, cells, words=3)


def _client(rows: list[Row]) -> str:
    most = max(row.result.client_cpu / row.result.seconds for row in rows if row.who != "floor")
    bytes_ = max(row.result.largest_answer for row in rows if row.who != "floor")
    errors = sorted({error for row in rows for error in row.result.errors})[:3]
    told = f" Errors: {' | '.join(errors)}" if errors else ""
    return f"The client took at most {most:.0%} of one core; the largest answer had {bytes_:,} bytes.{told}"
