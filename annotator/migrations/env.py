"""Alembic's entry: runs the migrations on the connection that `annotator.migrations` hands over.

A migration that would lose rows, or leave them without their parent, is refused, and nothing is changed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

connection = context.config.attributes["connection"]
metadata = context.config.attributes.get("metadata")


def row_counts() -> dict[str, int]:
    """How many rows each table has. Alembic's own is none of ours, nor are those in which SQLite keeps a full-text index:
    their rows are its settings and its pieces.
    """
    tables = {name for name in sa.inspect(connection).get_table_names() if not name.startswith(index_parts())}
    tables.discard("alembic_version")
    return {name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) for name in sorted(tables)}


def index_parts() -> tuple[str, ...]:
    """How the names of such tables begin; the index itself, which has a row for each text, is none of them."""
    if connection.dialect.name != "sqlite":
        return ()
    virtual = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
    return tuple(f"{name}_" for name in virtual.scalars())


def problems(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """What the migration would break, in words."""
    changed = [
        f"{name} would have {after[name]} rows instead of {rows}"
        for name, rows in before.items()
        if name in after and after[name] != rows
    ]
    if connection.dialect.name == "sqlite":
        orphans = len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())
        changed += [f"{orphans} rows would be left without their parent"] if orphans else []
    return changed


# Alembic takes SQLite for a database that cannot roll back a change of its schema; with our own BEGIN it can. Without
# this each migration would be committed by itself, before anything is checked.
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    rows = row_counts()
    context.run_migrations()
    if found := problems(rows, row_counts()):
        raise RuntimeError(f"the migration is refused, and nothing was changed: {'; '.join(found)}")
