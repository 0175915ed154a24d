"""Frozen releases of a dataset, which nothing changes any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FROZEN = ("release", "release_part")


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("project_id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=True),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_release_project_id_project")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_release_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("project_id", "version", name=op.f("uq_release_project_id_version")),
    )
    op.create_index(op.f("ix_release_user_id"), "release", ["user_id"])
    op.create_table(
        "release_part",
        sa.Column("release_id", sa.String(length=16), nullable=False),
        sa.Column("layer", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_release_part_release_id_release")),
        sa.PrimaryKeyConstraint("release_id", "layer", "n", name=op.f("pk_release_part")),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in FROZEN:
        for action in ("UPDATE", "DELETE"):
            message = "a release is never changed"
            body = (
                f"EXECUTE FUNCTION refuse_change('{message}')"
                if postgresql
                else f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
            name = f"{table}_{action.lower()}"
            op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW {body}")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM release")):
        raise RuntimeError("there are releases, which the older schema cannot hold")
    # Their triggers go with them.
    op.drop_table("release_part")
    op.drop_table("release")
