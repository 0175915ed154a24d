"""Finding copies among the articles of a project, and keeping the groups that were found.

An article is compared once, with all that were compared before, so that an import costs what it brings and not what is
there already.

This service commits by itself, against the rule: texts are compared without holding the write lock, and what was found
is stored afterwards. Whatever breaks it off leaves articles that are compared the next time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, Select, and_, func, select

from annotator.db import db, one_moment, transaction
from annotator.errors import Busy
from annotator.models import Article, ArticleVersion, CopySketch, Project, User
from annotator.services import copy_groups, copy_passages
from annotator.services.bulk import insert_rows

if TYPE_CHECKING:
    from annotator.matching.copies import Groups
    from annotator.matching.sketches import Sketch

AT_ONCE = 200
"""Texts that are read together."""

KEPT = 20_000
"""Sketches that are kept while they are compared, about 5 kB each; others are made again from the text when needed."""

STORED_AT_ONCE = 2_000
"""Sketches that are stored in one transaction, so that nobody who saves a claim waits for long."""

SHARE_WAITING = 1_000
"""One article in so many may wait to be compared: what is read for it is as much for one as for many."""


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Comparison:
    """What a look for copies did: articles that were compared, and those of them and of others that came into groups."""

    compared: int
    grouped: int


class _Known(NamedTuple):
    article_id: str
    version_id: str
    words: bytes | None
    signature: bytes | None
    passages: bytes | None


@dataclass(frozen=True)
class _Look:
    """Articles in their order, what is kept of new ones by their version, and which articles and paragraphs came together."""

    articles: list[str]
    sketches: dict[str, tuple[bytes, bytes, bytes]]
    groups: Groups
    joined: list[tuple[str, str]]
    passages: copy_passages.Found


def find(project: Project, *, by: User | None = None) -> Comparison:
    """Compare the articles that were not compared yet and store the groups. The same again finds nothing new."""
    project_id, user_id = project.id, by.id if by else None
    if not waiting(project):
        return Comparison(0, 0)
    db.session.rollback()
    with one_moment(db.engine) as connection:
        look = _look(connection, project_id)
    sketches = list(look.sketches.items())
    grouped = 0
    for first in range(0, max(1, len(sketches)), STORED_AT_ONCE):
        with transaction():
            if first == 0 and look.joined:
                grouped = copy_groups.join_articles(project_id, look.joined, user_id)
            if first == 0:
                copy_passages.store(project_id, look.passages, user_id)
            _keep_sketches(sketches[first : first + STORED_AT_ONCE])
    return Comparison(len(sketches), grouped)


def find_after_import(project: Project, *, by: User | None = None) -> None:
    """The same at the end of an import, which has succeeded whatever becomes of this: they are compared the next time."""
    try:
        find(project, by=by)
    except Busy:
        db.session.rollback()
        log.warning("Articles were not compared: others were writing.")


def find_soon(project: Project, *, by: User | None = None) -> None:
    """The same for articles that come one by one: at once in a small project, and in a large one when enough wait."""
    listed = (
        select(func.count())
        .select_from(Article)
        .where(Article.project_id == project.id, Article.listed_at.is_not(None))
    )
    if waiting(project) * SHARE_WAITING >= (db.session.scalar(listed) or 0):
        find_after_import(project, by=by)


def waiting(project: Project) -> int:
    """How many articles were not compared yet."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Article)
            .join(
                ArticleVersion, and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == Article.version)
            )
            .outerjoin(CopySketch, CopySketch.version_id == ArticleVersion.id)
            .where(Article.project_id == project.id, Article.listed_at.is_not(None), CopySketch.version_id.is_(None))
        )
        or 0
    )


def first_copies(connection: Connection, project_id: str) -> dict[str, str]:
    """For each listed article, in their order, the first of the project in its group: itself for most.

    Articles that were not compared yet are compared now, and nothing is stored.
    """
    look = _look(connection, project_id, paragraphs=False)
    return {article_id: look.articles[look.groups.first(n)] for n, article_id in enumerate(look.articles)}


def _look(connection: Connection, project_id: str, *, paragraphs: bool = True) -> _Look:
    # Numpy is needed by nothing else that a server does when it starts.
    import numpy as np

    from annotator.matching import shared_passages
    from annotator.matching.copies import join_same_words, join_similar
    from annotator.matching.sketches import BANDS, ROWS, Sketching

    known = [_Known(*row) for row in connection.execute(_all_known(project_id))]
    place_of = {each.article_id: n for n, each in enumerate(known)}
    new = {n for n, each in enumerate(known) if each.words is None}
    groups = copy_groups.as_decided(copy_groups.memberships(connection, project_id), place_of)
    sketching = Sketching()
    kept: dict[int, Sketch] = {}
    places: dict[int, list[shared_passages.Place]] = {}
    digests = [each.words or b"" for each in known]
    signatures = [each.signature or b"" for each in known]
    passages = [each.passages or b"" for each in known]
    place_of_version = {known[n].version_id: n for n in sorted(new)}
    for version_id, text in _texts(connection, list(place_of_version)):
        n = place_of_version[version_id]
        places[n], words = shared_passages.places_and_words(text)
        sketch = sketching.of_words(words)
        digests[n] = sketch.digest
        signatures[n] = sketch.signature.astype("<u4").tobytes() if sketch.long_enough else b""
        if paragraphs:
            passages[n] = shared_passages.packed(places[n], sketch.words)
        if len(kept) < KEPT:
            kept[n] = sketch

    def sketch_of(n: int) -> Sketch:
        if n not in kept:
            ((_, text),) = _texts(connection, [known[n].version_id])
            kept[n] = sketching(text)
        return kept[n]

    def paragraphs_of(n: int) -> list[list[int]]:
        """The words of each paragraph that counts."""
        if n not in places:
            ((_, text),) = _texts(connection, [known[n].version_id])
            places[n] = shared_passages.places_of(text)
        words = sketch_of(n).words
        return [words[each.first : each.last].tolist() for each in places[n]]

    decided = len(groups.joined)
    if new:
        join_same_words(digests, groups)
        long_enough = [n for n, signature in enumerate(signatures) if signature]
        matrix = np.frombuffer(b"".join(signatures), dtype="<u4").reshape(-1, BANDS * ROWS)
        join_similar(matrix, long_enough, groups, new=new, sketch_of=sketch_of)
    shared = copy_passages.Found([], [])
    if paragraphs and new:
        compared = [
            copy_passages.Compared(each.version_id, passages[n], groups.first(n)) for n, each in enumerate(known)
        ]
        shared = copy_passages.look(connection, project_id, compared, new=new, paragraphs_of=paragraphs_of)
    return _Look(
        [each.article_id for each in known],
        {known[n].version_id: (digests[n], signatures[n], passages[n]) for n in sorted(new)},
        groups,
        [(known[one].article_id, known[two].article_id) for one, two in groups.joined[decided:]],
        shared,
    )


def _keep_sketches(sketches: Sequence[tuple[str, tuple[bytes, bytes, bytes]]]) -> None:
    """Store those that nobody else has stored meanwhile."""
    if not sketches:
        return
    connection = db.session.connection()
    ids = [version_id for version_id, _ in sketches]
    there: set[str] = set()
    for first in range(0, len(ids), 500):
        part = CopySketch.version_id.in_(ids[first : first + 500])
        there |= set(connection.scalars(select(CopySketch.version_id).where(part)))
    rows = [(version_id, *sketch) for version_id, sketch in sketches if version_id not in there]
    columns = ("version_id", "words", "signature", "passages")
    insert_rows(connection, CopySketch.__table__, columns, rows)  # type: ignore[arg-type]


def _all_known(project_id: str) -> Select[str, str, bytes | None, bytes | None, bytes | None]:
    """All listed articles in their order, each in its present version, with its sketch if it was compared."""
    return (
        select(Article.id, ArticleVersion.id, CopySketch.words, CopySketch.signature, CopySketch.passages)
        .join(ArticleVersion, and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == Article.version))
        .outerjoin(CopySketch, CopySketch.version_id == ArticleVersion.id)
        .where(Article.project_id == project_id, Article.listed_at.is_not(None))
        .order_by(Article.position)
    )


def _texts(connection: Connection, version_ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The texts of these versions, a few in memory at a time."""
    for first in range(0, len(version_ids), AT_ONCE):
        part = version_ids[first : first + AT_ONCE]
        found = connection.execute(
            select(ArticleVersion.id, ArticleVersion.text).where(ArticleVersion.id.in_(part))
        ).all()
        yield from ((version_id, text) for version_id, text in found)
