"""Tokens of one project: whether what a request is about stands in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select, select

from annotator.db import db
from annotator.errors import Forbidden, NotFound
from annotator.models import Annotation, Article, Assignment, Decision, Link, Project

OPEN = frozenset({"show_me", "list_projects", "list_rounds"})
"""Operations that are about no project; they give of their lists what belongs to the token's."""

PROJECT_OF: dict[str, Callable[[Any], Select[str]]] = {
    "slug": lambda slug: select(Project.id).where(Project.slug == slug),
    "article_id": lambda article_id: select(Article.project_id).where(Article.id == article_id),
    "annotation_id": lambda annotation_id: (
        select(Article.project_id)
        .join(Assignment, Assignment.article_id == Article.id)
        .join(Annotation, Annotation.assignment_id == Assignment.id)
        .where(Annotation.id == annotation_id)
    ),
    "decision_id": lambda decision_id: (
        select(Article.project_id)
        .join(Assignment, Assignment.article_id == Article.id)
        .join(Decision, Decision.assignment_id == Assignment.id)
        .where(Decision.id == decision_id)
    ),
    "link_id": lambda link_id: select(Link.project_id).where(Link.id == link_id),
}
"""The project of what the first part of a path names, by the name of the part."""


def require_inside(project_id: str, operation: str, path: Mapping[str, Any]) -> None:
    """Raise NotFound for what stands in another project, or nowhere; Forbidden for an operation about none at all.

    What the further parts of a path name is looked for by the services in what the first one names.
    """
    if operation in OPEN:
        return
    if not path:
        raise Forbidden("This token is good for one project alone, and this is about none. Take another token.")
    part = next(iter(path))
    if db.session.scalar(PROJECT_OF[part](path[part])) != project_id:
        raise NotFound
