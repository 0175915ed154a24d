"""Imports look for articles by their addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

GIVEN = "url <> ''"


def upgrade() -> None:
    op.create_index(
        "ix_article_version_url",
        "article_version",
        ["url"],
        sqlite_where=sa.text(GIVEN),
        postgresql_where=sa.text(GIVEN),
    )


def downgrade() -> None:
    op.drop_index("ix_article_version_url", "article_version")
