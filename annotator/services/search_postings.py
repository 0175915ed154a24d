"""Where words stand, by the full-text index: a look that is bounded, whatever the number of articles.

A search wants every word; who looks for what is similar wants any of them, and a common word alone stands in more
blocks than anybody could rank. So only the first places of each are read, and a reader learns that there are more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from annotator.db import db
from annotator.domain.search_words import folded, spaced
from annotator.services.search_index import POSITION_BITS

SCANNED = 3_000
"""How many places of a word are looked at where only some versions are wanted."""

FEW_BLOCKS = 4_000
"""No more blocks than these PostgreSQL reads all: a place that the index tells costs it a page of the table each."""

Forms = tuple[str, ...]
"""One word in the forms in which it may stand; any of them will do."""


@dataclass(frozen=True)
class Within:
    """The versions, by their numbers, in which alone something is looked up, and about how many blocks they have."""

    numbers: Sequence[int]
    blocks: int


@dataclass(frozen=True)
class Postings:
    """The places of the index, in its order, at which what was asked for stands; `more` if there are others."""

    places: Sequence[int]
    more: bool

    def estimate(self, entries: int) -> float:
        """About how many places there are in all, of `entries` versions: as dense as the first ones lie."""
        if not self.more:
            return len(self.places)
        covered = max(self.places) >> POSITION_BITS
        return len(self.places) * max(1.0, entries / max(1, covered))


def look_up(wanted: Sequence[Sequence[Forms]], most: int, within: Within | None = None) -> list[Postings]:
    """For each of `wanted` the blocks in which every word of it stands in some form: at most `most` places.

    With `within` only those of some versions, if these have many blocks among the first SCANNED places of each.
    """
    if not wanted:
        return []
    sqlite = db.engine.dialect.name == "sqlite"
    engine = _SQLITE if sqlite else _POSTGRESQL
    asked: dict[str, object] = {f"asked{number}": engine.write(words) for number, words in enumerate(wanted)}
    asked |= {"most": most + 1}
    if within is not None:
        asked |= {"scanned": SCANNED, "within": engine.listed(within.numbers)}
    if sqlite:
        rows = db.session.execute(text(engine.statement(len(wanted), within)), asked).all()
    else:
        with _by_index():
            rows = db.session.execute(text(engine.statement(len(wanted), within)), asked).all()
    found = [engine.read(places) for _, places in sorted(rows)]
    return [Postings(places[:most], len(places) > most) for places in found]


@contextmanager
def _by_index() -> Iterator[None]:
    """Where a limit is set, PostgreSQL would read the table from its beginning for every word that it takes for common."""
    db.session.execute(_SEQUENTIAL, {"allowed": "off"})
    yield
    db.session.execute(_SEQUENTIAL, {"allowed": "on"})


_SEQUENTIAL = text("SELECT set_config('enable_seqscan', :allowed, true)")


@dataclass(frozen=True)
class _Engine:
    """How one of the databases is asked."""

    place: str
    match: str
    among: str
    all: str
    """What makes one value of all places of a word: a row for each would take longer to be taken than to be found."""

    write: Callable[[Sequence[Forms]], str]
    listed: Callable[[Sequence[int]], object]
    read: Callable[[Any], list[int]]
    few: str = ""

    def statement(self, count: int, within: Within | None) -> str:
        """What asks for so many words at once."""
        few = self.few if within is not None and within.blocks <= FEW_BLOCKS else ""
        table = "mine" if few else "search_block"
        parts = (self._part(number, table, narrowed=within is not None and not few) for number in range(count))
        return f"{few} {' UNION ALL '.join(parts)}"

    def _part(self, number: int, table: str, *, narrowed: bool) -> str:
        matching = f"SELECT {self.place} AS place FROM {table} WHERE {self.match.format(number)} LIMIT"  # noqa: S608
        if not narrowed:
            return f"SELECT {number} AS n, {self.all}(place) FROM ({matching} :most) AS part{number}"  # noqa: S608
        inside = f"(place >> {POSITION_BITS}) {self.among}"
        kept = f"SELECT place FROM ({matching} :scanned) AS all{number} WHERE {inside} LIMIT :most"  # noqa: S608
        return f"SELECT {number} AS n, {self.all}(place) FROM ({kept}) AS part{number}"  # noqa: S608


def _for_sqlite(words: Sequence[Forms]) -> str:
    # In quotation marks nothing has a meaning to FTS5 but the mark itself, and no word holds one.
    return " AND ".join(f"({' OR '.join(_marked(spaced(form), MARK) for form in forms)})" for forms in words)


def _for_postgresql(words: Sequence[Forms]) -> str:
    # In apostrophes nothing has a meaning to PostgreSQL but the mark itself; several words in them are a phrase.
    return " & ".join(f"({' | '.join(_marked(folded(form), APOSTROPHE) for form in forms)})" for forms in words)


def _marked(form: str, mark: str) -> str:
    return f"{mark}{''.join(sign if sign.isalnum() else ' ' for sign in form).strip() or 'x'}{mark}"


MARK, APOSTROPHE = '"', "'"

_SQLITE = _Engine(
    "rowid",
    "search_block MATCH :asked{0}",
    "IN (SELECT value FROM json_each(:within))",
    "json_group_array",
    _for_sqlite,
    json.dumps,
    json.loads,
)
_POSTGRESQL = _Engine(
    "place",
    "words @@ to_tsquery('simple', :asked{0})",
    "= ANY(:within)",
    "array_agg",
    _for_postgresql,
    list,
    lambda places: places or [],
    few="WITH mine AS MATERIALIZED (SELECT place, words FROM unnest(CAST(:within AS bigint[])) AS given (number) "  # noqa: S608
    f"JOIN search_block ON place >= number << {POSITION_BITS} AND place < (number + 1) << {POSITION_BITS})",
)
