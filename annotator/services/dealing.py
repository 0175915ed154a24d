"""Dealing articles out to reviewers: evenly, the articles of one group to the same people."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select

from annotator.db import db
from annotator.models import Article, ArticleVersion, Assignment, AssignmentKind, Project, User
from annotator.services import events
from annotator.services.assignments import reviewers_of


@dataclass(frozen=True)
class AssignReport:
    """What `assign` did: how many assignments it made, and the articles that still lack reviewers, with how many."""

    assigned: int
    short: list[tuple[Article, int]]


def assign(project: Project, *, by: User | None = None) -> AssignReport:
    """Give every article of `project` its number of reviewers; to repeat it adds only what is missing.

    Articles of one group go to the same reviewers, since otherwise nobody could link their claims blind. A person
    who adjudicates an article is never given it. Load is counted in code points.
    """
    reviewers = reviewers_of(project)
    _lock(project)
    rows = db.session.execute(
        select(Article, ArticleVersion.id, ArticleVersion.length)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.project_id == project.id, Article.listed_at.is_not(None))
        .order_by(Article.position)
    ).all()
    holders, adjudicators, load = _present(project)
    groups: defaultdict[str, list[tuple[Article, str, int]]] = defaultdict(list)
    for article, version_id, length in rows:
        groups[article.group or f"\0{article.id}"].append((article, version_id, length))
    assigned, short = 0, []
    for members in groups.values():
        together = Counter(user_id for article, _, _ in members for user_id in holders[article.id])
        for article, version_id, length in members:
            wanted = project.reviewers - len(holders[article.id])
            candidates = [
                user
                for user in reviewers
                if user.id not in holders[article.id] and adjudicators.get(article.id) != user.id
            ]
            candidates.sort(key=lambda user: (-together[user.id], load[user.id], user.name, user.id))
            for user in candidates[: max(0, wanted)]:
                db.session.add(Assignment(article_id=article.id, version_id=version_id, user_id=user.id))
                holders[article.id].add(user.id)
                together[user.id] += 1
                load[user.id] += length
                assigned += 1
                events.record(
                    "assignment.create",
                    article.id,
                    {"user": user.id},
                    user_id=by.id if by else None,
                    project_id=project.id,
                    chain=article.id,
                )
                db.session.flush()
            if len(holders[article.id]) < project.reviewers:
                short.append((article, project.reviewers - len(holders[article.id])))
    return AssignReport(assigned, short)


def _lock(project: Project) -> None:
    db.session.execute(select(Project.id).where(Project.id == project.id).with_for_update())


def _present(project: Project) -> tuple[defaultdict[str, set[str]], dict[str, str], Counter[str]]:
    """Who reviews which article already, who adjudicates it, and how much text each reviewer has."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    adjudicators: dict[str, str] = {}
    load: Counter[str] = Counter()
    rows = db.session.execute(
        select(Assignment.article_id, Assignment.user_id, Assignment.kind, func.coalesce(ArticleVersion.length, 0))
        .join(Article, Article.id == Assignment.article_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .where(Article.project_id == project.id)
    )
    for article_id, user_id, kind, length in rows:
        if kind is AssignmentKind.ADJUDICATION:
            adjudicators[article_id] = user_id
        else:
            holders[article_id].add(user_id)
            load[user_id] += length
    return holders, adjudicators, load
