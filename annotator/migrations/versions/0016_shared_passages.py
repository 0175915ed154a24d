"""Paragraphs that stand in several stories, and what is kept of paragraphs to find them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was kept has no paragraphs in it; all articles are compared anew with the next look, and groups stay.
    op.execute("DELETE FROM copy_sketch")
    op.add_column("copy_sketch", sa.Column("passages", sa.LargeBinary(), nullable=False))
    op.create_table(
        "shared_passage",
        sa.Column("version_id", sa.String(length=16), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.String(length=16), nullable=False),
        sa.Column("project_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_shared_passage_project_id_project")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_shared_passage_version_id_article_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "start", name=op.f("pk_shared_passage")),
    )
    op.create_index(op.f("ix_shared_passage_group_id"), "shared_passage", ["group_id"])
    op.create_index(op.f("ix_shared_passage_project_id"), "shared_passage", ["project_id"])


def downgrade() -> None:
    op.drop_table("shared_passage")
    op.drop_column("copy_sketch", "passages")
