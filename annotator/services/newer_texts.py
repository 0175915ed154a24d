"""Records of an import that are newer texts of articles which are there: known by their external id, or by their address.

Two stories may share an address, as of a front page, so there the texts must have most of their words in common too.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select

from annotator.db import db
from annotator.domain import resemblance
from annotator.domain import text as texts
from annotator.formats.records import ArticleRecord
from annotator.models import Article, ArticleVersion, Project
from annotator.services.articles import known

ALIKE = 50.0
"""How alike, of 100, two texts of one address are at least, if one is the other corrected."""
COMPARED = 20_000
"""So many characters of either text are compared."""


@dataclass(frozen=True)
class Newer:
    """Which article a record is a newer text of, and the version that it would be; `there`: it has the text already."""

    article_id: str
    heading: str
    number: int
    there: bool = False

    @property
    def words(self) -> str:
        return f"a newer text of “{self.heading}”: version {self.number}"


@dataclass(frozen=True)
class _Present:
    newer: Newer
    text: str
    sha256: str


def recognised(project: Project, records: Sequence[ArticleRecord]) -> dict[int, Newer]:
    """Those of `records`, by their places, that are texts of articles which are there: newer ones, or `there` already."""
    external = {record.external_id for record in records if record.external_id}
    addresses = {record.url for record in records if record.url and not record.external_id}
    # Without anything to look for, and without the project in both, the database would go through all articles: an
    # import does this for every batch of a file.
    by_id = _present(project, _called(project, external)) if external else {}
    by_address = _present(project, _alone_at(project, addresses)) if addresses else {}
    there = known(project, records) if by_address else set()
    found: dict[int, Newer] = {}
    for place, record in enumerate(records):
        if record.external_id:
            present = by_id.get(record.external_id)
        else:
            present = None if record.source_hash in there else by_address.get(record.url)
            if present is not None and not _is_alike(record.text, present.text):
                present = None
        if present is not None:
            digest = texts.sha256(record.text)
            there_already = digest == present.sha256 or _had(present.newer.article_id, digest)
            found[place] = replace(present.newer, there=there_already)
    return found


def _called(project: Project, external: Set[str]) -> Select[Any, str]:
    return select(Article.external_id, Article.id).where(
        Article.project_id == project.id, Article.external_id.in_(external)
    )


def _alone_at(project: Project, addresses: Set[str]) -> Select[str, str]:
    """The articles that are the only ones of their address: of several nobody can tell which one was corrected."""
    # Inside the function no index is seen: SQLite would take that of the projects, which finds all articles of one.
    here = func.coalesce(Article.project_id, "") == project.id
    return (
        select(ArticleVersion.url, func.min(Article.id))
        .join(Article, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(here, ArticleVersion.url.in_(addresses), ArticleVersion.url != "")
        .group_by(ArticleVersion.url)
        .having(func.count(Article.id) == 1)
    )


def _present(project: Project, keyed: Select[Any, str]) -> dict[str, _Present]:
    """The present texts of listed articles by their keys, of pairs of a key and an article's id."""
    keys = keyed.subquery()
    key, article_id = keys.c
    rows = db.session.execute(
        select(key, Article.id, ArticleVersion)
        .join(Article, Article.id == article_id)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.project_id == project.id, Article.listed_at.is_not(None))
    )
    return {
        word: _Present(Newer(found_id, version.heading or "Untitled", version.number + 1), version.text, version.sha256)
        for word, found_id, version in rows
    }


def _is_alike(one: str, other: str) -> bool:
    return one == other or resemblance.ratio(one[:COMPARED], other[:COMPARED], least=ALIKE) >= ALIKE


def _had(article_id: str, sha256: str) -> bool:
    """Whether a version of the article has this text: an old file that is imported again corrects nothing."""
    query = select(ArticleVersion.id).where(ArticleVersion.article_id == article_id, ArticleVersion.sha256 == sha256)
    return db.session.scalar(query.limit(1)) is not None
