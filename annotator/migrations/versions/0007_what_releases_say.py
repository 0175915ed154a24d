"""What a project's releases say of themselves, and the key of its pseudonyms."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("project", sa.Column("dataset", sa.JSON(), nullable=True))
    op.add_column(
        "project", sa.Column("pseudonym_key", sa.String(length=64), server_default=sa.text("''"), nullable=False)
    )
    connection = op.get_bind()
    for project_id in connection.scalars(sa.text("SELECT id FROM project")).all():
        values = {"key": secrets.token_hex(32), "id": project_id}
        connection.execute(sa.text("UPDATE project SET pseudonym_key = :key WHERE id = :id"), values)


def downgrade() -> None:
    connection = op.get_bind()
    manifests = connection.scalars(sa.text("SELECT manifest FROM release"))
    if any('"people":"pseudonyms"' in manifest for manifest in manifests):
        raise RuntimeError("there are releases with pseudonyms, and the older schema cannot hold their key")
    if connection.scalar(sa.text("SELECT count(*) FROM project WHERE CAST(dataset AS TEXT) NOT IN ('null', '{}')")):
        raise RuntimeError("projects say what their releases are, which the older schema cannot hold")
    op.drop_column("project", "pseudonym_key")
    op.drop_column("project", "dataset")
