"""Questions to the adjudicator, and the decisions on them."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from annotator.api.schemas.base import Day, Moment, Schema, Text, spoken
from annotator.api.schemas.claims import AnnotationOut, ClaimIn, Note
from annotator.api.schemas.rounds import RoundOut
from annotator.domain.questions import Kind
from annotator.models import Decision, Outcome, User
from annotator.services.adjudication import Answer
from annotator.services.questions import QuestionView


class DecisionIn(Schema):
    """An answer to a question; `question` is null for a claim that nobody marked, which is an edit."""

    question: UUID | None
    outcome: Annotated[Outcome, spoken(Outcome)]
    annotation: UUID | None = None
    claim: ClaimIn | None = None
    justification: Note
    as_of: Day | None = None
    replaces: Annotated[Text, Field(max_length=64)] | None = None

    def answer(self) -> Answer:
        """The same in the words of the service."""
        return Answer(
            outcome=self.outcome,
            annotation=self.annotation,
            claim=self.claim.claim() if self.claim else None,
            justification=self.justification,
            as_of=self.as_of,
            replaces=self.replaces,
        )


class SourceOut(Schema):
    """A claim that the decision was about; `chosen` marks the one that was taken."""

    annotation: UUID
    version: int
    chosen: bool


class DecisionOut(Schema):
    """How a question was settled; `gold` is the claim that came of it, if any."""

    id: str
    question: UUID
    kind: str
    outcome: Outcome
    gold: AnnotationOut | None
    sources: list[SourceOut]
    adjudicator: str
    justification: str
    as_of: Day | None
    replaces: str | None
    decided_at: Moment
    undone_at: Moment | None

    @classmethod
    def of(cls, decision: Decision, *, article: str, adjudicator: User) -> Self:
        """`decision` with its sources and its gold claim loaded."""
        gold = decision.gold
        return cls(
            id=decision.id,
            question=decision.question,
            kind=decision.kind,
            outcome=decision.outcome,
            gold=AnnotationOut.of(gold, article=article, reviewer=adjudicator) if gold else None,
            sources=[
                SourceOut(annotation=source.annotation_id, version=source.version, chosen=source.chosen)
                for source in decision.sources
            ],
            adjudicator=adjudicator.name,
            justification=decision.justification,
            as_of=decision.as_of,
            replaces=decision.replaces_id,
            decided_at=decision.decided_at,
            undone_at=decision.undone_at,
        )


class QuestionOut(Schema):
    """Claims that mean the same; `kind` is the first of what they differ in, `differs` is all of it.

    `arrived` are claims that came after the decision, `covered_by` the questions in whose marks this one lies, `round`
    the last time that it was sent back to its reviewers.
    """

    id: UUID
    kind: Kind
    differs: list[Kind]
    start: int
    end: int
    versions: list[AnnotationOut]
    suggested: UUID | None
    arrived: list[AnnotationOut]
    covered_by: list[UUID]
    decision: DecisionOut | None
    round: RoundOut | None

    @classmethod
    def of(cls, view: QuestionView, *, article: str, adjudicator: User | None, asked: RoundOut | None = None) -> Self:
        """`adjudicator` is who decided, if anybody did; `asked` is the round of the question, if there was one."""
        decision = None
        if view.decision is not None and adjudicator is not None:
            decision = DecisionOut.of(view.decision, article=article, adjudicator=adjudicator)
        return cls(
            id=view.id,
            kind=view.kind,
            differs=list(view.differs),
            start=view.start,
            end=view.end,
            versions=[AnnotationOut.of(each, article=article, reviewer=each.assignment.user) for each in view.versions],
            suggested=view.suggested,
            arrived=[AnnotationOut.of(each, article=article, reviewer=each.assignment.user) for each in view.arrived],
            covered_by=list(view.covered_by),
            decision=decision,
            round=asked,
        )
