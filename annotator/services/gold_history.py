"""Where a gold claim comes from: the decision behind it, every reviewer's part in it, and what was decided before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, selectinload

from annotator.db import db
from annotator.domain.claims import Claim
from annotator.domain.decisions import Reason, rule_words
from annotator.models import Annotation, Assignment, AssignmentKind, Decision, GoldSource, Outcome, User
from annotator.services.claims import claim_of
from annotator.services.naming import Veil
from annotator.services.openness import DONE


@dataclass(frozen=True)
class Part:
    """What one reviewer's claim has to do with the gold claim: `how` it differs (boundary, label, fields), or nothing.

    `chosen` marks the one that was taken, or that an edit started from. `changed` says that it is not any more what the
    adjudicator saw.
    """

    annotation: Annotation
    called: str
    how: tuple[str, ...]
    chosen: bool
    changed: bool


@dataclass(frozen=True)
class Past:
    """A decision on the question; `undone_at` is empty for the one that stands. `rule` is in words."""

    id: str
    outcome: Outcome
    by: str
    at: datetime
    undone_at: datetime | None
    reasons: tuple[Reason, ...]
    justification: str
    rule: str
    as_of: date | None


@dataclass(frozen=True)
class GoldHistory:
    """The decision that made a gold claim, with who agreed, who dissented and how, who marked nothing, and what else was
    decided on its question, oldest first.
    """

    decision: Past
    question: UUID
    parts: list[Part]
    silent: list[str]
    earlier: list[Past]

    @property
    def agreed(self) -> list[Part]:
        """The parts that say the same as the gold claim."""
        return [part for part in self.parts if not part.how]

    @property
    def dissented(self) -> list[Part]:
        """The parts that differ from it."""
        return [part for part in self.parts if part.how]


def of(gold: Annotation, article_id: str, veil: Veil) -> GoldHistory | None:
    """The history of a gold claim of the article, with its label and evidence loaded; six statements.

    None for a claim that no decision made, which is no gold claim.
    """
    made_by = db.session.scalar(
        select(Decision)
        .where(Decision.gold_id == gold.id)
        .options(selectinload(Decision.sources))
        .order_by(Decision.decided_at.desc())
    )
    if made_by is None:
        return None
    sources = {source.annotation_id: source for source in made_by.sources}
    claim = claim_of(gold)
    parts = [
        Part(
            annotation=each,
            called=veil.called(article_id, each.assignment.user_id, each.assignment.user.name),
            how=differences(claim, claim_of(each)),
            chosen=sources[each.id].chosen,
            changed=sources[each.id].version != each.version,
        )
        for each in _annotations(sources)
    ]
    spoke = {part.annotation.assignment.user_id for part in parts}
    silent = [
        veil.called(article_id, user_id, name) for user_id, name in _reviewers(article_id) if user_id not in spoke
    ]
    pasts = _pasts(made_by)
    return GoldHistory(
        decision=next(past for past in pasts if past.id == made_by.id),
        question=made_by.question,
        parts=sorted(parts, key=lambda part: (part.called, part.annotation.start, part.annotation.end)),
        silent=sorted(silent),
        earlier=[past for past in pasts if past.id != made_by.id],
    )


def differences(gold: Claim, vote: Claim) -> tuple[str, ...]:
    """In what a reviewer's claim differs from the gold one, in the words of the dissent that is exported."""

    def fields(claim: Claim) -> tuple[object, ...]:
        return (claim.target, claim.reason, claim.speaker, claim.event_start, claim.event_end)

    differs = {
        "boundary": (gold.start, gold.end) != (vote.start, vote.end),
        "label": gold.label != vote.label,
        "fields": fields(gold) != fields(vote),
    }
    return tuple(how for how, applies in differs.items() if applies)


def _annotations(sources: dict[UUID, GoldSource]) -> Sequence[Annotation]:
    return db.session.scalars(
        select(Annotation)
        .join(Annotation.assignment)
        .join(Assignment.user)
        .join(Annotation.label)
        .where(Annotation.id.in_(list(sources)))
        .options(
            contains_eager(Annotation.assignment).contains_eager(Assignment.user),
            contains_eager(Annotation.label),
            selectinload(Annotation.evidence),
        )
    ).all()


def _reviewers(article_id: str) -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(User.id, User.name)
        .join(Assignment, Assignment.user_id == User.id)
        .where(
            Assignment.article_id == article_id,
            Assignment.kind == AssignmentKind.REVIEW,
            Assignment.state.in_(DONE),
        )
    )
    return [(user_id, name) for user_id, name in rows]


def _pasts(made_by: Decision) -> list[Past]:
    """Every decision on the question of `made_by`, also those that were undone."""
    rows = db.session.execute(
        select(Decision, User.name)
        .join(User, User.id == Decision.user_id)
        .where(
            Decision.assignment_id == made_by.assignment_id,
            or_(Decision.question == made_by.question, Decision.id == made_by.id),
        )
        .order_by(Decision.decided_at, Decision.id)
    )
    return [
        Past(
            decision.id,
            decision.outcome,
            name,
            decision.decided_at,
            decision.undone_at,
            tuple(Reason(each) for each in decision.reasons or ()),
            decision.justification,
            rule_words(decision.rule),
            decision.as_of,
        )
        for decision, name in rows
    ]
