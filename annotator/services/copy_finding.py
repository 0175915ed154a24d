"""Finding copies among the articles of a project, and keeping the groups that were found.

An article is compared once, with all that were compared before, so that an import costs what it brings and not what is
there already.

This service commits by itself, against the rule: texts are compared without holding the write lock, and what was found
is stored afterwards. Whatever breaks it off leaves articles that are compared the next time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, and_, func, select

from annotator.db import db, one_moment, transaction
from annotator.errors import Busy
from annotator.models import Article, ArticleVersion, CopySketch, Project, User
from annotator.services import copy_groups, copy_passages
from annotator.services.bulk import insert_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from annotator.matching.copies import Groups
    from annotator.matching.shared_passages import Place
    from annotator.matching.sketches import Sketch

AT_ONCE = 200
"""Texts that are read together."""

KEPT = 2_000
"""Sketches that are kept while they are compared, about 5 kB each; others are made again from the text when needed."""

IN_A_REQUEST = 1_000
"""Up to how many articles are compared while somebody waits for the page."""

AFTER_IMPORT = 5_000
"""Up to how many articles are compared as part of an import. What is known of each takes 3 to 10 kB until all are compared,
and an import is to need no more memory for a large file than for a small one; beyond, somebody asks for it."""

STORED_AT_ONCE = 2_000
"""Sketches that are stored in one transaction, so that nobody who saves a claim waits for long."""

SHARE_WAITING = 1_000
"""One article in so many may wait to be compared: what is read for it is as much for one as for many."""


log = logging.getLogger(__name__)

Watch = Callable[[int], None]
"""Is told of texts as they are read and compared, and how many of them are new; it may raise, and nothing is kept."""


@dataclass(frozen=True)
class Comparison:
    """What a look for copies did: articles that were compared, and those of them and of others that came into groups.

    `parted` are copies of nothing any more, since a text was corrected.
    """

    compared: int
    grouped: int
    parted: int = 0


class _Articles:
    """All listed articles of a project in their order, and by their number what is known of each; `new` have no sketch."""

    def __init__(self, listed: int) -> None:
        # Numpy is needed by nothing else that a server does when it starts.
        import numpy as np

        from annotator.matching.sketches import BANDS, ROWS

        self.ids: list[str] = []
        self.versions: list[str] = []
        self.digests: list[bytes] = []
        self.passages: list[bytes] = []
        self.new: set[int] = set()
        # Only what is written to takes memory.
        self.signatures = np.zeros((listed, BANDS * ROWS), dtype="<u4")
        self.signed = np.zeros(listed, dtype=bool)

    @classmethod
    def read(cls, connection: Connection, project_id: str) -> _Articles:
        """Those of a project, a few rows at a time."""
        import numpy as np

        known = _all_known(project_id)
        articles = cls(connection.scalar(select(func.count()).select_from(known.order_by(None).subquery())) or 0)
        for n, row in enumerate(connection.execute(known, execution_options={"yield_per": AT_ONCE})):
            article_id, version_id, words, signature, passages = row
            articles.ids.append(article_id)
            articles.versions.append(version_id)
            articles.digests.append(words or b"")
            articles.passages.append(passages or b"")
            if words is None:
                articles.new.add(n)
            elif signature:
                articles.sign(n, np.frombuffer(signature, dtype="<u4"))
        return articles

    def sign(self, n: int, signature: NDArray[np.uint32]) -> None:
        """Note the signature of a text that is long enough to have one."""
        self.signatures[n] = signature
        self.signed[n] = True

    def sketch(self, n: int) -> tuple[bytes, bytes, bytes]:
        """What is kept of one."""
        signature = self.signatures[n].tobytes() if self.signed[n] else b""
        return self.digests[n], signature, self.passages[n]


class _Sketches:
    """The sketches of the texts: some are kept while they are compared, the others made again when they are asked for."""

    def __init__(self, connection: Connection, articles: _Articles, watch: Watch) -> None:
        from annotator.matching.sketches import Sketching

        self._connection = connection
        self._articles = articles
        self._watch = watch
        self._sketching = Sketching()
        self._kept: dict[int, Sketch] = {}
        self._places: dict[int, list[Place]] = {}

    def make(self, *, paragraphs: bool) -> None:
        """Sketch all articles that are new."""
        from annotator.matching import shared_passages

        articles = self._articles
        number_of = {articles.versions[n]: n for n in sorted(articles.new)}
        for version_id, text in _texts(self._connection, list(number_of)):
            n = number_of[version_id]
            self._watch(1)
            places, words = shared_passages.places_and_words(text)
            sketch = self._sketching.of_words(words)
            articles.digests[n] = sketch.digest
            if sketch.long_enough:
                articles.sign(n, sketch.signature)
            if paragraphs:
                articles.passages[n] = shared_passages.packed(places, sketch.words)
            if len(self._kept) < KEPT:
                self._kept[n], self._places[n] = sketch, places

    def of(self, n: int) -> Sketch:
        """The sketch of an article."""
        self._watch(0)
        if n not in self._kept:
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[n] = self._sketching(self._text(n))
        return self._kept[n]

    def paragraphs_of(self, n: int) -> list[list[int]]:
        """The words of each paragraph of an article that counts."""
        from annotator.matching import shared_passages

        if n not in self._places:
            self._places[n] = shared_passages.places_of(self._text(n))
        words = self.of(n).words
        return [words[each.first : each.last].tolist() for each in self._places[n]]

    def _text(self, n: int) -> str:
        ((_, text),) = _texts(self._connection, [self._articles.versions[n]])
        return text


@dataclass(frozen=True)
class _Look:
    """The articles, and which of them and of their paragraphs came together; `again` are judged anew."""

    articles: _Articles
    groups: Groups
    joined: list[tuple[str, str]]
    again: set[str]
    passages: copy_passages.Found


def find(project: Project, *, by: User | None = None, watch: Watch = lambda _: None) -> Comparison:
    """Compare the articles that were not compared yet and store the groups. The same again finds nothing new."""
    project_id, user_id = project.id, by.id if by else None
    if not waiting(project):
        return Comparison(0, 0)
    db.session.rollback()
    with one_moment(db.engine) as connection:
        look = _look(connection, project_id, watch=watch)
    watch(0)
    new = sorted(look.articles.new)
    done = copy_groups.Joined(0, 0)
    for first in range(0, max(1, len(new)), STORED_AT_ONCE):
        with transaction():
            if first == 0 and (look.joined or look.again):
                done = copy_groups.join_articles(project_id, look.joined, user_id, again=look.again)
            if first == 0:
                copy_passages.store(project_id, look.passages, user_id)
            _keep_sketches(look.articles, new[first : first + STORED_AT_ONCE])
    return Comparison(len(new), *done)


def find_after_import(project: Project, *, by: User | None = None) -> None:
    """The same at the end of an import, which has succeeded whatever becomes of this: they are compared the next time."""
    if waiting(project) > AFTER_IMPORT:
        return
    try:
        find(project, by=by)
    except Busy:
        db.session.rollback()
        log.warning("Articles were not compared: others were writing.")


def find_soon(project: Project, *, by: User | None = None) -> None:
    """The same for articles that come or are corrected one by one: at once in a small project, and in a large one when enough wait."""
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
    ids = look.articles.ids
    return {article_id: ids[look.groups.first(n)] for n, article_id in enumerate(ids)}


def _look(connection: Connection, project_id: str, *, paragraphs: bool = True, watch: Watch = lambda _: None) -> _Look:
    from annotator.matching.copies import join_same_words, join_similar

    articles = _Articles.read(connection, project_id)
    number_of = {article_id: n for n, article_id in enumerate(articles.ids)}
    found = copy_groups.memberships(connection, project_id)
    again = copy_groups.to_judge_anew(connection, found, project_id)
    groups = copy_groups.as_decided(found, number_of, again)
    sketches = _Sketches(connection, articles, watch)
    sketches.make(paragraphs=paragraphs)
    new, decided = articles.new | {number_of[each] for each in again if each in number_of}, len(groups.joined)
    shared = copy_passages.Found([], [])
    if new:
        join_same_words(articles.digests, groups)
        long_enough = articles.signed.nonzero()[0].tolist()
        all_are = len(long_enough) == len(articles.ids)
        signatures = articles.signatures if all_are else articles.signatures[long_enough]
        join_similar(signatures, long_enough, groups, new=new, sketch_of=sketches.of)
    if new and paragraphs:
        compared = [
            copy_passages.Compared(version_id, articles.passages[n], groups.first(n))
            for n, version_id in enumerate(articles.versions)
        ]
        shared = copy_passages.look(connection, project_id, compared, new=new, paragraphs_of=sketches.paragraphs_of)
    return _Look(
        articles,
        groups,
        [(articles.ids[one], articles.ids[two]) for one, two in groups.joined[decided:]],
        again,
        shared,
    )


def _keep_sketches(articles: _Articles, numbers: Sequence[int]) -> None:
    """Store those of the articles of these numbers that nobody else has stored meanwhile."""
    if not numbers:
        return
    connection = db.session.connection()
    there: set[str] = set()
    for first in range(0, len(numbers), 500):
        part = CopySketch.version_id.in_([articles.versions[n] for n in numbers[first : first + 500]])
        there |= set(connection.scalars(select(CopySketch.version_id).where(part)))
    rows = [(articles.versions[n], *articles.sketch(n)) for n in numbers if articles.versions[n] not in there]
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
