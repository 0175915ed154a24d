"""The reviewers' links of one article and what became of the claims at their ends: what link questions are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import aliased

from annotator.db import db
from annotator.domain.grouping import group_marks
from annotator.models import (
    Annotation,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Decision,
    GoldSource,
    Link,
    LinkLayer,
    LinkStatus,
    Outcome,
    Project,
    User,
)
from annotator.services import openness
from annotator.services.questions import Asking

LinkRow = Row[*tuple[Any, ...]]


class Standing(StrEnum):
    """What became of a reviewer's claim: its question is not decided, has a gold claim, has none, or it came too late."""

    UNDECIDED = "undecided"
    GOLD = "gold"
    NOTHING = "nothing"
    LATE = "late"


class End(NamedTuple):
    """A claim at the end of a link: the question that it belongs to, and the gold claim that came of it."""

    question: UUID
    standing: Standing
    gold: UUID | None = None


class _Mark(NamedTuple):
    """The claim at the other end, as the grouping reads it."""

    id: str
    reviewer: str
    start: int
    end: int


@dataclass(frozen=True)
class Around:
    """What is known of the other articles: those open to who asks, those of which they must not be told, who reviews what."""

    opened: Collection[str]
    untold: Collection[str]
    reviewers: Mapping[str, Collection[str]]
    finished: Collection[str]


def _half(*, outgoing: bool) -> Select[*tuple[Any, ...]]:
    """The links that begin (or end) at a claim of the article."""
    own, other, of_own, of_other = aliased(Annotation), aliased(Annotation), aliased(Assignment), aliased(Assignment)
    mine, theirs = (Link.a_id, Link.b_id) if outgoing else (Link.b_id, Link.a_id)
    return (
        select(
            Link.id.label("link_id"),
            Link.user_id,
            User.name,
            Link.relation,
            Link.aspect,
            Link.note,
            own.id.label("own"),
            other.id.label("other"),
            other.start,
            other.end,
            other.exact,
            of_other.article_id,
            func.coalesce(func.nullif(ArticleVersion.title, ""), ArticleVersion.suggested_title).label("heading"),
            literal(outgoing).label("outgoing"),
        )
        .join(User, User.id == Link.user_id)
        .join(own, own.id == mine)
        .join(of_own, of_own.id == own.assignment_id)
        .join(other, other.id == theirs)
        .join(of_other, of_other.id == other.assignment_id)
        .join(ArticleVersion, ArticleVersion.id == of_other.version_id)
        .where(
            of_own.article_id == bindparam("article_id"),
            of_own.kind == AssignmentKind.REVIEW,
            of_other.kind == AssignmentKind.REVIEW,
            own.deleted_at.is_(None),
            other.deleted_at.is_(None),
            Link.deleted_at.is_(None),
            Link.layer == LinkLayer.ANNOTATIONS,
            Link.status == LinkStatus.CONFIRMED,
        )
    )


# Built once: to build it takes longer than to run it.
_LINKS = union_all(_half(outgoing=True), _half(outgoing=False))


def links_from(article_id: str, asked: Asking) -> list[LinkRow]:
    """The reviewers' links of the article, each once: one within the article from its earlier claim. One statement."""
    place = {vote.id: at for at, view in enumerate(asked.views) for vote in (*view.versions, *view.arrived)}
    found = []
    for row in db.session.execute(_LINKS, {"article_id": article_id}):
        if row.own not in place:
            continue
        if row.article_id == article_id:
            here, there = place[row.own], place.get(row.other, -1)
            if here > there or (here == there and not row.outgoing):
                continue
        found.append(row)
    return sorted(found, key=lambda row: (place[row.own], row.heading, row.start, row.link_id))


def around(user: User, project: Project, article_id: str, others: Collection[str]) -> Around:
    """What is known of the article and the `others`: two statements."""
    opened = {
        article_id,
        *db.session.scalars(openness.opened_to(user, project).where(Assignment.article_id.in_(others))),
    }
    reviewers: defaultdict[str, set[str]] = defaultdict(set)
    finished, untold = set(), set()
    rows = db.session.execute(
        select(Assignment.article_id, Assignment.user_id, Assignment.kind, Assignment.state).where(
            Assignment.article_id.in_({article_id, *others})
        )
    )
    for each, user_id, kind, state in rows:
        if kind is AssignmentKind.REVIEW:
            reviewers[each].add(user_id)
        if kind is AssignmentKind.ADJUDICATION and state is AssignmentState.SUBMITTED:
            finished.add(each)
        # Who works on an article themselves learns nothing of it from others' links.
        if kind is not AssignmentKind.ADJUDICATION and user_id == user.id and each not in opened:
            untold.add(each)
    return Around(opened, untold, reviewers, finished)


def near_ends(asked: Asking) -> dict[UUID, End]:
    """The claims of the article itself; no statement."""
    ends = {}
    for view in asked.views:
        gold = view.decision.gold_id if view.decision is not None else None
        standing = Standing.UNDECIDED if view.is_open else Standing.GOLD if gold else Standing.NOTHING
        for vote in view.versions:
            ends[vote.id] = End(view.id, standing, gold)
        for vote in view.arrived:
            ends[vote.id] = End(view.id, Standing.LATE)
    return ends


def far_ends(rows: Sequence[LinkRow], finished: Collection[str]) -> dict[UUID, End]:
    """The claims of other articles at the ends of these links: one statement.

    Of those that no decision speaks of, the ones that mean the same have the first of them for a question.
    """
    decided = db.session.execute(
        select(GoldSource.annotation_id, Decision.question, Decision.outcome, Decision.gold_id)
        .join(Decision, Decision.id == GoldSource.decision_id)
        .where(Decision.undone_at.is_(None), GoldSource.annotation_id.in_({row.other for row in rows}))
    )
    ends = {}
    for annotation, question, outcome, gold in decided:
        standing = Standing.UNDECIDED if outcome is Outcome.SEND_BACK else Standing.GOLD if gold else Standing.NOTHING
        ends[annotation] = End(question, standing, gold)
    marks: defaultdict[str, dict[UUID, _Mark]] = defaultdict(dict)
    for row in rows:
        if row.other not in ends:
            marks[row.article_id][row.other] = _Mark(str(row.other), row.user_id, row.start, row.end)
    for article_id, of_article in marks.items():
        standing = Standing.LATE if article_id in finished else Standing.UNDECIDED
        for members in group_marks(of_article.values()):
            ends |= {UUID(member.id): End(UUID(members[0].id), standing) for member in members}
    return ends
