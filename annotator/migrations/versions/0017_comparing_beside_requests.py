"""Looking for copies among many articles takes longer than a request."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = {"0016": "kind IN ('export', 'import')", "0017": "kind IN ('export', 'import', 'comparison')"}


def upgrade() -> None:
    _exchange_kinds("0017")


def downgrade() -> None:
    # They are forgotten a day after their end anyway, none keeps a file, and the version before has no page for them.
    op.execute("DELETE FROM errand WHERE kind = 'comparison'")
    _exchange_kinds("0016")


def _exchange_kinds(revision: str) -> None:
    with op.batch_alter_table("errand") as table:
        table.drop_constraint(op.f("errand_kind"), type_="check")
        table.create_check_constraint(op.f("errand_kind"), KINDS[revision])
