"""Second looks: some articles come back to the same reviewer after weeks, to see whether they would mark the same.

Nothing else counts them. An article comes back only when its adjudication is finished and nobody saw what others
marked: before that the first review may still be asked about, and afterwards it would not be one's own memory alone.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from annotator.db import db, now
from annotator.domain.comparison import Comparison, Marked, compare
from annotator.models import (
    Annotation,
    Article,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Label,
    Membership,
    Project,
    Role,
    User,
)
from annotator.services import events, giving
from annotator.services.openness import DONE


@dataclass(frozen=True)
class Share:
    """`hits` of `n`, with the ends of its 95 % interval (Wilson); without any case there is neither share nor interval."""

    hits: int
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Consistency:
    """One reviewer against themselves: claims of the first review found again, and those with the same label."""

    user: User
    looks: int
    found: Share
    same_label: Share


def lot(assignment_id: str) -> float:
    """The number from 0 to 1 that decides whether a review comes back: below the project's share it does.

    It is made of the review's id, which is random, so the draw can be repeated by whoever reads the record.
    """
    digest = hashlib.sha256(f"second look:{assignment_id}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def draw(project: Project, *, by: User | None = None) -> int:
    """Give back the reviews that are due and drawn, to who made them; how many."""
    if not project.second_look_share:
        return 0
    due = db.session.execute(_due(project)).all()
    drawn = [row for row in due if lot(row.id) < project.second_look_share]
    giving.lock_articles(row.article_id for row in drawn)
    gifts = [giving.Gift(row.article_id, row.version_id, row.user_id, AssignmentKind.SECOND_LOOK) for row in drawn]
    giving.store(project, gifts, by=by)
    if gifts:
        payload = {
            "share": project.second_look_share,
            "considered": len(due),
            "drawn": [{"review": row.id, "lot": round(lot(row.id), 6)} for row in drawn],
        }
        events.record("second_look.draw", project.id, payload, user_id=by.id if by else None, project_id=project.id)
    return len(gifts)


def figures(project: Project, *, user: User | None = None) -> list[Consistency]:
    """How each reviewer, or the one, agrees with themselves over their submitted second looks: two statements."""
    look, review = aliased(Assignment), aliased(Assignment)
    query = (
        select(look.id, review.id, User)
        .join(review, (review.article_id == look.article_id) & (review.user_id == look.user_id))
        .join(Article, Article.id == look.article_id)
        .join(User, User.id == look.user_id)
        .where(
            Article.project_id == project.id,
            look.kind == AssignmentKind.SECOND_LOOK,
            look.state.in_(DONE),
            review.kind == AssignmentKind.REVIEW,
        )
        .order_by(User.name, User.id, look.id)
    )
    if user is not None:
        query = query.where(look.user_id == user.id)
    looks = db.session.execute(query).all()
    claims: defaultdict[str, list[Marked]] = defaultdict(list)
    wanted = {each for row in looks for each in row[:2]}
    rows = db.session.execute(
        select(Annotation.assignment_id, Annotation.id, Annotation.start, Annotation.end, Label.key)
        .join(Label, Label.id == Annotation.label_id)
        .where(Annotation.assignment_id.in_(wanted), Annotation.deleted_at.is_(None))
    )
    for assignment_id, annotation_id, start, end, label in rows:
        claims[assignment_id].append(Marked(str(annotation_id), start, end, label))
    compared: defaultdict[str, list[Comparison]] = defaultdict(list)
    people: dict[str, User] = {}
    for again, first, person in looks:
        people[person.id] = person
        compared[person.id].append(compare(claims[first], claims[again]))
    return [_consistency(people[each], comparisons) for each, comparisons in compared.items()]


def _due(project: Project) -> Select[str, str, str, str]:
    finished, look = aliased(Assignment), aliased(Assignment)
    return (
        select(Assignment.id, Assignment.article_id, Assignment.version_id, Assignment.user_id)
        .join(Article, Article.id == Assignment.article_id)
        .join(
            Membership,
            (Membership.project_id == Article.project_id)
            & (Membership.user_id == Assignment.user_id)
            & (Membership.role == Role.REVIEWER),
        )
        .join(User, User.id == Assignment.user_id)
        .where(
            Article.project_id == project.id,
            Article.listed_at.is_not(None),
            Article.revealed_at.is_(None),
            User.disabled_at.is_(None),
            Assignment.kind == AssignmentKind.REVIEW,
            Assignment.state.in_(DONE),
            Assignment.round == 1,
            Assignment.submitted_at < now() - timedelta(days=project.second_look_after_days),
            exists().where(
                finished.article_id == Assignment.article_id,
                finished.kind == AssignmentKind.ADJUDICATION,
                finished.state == AssignmentState.SUBMITTED,
            ),
            ~exists().where(
                look.article_id == Assignment.article_id,
                look.user_id == Assignment.user_id,
                look.kind == AssignmentKind.SECOND_LOOK,
            ),
        )
        .order_by(Assignment.id)
    )


def _consistency(user: User, comparisons: list[Comparison]) -> Consistency:
    pairs = sum(len(each.pairs) for each in comparisons)
    first = pairs + sum(len(each.only_one) for each in comparisons)
    return Consistency(
        user, len(comparisons), _share(pairs, first), _share(sum(each.right for each in comparisons), pairs)
    )


def _share(hits: int, n: int) -> Share:
    # Numpy is needed by nothing else that a server does when it starts.
    from annotator.agreement.reviewers import wilson

    return Share(hits, n, *wilson(hits, n)) if n else Share(hits, n)
