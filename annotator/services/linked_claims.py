"""The reviewers' links of one article and what became of the claims at their ends: what link questions are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from annotator.db import db
from annotator.models import Assignment, AssignmentKind, AssignmentState, Decision, GoldSource, Outcome, Project, User
from annotator.services import openness, reviewers_links
from annotator.services.questions import Asking
from annotator.services.reviewers_links import LinkRow


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


@dataclass(frozen=True)
class Around:
    """What is known of the other articles: those open to who asks, those of which they must not be told, who reviews what."""

    opened: Collection[str]
    untold: Collection[str]
    reviewers: Mapping[str, Collection[str]]
    finished: Collection[str]


def links_from(article_id: str, asked: Asking) -> list[LinkRow]:
    """The reviewers' links of the article, each once: one within the article from its earlier claim. One statement."""
    place = {vote.id: at for at, view in enumerate(asked.views) for vote in (*view.versions, *view.arrived)}
    found = []
    for row in reviewers_links.from_article(article_id):
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
    others = [row for row in rows if row.other not in ends]
    articles = {row.other: row.article_id for row in others}
    for claim, first in reviewers_links.same_ends(others).items():
        ends[claim] = End(first, Standing.LATE if articles[claim] in finished else Standing.UNDECIDED)
    return ends
