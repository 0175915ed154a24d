"""How much waits for the adjudicators, before they begin: open articles, questions by kind, and hours from past speed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from annotator.db import db
from annotator.domain import pace
from annotator.domain import questions as grouping
from annotator.domain.pace import Pace
from annotator.domain.questions import Kind, Mark
from annotator.models import Annotation, Article, Assignment, AssignmentKind, Decision, Label, Project
from annotator.services import openness

SAMPLE = 20
"""The questions of so many open articles are looked at; of more the number is estimated from them."""
RECENT = 3_000
"""So many of the latest decisions tell how fast adjudicators are."""


@dataclass(frozen=True)
class Load:
    """`articles` are open and nobody has begun with them; `sampled` of them were looked at.

    `questions` holds how many there are of each kind, estimated where not all articles were looked at; `hours` is
    None where nothing is known of the speed. `begun` articles are in adjudication and not counted.
    """

    articles: int
    begun: int
    sampled: int
    questions: Counter[Kind]
    pace: Pace
    hours: float | None

    @property
    def estimated(self) -> bool:
        return self.sampled < self.articles

    @property
    def total(self) -> int:
        return sum(self.questions.values())


def of(project: Project) -> Load:
    """The load of the project: seven statements at most, whatever it holds."""
    waiting = _waiting(project)
    count = db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    begun = db.session.scalar(_begun(project)) or 0
    # Ids are random, so the first of them are a sample; it stays the same until its articles are taken.
    sample = db.session.scalars(waiting.order_by(Article.id).limit(SAMPLE)).all()
    questions = _scaled(_questions_of(sample), len(sample), count)
    speed = pace.of(_decisions(project))
    return Load(count, begun, len(sample), questions, speed, speed.hours(questions.items()))


def _waiting(project: Project) -> Select[str]:
    taken = select(Assignment.article_id).where(Assignment.kind == AssignmentKind.ADJUDICATION)
    return select(Article.id).where(
        Article.project_id == project.id,
        Article.listed_at.is_not(None),
        Article.id.in_(openness.opened(project)),
        Article.id.not_in(taken),
    )


def _begun(project: Project) -> Select[int]:
    return (
        select(func.count(Assignment.id))
        .join(Article, Article.id == Assignment.article_id)
        .where(
            Article.project_id == project.id,
            Article.listed_at.is_not(None),
            Assignment.kind == AssignmentKind.ADJUDICATION,
            Assignment.state.not_in(openness.DONE),
        )
    )


def _questions_of(article_ids: Sequence[str]) -> Counter[Kind]:
    reviewers: defaultdict[str, set[str]] = defaultdict(set)
    marks: defaultdict[str, list[Mark]] = defaultdict(list)
    given = (Assignment.article_id.in_(article_ids), Assignment.kind == AssignmentKind.REVIEW)
    for article_id, user_id in db.session.execute(select(Assignment.article_id, Assignment.user_id).where(*given)):
        reviewers[article_id].add(user_id)
    rows = db.session.execute(
        select(Assignment.article_id, Assignment.user_id, Label.key.label("label"), *_COLUMNS)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Label, Label.id == Annotation.label_id)
        .where(*given, Annotation.deleted_at.is_(None))
    )
    for row in rows:
        marks[row.article_id].append(_mark(row))
    return Counter(
        question.kind
        for article_id, people in reviewers.items()
        for question in grouping.group(marks[article_id], people)
    )


_COLUMNS = (
    Annotation.id,
    Annotation.start,
    Annotation.end,
    Annotation.target,
    Annotation.reason,
    Annotation.speaker,
    Annotation.speaker_kind,
    Annotation.speaker_mode,
    Annotation.speaker_chain,
    Annotation.event_start,
    Annotation.event_end,
    Annotation.created_at,
)


def _mark(row: Any) -> Mark:
    return Mark(
        id=str(row.id),
        reviewer=row.user_id,
        start=row.start,
        end=row.end,
        label=row.label,
        target=row.target,
        reason=row.reason,
        speaker=row.speaker,
        speaker_kind=row.speaker_kind or "",
        mode=row.speaker_mode or "",
        chain=tuple(row.speaker_chain),
        event_start=row.event_start,
        event_end=row.event_end,
        created_at=row.created_at,
    )


def _scaled(found: Counter[Kind], sampled: int, count: int) -> Counter[Kind]:
    if sampled == count:
        return found
    return Counter({kind: round(number * count / sampled) for kind, number in found.items()})


def _decisions(project: Project) -> list[pace.Made]:
    """The latest decisions that a person made, those too that were undone later: they took time as well."""
    rows = db.session.execute(
        select(Decision.user_id, Decision.kind, Decision.decided_at)
        .join(Assignment, Assignment.id == Decision.assignment_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(Article.project_id == project.id, Decision.rule == "")
        .order_by(Decision.decided_at.desc())
        .limit(RECENT)
    )
    return [pace.Made(user_id, kind, at) for user_id, kind, at in rows]
