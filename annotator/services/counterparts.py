"""Passages of other articles that may speak of the same as a claim.

The index says in which blocks the claim's rarest words stand; what it finds is read and ranked again by
matching/counterparts.py. A person is shown only what they may read, and the answer depends on the texts and on the claim
alone, never on what others marked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import FromClause, Select, func, select

from annotator.db import db
from annotator.domain.text import FURNITURE, BlockKind
from annotator.matching import counterparts as matching
from annotator.matching.likeness import Ranked
from annotator.matching.reasons import in_words
from annotator.matching.signals import ALL, Claim, Passage, Rarity, Signal
from annotator.models import Annotation, Article, ArticleBlock, ArticleVersion, SearchEntry, User
from annotator.permissions import Action
from annotator.services import annotations as claims
from annotator.services import articles
from annotator.services.articles import ArticleAccess
from annotator.services.counterpart_candidates import Candidates
from annotator.services.search import readable
from annotator.services.search_index import POSITION_BITS
from annotator.services.search_postings import Within

MOST = 10
READ = 30
ARTICLES = (2 * READ, 2_000)
"""How many of the likeliest articles are looked at: few, and more only if the person may not read READ of them."""

FEW = 2_000
"""Somebody who may read no more articles than this is answered out of these alone."""

MOST_CHARACTERS = 160_000
MOST_OF_ONE = 40
"""How many blocks of one article are ranked."""

LONGEST = 3_000
"""How much of a block is read."""

_SAMPLE = 50


@dataclass(frozen=True)
class Why:
    """A reason for which a passage is listed: the kind of it, and a line that says it."""

    signal: Signal
    words: str


@dataclass(frozen=True)
class Counterpart:
    """The block [start, end) of an article that may speak of the same as the claim, with why."""

    article_id: str
    version_id: str
    heading: str
    agency: str
    publisher: str
    published: date | None
    position: int
    start: int
    end: int
    text: str
    score: float
    why: tuple[Why, ...]


@dataclass(frozen=True)
class Found:
    """The claim, its article, and the passages found, the likeliest first."""

    annotation: Annotation
    article: ArticleAccess
    passages: list[Counterpart]


def find(user: User, annotation_id: UUID, *, most: int = MOST, signals: frozenset[Signal] = ALL) -> Found:
    """At most `most` passages of other articles for a claim that `user` may see. Raises NotFound for any other."""
    annotation, article = claims.get_with_article(user, annotation_id)
    claim = _claim(annotation, article.version)
    few = _few(user, article)
    entries, blocks = _size(few)
    candidates = Candidates(claim, entries, None if few is None else Within(sorted(few), blocks))
    rarity = Rarity(blocks, {key: count / blocks for key, count in candidates.counts.items()})
    numbers = candidates.versions(rarity)
    passages = _passages(_chosen(user, article, numbers, few), candidates.places)
    ranked = matching.rank(claim, _as_passages(passages, claim.story), rarity, signals=signals, most=most)
    return Found(annotation, article, [_counterpart(passages[each.at], each) for each in ranked])


def _few(user: User, article: ArticleAccess) -> dict[int, str] | None:
    """The other versions that the person may read, by their numbers in the index; None if they are too many for that."""
    if article.access.may(Action.READ_ALL):
        # One version of each article: that is counted without a look at the versions.
        present = select(Article.id).where(
            Article.project_id == article.access.project.id, Article.listed_at.is_not(None)
        )
        if db.session.scalar(present.offset(FEW + 1).limit(1)) is not None:
            return None
    rows = db.session.execute(_entries(user, article).limit(FEW + 1)).all()
    return None if len(rows) > FEW else dict(rows)


def _chosen(
    user: User, article: ArticleAccess, numbers: Sequence[int], few: Mapping[int, str] | None
) -> dict[str, int]:
    """Of the versions with these numbers the first READ that the person may read, with their numbers."""
    readable = dict(few or {})
    for most in ARTICLES if few is None else ():
        readable = _readable(user, article, numbers[:most])
        if len(readable) >= READ or len(numbers) <= most:
            break
    return {readable[number]: number for number in islice((each for each in numbers if each in readable), READ)}


def _readable(user: User, article: ArticleAccess, numbers: Sequence[int]) -> dict[int, str]:
    """Those of the numbers that are of other versions that the person may read."""
    # The few are looked up first: SQLite would begin with all articles of the project and look for the numbers there.
    wanted = select(SearchEntry.number, SearchEntry.version_id).where(SearchEntry.number.in_(numbers))
    rows = db.session.execute(_entries(user, article, wanted.cte("wanted").prefix_with("MATERIALIZED"))).all()
    return dict(rows)


def _entries(user: User, article: ArticleAccess, among: FromClause = SearchEntry.__table__) -> Select[Any]:
    access = article.access
    entries: Any = (
        select(among.c.number, among.c.version_id)
        .join(ArticleVersion, ArticleVersion.id == among.c.version_id)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(Article.project_id == access.project.id, Article.listed_at.is_not(None))
        .where(Article.id != article.article.id)
    )
    return readable(entries, user, access)


def _claim(annotation: Annotation, version: ArticleVersion) -> Claim:
    if annotation.assignment.version_id != version.id:
        version = db.session.get_one(ArticleVersion, annotation.assignment.version_id)
    articles.load_blocks(version)
    first, last = annotation.event_start, annotation.event_end
    return Claim(
        text=f"{annotation.exact} {annotation.claim_text}".strip()[:LONGEST],
        speaker=annotation.speaker,
        published=version.published,
        story=matching.topic(version.heading, _paragraphs(version)),
        days=(first, last or first) if first else None,
    )


def _paragraphs(version: ArticleVersion) -> list[str]:
    """The story's paragraphs, as many as are read of any article."""
    told = [block for block in version.blocks if block.kind not in FURNITURE][:MOST_OF_ONE]
    return [version.text[block.start : min(block.end, block.start + LONGEST)] for block in told]


def _size(few: Mapping[int, str] | None) -> tuple[int, int]:
    """How many versions are looked through, and about how many blocks: as many each as some of them have."""
    if few is None:
        entries = db.session.scalar(select(func.max(SearchEntry.number))) or 0
        sample = select(SearchEntry.version_id).order_by(SearchEntry.number.desc()).limit(_SAMPLE)
    else:
        entries = len(few)
        sample = select(SearchEntry.version_id).where(SearchEntry.number.in_(sorted(few)[-_SAMPLE:]))
    there = db.session.scalar(select(func.count()).select_from(ArticleBlock).where(ArticleBlock.version_id.in_(sample)))
    return entries, max(1, (there or 0) * entries // max(1, min(entries, _SAMPLE)))


class _Read(NamedTuple):
    """A block that was read, with its version and what is read of its text."""

    version: ArticleVersion
    position: int
    start: int
    end: int
    text: str


def _passages(chosen: Mapping[str, int], places: frozenset[int]) -> list[_Read]:
    """The blocks of these versions: of each first those in which something of the claim stands, and not too much in all."""
    versions = {
        each.id: each for each in db.session.scalars(select(ArticleVersion).where(ArticleVersion.id.in_(chosen)))
    }
    blocks: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for version_id, *block in db.session.execute(
        select(ArticleBlock.version_id, ArticleBlock.position, ArticleBlock.start, ArticleBlock.end)
        .where(ArticleBlock.version_id.in_(chosen), ArticleBlock.kind.not_in({*FURNITURE, BlockKind.TITLE}))
        .order_by(ArticleBlock.version_id, ArticleBlock.position)
    ).all():
        blocks[version_id].append((block[0], block[1], block[2]))
    found: list[_Read] = []
    left = MOST_CHARACTERS
    for version_id, number in chosen.items():
        first = number << POSITION_BITS
        likely = sorted(blocks[version_id], key=lambda block: (first + block[0] not in places, block[0]))[:MOST_OF_ONE]
        version = versions[version_id]
        text, heading = version.text, version.heading
        part = [_Read(version, *block, text[block[1] : min(block[2], block[1] + LONGEST)]) for block in sorted(likely)]
        # A title says in short what the passages say.
        part = [each for each in part if each.text.strip() != heading]
        found += part
        left -= sum(each.end - each.start for each in part)
        if left <= 0:
            break
    return found


def _as_passages(read: Sequence[_Read], story: Container[str]) -> list[Passage]:
    """What was read, as the ranking sees it: each block with what of the claim's story its article is about."""
    told: defaultdict[ArticleVersion, list[str]] = defaultdict(list)
    for each in read:
        told[each.version].append(each.text)
    return [
        Passage(version.id, text, version.published, about)
        for version, texts in told.items()
        for about in (matching.topic(version.heading, texts, story),)
        for text in texts
    ]


def _counterpart(read: _Read, ranked: Ranked) -> Counterpart:
    version = read.version
    return Counterpart(
        article_id=version.article_id,
        version_id=version.id,
        heading=version.heading,
        agency=version.agency,
        publisher=version.publisher,
        published=version.published,
        position=read.position,
        start=read.start,
        end=read.end,
        text=read.text,
        score=round(ranked.score, 3),
        why=tuple(Why(reason.signal, in_words(reason)) for reason in ranked.reasons),
    )
