"""SQLite writes new words into the full-text index in larger pieces, and puts these together more rarely."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SETTINGS = {"hashsize": (1_048_576, 8_388_608), "automerge": (4, 16), "crisismerge": (16, 32)}
"""What FTS5 has by itself, and what is set: bytes that wait in memory for the end of a transaction; of how many pieces of
one size it begins to make one, a little with each transaction; and at how many it makes one at once."""


def upgrade() -> None:
    _set(1)


def downgrade() -> None:
    _set(0)


def _set(which: int) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for name, values in SETTINGS.items():
            connection.exec_driver_sql(
                "INSERT INTO search_block (search_block, rank) VALUES (?, ?)", (name, values[which])
            )
