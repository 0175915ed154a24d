"""Decisions on the links that reviewers made between claims."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    outcome = sa.Enum(
        "accept", "edit", "no_link", name="link_outcome", native_enum=False, create_constraint=True, length=32
    )
    ended = sa.Enum("undone", "replaced", "claim", name="ended", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "link_decision",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("assignment_id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("question_a", sa.Uuid(), nullable=False),
        sa.Column("question_b", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("outcome", outcome, nullable=False),
        sa.Column("a_id", sa.Uuid(), nullable=False),
        sa.Column("b_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.String(length=16), nullable=True),
        sa.Column("taken_id", sa.String(length=16), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("replaces_id", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", ended, nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_link_decision_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_link_decision_user_id_user")),
        sa.ForeignKeyConstraint(["a_id"], ["annotation.id"], name=op.f("fk_link_decision_a_id_annotation")),
        sa.ForeignKeyConstraint(["b_id"], ["annotation.id"], name=op.f("fk_link_decision_b_id_annotation")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_decision_link_id_link")),
        sa.ForeignKeyConstraint(["taken_id"], ["link.id"], name=op.f("fk_link_decision_taken_id_link")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["link_decision.id"], name=op.f("fk_link_decision_replaces_id_link_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_decision")),
    )
    for column in ("assignment_id", "user_id", "question_a", "question_b", "a_id", "b_id", "link_id"):
        op.create_index(op.f(f"ix_link_decision_{column}"), "link_decision", [column])
    op.create_index(
        "uq_link_decision_standing",
        "link_decision",
        ["question_a", "question_b"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM link_decision")):
        raise RuntimeError("there are decisions on links, which the older schema cannot hold; nothing was changed")
    op.drop_table("link_decision")
