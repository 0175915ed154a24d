"""Training: articles whose answers are known, which new reviewers do before all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, defer

from annotator.db import db
from annotator.domain.comparison import Comparison, Marked, compare
from annotator.errors import Conflict, NotFound
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Decision,
    Label,
    Membership,
    Project,
    Role,
    User,
)
from annotator.services import articles, events, giving
from annotator.services.articles import ArticleAccess
from annotator.services.giving import Gift
from annotator.services.openness import DONE

NO_ANSWERS = "The answers to this article are not known yet: its adjudication must be finished."


@dataclass(frozen=True)
class Feedback:
    """What a trainee marked in one article against the known answers; claims and justifications by their ids."""

    found: ArticleAccess
    comparison: Comparison
    claims: dict[str, Annotation]
    justifications: dict[str, str]


def mark(project: Project, article_id: str, *, on: bool, by: User | None = None) -> bool:
    """Make the article a training article, or an ordinary one again; False if it was so.

    Raises Conflict while its adjudication is not finished. Taken back, it stays with those who have begun with it.
    """
    giving.lock_project(project)
    article = db.session.scalar(
        select(Article)
        .where(Article.id == article_id, Article.project_id == project.id, Article.listed_at.is_not(None))
        .with_for_update()
    )
    if article is None:
        raise NotFound
    if article.training is on:
        return False
    if on and article_id not in set(db.session.scalars(_answered(project))):
        raise Conflict(NO_ANSWERS)
    article.training = on
    db.session.flush()
    events.record(
        "article.training",
        article_id,
        {"training": on},
        user_id=by.id if by else None,
        project_id=project.id,
        chain=article_id,
    )
    if not on:
        for lesson in lessons_of(project, article_id=article_id):
            if lesson.state is AssignmentState.NEW:
                giving.remove_untouched(project, lesson, by=by)
    db.session.flush()
    return True


def hand_out(project: Project, *, by: User | None = None) -> int:
    """Give everybody who has to qualify the training articles that they do not know; how many that were."""
    if project.pass_mark is None:
        return 0
    candidates = db.session.scalars(
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.project_id == project.id,
            Membership.role == Role.REVIEWER,
            Membership.qualified_at.is_(None),
            User.disabled_at.is_(None),
        )
        .order_by(Membership.user_id)
    ).all()
    lessons = db.session.execute(
        select(Article.id, Assignment.version_id)  # The answers stand on this version of the text.
        .join(Assignment, Assignment.article_id == Article.id)
        .where(
            Article.project_id == project.id,
            Article.training,
            Assignment.kind == AssignmentKind.ADJUDICATION,
            Assignment.state == AssignmentState.SUBMITTED,
        )
        .order_by(Article.position)
    ).all()
    giving.lock_articles(article_id for article_id, _ in lessons)
    known = set(
        db.session.execute(
            select(Assignment.article_id, Assignment.user_id)
            .join(Article, Article.id == Assignment.article_id)
            .where(Article.project_id == project.id, Article.training)
        ).all()
    )
    gifts = [
        Gift(article_id, version_id, user_id, AssignmentKind.TRAINING)
        for user_id in candidates
        for article_id, version_id in lessons
        if (article_id, user_id) not in known
    ]
    giving.store(project, gifts, by=by)
    return len(gifts)


def feedback(user: User, article_id: str) -> Feedback:
    """What `user` marked in their training article against the answers.

    Raises NotFound where they have no such training, Conflict before they submitted it.
    """
    found = articles.get_for(user, article_id)
    if found.assignment is None or found.assignment.kind is not AssignmentKind.TRAINING:
        raise NotFound
    if found.assignment.state not in DONE:
        raise Conflict("The answers are shown when you have submitted this article.")
    own = claims_where(Annotation.assignment_id == found.assignment.id)
    known = claims_where(Assignment.article_id == article_id, Assignment.kind == AssignmentKind.ADJUDICATION)
    reasons = db.session.execute(
        select(Decision.gold_id, Decision.justification).where(
            Decision.gold_id.in_([claim.id for claim in known]), Decision.undone_at.is_(None)
        )
    )
    return Feedback(
        found,
        compare(map(marked, own), map(marked, known)),
        {str(claim.id): claim for claim in (*own, *known)},
        {str(gold_id): words for gold_id, words in reasons},
    )


def articles_of(project: Project) -> Sequence[tuple[Article, ArticleVersion]]:
    """The training articles of the project in its order, without their texts."""
    rows = db.session.execute(
        select(Article, ArticleVersion)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.project_id == project.id, Article.training)
        .options(defer(ArticleVersion.text))
        .order_by(Article.position)
    )
    return [(article, version) for article, version in rows]


def _answered(project: Project) -> Select[str]:
    return (
        select(Assignment.article_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(
            Article.project_id == project.id,
            Assignment.kind == AssignmentKind.ADJUDICATION,
            Assignment.state == AssignmentState.SUBMITTED,
        )
    )


def lessons_of(project: Project, *, user_id: str | None = None, article_id: str | None = None) -> Sequence[Assignment]:
    """The training assignments of the project, of the one person or on the one article if named, by article."""
    query = (
        select(Assignment)
        .join(Article, Article.id == Assignment.article_id)
        .where(Article.project_id == project.id, Assignment.kind == AssignmentKind.TRAINING)
        .order_by(Article.position, Assignment.id)
    )
    if user_id is not None:
        query = query.where(Assignment.user_id == user_id)
    if article_id is not None:
        query = query.where(Assignment.article_id == article_id)
    return db.session.scalars(query).all()


def claims_where(*wanted: ColumnElement[bool]) -> Sequence[Annotation]:
    """The live claims for which all that is `wanted` holds, with assignment and label, in reading order."""
    return db.session.scalars(
        select(Annotation)
        .join(Annotation.assignment)
        .join(Annotation.label)
        .where(*wanted, Annotation.deleted_at.is_(None))
        .options(contains_eager(Annotation.assignment), contains_eager(Annotation.label))
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    ).all()


def marked(claim: Annotation) -> Marked:
    """The claim as the comparison reads it."""
    label: Label = claim.label
    return Marked(str(claim.id), claim.start, claim.end, label.key)
