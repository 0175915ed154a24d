"""Tokens that are good for one project alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_token") as table:
        table.add_column(sa.Column("project_id", sa.String(length=16), nullable=True))
        table.create_foreign_key(op.f("fk_api_token_project_id_project"), "project", ["project_id"], ["id"])
    op.create_index(op.f("ix_api_token_project_id"), "api_token", ["project_id"])


def downgrade() -> None:
    limited = "SELECT count(*) FROM api_token WHERE project_id IS NOT NULL AND revoked_at IS NULL"
    if op.get_bind().scalar(sa.text(limited)):
        raise RuntimeError("there are tokens of one project, which would be good for all of them; revoke them first")
    op.drop_index(op.f("ix_api_token_project_id"), "api_token")
    with op.batch_alter_table("api_token") as table:
        table.drop_constraint(op.f("fk_api_token_project_id_project"), type_="foreignkey")
        table.drop_column("project_id")
