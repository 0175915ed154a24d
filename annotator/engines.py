"""What an engine's connections do of themselves: SQLite begins and stores as the promises want it, PostgreSQL is tried."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Dialect, Engine, event
from sqlalchemy.engine.characteristics import ConnectionCharacteristic
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

IDLE_SECONDS = 1.0
"""A connection to PostgreSQL that was idle for longer is tried before it is used."""

USED = "annotator.used"


def prepare_engine(engine: Engine, busy_seconds: int) -> None:
    """Install the hooks of the engine's connections; once for each engine."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, busy_seconds)
    else:
        _try_idle_connections(engine)


def _try_idle_connections(engine: Engine) -> None:
    """Replace connections that ended while nobody used them, as a restart of PostgreSQL ends them.

    The pool's own pre-ping asks at every checkout. A save checks out twice within milliseconds, so it would pay for
    two questions more on a connection that has just answered.
    """

    @event.listens_for(engine, "checkout")
    def _on_checkout(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        used = record.info.get(USED)
        if used is None or time.monotonic() - used < IDLE_SECONDS:
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            alive = False
        if not alive:
            # The pool opens another connection and asks again.
            raise DisconnectionError

    @event.listens_for(engine, "checkin")
    def _on_checkin(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info[USED] = time.monotonic()


def _prepare_sqlite(engine: Engine, busy_seconds: int) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        # Python's sqlite3 would begin transactions by its own rules; `_begin` does it instead, by this level.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {busy_seconds * 1000:d}")
        cursor.execute("PRAGMA journal_mode = WAL")
        # NORMAL makes no fsync at COMMIT in WAL mode, and then "saved" would not mean on disk.
        cursor.execute("PRAGMA synchronous = FULL")
        # By default what was saved is carried into the database after every 4 MB, and somebody's save waits for that. A save
        # writes 40 kB, much of it to the same pages again.
        cursor.execute("PRAGMA wal_autocheckpoint = 4000")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    # A listener to the event "begin" could do it too, but an engine with one listener looks for listeners at every turn of
    # every statement: a tenth of what a save costs.
    dialect: Any = engine.dialect
    dialect.connection_characteristics = dialect.connection_characteristics.union({"writes": _Writes()})
    dialect.do_begin = _begin


class _Writes(ConnectionCharacteristic):
    """The execution option `writes`; a connection that goes back to the pool loses it after the rollback."""

    transactional = True

    def set_characteristic(self, _dialect: Dialect, connection: DBAPIConnection, value: object) -> None:
        connection.isolation_level = "IMMEDIATE" if value else None

    def get_characteristic(self, _dialect: Dialect, connection: DBAPIConnection) -> bool:
        return connection.isolation_level is not None

    def reset_characteristic(self, dialect: Dialect, connection: DBAPIConnection) -> None:
        self.set_characteristic(dialect, connection, False)


def _begin(connection: PoolProxiedConnection) -> None:
    sqlite: Any = connection.dbapi_connection
    sqlite.execute(f"BEGIN {sqlite.isolation_level or ''}")
