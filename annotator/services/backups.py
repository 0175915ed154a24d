"""Copies of the whole database: taken from the running one, and put back.

SQLite is copied with its backup API. Copying the file of a live database in WAL mode loses what is still in the log.
PostgreSQL is copied by its own tools, pg_dump and pg_restore, which must be at least as new as the server.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from annotator.errors import Conflict, Invalid, Misconfigured

SIGNATURE = b"SQLite format 3\x00"


def copy_out(engine: Engine, target: Path) -> None:
    """Write a copy of the database, as it is at one moment, to the new file `target`."""
    if engine.dialect.name == "sqlite":
        copy_sqlite(_file_of(engine), target)
        return
    _run("pg_dump", ["--format=custom", "--no-owner", f"--file={target}"], engine.url)
    _run("pg_restore", ["--list", str(target)])


def copy_in(engine: Engine, source: Path) -> None:
    """Replace the whole database by the copy in `source`, in one step."""
    if engine.dialect.name == "sqlite":
        if not is_sqlite(source):
            raise Invalid(f"{source} is not a SQLite database, so it is no backup of this installation.")
        # Nobody of this process may hold the old content; other processes are held off by SQLite's own locks.
        engine.dispose()
        copy_sqlite(source, _file_of(engine))
        return
    options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
    _run("pg_restore", [*options, f"--dbname={engine.url.database}", str(source)], engine.url)


def make_single_file(path: Path) -> None:
    """Fold the write-ahead log of the SQLite database at `path` into it: the copy is one file, and stays one when read."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def is_sqlite(path: Path) -> bool:
    """Whether the file begins as a SQLite database does."""
    with path.open("rb") as file:
        return file.read(len(SIGNATURE)) == SIGNATURE


def _file_of(engine: Engine) -> Path:
    name = engine.url.database
    if not name or name == ":memory:":
        raise Misconfigured("A database in memory cannot be backed up. Set ANNOTATOR_DATABASE_URL to a file.")
    return Path(name)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy the SQLite database `source` over `target`, page by page, under SQLite's own locks."""
    if not source.exists():
        raise Conflict(f"There is no database {source}. Run 'annotator init'.")
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=60)) as reader,
            closing(sqlite3.connect(target, timeout=60)) as writer,
        ):
            # All pages in one step: in several, a busy database would make it begin again and again.
            reader.backup(writer)
    except sqlite3.Error as error:
        raise Conflict(f"{source} could not be copied to {target}: {error}.") from error


def _run(program: str, arguments: Sequence[str], url: URL | None = None) -> None:
    """Run a program of PostgreSQL on the database at `url`. Raises Conflict with what it says."""
    found = shutil.which(program)
    if found is None:
        raise Conflict(
            f"{program} is not installed. Install PostgreSQL's client programs, as new as the server or newer, or back "
            "the database up with the server's own means."
        )
    environment = {**os.environ, **(_connection(url) if url is not None else {})}
    ended = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if ended.returncode:
        said = ended.stderr.strip().splitlines()
        raise Conflict(f"{program} failed: {' '.join(said[:3]) or f'status {ended.returncode}'}")


def _connection(url: URL) -> dict[str, str]:
    """Where the database is, as PostgreSQL's programs read it; a password is never among the arguments."""
    hosts = url.query.get("host", url.host)
    given = {
        "PGHOST": hosts if isinstance(hosts, str) else None,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
    }
    return {name: value for name, value in given.items() if value}
