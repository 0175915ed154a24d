"""Claims whose place in a corrected text their reviewers have to say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    doubt = sa.Enum(
        "surroundings", "several", "changed", name="doubt", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "claim_to_place",
        sa.Column("annotation_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("doubt", doubt, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            '("start" IS NULL) = ("end" IS NULL) AND ("start" IS NULL OR ("start" >= 0 AND "end" > "start"))',
            name=op.f("ck_claim_to_place_span"),
        ),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotation.id"], name=op.f("fk_claim_to_place_annotation_id_annotation")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_claim_to_place_version_id_article_version")
        ),
        sa.PrimaryKeyConstraint("annotation_id", name=op.f("pk_claim_to_place")),
    )
    op.create_index(op.f("ix_claim_to_place_version_id"), "claim_to_place", ["version_id"])


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM claim_to_place")):
        raise RuntimeError("there are claims to place, which the older schema cannot hold; nothing was changed")
    op.drop_table("claim_to_place")
