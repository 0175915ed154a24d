"""What a release's manifest tells beside the layers: the moment's labels and guideline, how the work was done, by how many."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Connection, and_, func, select

from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    Event,
    Guideline,
    Label,
    Project,
)
from annotator.services import dated_links
from annotator.services.datasets.layers import adjudicated_versions, finished, finished_articles
from annotator.services.plain_values import day


def facts(connection: Connection, project: Project) -> dict[str, Any]:
    """All of them, of the moment that `connection` reads."""
    return {
        "labels": _labels(connection, project),
        "guideline_version": connection.scalar(
            select(func.max(Guideline.version)).where(Guideline.project_id == project.id)
        ),
        "history": _history(connection, project),
        "articles": _articles(connection, project),
        "people_counted": _people(connection, project),
        "contradictions_against_dates": dated_links.in_gold(connection, project),
        "rules": {
            "reviewers_for_each_article": project.reviewers,
            "blind": project.blind,
            "evidence": project.evidence.value,
            "suggestions": project.suggestions,
            "merge_strategy": project.merge_strategy.value,
            "discussion": project.discussion,
        },
    }


def _labels(connection: Connection, project: Project) -> list[dict[str, Any]]:
    """The labels in their order, each with how many gold claims carry it."""
    gold = (
        select(func.count(Annotation.id))
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(
            Annotation.label_id == Label.id, Annotation.deleted_at.is_(None), Article.listed_at.is_not(None), finished()
        )
        .correlate(Label)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(Label.key, Label.name, Label.definition, Label.tone, Label.retired_at, gold)
        .where(Label.project_id == project.id)
        .order_by(Label.position, Label.key)
    )
    return [
        {
            "key": key,
            "name": name,
            "definition": definition,
            "tone": tone,
            "retired": retired is not None,
            "gold": count,
        }
        for key, name, definition, tone, retired, count in rows
    ]


def _history(connection: Connection, project: Project) -> dict[str, Any]:
    """A hash over the heads of the articles' chains of events: "ID SEQ HASH" and a line feed for each, by id."""
    last = (
        select(Event.chain, func.max(Event.seq).label("seq"))
        .join(Article, Article.id == Event.chain)
        .where(Article.project_id == project.id)
        .group_by(Event.chain)
        .subquery()
    )
    heads = connection.execute(
        select(Event.chain, Event.seq, Event.hash)
        .join(last, and_(last.c.chain == Event.chain, last.c.seq == Event.seq))
        .order_by(Event.chain)
    )
    digest, count = hashlib.sha256(), 0
    for chain, seq, head in heads:
        digest.update(f"{chain} {seq} {head}\n".encode())
        count += 1
    return {"articles": count, "sha256": digest.hexdigest()}


def _articles(connection: Connection, project: Project) -> dict[str, Any]:
    """What the finished articles are: their languages, the span of days, how many publishers, words and characters."""
    settled = ArticleVersion.id.in_(adjudicated_versions(project.id))
    joined = (ArticleVersion, ArticleVersion.article_id == Article.id)
    first, last, words, length = connection.execute(
        select(
            func.min(ArticleVersion.published),
            func.max(ArticleVersion.published),
            func.sum(ArticleVersion.words),
            func.sum(ArticleVersion.length),
        )
        .select_from(Article)
        .join(*joined)
        .where(settled)
    ).one()
    languages = connection.scalars(
        select(ArticleVersion.language)
        .select_from(Article)
        .join(*joined)
        .where(settled, ArticleVersion.language != "")
        .distinct()
    )
    publishers = connection.scalar(
        select(func.count(func.distinct(func.nullif(ArticleVersion.publisher, ""))))
        .select_from(Article)
        .join(*joined)
        .where(settled)
    )
    return {
        "languages": sorted(languages),
        "published_from": day(first),
        "published_to": day(last),
        "publishers": publishers,
        "words": int(words or 0),
        "characters": int(length or 0),
    }


def _people(connection: Connection, project: Project) -> dict[str, int]:
    """How many people reviewed and adjudicated the finished articles."""
    counted = connection.execute(
        select(Assignment.kind, func.count(func.distinct(Assignment.user_id)).label("people"))
        .where(Assignment.article_id.in_(finished_articles(project.id)))
        .group_by(Assignment.kind)
    )
    found = {row.kind: row.people for row in counted}
    return {
        "reviewers": found.get(AssignmentKind.REVIEW, 0),
        "adjudicators": found.get(AssignmentKind.ADJUDICATION, 0),
    }
