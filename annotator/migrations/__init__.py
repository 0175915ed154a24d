"""The schema's history, in Alembic. `upgrade` brings a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import Connection

HERE = Path(__file__).parent


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database of `engine` to `revision`; to repeat it does nothing."""
    _run(engine, "upgrade", revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the database of `engine` back to `revision` ("base" is the empty database)."""
    _run(engine, "downgrade", revision)


def current(engine: Engine) -> str | None:
    """The revision at which the database of `engine` stands, or None for an empty database."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return revision


def newest() -> str | None:
    """The revision that this program needs; files are named by their revision."""
    # Alembic would say it too, but every start of the server asks, and to load it takes a tenth of the start.
    return max((path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py")), default=None)


def _run(engine: Engine, command: str, revision: str) -> None:
    from alembic import command as commands
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    # Alembic rebuilds SQLite tables to change them; with foreign keys enforced that would delete or refuse child
    # rows, and the switch only works outside a transaction.
    with engine.connect().execution_options(writes=True) as connection:
        if engine.dialect.name == "sqlite":
            _pragma(connection, "foreign_keys = OFF")
        try:
            config.attributes["connection"] = connection
            getattr(commands, command)(config, revision)
        finally:
            # After an error the transaction is still open, and inside one the switch would do nothing.
            connection.rollback()
            if engine.dialect.name == "sqlite":
                _pragma(connection, "foreign_keys = ON")


def _pragma(connection: Connection, statement: str) -> None:
    """Run a PRAGMA outside any transaction."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA {statement}")
    cursor.close()
