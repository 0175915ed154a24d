"""Scopes of API tokens as a set of words, such as "read export"; before, "write" stood for everything."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What could be done with a token before, it can do afterwards.
AFTER = {"read": "read export", "write": "read export write manage"}


def upgrade() -> None:
    with op.batch_alter_table("api_token") as table:
        table.add_column(sa.Column("scopes", sa.String(length=64), server_default=sa.text("''"), nullable=False))
    for before, after in AFTER.items():
        _set("scopes", after, f"scope = '{before}'")
    with op.batch_alter_table("api_token") as table:
        table.drop_column("scope")


def downgrade() -> None:
    with op.batch_alter_table("api_token") as table:
        table.add_column(sa.Column("scope", sa.String(length=16), server_default="read", nullable=False))
    # No token may do more than before: what is not good for everything can only read.
    _set("scope", "write", f"scopes = '{AFTER['write']}'")
    with op.batch_alter_table("api_token") as table:
        table.drop_column("scopes")
        table.alter_column("scope", existing_type=sa.String(length=16), server_default=None, existing_nullable=False)


def _set(column: str, words: str, where: str) -> None:
    change = f"UPDATE api_token SET {column} = :words WHERE {where}"  # noqa: S608 -- constants of this file
    op.execute(sa.text(change).bindparams(words=words))
