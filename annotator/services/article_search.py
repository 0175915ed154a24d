"""Which article of a project a record of a file is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from annotator.db import db
from annotator.domain import text as texts
from annotator.formats.records import AnnotatedRecord
from annotator.models import Article, ArticleVersion, Project


@dataclass(frozen=True)
class Found:
    """An article of the project in its present version."""

    article_id: str
    version_id: str
    title: str
    text: str


@dataclass(frozen=True)
class Missing:
    """Why no article was found, in a sentence; `ambiguous` when several fit."""

    problem: str
    ambiguous: bool = False


# By what an article is known, in this order, and how a record says it. A title is not enough for a record that brings
# its text: another story may have the same.
_KEYS: tuple[tuple[str, InstrumentedAttribute[Any], Callable[[AnnotatedRecord], str]], ...] = (
    ("id", Article.id, lambda record: record.reference.id),
    (
        "external id",
        Article.external_id,
        lambda record: record.reference.external_id or (record.article and record.article.external_id) or "",
    ),
    ("source", Article.source_hash, lambda record: record.article.source_hash if record.article else ""),
    (
        "address",
        ArticleVersion.url,
        lambda record: record.reference.url or (record.article.url if record.article else ""),
    ),
    ("text", ArticleVersion.sha256, lambda record: record.reference.sha256 or _hash(record)),
    ("title", ArticleVersion.title, lambda record: "" if record.article else record.reference.title),
)


def find(project: Project, records: Sequence[AnnotatedRecord]) -> list[Found | Missing]:
    """For each record the listed article that it is about. At most seven statements, whatever the number of records."""
    chosen: dict[int, str] = {}
    problems: dict[int, Missing] = {}
    for name, column, said in _KEYS:
        wanted = {
            number: value
            for number, record in enumerate(records)
            if number not in chosen and number not in problems and (value := said(record))
        }
        if not wanted:
            continue
        candidates = _candidates(project, column, set(wanted.values()))
        for number, value in wanted.items():
            found = candidates.get(value, [])
            if len(found) == 1:
                chosen[number] = found[0]
            elif found:
                problems[number] = Missing(
                    f"{len(found)} articles of this project have the {name} “{value[:80]}”.", True
                )
    loaded = _load(set(chosen.values()))
    return [
        loaded[chosen[number]] if number in chosen else problems.get(number) or _unknown(record)
        for number, record in enumerate(records)
    ]


def _hash(record: AnnotatedRecord) -> str:
    return texts.sha256(record.article.text) if record.article else ""


def _candidates(project: Project, column: InstrumentedAttribute[Any], values: set[str]) -> dict[str, list[str]]:
    rows = db.session.execute(
        select(column, Article.id)
        .select_from(Article)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.project_id == project.id, Article.listed_at.is_not(None), column.in_(sorted(values)))
        .order_by(Article.position)
    )
    found: dict[str, list[str]] = {}
    for value, article_id in rows:
        found.setdefault(value, []).append(article_id)
    return found


def _load(article_ids: set[str]) -> dict[str, Found]:
    if not article_ids:
        return {}
    rows = db.session.execute(
        select(Article.id, ArticleVersion.id, ArticleVersion.title, ArticleVersion.suggested_title, ArticleVersion.text)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.id.in_(sorted(article_ids)))
    )
    return {row[0]: Found(row[0], row[1], row[2] or row[3], row[4]) for row in rows}


def _unknown(record: AnnotatedRecord) -> Missing:
    reference = record.reference
    said = [
        f"{word} “{value[:80]}”"
        for word, value in (
            ("the id", reference.id),
            ("the external id", reference.external_id),
            ("the address", reference.url),
            ("the title", reference.title or (record.article.title if record.article else "")),
        )
        if value
    ]
    if not said:
        return Missing("This record does not say which article it is about, and it does not bring one.")
    return Missing(f"There is no article with {', '.join(said)} in this project. Import it first.")
