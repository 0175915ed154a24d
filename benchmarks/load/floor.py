"""The floor: what this machine and the web server allow at best. A bare WSGI app that stores one row durably.

Run as `python -m benchmarks.load.floor DATABASE_URL`. It runs on the same server with the same number of threads as
the product, reads the same JSON, and commits one row like a claim's. It checks nothing, knows nobody and keeps no history.
"""

from __future__ import annotations

import json
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from waitress.server import create_server

COLUMNS = ("id", "assignment", "label", "version", "start", "end_", "exact", "note", "evidence", "at")
TABLE = f"CREATE TABLE floor (id TEXT PRIMARY KEY, {', '.join(f'{name} TEXT' for name in COLUMNS[1:])})"
THREADS = 16

Insert = Callable[[tuple[str, ...]], None]


def sqlite_insert(path: str) -> Insert:
    """Into one connection behind a mutex, as durably as the product: WAL, and an fsync at every COMMIT."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(TABLE)
    mutex = threading.Lock()
    statement = f"INSERT OR REPLACE INTO floor VALUES ({', '.join('?' * len(COLUMNS))})"

    def insert(row: tuple[str, ...]) -> None:
        with mutex:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(statement, row)
            connection.execute("COMMIT")

    return insert


def postgresql_insert(url: str) -> Insert:
    """Into a connection for each thread."""
    with psycopg.connect(url, autocommit=True) as first:
        first.execute("DROP TABLE IF EXISTS floor")
        first.execute(TABLE)
    local = threading.local()
    values = ", ".join(["%s"] * len(COLUMNS))
    # COLUMNS are our own words, no input.
    statement = f"INSERT INTO floor VALUES ({values}) ON CONFLICT (id) DO UPDATE SET note = excluded.note"

    def insert(row: tuple[str, ...]) -> None:
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(url, autocommit=True)
        local.connection.execute(statement, row)

    return insert


def make_app(insert: Insert) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The WSGI app."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        content = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        claim = json.loads(content)
        key = environ["PATH_INFO"].rpartition("/")[2]
        evidence = json.dumps(claim["evidence"])
        span = (str(claim["start"]), str(claim["end"]), claim["exact"])
        insert((key, "assignment", claim["label"], "1", *span, claim["note"], evidence, "now"))
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
        return [content]

    return app


def main(url: str) -> None:
    """Serve until SIGTERM."""
    insert = sqlite_insert(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else postgresql_insert(url)
    server = create_server(make_app(insert), host="127.0.0.1", port=0, threads=THREADS, ident=None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = getattr(server, "effective_port")  # noqa: B009 -- there is one listener, so it has one port
    print(f"Listening on http://127.0.0.1:{port}", file=sys.stderr, flush=True)
    server.run()


if __name__ == "__main__":
    main(sys.argv[1])
