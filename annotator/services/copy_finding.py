"""Finding copies among the articles of a project, and keeping the groups that were found.

An article is compared once, with all that were compared before, so that an import costs what it brings and not what is
there already.

This service commits by itself, against the rule: texts are compared without holding the write lock, and what was found
is stored afterwards. Whatever breaks it off leaves articles that are compared the next time.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, func, select

from annotator.db import db, one_moment, transaction
from annotator.errors import Busy
from annotator.models import Article, ArticleVersion, CopySketch, Project, User
from annotator.services import copy_groups, copy_passages
from annotator.services.bulk import insert_rows
from annotator.services.compared_articles import Articles, Sketches, Watch

if TYPE_CHECKING:
    from annotator.matching.copies import Groups

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


@dataclass(frozen=True)
class Comparison:
    """What a look for copies did: articles that were compared, and those of them and of others that came into groups.

    `parted` are copies of nothing any more, since a text was corrected.
    """

    compared: int
    grouped: int
    parted: int = 0


@dataclass(frozen=True)
class _Look:
    """The articles, and which of them and of their paragraphs came together; `again` are judged anew."""

    articles: Articles
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

    articles = Articles.read(connection, project_id)
    number_of = {article_id: n for n, article_id in enumerate(articles.ids)}
    found = copy_groups.memberships(connection, project_id)
    again = copy_groups.to_judge_anew(connection, found, project_id)
    groups = copy_groups.as_decided(found, number_of, again)
    sketches = Sketches(connection, articles, watch)
    sketches.make(paragraphs=paragraphs)
    new, decided = articles.new | {number_of[each] for each in again if each in number_of}, len(groups.joined)
    shared = copy_passages.Found([], [], [])
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


def _keep_sketches(articles: Articles, numbers: Sequence[int]) -> None:
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
