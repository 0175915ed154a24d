"""What the annotate screen remembers: preferences, reading, suggestions put aside, guidelines read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # ADD COLUMN with a constant default leaves the rows and the triggers of these tables where they are.
    op.add_column("user", sa.Column("preferences", sa.JSON(), nullable=True))
    op.add_column("project", sa.Column("snap_to_words", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("project", sa.Column("suggestions", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("assignment", sa.Column("read_until", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("assignment", sa.Column("active_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("assignment", sa.Column("active_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "dismissed_suggestion",
        sa.Column("assignment_id", sa.String(length=16), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"start" >= 0 AND "end" > "start"', name=op.f("ck_dismissed_suggestion_span")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_dismissed_suggestion_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("assignment_id", "start", "end", name=op.f("pk_dismissed_suggestion")),
    )
    op.create_table(
        "guideline_reading",
        sa.Column("project_id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_guideline_reading_project_id_project")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_guideline_reading_user_id_user")),
        sa.PrimaryKeyConstraint("project_id", "user_id", name=op.f("pk_guideline_reading")),
    )


def downgrade() -> None:
    op.drop_table("guideline_reading")
    op.drop_table("dismissed_suggestion")
    for table, column in (
        ("assignment", "active_at"),
        ("assignment", "active_seconds"),
        ("assignment", "read_until"),
        ("project", "suggestions"),
        ("project", "snap_to_words"),
        ("user", "preferences"),
    ):
        op.drop_column(table, column)
