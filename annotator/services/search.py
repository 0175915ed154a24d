"""Finding words in the articles that a person may read: the base of the search page, and of finding counterparts.

What a reviewer finds depends on the texts assigned to them and on nothing that others did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Float, Select, Subquery, case, column, func, literal_column, or_, select, table, text
from sqlalchemy.sql.elements import ColumnElement

from annotator.db import db
from annotator.domain.search_words import folded, phrases, spaced
from annotator.models import Article, ArticleBlock, ArticleVersion, Assignment, SearchEntry, User
from annotator.permissions import Action
from annotator.services.present_work import is_present
from annotator.services.projects import Access
from annotator.services.search_index import POSITION_BITS
from annotator.services.word_search import says

MOST = 50
LONGEST_EXCERPT = 3_000

_PLACE = literal_column("hit.place", BigInteger)
_NUMBER = literal_column(f"(hit.place >> {POSITION_BITS})", BigInteger)
_POSITION = literal_column(f"(hit.place & {(1 << POSITION_BITS) - 1})", BigInteger)


@dataclass(frozen=True)
class Found:
    """A block in which everything asked for stands: [start, end) of its article, and the beginning of its text."""

    article_id: str
    version_id: str
    heading: str
    position: int
    start: int
    end: int
    text: str
    publisher: str = ""
    published: date | None = None
    version: int = 1


@dataclass(frozen=True)
class Facts:
    """What is known of the articles looked through; the empty value of each leaves it out.

    `source` is a part of the publisher's or the agency's name; the days are those of publication.
    """

    source: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What must be so of an ArticleVersion."""
        found: list[ColumnElement[bool]] = []
        if self.source:
            found.append(says(self.source, ArticleVersion.publisher, ArticleVersion.agency))
        if self.language:
            # "en" finds "en-GB", too.
            written = func.lower(ArticleVersion.language)
            language = self.language.casefold()
            found.append(or_(written == language, written.startswith(f"{language}-", autoescape=True)))
        if self.since:
            found.append(ArticleVersion.published >= self.since)
        if self.until:
            found.append(ArticleVersion.published <= self.until)
        return found


EVERYTHING = Facts()


def blocks(
    user: User, access: Access, query: str, facts: Facts = EVERYTHING, *, limit: int = MOST, offset: int = 0
) -> list[Found]:
    """The blocks of the project that hold every word and every quoted phrase of `query`, the likeliest first.

    Accents and case make no difference. Any text is a query; one without letters and digits finds nothing. A person
    finds what they may read: the articles assigned to them in the version that was, or the present one of all.
    """
    wanted = phrases(query)
    if not wanted:
        return []
    found = (
        select(*_COLUMNS)
        .select_from(_matching(wanted))
        .join(SearchEntry, SearchEntry.number == _NUMBER)
        .join(ArticleVersion, ArticleVersion.id == SearchEntry.version_id)
        .join(
            ArticleBlock,
            (ArticleBlock.version_id == ArticleVersion.id) & (ArticleBlock.position == _POSITION),
        )
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(Article.project_id == access.project.id, Article.listed_at.is_not(None), *facts.conditions)
        .order_by(literal_column("hit.rank"), Article.position, _PLACE)
        .limit(limit)
        .offset(offset)
    )
    rows = db.session.execute(readable(found, user, access))
    return [
        Found(article_id, version_id, title or suggested, position, start, end, passage, publisher, published, number)
        for article_id, version_id, title, suggested, publisher, published, number, position, start, end, passage in rows
    ]


def readable(query: Select[Any], user: User, access: Access) -> Select[Any]:
    """The query over Article and ArticleVersion, for what the person may read: present versions, or those given to them."""
    if access.may(Action.READ_ALL):
        return query.where(ArticleVersion.number == Article.version)
    own = select(Assignment.version_id).where(Assignment.user_id == user.id, is_present())
    return query.where(ArticleVersion.id.in_(own))


def _beginning() -> ColumnElement[str]:
    length = ArticleBlock.end - ArticleBlock.start
    at_most = case((length > LONGEST_EXCERPT, LONGEST_EXCERPT), else_=length)
    return func.substr(ArticleVersion.text, ArticleBlock.start + 1, at_most)


_COLUMNS: tuple[Any, ...] = (
    Article.id,
    ArticleVersion.id,
    ArticleVersion.title,
    ArticleVersion.suggested_title,
    ArticleVersion.publisher,
    ArticleVersion.published,
    ArticleVersion.number,
    ArticleBlock.position,
    ArticleBlock.start,
    ArticleBlock.end,
    _beginning(),
)


def _matching(wanted: list[str]) -> Subquery:
    """The places of the index that match, with their rank (the smaller the better), as a table `hit`."""
    if db.engine.dialect.name == "sqlite":
        # In quotation marks nothing has a meaning to FTS5 but the mark itself, which is doubled.
        match = " AND ".join('"{}"'.format(spaced(phrase).replace('"', '""')) for phrase in wanted)
        hits = text(
            "SELECT rowid AS place, bm25(search_block) AS rank FROM search_block WHERE search_block MATCH :asked"
        ).bindparams(asked=match)
        return hits.columns(place=BigInteger, rank=Float).subquery("hit")
    from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

    index = table("search_block", column("place", BigInteger), column("words", TSVECTOR))
    # PostgreSQL finds words in each of the phrases, never operators.
    asked: ColumnElement[Any] = func.phraseto_tsquery("simple", folded(wanted[0]))
    for phrase in wanted[1:]:
        asked = asked.op("&&", return_type=TSQUERY())(func.phraseto_tsquery("simple", folded(phrase)))
    rank = (-func.ts_rank(index.c.words, asked)).label("rank")
    return select(index.c.place, rank).where(index.c.words.op("@@", is_comparison=True)(asked)).subquery("hit")
