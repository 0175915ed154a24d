"""The speakers that a person has named before, so that they need not write them again."""

from __future__ import annotations

from sqlalchemy import select

from annotator.db import db
from annotator.domain.claims import Speaker
from annotator.errors import NotFound
from annotator.models import Annotation, Article, Assignment, User

MOST = 200
"""So many names are offered; of the newest claims so many times ten are read for them."""


def remembered(user: User, article_id: str) -> list[Speaker]:
    """The speakers of the person's own claims in the article's project, each name once as it was last written.

    Nobody else's: what another reviewer wrote must not be seen, not even as a name in a list. Raises NotFound for an
    article that is not assigned to the person.
    """
    project_id = db.session.scalar(
        select(Article.project_id)
        .join(Assignment, Assignment.article_id == Article.id)
        .where(Article.id == article_id, Article.listed_at.is_not(None), Assignment.user_id == user.id)
    )
    if project_id is None:
        raise NotFound
    rows = db.session.execute(
        select(Annotation.speaker, Annotation.speaker_kind, Annotation.speaker_mode, Annotation.speaker_chain)
        .join(Annotation.assignment)
        .join(Article, Article.id == Assignment.article_id)
        .where(
            Assignment.user_id == user.id,
            Article.project_id == project_id,
            Annotation.deleted_at.is_(None),
            Annotation.speaker != "",
        )
        .order_by(Annotation.updated_at.desc(), Annotation.id)
        .limit(10 * MOST)
    )
    newest: dict[str, Speaker] = {}
    for name, kind, mode, chain in rows:
        newest.setdefault(name, Speaker(name, kind, mode, tuple(chain)))
    return list(newest.values())[:MOST]
