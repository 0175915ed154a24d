"""The full-text index over the blocks of articles, made for those that are there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

POSITION_BITS = 24
LONGEST = 100_000
MANY = 200

WITHOUT_BLANKS = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff])"
)
MARKS = re.compile("[\u0300-\u036f]+")
NO_WORD = re.compile(r"[\W_]+")


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_search_entry_version_id_article_version")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("version_id", name=op.f("uq_search_entry_version_id")),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_block USING fts5(words, content='', tokenize='unicode61 remove_diacritics 2')"
        )
    else:
        op.execute("CREATE TABLE search_block (place BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_search_block_words ON search_block USING gin (words)")
    connection.exec_driver_sql(
        "INSERT INTO search_entry (version_id) SELECT id FROM article_version ORDER BY created_at, id"
    )
    for place, passage in _passages(connection):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("INSERT INTO search_block (rowid, words) VALUES (?, ?)", (place, passage))
        else:
            connection.exec_driver_sql(
                "INSERT INTO search_block (place, words) VALUES (%s, to_tsvector('simple', %s))", (place, passage)
            )


def downgrade() -> None:
    op.drop_table("search_block")
    op.drop_table("search_entry")


def _passages(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    """Each block's place and words, one version's text in memory at a time."""
    prepare = _spaced if connection.dialect.name == "sqlite" else _folded
    entries = sa.text("SELECT number, version_id FROM search_entry WHERE number > :last ORDER BY number LIMIT :many")
    text = sa.text("SELECT text FROM article_version WHERE id = :id")
    blocks = sa.text('SELECT position, start, "end" FROM article_block WHERE version_id = :id ORDER BY position')
    last = 0
    while found := connection.execute(entries, {"last": last, "many": MANY}).all():
        for number, version_id in found:
            whole = connection.scalar(text, {"id": version_id})
            for position, start, end in connection.execute(blocks, {"id": version_id}).all():
                yield (number << POSITION_BITS) + position, prepare(whole[start : min(end, start + LONGEST)])
        last = found[-1][0]


def _spaced(text: str) -> str:
    return text if text.isascii() else WITHOUT_BLANKS.sub(r" \1 ", text)


def _folded(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", MARKS.sub("", unicodedata.normalize("NFKD", _spaced(text))))
    return NO_WORD.sub(" ", text.casefold()).strip()
