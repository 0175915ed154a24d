"""The full-text index over the blocks of articles, as each database keeps one of its own.

SQLite: a contentless FTS5 table, which folds letters itself. PostgreSQL: a table of text-search vectors with a GIN
index, in the configuration "simple" that every server has. In both a block has the number of its version in the high
bits of its place and its position in the low ones, so that one row for each version says what is covered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Select, delete, func, select, text
from sqlalchemy.sql.elements import ColumnElement

from annotator.domain.search_words import LONGEST, folded, spaced
from annotator.models import ArticleBlock, ArticleVersion, SearchEntry
from annotator.services.bulk import insert_rows

POSITION_BITS = 24
"""A text may have twenty million characters, and so at most half as many blocks."""

MANY = 200


class Covered(NamedTuple):
    """A version for the index: its id, its text, and the range of each block by its position."""

    version_id: str
    text: str
    blocks: Sequence[tuple[int, int, int]]


def add(connection: Connection, versions: Sequence[Covered]) -> None:
    """Put the blocks of new versions into the index; the caller holds the lock under which articles are written."""
    numbers = _numbers(connection, len(versions))
    places = [(number, each.version_id) for number, each in zip(numbers, versions, strict=True)]
    insert_rows(connection, SearchEntry.__table__, ("number", "version_id"), places)  # type: ignore[arg-type]
    rows = [row for number, each in zip(numbers, versions, strict=True) for row in _rows(number, each)]
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        passages = [(place, spaced(passage)) for place, passage in rows]
        connection.exec_driver_sql("INSERT INTO search_block (rowid, words) VALUES (?, ?)", passages)
        return
    connection.exec_driver_sql(
        "INSERT INTO search_block (place, words) SELECT place, to_tsvector('simple', passage) "
        "FROM unnest(%s::bigint[], %s::text[]) AS given (place, passage)",
        ([place for place, _ in rows], [folded(passage) for _, passage in rows]),
    )


def remove(connection: Connection, version_ids: Sequence[str]) -> None:
    """Take versions out of the index, before their blocks go: SQLite is told again what it was given."""
    for number, covered in _covered(connection, SearchEntry.version_id.in_(version_ids)):
        if connection.dialect.name == "sqlite":
            rows = [(place, spaced(passage)) for place, passage in _rows(number, covered)]
            if rows:
                connection.exec_driver_sql(
                    "INSERT INTO search_block (search_block, rowid, words) VALUES ('delete', ?, ?)", rows
                )
        else:
            first, last = number << POSITION_BITS, (number + 1) << POSITION_BITS
            connection.exec_driver_sql("DELETE FROM search_block WHERE place >= %s AND place < %s", (first, last))
    connection.execute(delete(SearchEntry).where(SearchEntry.version_id.in_(version_ids)))


def settle(connection: Connection) -> None:
    """After many new blocks: put what PostgreSQL has only listed so far into its index.

    It lists up to 4 MB of new words and reads that list whole for every word that is looked for, until it cleans up by
    itself; among 12,000 new articles the look for counterparts took 113 ms so, and 80 afterwards.
    """
    if connection.dialect.name == "postgresql":
        # Only the owner of the index may; whoever else imports waits for PostgreSQL to do it.
        connection.exec_driver_sql(
            "SELECT gin_clean_pending_list(oid) FROM pg_class "
            "WHERE oid = to_regclass('ix_search_block_words') AND pg_has_role(relowner, 'USAGE')"
        )


def problems(connection: Connection) -> Iterator[str]:
    """In what the index differs from the texts, in sentences; for that all of it is made again and compared."""
    lacking = (
        select(func.count()).select_from(ArticleVersion).outerjoin(SearchEntry).where(SearchEntry.number.is_(None))
    )
    if count := connection.scalar(lacking):
        yield f"{count} article version{' is' if count == 1 else 's are'} not in the index."
    if connection.dialect.name == "sqlite":
        yield from _sqlite_problems(connection)
    else:
        yield from _postgresql_problems(connection)


def _sqlite_problems(connection: Connection) -> Iterator[str]:
    """Contentless tables keep no text to look at: a second one is filled beside it, and their words are counted."""
    make = "CREATE VIRTUAL TABLE temp.search_expected USING fts5(words, content='', tokenize='{}')"
    connection.exec_driver_sql(make.format("unicode61 remove_diacritics 2"))
    connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.search_found_words USING fts5vocab(main, search_block, row)")
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE temp.search_expected_words USING fts5vocab(temp, search_expected, row)"
    )
    try:
        for number, covered in _covered(connection):
            rows = [(place, spaced(passage)) for place, passage in _rows(number, covered)]
            if rows:
                connection.exec_driver_sql("INSERT INTO temp.search_expected (rowid, words) VALUES (?, ?)", rows)
        for kind, query in _COMPARISONS.items():
            if count := len(connection.exec_driver_sql(query).all()):
                yield f"it {kind}: {count}."
    finally:
        for name in ("search_expected_words", "search_found_words", "search_expected"):
            connection.exec_driver_sql(f"DROP TABLE temp.{name}")


_COMPARISONS = {
    "lacks blocks": "SELECT id FROM temp.search_expected_docsize EXCEPT SELECT id FROM main.search_block_docsize",
    "has blocks too many": "SELECT id FROM main.search_block_docsize EXCEPT SELECT id FROM temp.search_expected_docsize",
    "has words other than the texts": (
        "SELECT term, doc, cnt FROM temp.search_expected_words EXCEPT SELECT term, doc, cnt FROM temp.search_found_words"
    ),
    "has words that the texts have not": (
        "SELECT term, doc, cnt FROM temp.search_found_words EXCEPT SELECT term, doc, cnt FROM temp.search_expected_words"
    ),
}


def _postgresql_problems(connection: Connection) -> Iterator[str]:
    wrong = known = 0
    for number, covered in _covered(connection):
        rows = list(_rows(number, covered))
        known += len(rows)
        wrong += (
            connection.exec_driver_sql(
                "SELECT count(*) FROM unnest(%s::bigint[], %s::text[]) AS given (at, passage) "
                "LEFT JOIN search_block ON place = at WHERE words IS DISTINCT FROM to_tsvector('simple', passage)",
                ([place for place, _ in rows], [folded(passage) for _, passage in rows]),
            ).scalar()
            or 0
        )
    if wrong:
        yield f"{wrong} blocks are not there, or with other words than those of the texts."
    there = connection.scalar(text("SELECT count(*) FROM search_block")) or 0
    if there > known:
        yield f"it has {there - known} blocks that no article has."


def _numbers(connection: Connection, count: int) -> list[int]:
    if connection.dialect.name == "sqlite":
        # There is one writer at a time.
        last = connection.scalar(select(func.max(SearchEntry.number))) or 0
        return list(range(last + 1, last + count + 1))
    asked = "SELECT nextval('search_entry_number_seq') FROM generate_series(1, %s)"
    return [number for (number,) in connection.exec_driver_sql(asked, (count,))]


def _rows(number: int, covered: Covered) -> Iterator[tuple[int, str]]:
    """Each block's place in the index, with as much of its text as is indexed."""
    first = number << POSITION_BITS
    for position, start, end in covered.blocks:
        yield first + position, covered.text[start : min(end, start + LONGEST)]


def _covered(connection: Connection, *wanted: ColumnElement[bool]) -> Iterator[tuple[int, Covered]]:
    """What the entries say is in the index, with the texts and blocks as they are stored; a few at a time."""
    last = 0
    while found := connection.execute(_page(last).where(*wanted)).all():
        ids = [version_id for _, version_id, _ in found]
        blocks: dict[str, list[tuple[int, int, int]]] = {version_id: [] for version_id in ids}
        for version_id, *block in connection.execute(
            select(ArticleBlock.version_id, ArticleBlock.position, ArticleBlock.start, ArticleBlock.end)
            .where(ArticleBlock.version_id.in_(ids))
            .order_by(ArticleBlock.version_id, ArticleBlock.position)
        ):
            blocks[version_id].append((block[0], block[1], block[2]))
        for number, version_id, content in found:
            yield number, Covered(version_id, content, blocks[version_id])
        last = found[-1][0]


def _page(last: int) -> Select[int, str, str]:
    return (
        select(SearchEntry.number, SearchEntry.version_id, ArticleVersion.text)
        .join(ArticleVersion, ArticleVersion.id == SearchEntry.version_id)
        .where(SearchEntry.number > last)
        .order_by(SearchEntry.number)
        .limit(MANY)
    )
