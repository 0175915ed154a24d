"""What an import of a whole project writes before all of it is there, how it is known, and how it is taken away again."""

from __future__ import annotations

from sqlalchemy import delete, exists, select, update

from annotator.db import db
from annotator.models import (
    Annotation,
    Article,
    Assignment,
    ClaimToPlace,
    CopyMember,
    Decision,
    DismissedSuggestion,
    EvidenceItem,
    FirstVote,
    GoldSource,
    Label,
    Link,
    LinkDecision,
    Mention,
    Post,
    SecondRound,
    SecondRoundAnswer,
    User,
)


def staged_key(import_id: str) -> str:
    """What the keys of labels begin with as long as the import is under way; a person can give no such key."""
    return f"~{import_id}-"


def staged_host(import_id: str) -> str:
    """What the addresses of people end in as long as the import is under way."""
    return f"@{import_id}.importing.invalid"


def is_staged(project_id: str, import_id: str) -> bool:
    """Whether this is an import of a whole project that is under way, or was interrupted."""
    query = exists().where(Label.project_id == project_id, Label.key.startswith(staged_key(import_id)))
    return bool(db.session.scalar(select(query)))


def remove_staged(project_id: str, import_id: str) -> None:
    """Remove what an interrupted import of a whole project left, but for its articles and the import; see imports.py."""
    mine = select(Article.id).where(Article.import_id == import_id, Article.listed_at.is_(None))
    assignments = select(Assignment.id).where(Assignment.article_id.in_(mine))
    annotations = select(Annotation.id).where(Annotation.assignment_id.in_(assignments))
    decisions = select(Decision.id).where(Decision.assignment_id.in_(assignments))
    posts = select(Post.id).where(Post.article_id.in_(mine))
    db.session.execute(update(Decision).where(Decision.id.in_(decisions)).values(replaces_id=None))
    link_decisions = LinkDecision.assignment_id.in_(assignments)
    db.session.execute(update(LinkDecision).where(link_decisions).values(replaces_id=None))
    for table, column, keys in (
        (LinkDecision, LinkDecision.assignment_id, assignments),
        (Link, Link.a_id, annotations),
        (CopyMember, CopyMember.article_id, mine),
        (Mention, Mention.post_id, posts),
        (Post, Post.id, posts),
        (SecondRoundAnswer, SecondRoundAnswer.decision_id, decisions),
        (SecondRound, SecondRound.decision_id, decisions),
        (GoldSource, GoldSource.decision_id, decisions),
        (Decision, Decision.assignment_id, assignments),
        (EvidenceItem, EvidenceItem.annotation_id, annotations),
        (FirstVote, FirstVote.annotation_id, annotations),
        (ClaimToPlace, ClaimToPlace.annotation_id, annotations),
        (Annotation, Annotation.assignment_id, assignments),
        (DismissedSuggestion, DismissedSuggestion.assignment_id, assignments),
        (Assignment, Assignment.article_id, mine),
    ):
        db.session.execute(delete(table).where(column.in_(keys)).execution_options(synchronize_session=False))
    staged = Label.key.startswith(staged_key(import_id))
    db.session.execute(delete(Label).where(Label.project_id == project_id, staged))
    db.session.execute(delete(User).where(User.email.endswith(staged_host(import_id))))
