"""The database: one session for each application context, and the hooks that make SQLite keep its promises.

Reads begin with BEGIN and see one moment in time. Writes happen inside `transaction()`, which begins with BEGIN
IMMEDIATE on SQLite: a deferred transaction that reads and then writes fails at once with "database is locked" when
somebody else wrote in between, and the busy timeout is not even used.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import orjson
from flask import Flask, current_app, g
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import JSON, Date, DateTime, Dialect, Engine, MetaData, String, Text, TypeDecorator, Uuid
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import DeclarativeBase, registry

from annotator.engines import prepare_engine
from annotator.errors import AnnotatorError, Busy, Unavailable
from annotator.writers import Turnstile, WritersQueue

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

WRITERS = "annotator.writers"
"""Where an app keeps what its write transactions wait for: a function that makes a context."""

CONNECT_SECONDS = 5
"""For so long PostgreSQL may take to answer a new connection, and a request may wait for one of ours to be free."""

# The classes of PostgreSQL's error codes (its manual, appendix A): two that were in each other's way, of which one
# had to give up; and a connection or a server that is not there, has no room, or is being stopped.
IN_THE_WAY = frozenset({"40P01", "40001", "55P03"})
NOT_THERE = ("08", "53", "57P")

ID_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
ID_LENGTH = 16
ID_START = 6
"""So many letters are shared by ids that are made together; the others still tell a hundred million million apart."""
_PAIRS = [first + second for first in ID_ALPHABET for second in ID_ALPHABET]
"""Two letters at a time: an import makes three ids for each article."""


def new_id() -> str:
    """A random id of 16 letters and digits (79 bits): it tells nothing about how much others did."""
    return _random_letters(ID_LENGTH)


def new_ids(count: int) -> list[str]:
    """Ids of rows that are stored together, in ascending order. They begin alike, but that beginning is random too.

    So all of them lie side by side in an index: entirely random ones would each change another page of it.
    """
    start = _random_letters(ID_START)
    return sorted(start + _random_letters(ID_LENGTH - ID_START) for _ in range(count))


def _random_letters(length: int) -> str:
    # Of 128 bits, so that none is likelier than another by more than 1 in 2 to the 49th; to draw until a number is small
    # enough takes twice as long.
    number, pairs = secrets.randbits(128), []
    for _ in range(length // 2):
        number, place = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[place])
    return "".join(pairs)


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


class _Session(Session):
    """The session of an application context; inside `transaction()` it joins that transaction instead of its own."""

    def get_bind(self, *about: Any, **more: Any) -> Engine | Connection:
        writing: Connection | None = g.get("writing")
        return super().get_bind(*about, **more) if writing is None else writing


db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": _Session, "expire_on_commit": False, "autoflush": False},
    disable_autonaming=True,
)


def connect(app: Flask, url: str, *, busy_seconds: int) -> None:
    """Give `app` the database at `url`. No connection is opened yet: servers fork after this."""
    # Thousands of claims are read with each a short list in it.
    engine_options: dict[str, Any] = {"json_deserializer": orjson.loads}
    if url.startswith("postgresql"):
        engine_options |= {
            "pool_size": 10,
            "max_overflow": 20,
            "pool_recycle": 1800,
            "pool_timeout": CONNECT_SECONDS,
            "connect_args": {"connect_timeout": CONNECT_SECONDS},
        }
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine, busy_seconds)
        app.extensions[WRITERS] = nullcontext if url.startswith("postgresql") else _turns(db.engine, busy_seconds)


def _turns(engine: Engine, busy_seconds: int) -> Callable[[], AbstractContextManager[None]]:
    """One writer after another: those of this process, then the processes that write to the same file."""
    queue, turnstile = WritersQueue(busy_seconds), Turnstile(str(engine.url.database), busy_seconds)

    @contextmanager
    def turn() -> Iterator[None]:
        with queue.turn(), turnstile.turn():
            yield

    return turn


@contextmanager
def transaction() -> Iterator[None]:
    """One short write transaction around a service call: COMMIT at its end, ROLLBACK on any error.

    What was read before belongs to an earlier moment, so it is forgotten and read again when it is used. Raises Busy
    when others, of this process or another, were writing for too long.
    """
    if db.session.registry.has():
        db.session.rollback()
    with current_app.extensions[WRITERS](), db.engine.connect() as connection:
        _begin_to_write(connection)
        g.writing = connection
        try:
            yield
            _store_objects()
            connection.commit()
        except BaseException:
            _forget_objects()
            raise
        finally:
            del g.writing


def current_connection() -> Connection:
    """The connection of the transaction that is going on: the writing one, or the session's.

    The session is bound to the writing one too, but to make one only for its connection takes longer than a statement.
    """
    writing: Connection | None = g.get("writing")
    return db.session.connection() if writing is None else writing


@contextmanager
def glimpse() -> Iterator[Connection]:
    """A connection for one question, with no transaction around it; given back at once, so that nobody holds two.

    PostgreSQL is spared a BEGIN and a ROLLBACK, each of which takes as long as the question. Who is reading already asks
    on that connection.
    """
    if "writing" in g or (db.session.registry.has() and db.session().in_transaction()):
        yield current_connection()
        return
    engine = db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")  # noqa: PLW2901
        yield connection


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A read transaction in which every statement sees the same state; PostgreSQL has to be asked for that."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
        with connection.begin():
            yield connection


@contextmanager
def aside() -> Iterator[Connection | None]:
    """A short write transaction on a connection of its own, for copies that may be lost; what the session has read
    stays read. None inside `transaction()`, for which it would wait for ever.
    """
    if "writing" in g:
        yield None
        return
    with current_app.extensions[WRITERS](), db.engine.connect() as connection:
        _begin_to_write(connection)
        yield connection
        connection.commit()


def _store_objects() -> None:
    """What the session was given to store goes into the writing transaction; its commit there is no COMMIT."""
    if db.session.registry.has():
        db.session.commit()


def _forget_objects() -> None:
    """Objects are read again when they are used, those too that were stored before the COMMIT failed."""
    if db.session.registry.has():
        db.session.rollback()
        db.session.expire_all()


def _begin_to_write(connection: Connection) -> None:
    try:
        connection.execution_options(writes=True)
        connection.begin()
    except OperationalError as error:
        if isinstance(in_domain_words(error), Busy):
            raise Busy from error
        raise


def in_domain_words(error: SQLAlchemyError) -> AnnotatorError | None:
    """What `error` is for whoever asked, if it passes by itself: Busy or Unavailable. None for a fault."""
    if isinstance(error, NoConnectionFree):
        return Unavailable()
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        busy = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
        return Busy() if busy else None
    code = getattr(error.orig, "sqlstate", None) or ""
    if code in IN_THE_WAY:
        return Busy()
    # Without a code it is the driver that found nobody at the other end.
    gone = error.connection_invalidated or (not code and isinstance(error, OperationalError))
    return Unavailable() if gone or code.startswith(NOT_THERE) else None
