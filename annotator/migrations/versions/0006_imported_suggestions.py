"""Passages that imported files suggest to reviewers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_suggestion",
        sa.Column("version_id", sa.String(length=16), nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("end", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"start" >= 0 AND "end" > "start"', name=op.f("ck_imported_suggestion_span")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_imported_suggestion_version_id_article_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "start", "end", name=op.f("pk_imported_suggestion")),
    )


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM imported_suggestion")):
        raise RuntimeError("there are imported suggestions, which the older schema cannot hold; nothing was changed")
    op.drop_table("imported_suggestion")
