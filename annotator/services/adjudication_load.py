"""How much waits for the adjudicators, before they begin: open articles, questions by kind, and hours from past speed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from annotator.db import db
from annotator.domain import pace
from annotator.domain import questions as grouping
from annotator.domain.pace import Pace
from annotator.domain.questions import Kind, Mark, Question
from annotator.models import (
    Annotation,
    Article,
    Assignment,
    AssignmentKind,
    Decision,
    Label,
    Link,
    LinkDecision,
    LinkLayer,
    LinkStatus,
    Project,
)
from annotator.services import openness

SAMPLE = 20
"""The questions of so many open articles are looked at; of more the number is estimated from them."""
RECENT = 3_000
"""So many of the latest decisions on claims, and on links, tell how fast adjudicators are."""
LINKS = "links"
"""All questions about links are one kind here: in what the reviewers differ is known when both articles are open."""


@dataclass(frozen=True)
class Load:
    """`articles` are open and nobody has begun with them; `sampled` of them were looked at.

    `questions` holds how many there are of each kind, and `links` how many pairs of claims that reviewers linked: each is
    one question, at either article. They are estimated where not all articles were looked at; `hours` is None where
    nothing is known of the speed. `begun` articles are in adjudication and not counted.
    """

    articles: int
    begun: int
    sampled: int
    questions: Counter[Kind]
    links: int
    pace: Pace
    hours: float | None

    @property
    def estimated(self) -> bool:
        return self.sampled < self.articles

    @property
    def total(self) -> int:
        return sum(self.questions.values()) + self.links


def of(project: Project) -> Load:
    """The load of the project: nine statements at most, whatever it holds."""
    waiting = _waiting(project)
    count = db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    begun = db.session.scalar(_begun(project)) or 0
    # By the hashes of what came in they stand in no order, so the first are a sample; it stays until its articles are taken.
    sample = db.session.scalars(waiting.order_by(Article.source_hash).limit(SAMPLE)).all()
    found = _questions_of(sample)
    questions = _scaled(Counter(question.kind for _, question in found), len(sample), count)
    links = _links_of(sample, found, waiting) if sample else 0
    if len(sample) < count:
        links *= Fraction(count, len(sample))
    speed = pace.of(_decisions(project))
    hours = speed.hours([*questions.items(), (LINKS, round(links))])
    return Load(count, begun, len(sample), questions, round(links), speed, hours)


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


def _questions_of(article_ids: Sequence[str]) -> list[tuple[str, Question]]:
    """The questions about claims, each with its article."""
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
    return [
        (article_id, question)
        for article_id, people in reviewers.items()
        for question in grouping.group(marks[article_id], people)
    ]


def _links_of(sample: Sequence[str], found: Sequence[tuple[str, Question]], waiting: Select[str]) -> Fraction:
    """The pairs of claims that were linked, of which one is in the sample.

    One whose other article waits too, and is not in the sample, counts half, for it could be met from either.
    """
    question_of = {mark.id: question.id for _, question in found for mark in question.marks}
    a, b = aliased(Annotation), aliased(Annotation)
    of_a, of_b = aliased(Assignment), aliased(Assignment)
    rows = db.session.execute(
        select(a.id, of_a.article_id, b.id, of_b.article_id)
        .select_from(Link)
        .join(a, a.id == Link.a_id)
        .join(b, b.id == Link.b_id)
        .join(of_a, of_a.id == a.assignment_id)
        .join(of_b, of_b.id == b.assignment_id)
        .where(
            Link.layer == LinkLayer.ANNOTATIONS,
            Link.status == LinkStatus.CONFIRMED,
            Link.deleted_at.is_(None),
            or_(of_a.article_id.in_(sample), of_b.article_id.in_(sample)),
        )
    ).all()
    pairs: dict[frozenset[str], str] = {}
    for one, article, other, other_article in rows:
        # Of claims elsewhere it is not asked here which of them mean the same.
        ends = [question_of.get(str(claim), where) for claim, where in ((one, article), (other, other_article))]
        if ends[0] != ends[1]:
            pairs[frozenset(ends)] = other_article if article in sample else article
    elsewhere = set(pairs.values()) - set(sample)
    met = set(db.session.scalars(waiting.where(Article.id.in_(elsewhere)))) if elsewhere else set()
    return sum((Fraction(1, 2) if article in met else Fraction(1) for article in pairs.values()), Fraction(0))


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
    made = []
    for model in (Decision, LinkDecision):
        rows = db.session.execute(
            select(model.user_id, model.kind, model.decided_at)
            .join(Assignment, Assignment.id == model.assignment_id)
            .join(Article, Article.id == Assignment.article_id)
            .where(Article.project_id == project.id, model.rule == "")
            .order_by(model.decided_at.desc())
            .limit(RECENT)
        )
        made += [pace.Made(user_id, kind if model is Decision else LINKS, at) for user_id, kind, at in rows]
    return made
