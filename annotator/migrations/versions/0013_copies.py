"""Groups of copies of one wire text, and the sketches by which they are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "copy_member",
        sa.Column("group_id", sa.String(length=16), nullable=False),
        sa.Column("article_id", sa.String(length=16), nullable=False),
        sa.Column("project_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('suggested', 'confirmed', 'rejected')", name=op.f("ck_copy_member_copy_state")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_copy_member_article_id_article")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_copy_member_project_id_project")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_copy_member_user_id_user")),
        sa.PrimaryKeyConstraint("group_id", "article_id", name=op.f("pk_copy_member")),
    )
    op.create_index(op.f("ix_copy_member_project_id"), "copy_member", ["project_id"])
    op.create_index(
        "ix_copy_member_article_id_in_one_group",
        "copy_member",
        ["article_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'rejected'"),
        postgresql_where=sa.text("state <> 'rejected'"),
    )
    op.create_table(
        "copy_sketch",
        sa.Column("version_id", sa.String(length=16), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_copy_sketch_version_id_article_version")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_copy_sketch")),
    )


def downgrade() -> None:
    decided = "SELECT count(*) FROM copy_member WHERE state <> 'suggested'"
    if op.get_bind().scalar(sa.text(decided)):
        raise RuntimeError("people decided about copies, which the older schema cannot hold; nothing was changed")
    op.drop_table("copy_sketch")
    op.drop_table("copy_member")
