"""The database: one session for each application context, and the hooks that make SQLite keep its promises.

Reads begin with BEGIN and see one moment in time. Writes happen inside `transaction()`, which begins with BEGIN
IMMEDIATE on SQLite: a deferred transaction that reads and then writes fails at once with "database is locked" when
somebody else wrote in between, and the busy timeout is not even used.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Date, DateTime, Dialect, Engine, MetaData, String, Text, TypeDecorator, Uuid, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, registry

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

ID_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
ID_LENGTH = 16


def new_id() -> str:
    """A random id of 16 letters and digits (79 bits): it tells nothing about how much others did."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))


def now() -> datetime:
    """The present moment, in UTC, with microseconds."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all models."""

    registry = registry(
        type_annotation_map={
            str: Text(),
            datetime: UtcDateTime(),
            date: Date(),
            UUID: Uuid(),
            dict[str, Any]: JSON(),
            list[str]: JSON(),
            list[int]: JSON(),
            list[dict[str, Any]]: JSON(),
        }
    )
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Id(String):
    """The column type of opaque ids and of references to them."""

    def __init__(self, length: int = ID_LENGTH) -> None:
        super().__init__(length)


db = SQLAlchemy(
    model_class=Base,
    session_options={"expire_on_commit": False, "autoflush": False},
    disable_autonaming=True,
)


def connect(app: Flask, url: str, *, busy_seconds: int) -> None:
    """Give `app` the database at `url`. No connection is opened yet: servers fork after this."""
    engine_options: dict[str, Any] = {}
    if url.startswith("postgresql"):
        engine_options = {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True, "pool_recycle": 1800}
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine, busy_seconds)


@contextmanager
def transaction() -> Iterator[None]:
    """One short write transaction around a service call: COMMIT at its end, ROLLBACK on any error.

    What was read before belongs to an earlier moment, so it is forgotten and read again when it is used.
    """
    db.session.rollback()
    db.session.connection(execution_options={"writes": True})
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def prepare_engine(engine: Engine, busy_seconds: int) -> None:
    """Install the connect and begin hooks; once for each engine."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        # Python's sqlite3 would begin transactions by its own rules; SQLAlchemy's begin event does it instead.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {busy_seconds * 1000:d}")
        cursor.execute("PRAGMA journal_mode = WAL")
        # NORMAL makes no fsync at COMMIT in WAL mode, and then "saved" would not mean on disk.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
