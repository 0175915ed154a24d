"""From several reviewers' work to one set: second rounds, reveals, discussion, merging, training, stored figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = {
    "0002": "kind IN ('review', 'adjudication')",
    "0003": "kind IN ('review', 'adjudication', 'training', 'second_look', 'returned')",
}
# Work, as opposed to settings and to figures that are computed again; going back must not lose it silently.
ONLY_HERE = {
    "reviews in training, returned or repeated": "assignment WHERE kind NOT IN ('review', 'adjudication')",
    "articles for training": "article WHERE training",
    "articles that were revealed to their reviewers": "article WHERE revealed_at IS NOT NULL",
    "votes of a blind round that were changed later": "first_vote",
    "claims of a later round": "annotation WHERE round > 1",
    "questions that were sent back to the reviewers": "second_round",
    "posts in discussions": "post",
    "decisions with reasons": "decision WHERE reasons IS NOT NULL AND CAST(reasons AS TEXT) NOT IN ('[]', 'null')",
    "decisions by rule": "decision WHERE rule <> ''",
}
PROJECT_CHECKS = {
    "merge_strategy": "merge_strategy IN ('none', 'unanimous', 'majority')",
    "merge_threshold": "merge_threshold BETWEEN 0.5 AND 1",
    "return_after_days": "return_after_days > 0",
    "pass_mark": "pass_mark BETWEEN 0 AND 1",
    "second_look_share": "second_look_share BETWEEN 0 AND 0.5",
    "second_look_after_days": "second_look_after_days > 0",
}


def upgrade() -> None:
    _assignment()
    _project_and_membership()
    op.add_column("article", sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("article", sa.Column("training", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("annotation", sa.Column("round", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("decision", sa.Column("reasons", sa.JSON(), nullable=True))
    op.add_column("decision", sa.Column("rule", sa.String(length=32), server_default=sa.text("''"), nullable=False))
    _first_votes()
    _second_rounds()
    _discussion()
    _stored_figures()


def downgrade() -> None:
    for what, where in ONLY_HERE.items():
        if op.get_bind().scalar(sa.text(f"SELECT count(*) FROM {where}")):  # noqa: S608 -- constants of this file
            raise RuntimeError(f"there are {what}, which the older schema cannot hold; nothing was changed")
    for name in (
        "agreement_report",
        "agreement_sums",
        "mention",
        "post",
        "second_round_answer",
        "second_round",
        "first_vote",
    ):
        op.drop_table(name)
    for name, column in (
        ("decision", "rule"),
        ("decision", "reasons"),
        ("annotation", "round"),
        ("article", "training"),
        ("article", "revealed_at"),
    ):
        op.drop_column(name, column)
    with op.batch_alter_table("membership") as table:
        table.drop_constraint(op.f("ck_membership_capacity"), type_="check")
        table.drop_column("qualified_at")
        table.drop_column("capacity")
    with op.batch_alter_table("project") as table:
        for rule in PROJECT_CHECKS:
            table.drop_constraint(op.f(f"ck_project_{rule}"), type_="check")
        for column in (
            "second_look_after_days",
            "second_look_share",
            "pass_mark",
            "return_after_days",
            "discussion",
            "merge_threshold",
            "merge_strategy",
        ):
            table.drop_column(column)
    op.drop_index("uq_assignment_second_look", "assignment")
    op.drop_index("uq_assignment_person", "assignment")
    op.drop_index(op.f("ix_assignment_article_id_user_id"), "assignment")
    with op.batch_alter_table("assignment") as table:
        table.drop_column("returned_at")
        _exchange_kinds(table, "0002")
        table.create_unique_constraint(op.f("uq_assignment_article_id_user_id"), ["article_id", "user_id"])


def _exchange_kinds(table: BatchOperations, revision: str) -> None:
    table.drop_constraint(op.f("assignment_kind"), type_="check")
    table.create_check_constraint(op.f("assignment_kind"), KINDS[revision])


def _assignment() -> None:
    with op.batch_alter_table("assignment") as table:
        _exchange_kinds(table, "0003")
        table.drop_constraint(op.f("uq_assignment_article_id_user_id"), type_="unique")
        table.add_column(sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_assignment_article_id_user_id"), "assignment", ["article_id", "user_id"])
    for name, rule in (("person", "kind <> 'second_look'"), ("second_look", "kind = 'second_look'")):
        op.create_index(
            f"uq_assignment_{name}",
            "assignment",
            ["article_id", "user_id"],
            unique=True,
            sqlite_where=sa.text(rule),
            postgresql_where=sa.text(rule),
        )


def _project_and_membership() -> None:
    with op.batch_alter_table("project") as table:
        table.add_column(sa.Column("merge_strategy", sa.String(length=32), server_default="none", nullable=False))
        table.add_column(sa.Column("merge_threshold", sa.Double(), server_default=sa.text("0.75"), nullable=False))
        table.add_column(sa.Column("discussion", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("return_after_days", sa.Integer(), nullable=True))
        table.add_column(sa.Column("pass_mark", sa.Double(), nullable=True))
        table.add_column(sa.Column("second_look_share", sa.Double(), server_default=sa.text("0"), nullable=False))
        table.add_column(
            sa.Column("second_look_after_days", sa.Integer(), server_default=sa.text("21"), nullable=False)
        )
        for name, rule in PROJECT_CHECKS.items():
            table.create_check_constraint(op.f(f"ck_project_{name}"), rule)
    with op.batch_alter_table("membership") as table:
        table.add_column(sa.Column("capacity", sa.Integer(), nullable=True))
        table.add_column(sa.Column("qualified_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(op.f("ck_membership_capacity"), "capacity >= 0")


def _first_votes() -> None:
    op.create_table(
        "first_vote",
        sa.Column("annotation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("label_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint('"start" >= 0 AND "end" > "start"', name=op.f("ck_first_vote_span")),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotation.id"], name=op.f("fk_first_vote_annotation_id_annotation")
        ),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name=op.f("fk_first_vote_label_id_label")),
        sa.PrimaryKeyConstraint("annotation_id", name=op.f("pk_first_vote")),
    )
    op.create_index(op.f("ix_first_vote_label_id"), "first_vote", ["label_id"])


def _second_rounds() -> None:
    op.create_table(
        "second_round",
        sa.Column("decision_id", sa.String(length=16), nullable=False),
        sa.Column("article_id", sa.String(length=16), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.CheckConstraint('"start" >= 0 AND "end" > "start"', name=op.f("ck_second_round_span")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_second_round_decision_id_decision")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_second_round_article_id_article")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_second_round")),
    )
    op.create_index(op.f("ix_second_round_article_id"), "second_round", ["article_id"])
    op.create_table(
        "second_round_answer",
        sa.Column("decision_id", sa.String(length=16), nullable=False),
        sa.Column("assignment_id", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["second_round.decision_id"],
            name=op.f("fk_second_round_answer_decision_id_second_round"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_second_round_answer_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("decision_id", "assignment_id", name=op.f("pk_second_round_answer")),
    )
    op.create_index(op.f("ix_second_round_answer_assignment_id"), "second_round_answer", ["assignment_id"])


def _discussion() -> None:
    op.create_table(
        "post",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("article_id", sa.String(length=16), nullable=False),
        sa.Column("question", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "comment",
                "resolve",
                "reopen",
                name="post_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_post_article_id_article")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_post_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index("ix_post_article_id_question", "post", ["article_id", "question"])
    op.create_index(op.f("ix_post_user_id"), "post", ["user_id"])
    op.create_table(
        "mention",
        sa.Column("post_id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_mention_post_id_post")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mention_user_id_user")),
        sa.PrimaryKeyConstraint("post_id", "user_id", name=op.f("pk_mention")),
    )
    op.create_index(op.f("ix_mention_user_id"), "mention", ["user_id"])


def _stored_figures() -> None:
    op.create_table(
        "agreement_sums",
        sa.Column("article_id", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_agreement_sums_article_id_article")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_agreement_sums")),
    )
    op.create_table(
        "agreement_report",
        sa.Column("project_id", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_agreement_report_project_id_project")),
        sa.PrimaryKeyConstraint("project_id", "digest", name=op.f("pk_agreement_report")),
    )
